"""What makes a knowledge base unusable is refused at its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_folder import edit

from camaudit.errors import DataFileError
from camaudit.resources import shown_path
from camaudit.signatures.load import load_knowledge
from camaudit.signatures.sign import MAX_INPUT_CHARS


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(DataFileError) as caught:
        load_knowledge(folder)
    return caught.value.problems


def test_what_is_loaded(folder: Path) -> None:
    knowledge = load_knowledge(folder)
    assert [sign.signature.id for sign in knowledge.by_field["http.realm"]] == ["acme-realm", "other-realm"]
    assert knowledge.entity_named("l-b-l") == "label"
    assert knowledge.entity_named("nobody known") is None
    assert knowledge.brand_of_signature("acme-realm") is None
    assert knowledge.oem["label"].made_by[0].maker == "acme"


def test_brand_of_a_signature_is_known(folder: Path) -> None:
    edit(folder, "vendors/acme.yaml", "    strength: strong", "    brand: label\n    strength: strong")
    assert load_knowledge(folder).brand_of_signature("acme-realm") == "label"


def test_digest_changes_with_any_byte(folder: Path) -> None:
    before = load_knowledge(folder).digest
    assert before.startswith("sha256:")
    assert load_knowledge(folder).digest == before
    edit(folder, "oem.yaml", "strength: high", "strength: low")
    assert load_knowledge(folder).digest != before


def test_patterns_see_only_the_start_of_a_text(folder: Path) -> None:
    edit(folder, "vendors/other.yaml", "'^Other'", "'Other'")
    sign = load_knowledge(folder).by_field["http.realm"][1]
    assert sign.search("." * (MAX_INPUT_CHARS - 5) + "Other")
    assert sign.search("." * (MAX_INPUT_CHARS - 4) + "Other") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("vendors/acme.yaml", "http.realm", "http.relm", 4, "reads 'http.relm', which no probe observes"),
        ("vendors/acme.yaml", "id: acme-realm", "id: acme:own-name", 4, "ids are small letters and digits"),
        ("vendors/acme.yaml", "maker: acme", "maker: acne", 2, "maker 'acne' is no entity"),
        ("vendors/acme.yaml", "    strength: strong", "    brand: labl\n    strength: strong", 4, "'labl' is no"),
        ("vendors/acme.yaml", r"AC-\d{4})", r"AC-\d{4}", 6, "does not compile"),
        ("vendors/acme.yaml", r"AC-\d{4})", r"(?:A?-?\d*)+)$", 6, "could be stalled"),
        ("vendors/acme.yaml", "seen_in: 0.5", "seen_in: 0.0005", 4, "seen_in must be more than seen_in_others"),
        ("vendors/acme.yaml", "seen_in: 0.5", "seen_in: 5", 4, "give numbers from 0 to 1"),
        ("vendors/acme.yaml", "seen_in: 0.5", "seenin: 0.5", 9, "did you mean 'seen_in'?"),
        ("vendors/other.yaml", "other-realm", "acme-realm", 4, "stands in"),
        ("vendors/acme.yaml", "    source: [notes]\n", "", 4, "is missing"),
        ("oem.yaml", "maker: acme", "maker: acne", 3, "'acne' is no entity"),
        ("oem.yaml", "'LB-'", "'LB('", 3, "does not compile"),
        ("entities.yaml", "id: other", "id: acme", 4, "given twice"),
        ("entities.yaml", "source: [notes], aliases: [LBL]",
         "source: [notes], owned_by: [{maker: acne, relation: oem, source: notes}]", 5, "'acne' is no entity"),
        ("entities.yaml", "aliases: [LBL]", "organisations: ['(x+)+y']", 5, "could be stalled"),
    ],
)  # fmt: skip
def test_problem_at_its_line(folder: Path, file: str, old: str, new: str, line: int, says: str) -> None:
    problems = problems_of(edit(folder, file, old, new))
    assert any(
        problem.startswith(f"{shown_path(folder / file)}:{line}: ") and says in problem for problem in problems
    ), problems


def test_every_problem_is_told_at_once(folder: Path) -> None:
    edit(folder, "vendors/acme.yaml", "http.realm", "http.relm")
    edit(folder, "vendors/other.yaml", "maker: other", "maker: othr")
    assert len(problems_of(folder)) == 2


def test_missing_file_is_told(folder: Path) -> None:
    (folder / "oem.yaml").unlink()
    assert "cannot be read" in problems_of(folder)[0]
