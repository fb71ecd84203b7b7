"""A new rule is data: the example of CONTRIBUTING.md, followed to the letter, judges a site without code."""

from __future__ import annotations

import shutil
import textwrap
from datetime import date
from pathlib import Path

import pytest

from camaudit.catalogue import Catalogue, load_folders, verify_rules
from camaudit.errors import DataFileError
from camaudit.model import Verdict
from camaudit.policy.evaluate import evaluate
from camaudit.policy.verify import example_device, example_site
from camaudit.resources import data_folder
from recipes import blocks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the policies with the recipe followed."""
    made = tmp_path / "policies"
    shutil.copytree(str(data_folder("policies")), made)
    instrument, pack = blocks("add a policy", "yaml")
    with (made / "instruments.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + textwrap.indent(instrument, "  "))
    (made / "zz").mkdir()
    (made / "zz" / "zz-public-body.yaml").write_text(pack, "utf-8")
    return made


def loaded(folder: Path) -> Catalogue:
    return load_folders(data_folder("signatures"), data_folder("policies", folder))


def test_the_recipe_proves_itself(folder: Path) -> None:
    assert list(verify_rules(loaded(folder))) == []


def test_the_new_rule_judges(folder: Path) -> None:
    catalogue = loaded(folder)
    rules = catalogue.policies
    (pack,) = [pack for pack in rules.packs if pack.id == "zz-public-body"]
    example = pack.rules[0].form.examples[0]
    (finding,) = evaluate(
        [example_device(example)],
        example_site(example),
        [pack],
        register=rules.register,
        entities=catalogue.knowledge.entities,
        today=date(2026, 11, 30),
    )
    assert (finding.verdict, finding.due.isoformat() if finding.due else "") == (Verdict.VIOLATION, "2027-12-31")
    assert [citation.instrument for citation in finding.citations] == ["zz-camera-act"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    cites: [zz-camera-act]", "    cites: [zz-hearsay]", "zz-hearsay"),
        ("maker: axis", "maker: axes", "axes"),
        ("violated_when: {maker_in: named}", "violated_when: {maker_is: named}", "maker_is"),
    ],
)
def test_a_step_that_is_wrong_is_told_with_file_and_line(folder: Path, old: str, new: str, said: str) -> None:
    file = folder / "zz" / "zz-public-body.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    try:
        problems = list(verify_rules(loaded(folder)))
    except DataFileError as error:
        problems = str(error).splitlines()
    assert [line for line in problems if said in line and "zz-public-body.yaml:" in line], problems
