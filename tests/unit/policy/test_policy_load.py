"""Loading: whatever is wrong with a policy folder is told with its file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.policy.load import Policies, load_policies
from camaudit.policy.verify import verify
from camaudit.resources import data_root
from camaudit.signatures.schema import Entity

Change = Callable[[Path, str, str], None]


def test_whole_folder_loads_and_proves_its_examples(folder: Path, few: dict[str, Entity]) -> None:
    found = load_policies(folder, few)
    assert [pack.id for pack in found.packs] == ["pack"]
    assert verify(found, few) == ()
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", found.digest)
    assert load_policies(folder, few).digest == found.digest
    (folder / "documents.yaml").write_text("schema: camaudit/documents@1\ndocuments: []\n# changed\n")
    assert load_policies(folder, few).digest != found.digest


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("cites: [act]\n    remedy", "cites: [law]\n    remedy", 16, "'law' is no instrument"),
        ("cites: [act]\n    remedy", "cites: []\n    remedy", 16, "at least one instrument"),
        ("members: [hikvision]", "members: [hikvsion]", 10, "is no entity"),
        ("{maker_in: named}", "{maker_in: nmed}", 15, "not one of named"),
        ("{maker_in: named}", "{makers: named}", 15, "unknown word"),
        ("{maker_in: named}", "{all: []}", 15, "at least one condition"),
        ("{always: true}", "{maker_in: named}", 8, "about a device"),
        ("severity: high", "severity: grave", 14, "severity"),
        ("remedy: replace", "remedy: smash", 17, "remedy"),
        ("{device} is", "{device.__class__} is", 18, "no placeholder"),
        ("    remedy: replace", "    remedy: replace\n    minimum_certainty: possible", 18, "minimum_certainty"),
        ("    remedy: replace", "    remedy: replace\n    deadline: {}", 18, "either fixed or"),
        ("    remedy: replace", "    remedy: replace\n    questions: {colour: which}", 18, "can be unknown"),
        ("expect: compliant", "expect: violation", 19, "another verdict"),
        ("    title: In use", "    titel: In use", 13, "did you mean 'title'"),
        ("id: in-use", "id: In Use", 12, "lower-case"),
        ("id: pack", "id: A pack", 2, "lower-case"),
        ("members: [hikvision]", "members: []", 10, "at least one maker"),
        ("reason: {violation: 'This {device} is of {maker}.'}", "reason: {}", 18, "needs a violation sentence"),
        ("    remedy: replace", "    remedy: none\n    effect: asks", 19, "needs a review sentence"),
        ("    remedy: replace", "    remedy: none\n    effect: asks", 12, "needs its question"),
        ("    remedy: replace", "    effective: 2026-01-02\n    until: 2026-01-01", 18, "before effective"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    folder: Path, few: dict[str, Entity], change: Change, old: str, new: str, line: int, told: str
) -> None:
    change(folder / "xx" / "pack.yaml", old, new)
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    assert any(f"pack.yaml:{line}:" in p and told in p for p in caught.value.problems), caught.value.problems


def test_all_problems_come_at_once(folder: Path, few: dict[str, Entity], change: Change) -> None:
    change(folder / "xx" / "pack.yaml", "members: [hikvision]", "members: [nobody]")
    change(folder / "instruments.yaml", "named: [hikvision]", "named: [nobody]")
    change(folder / "instruments.yaml", "sources: [page]", "sources: [elsewhere]")
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    assert len(caught.value.problems) == 3


def test_missing_register_is_told(folder: Path, few: dict[str, Entity]) -> None:
    (folder / "instruments.yaml").unlink()
    with pytest.raises(DataFileError, match="cannot be read"):
        load_policies(folder, few)


def test_document_may_not_name_an_unknown_instrument(folder: Path, few: dict[str, Entity]) -> None:
    statement = "{id: R1, kind: restriction, states: a, verdict: wrong, correction: b, instruments: [law]}"
    (folder / "documents.yaml").write_text(
        "schema: camaudit/documents@1\ndocuments:\n  - id: doc-000\n    title: T\n    publisher: P\n"
        "    dated: undated\n    reliability: low\n    describes: D\n    file_name: f\n"
        f"    statements:\n      - {statement}\n"
    )
    with pytest.raises(DataFileError, match=r"documents.yaml:11: .*'law' is no instrument"):
        load_policies(folder, few)


def test_ids_of_own_packs_must_be_new(folder: Path, few: dict[str, Entity], tmp_path: Path) -> None:
    own = tmp_path.parent / f"{tmp_path.name}-own"
    own.mkdir()
    shutil.copy(folder / "xx" / "pack.yaml", own / "again.yaml")
    with pytest.raises(DataFileError, match=r"again.yaml:2: id: 'pack' is the id of"):
        load_policies(folder, few, also=(own,))
    shutil.rmtree(own)


def test_own_instrument_may_not_pose_as_law(
    policies: Policies, entities: dict[str, Entity], tmp_path: Path
) -> None:
    own = (Path(str(data_root())) / "examples" / "own-policy" / "own-decision.yaml").read_text()
    (tmp_path / "own.yaml").write_text(own.replace("force: own_decision", "force: binding_law"))
    with pytest.raises(DataFileError, match="must be own_decision"):
        load_policies(data_root() / "policies", entities, also=(tmp_path,))
    assert "own-phase-out" in policies.names


def test_ids_are_unique(folder: Path, few: dict[str, Entity]) -> None:
    pack = folder / "xx" / "pack.yaml"
    text = pack.read_text()
    pack.write_text(text + text[text.index("  - id: in-use") :])
    register = (folder / "instruments.yaml").read_text()
    record = register[register.index("  - id: act") :].replace("    binds: Everybody.", "    binds: ''")
    (folder / "instruments.yaml").write_text(register + record)
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    told = "\n".join(caught.value.problems)
    assert "instruments.1.id: 'act' is there twice" in told
    assert "instruments.1.binds: must not be empty" in told
    assert "rules.1.id: 'in-use' is there twice" in told


def test_an_example_that_fails_says_why(folder: Path, few: dict[str, Entity], change: Change) -> None:
    change(folder / "xx" / "pack.yaml", "maker: axis", "maker: nobody")
    change(folder / "xx" / "pack.yaml", "expect: violation", "expect: violation, asks: who")
    told = verify(load_policies(folder, few), few)
    assert "does not hold 'who'" in told[0]
    assert "'nobody' is no entity" in told[1]
    assert all("pack.yaml:12: pack/in-use" in line for line in told)
