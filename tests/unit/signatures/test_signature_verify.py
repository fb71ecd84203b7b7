"""Each thing that ``verify`` proves: break it, and the problem names file, line and signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_folder import edit

from camaudit.resources import shown_path
from camaudit.signatures.verify import verify


def test_sound_knowledge_has_no_problem(folder: Path) -> None:
    assert verify(folder) == ()


ACME = "vendors/acme.yaml"
EXAMPLE = "- {text: Acme AC-1200, extracts: {model: AC-1200}, source: notes}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("text: Acme AC-1200", "text: Acme BC-1200", "does not match its example 'Acme BC-1200'"),
        ("extracts: {model: AC-1200}", "extracts: {model: AC-1201}", "extracts {'model': 'AC-1200'}"),
        ("extracts: {model: AC-1200}, ", "", "not {}"),
        ("text: Acme Router", "text: Acme AC-1300", "matches 'Acme AC-1300', which it must not"),
        ("    rejects:\n      - {text: Acme Router, source: made}\n", "", "need a reject"),
        ("model>", "madel>", "group 'madel' means nothing"),
        (r"(?P<model>AC-\d{4})$", r"(?P<model>AC-\d{4})(?P<build>b\d)?$", "no example shows what build"),
        ("source: notes}", "source: hearsay}", "source 'hearsay' is not explained"),
        ("    source: [notes]", "    source: []", "has no source"),
        (EXAMPLE, "[]", "has no example"),
        ("    source: [notes]", "    basis: corpus\n    source: [notes]", "no counts of recorded devices back it"),
        ("strength: strong", "strength: medium", "medium means 4 to 40 times"),
        ("    source: [notes]", "    shares_with: [nobody]\n    source: [notes]", "shares_with 'nobody'"),
        ("says: maker", "says: brand", "says brand, but names none"),
        ("says: maker", "says: kind", "says kind, but names none"),
        ("says: maker", "says: state", "state None means nothing"),
        ("says: maker", "says: serial", "has no group 'serial'"),
        ("maker: acme", "maker: generic", "claims a maker in a file that names none"),
    ],
)  # fmt: skip
def test_broken_signature_is_told(folder: Path, old: str, new: str, says: str) -> None:
    if new == "[]":
        old, new = f"    examples:\n      {EXAMPLE}", "    examples: []"
    problems = verify(edit(folder, ACME, old, new))
    where = f"{shown_path(folder / ACME)}:4: signature acme-realm: "
    assert any(problem.startswith(where) and says in problem for problem in problems), problems


def test_text_that_two_makers_claim_is_told(folder: Path) -> None:
    edit(folder, "vendors/other.yaml", "'^Other'", "'^(?:Other|Acme)'")
    (problem,) = verify(folder)
    assert problem.startswith(f"{shown_path(folder / ACME)}:4: signature acme-realm: ")
    assert "is claimed for other by other-realm" in problem


def test_shared_text_may_be_declared(folder: Path) -> None:
    edit(folder, "vendors/other.yaml", "'^Other'", "'^(?:Other|Acme)'")
    edit(folder, ACME, "    source: [notes]", "    shares_with: [other]\n    source: [notes]")
    assert verify(folder) == ()


def test_duplicate_id_is_told_by_verify_too(folder: Path) -> None:
    (problem,) = verify(edit(folder, "vendors/other.yaml", "other-realm", "acme-realm"))
    assert problem.startswith(f"{shown_path(folder / 'vendors/other.yaml')}:4: signature acme-realm: stands in")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("entities.yaml", "aliases: [LBL]", "aliases: [A.C.M.E]", "is a name of acme too"),
        ("entities.yaml", "prior: 0.1", "prior: 0.0", "is no share of devices"),
        ("entities.yaml", "type: brand, source: [notes]", "type: brand, source: [gossip]", "'gossip' is not"),
        ("oem.yaml", "source: [notes]", "source: [gossip]", "source 'gossip' is not explained"),
        (
            "entities.yaml",
            "id: acme, name: Acme,",
            "id: acme, name: Acme, sells_through_others: [gossip],",
            "source 'gossip' is not explained",
        ),
        ("sources.yaml", "notes: {", "nots: {", "source 'notes' is not explained"),
    ],
)  # fmt: skip
def test_other_files_are_checked(folder: Path, file: str, old: str, new: str, says: str) -> None:
    assert any(says in problem for problem in verify(edit(folder, file, old, new)))


def test_priors_share_one_network(folder: Path) -> None:
    assert verify(edit(folder, "entities.yaml", "prior: 0.1", "prior: 0.49")) == ()
    text = (folder / "entities.yaml").read_text("utf-8")
    more = "".join(f"  - {{id: m{n}, name: M{n}, type: maker, source: [notes], prior: 0.4}}\n" for n in range(3))
    (folder / "entities.yaml").write_text(text + more, "utf-8")
    assert "add up to" in verify(folder)[0]


def test_a_missing_list_of_sources_is_told(folder: Path) -> None:
    (folder / "sources.yaml").unlink()
    assert "sources.yaml:1: cannot be read" in verify(folder)[0]
