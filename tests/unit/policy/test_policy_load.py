"""Loading: whatever is wrong with a policy folder is told with its file and line."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from camaudit.errors import DataFileError, UsageError
from camaudit.model import Certainty, Device, Finding, Identification, Kind, Site, Verdict
from camaudit.policy.choose import applicable_packs
from camaudit.policy.evaluate import evaluate
from camaudit.policy.load import Policies, load_policies
from camaudit.policy.verify import verify
from camaudit.resources import data_root
from camaudit.signatures.schema import Entity

TODAY = date(2026, 11, 22)

INSTRUMENTS = """\
schema: camaudit/instruments@1
sources:
  page: {url: 'https://example.org/act', note: made}
instruments:
  - id: act
    title: Example Act
    citation: Example Act, s. 1
    jurisdiction: [XX]
    issuing_body: Parliament
    binds: Everybody.
    force: binding_law
    restricts: [use]
    asks: Not to use them.
    installed_camera: To be taken down.
    reach: The named makers.
    named: [hikvision]
    made: 2020-01-01
    status: in force
    sources: [page]
    known_as_of: '2026-01'
    checked: 2026-11-22
    confidence: high
    role: rule
"""
DOCUMENTS = "schema: camaudit/documents@1\ndocuments: []\n"
PACK = """\
schema: camaudit/policy@1
id: pack
title: A pack
jurisdiction: XX
version: '1'
status: in_force
about: Made.
applies_to: {always: true}
makers:
  named: {members: [hikvision], cites: [act]}
rules:
  - id: in-use
    title: In use
    severity: high
    violated_when: {maker_in: named}
    cites: [act]
    remedy: replace
    reason: {violation: 'This {device} is of {maker}.'}
    examples:
      - {name: one, maker: hikvision, expect: violation}
      - {name: two, maker: axis, expect: compliant}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "instruments.yaml").write_text(INSTRUMENTS)
    (tmp_path / "documents.yaml").write_text(DOCUMENTS)
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "pack.yaml").write_text(PACK)
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_whole_folder_loads_and_proves_its_examples(folder: Path, few: dict[str, Entity]) -> None:
    found = load_policies(folder, few)
    assert [pack.id for pack in found.packs] == ["pack"]
    assert verify(found, few) == ()
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", found.digest)
    assert load_policies(folder, few).digest == found.digest
    (folder / "documents.yaml").write_text(DOCUMENTS + "# changed\n")
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
    folder: Path, few: dict[str, Entity], old: str, new: str, line: int, told: str
) -> None:
    change(folder / "xx" / "pack.yaml", old, new)
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    assert any(f"pack.yaml:{line}:" in p and told in p for p in caught.value.problems), caught.value.problems


def test_all_problems_come_at_once(folder: Path, few: dict[str, Entity]) -> None:
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("confidence: high", "confidence: low"),
        ("role: rule", "role: rule\n    recheck: true"),
        ("role: rule", "role: advisory"),
    ],
)
def test_weak_instrument_comes_to_a_review(folder: Path, few: dict[str, Entity], old: str, new: str) -> None:
    change(folder / "instruments.yaml", old, new)
    found = load_policies(folder, few)
    device = Device(
        "u", "192.0.2.1", Identification("hikvision", Certainty.CONFIRMED, 0.99, kind=Kind.CAMERA, video=True)
    )
    finding = evaluate([device], Site(""), found.packs, register=found.register, entities=few, today=TODAY)[0]
    assert finding.verdict is Verdict.REVIEW
    assert "not sure enough" in finding.reason
    assert "Example Act" in finding.question
    assert "expected violation, got review" in verify(found, few)[0]


def test_none_of_these_does_not_convict_an_uncertain_maker(folder: Path, few: dict[str, Entity]) -> None:
    change(folder / "xx" / "pack.yaml", "{maker_in: named}", "{not: {maker_in: named}}")
    found = load_policies(folder, few)
    unsure = Identification("axis", Certainty.POSSIBLE, 0.5, kind=Kind.CAMERA, video=True)
    finding = evaluate(
        [Device("u", "192.0.2.1", unsure)],
        Site(""),
        found.packs,
        register=found.register,
        entities=few,
        today=TODAY,
    )[0]
    assert finding.verdict is Verdict.REVIEW
    assert "not certain" in finding.reason


def test_no_finding_for_what_is_no_video_equipment(folder: Path, few: dict[str, Entity]) -> None:
    found = load_policies(folder, few)
    printer = Identification("hikvision", Certainty.CONFIRMED, 0.99, kind=Kind.CAMERA, video=False)
    other = Identification("hikvision", Certainty.CONFIRMED, 0.99, kind=Kind.OTHER, video=True)
    devices = [Device("a", "192.0.2.1", printer), Device("b", "192.0.2.2", other)]
    assert evaluate(devices, Site(""), found.packs, register=found.register, entities=few, today=TODAY) == ()


@pytest.mark.parametrize(
    ("site", "chosen"),
    [
        (Site("", "GB-ENG", "school"), ["uk-school"]),
        (Site("", "GB", "council"), ["uk-public-body-baseline"]),
        (Site("", "GB", "government"), ["uk-central-sensitive-site", "uk-public-body-baseline"]),
        (Site("", "US", "school"), ["us-federal-contractor", "us-federal-grant-recipient", "us-market-fcc"]),
        (
            Site("", "GB-ENG", "company", {"holds_us_federal_contracts": True}),
            ["uk-public-body-baseline", "us-federal-contractor"],
        ),
        (Site("", "FR", "school"), []),
    ],
)
def test_packs_follow_from_the_site(policies: Policies, site: Site, chosen: list[str]) -> None:
    assert [p.id for p in applicable_packs(site, policies.packs) if p.jurisdiction != "any"] == chosen


def test_nothing_known_leaves_every_pack_open(policies: Policies) -> None:
    assert len(applicable_packs(Site(""), policies.packs)) == len(policies.packs)


def test_packs_may_be_named(policies: Policies) -> None:
    site = Site("", "GB-ENG", "school", policies=("uk-school",))
    assert [p.id for p in applicable_packs(site, policies.packs)] == ["uk-school"]
    assert [p.id for p in applicable_packs(site, policies.packs, ["us-market-fcc"])] == ["us-market-fcc"]
    with pytest.raises(UsageError, match="did you mean 'uk-school'"):
        applicable_packs(site, policies.packs, ["uk-schol"])


def test_ids_are_unique(folder: Path, few: dict[str, Entity]) -> None:
    pack = folder / "xx" / "pack.yaml"
    pack.write_text(PACK + PACK[PACK.index("  - id: in-use") :])
    record = INSTRUMENTS[INSTRUMENTS.index("  - id: act") :]
    (folder / "instruments.yaml").write_text(
        INSTRUMENTS + record.replace("    binds: Everybody.", "    binds: ''")
    )
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    told = "\n".join(caught.value.problems)
    assert "instruments.1.id: 'act' is there twice" in told
    assert "instruments.1.binds: must not be empty" in told
    assert "rules.1.id: 'in-use' is there twice" in told


def test_an_example_that_fails_says_why(folder: Path, few: dict[str, Entity]) -> None:
    change(folder / "xx" / "pack.yaml", "maker: axis", "maker: nobody")
    change(folder / "xx" / "pack.yaml", "expect: violation", "expect: violation, asks: who")
    told = verify(load_policies(folder, few), few)
    assert "does not hold 'who'" in told[0]
    assert "'nobody' is no entity" in told[1]
    assert all("pack.yaml:12: pack/in-use" in line for line in told)


def judged(folder: Path, few: dict[str, Entity], found: Identification) -> Finding:
    policies = load_policies(folder, few)
    device = Device("u", "192.0.2.1", found, first_seen=date(2026, 11, 1))
    return evaluate([device], Site(""), policies.packs, register=policies.register, entities=few, today=TODAY)[0]


def test_rule_may_ask_for_more_certainty_and_end(folder: Path, few: dict[str, Entity]) -> None:
    pack = folder / "xx" / "pack.yaml"
    probable = Identification("hikvision", Certainty.PROBABLE, 0.9, kind=Kind.CAMERA, video=True)
    change(
        pack, "    remedy: replace", "    remedy: replace\n    minimum_certainty: confirmed\n    waivable: false"
    )
    assert judged(folder, few, probable).verdict is Verdict.REVIEW
    assert load_policies(folder, few).unwaivable == {"pack/in-use"}
    change(pack, "    waivable: false", "    until: 2026-11-21")
    assert judged(folder, few, probable).verdict is Verdict.NOT_APPLICABLE


def test_what_kind_and_state_leave_open_is_asked(folder: Path, few: dict[str, Entity]) -> None:
    pack = folder / "xx" / "pack.yaml"
    unknown = Identification("axis", Certainty.CONFIRMED, 0.97, kind=Kind.UNKNOWN, video=True)
    change(pack, "{maker_in: named}", "{kind_in: recorder}")
    assert "What kind of device" in judged(folder, few, unknown).reason
    change(pack, "{kind_in: recorder}", "{activated: false}")
    finding = judged(folder, few, unknown)
    assert finding.verdict is Verdict.REVIEW
    assert "did not say" in finding.reason
    assert "Look at it" in finding.question


def test_days_count_from_the_day_a_unit_was_first_seen(folder: Path, few: dict[str, Entity]) -> None:
    change(
        folder / "xx" / "pack.yaml",
        "    remedy: replace",
        "    remedy: replace\n    deadline: {days_after_first_seen: 30}",
    )
    sure = Identification("hikvision", Certainty.CONFIRMED, 0.97, kind=Kind.CAMERA, video=True)
    assert judged(folder, few, sure).due == date(2026, 12, 1)
