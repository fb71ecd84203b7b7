"""A new vendor is data: the example of CONTRIBUTING.md, followed to the letter, names a camera without code."""

from __future__ import annotations

import re
import shutil
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from camaudit.catalogue import load_catalogue, verify
from camaudit.devices import devices_of
from camaudit.model import Certainty, Observation, Outcome, Target
from camaudit.resources import data_folder
from recipes import blocks

AT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def steps() -> list[str]:
    """Return the YAML of the recipe's three steps as they stand in the guide."""
    found = blocks("add a vendor", "yaml")
    assert len(found) == 3
    return found


@pytest.fixture
def folder(tmp_path: Path, steps: list[str]) -> Path:
    """Return a copy of the signatures with the recipe followed."""
    made = tmp_path / "signatures"
    shutil.copytree(str(data_folder("signatures")), made)
    entity, source, signatures = steps
    for name, block in (("entities.yaml", entity), ("sources.yaml", source)):
        with (made / name).open("a", encoding="utf-8") as file:
            file.write("\n" + textwrap.indent(block, "  "))
    (made / "vendors" / "acme.yaml").write_text(signatures, "utf-8")
    return made


def test_the_recipe_proves_itself(folder: Path) -> None:
    assert list(verify(folder)) == []


def test_a_camera_of_the_new_vendor_is_named(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    fields = {"http": {"http.realm": ("ACME Network Camera",)}, "onvif": {"onvif.model": ("ACME-C210",)}}
    observations = tuple(
        Observation(Target("192.0.2.5", 80), probe, Outcome.ANSWERED, told, AT) for probe, told in fields.items()
    )
    (device,) = devices_of({"192.0.2.5": observations}, catalogue.knowledge, catalogue.oui)
    found = device.identification
    assert (found.maker, found.model) == ("acme", "ACME-C210")
    assert found.certainty in (Certainty.CONFIRMED, Certainty.PROBABLE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{text: ACME Network Camera, source", "{text: ACME Doorbell, source", "ACME Doorbell"),
        ("{text: ACME Router, source: made}", "{text: ACME Network Camera, source: made}", "must not"),
        ("source: [acme-manual]", "source: [hearsay]", "hearsay"),
        ("seen_in: 0.6", "seen_in: 0.0001", "seen_in must be more"),
    ],
)
def test_a_step_that_is_wrong_is_told_with_file_and_line(folder: Path, old: str, new: str, said: str) -> None:
    file = folder / "vendors" / "acme.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    problems = [problem for problem in verify(folder) if "acme" in problem]
    assert problems
    assert re.match(r".*vendors/acme\.yaml:\d+: ", problems[0])
    assert any(said in problem for problem in problems), problems
