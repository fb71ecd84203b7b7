"""The rare ends of judging: each wrong file has its line, each question its key, each decision its notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.model import Ask, Certainty, Decision, Device, Finding, Kind, Sighting, Site, Topic
from camaudit.policy.conditions import site_words
from camaudit.policy.decisions import apply_decisions
from camaudit.policy.load import load_policies
from camaudit.policy.places import lies_in
from camaudit.policy.questionnaire import key_of
from camaudit.policy.schema import Deadline
from camaudit.policy.sightings import with_sightings
from camaudit.policy.waivers import load_waivers
from camaudit.policy.wording import Wording
from camaudit.policy.words import Subject
from camaudit.signatures.schema import Entity

Change = Callable[[Path, str, str], None]
Judge = Callable[..., tuple[Finding, ...]]
Unit = Callable[..., Device]
TODAY = date(2026, 11, 22)


def problems(folder: Path, few: dict[str, Entity]) -> str:
    with pytest.raises(DataFileError) as caught:
        load_policies(folder, few)
    return "\n".join(caught.value.problems)


def test_a_pack_without_rules_or_with_strange_references_is_refused(
    folder: Path, few: dict[str, Entity], change: Change
) -> None:
    pack = folder / "xx" / "pack.yaml"
    change(
        pack,
        "    remedy: replace",
        "    remedy: replace\n    serves: {law: {always: true}}\n    yields_to: [elsewhere/rule]",
    )
    told = problems(folder, few)
    assert "serves.law: 'law' is no instrument" in told
    change(pack, "    serves: {law: {always: true}}\n", "    asks_site: true\n")
    assert "only a rule that asks takes it" in problems(folder, few)
    change(pack, "    asks_site: true\n", "")
    assert "pack.yaml:18: rules.0.yields_to.0: 'elsewhere/rule' is no rule" in problems(folder, few)
    text = pack.read_text()
    pack.write_text(text[: text.index("rules:")] + "rules: []\n")
    assert "rules: must hold at least one rule" in problems(folder, few)


def test_an_own_instrument_has_an_id_of_its_own(few: dict[str, Entity], folder: Path) -> None:
    register = (folder / "instruments.yaml").read_text()
    record = register[register.index("  - id: act") :].replace("force: binding_law", "force: own_decision")
    pack = folder / "xx" / "pack.yaml"
    own = pack.read_text().replace("rules:", f"own_instruments:\n{record}rules:")
    pack.write_text(own)
    assert "own_instruments.0.id: 'act' is in" in problems(folder, few)


DOCUMENT = """schema: camaudit/documents@1
answers:
  - {{id: A1, maker: {maker}, states: "It is not so.", dated: 2024-01-01, sources: [{source}]}}
documents:
  - id: doc-000
    title: T
    publisher: P
    dated: undated
    reliability: low
    describes: D
    file_name: f
    statements:
      - id: S1
        kind: {kind}
        states: a
        verdict: wrong
        correction: "{correction}"
        background: {{about: {about}, topic: surveillance, answers: [{answers}], reported: '2023', sources: [x]}}
      - {{id: {second}, kind: context, states: a, verdict: wrong, correction: b}}
"""
SOUND = {
    "maker": "hikvision",
    "source": "x",
    "kind": "allegation",
    "correction": "b",
    "about": "hikvision",
    "answers": "A1",
    "second": "S2",
}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"second": "S1"}, "'S1' is there twice"),
        ({"maker": "nobody", "about": "nobody"}, "'nobody' is no entity"),
        ({"source": ""}, "must say where the company says so"),
        ({"kind": "restriction"}, "is nothing that is alleged"),
        ({"correction": " "}, "needs a correction"),
        ({"answers": ""}, "an allegation never stands alone"),
        ({"about": "dahua"}, "'A1' is no answer of dahua"),
    ],
)
def test_background_never_stands_without_its_denial(
    folder: Path, few: dict[str, Entity], wrong: dict[str, str], told: str
) -> None:
    (folder / "documents.yaml").write_text(DOCUMENT.format(**SOUND))
    load_policies(folder, few)
    (folder / "documents.yaml").write_text(DOCUMENT.format(**{**SOUND, **wrong}))
    assert told in problems(folder, few)


def test_a_waiver_says_who_and_why(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(
        "schema: camaudit/waivers@1\nwaivers:\n  - {rule: a/b, targets: [], reason: ' ', granted_by: '',"
        " granted: 2026-01-01, expires: 2026-02-01}\n"
    )
    with pytest.raises(DataFileError) as caught:
        load_waivers(file)
    assert [problem.partition("waivers.0.")[2] for problem in caught.value.problems] == [
        "reason: must not be empty",
        "granted_by: must not be empty",
        "targets: must name at least one address, range, MAC address or device id",
    ]


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [("", "GB", None), ("GB", "GB", True), ("GB-ENG", "GB", True), ("GB", "GB-ENG", None), ("US", "GB", False)],
)
def test_a_place_lies_in_another_or_is_only_less_exact(here: str, there: str, expected: bool | None) -> None:
    assert lies_in(here, there) is expected


def test_a_deadline_counts_from_the_first_sight() -> None:
    seen = date(2026, 11, 1)
    assert Deadline(fixed=TODAY).due(seen, TODAY) == TODAY
    assert Deadline(days_after_first_seen=30).due(seen, TODAY) == seen + timedelta(days=30)
    assert Deadline(days_after_first_seen=30).due(None, TODAY) == TODAY + timedelta(days=30)
    assert Deadline().due(seen, TODAY) is None


def test_the_grounds_name_the_kind_of_site_behind_not_too(
    folder: Path, few: dict[str, Entity], change: Change, unit: Unit
) -> None:
    change(folder / "xx" / "pack.yaml", "{always: true}", "{not: {site_kind: [company]}}")
    (pack,) = load_policies(folder, few).packs
    assert [ask.word for ask in site_words(pack.applies_to)] == ["site_kind"]
    said = Wording(unit("hikvision"), Site("Desk", "XX", "government"), few).grounds(pack.applies_to)
    assert said == "It binds this site, for site.yaml says kind: government."


def test_without_a_device_the_maker_is_not_known(folder: Path, few: dict[str, Entity]) -> None:
    (pack,) = load_policies(folder, few).packs
    found = pack.rules[0].violated_when.answer(Subject(Site(""), TODAY, few, pack.makers))
    assert found.truth is None
    assert [gap.about.value for gap in found.gaps] == ["maker"]


def test_each_kind_of_question_has_its_key(unit: Unit, judge: Judge) -> None:
    one = unit("hikvision")
    finding = judge(one, Site("", "US", "company"), "us-federal-contractor")[0]
    rule = f"{finding.policy}/{finding.rule}"
    keys = {
        topic: key_of(replace(finding, asks=(Ask(topic, "name"),)), one)
        for topic in (Topic.STANDING, Topic.INSTRUMENT, Topic.STATE, Topic.DECISION, Topic.SITE)
    }
    assert keys == {
        Topic.STANDING: f"standing:{rule}:hikvision",
        Topic.INSTRUMENT: "instrument:name",
        Topic.STATE: f"state:{rule}",
        Topic.DECISION: f"rule:{rule}",
        Topic.SITE: "name",
    }


def decision(question: str, on: date, until: date) -> Decision:
    return Decision(question, ("192.0.2.10",), "It stays", "A. Person", on, until)


@pytest.mark.parametrize(
    ("days", "about"),
    [((-30, -1), "2026-11-21"), ((1, 30), "2026-11-23"), ((-1, 30), "no open question")],
)
def test_a_decision_out_of_its_time_or_place_is_named(
    unit: Unit, judge: Judge, days: tuple[int, int], about: str
) -> None:
    one = unit("hikvision")
    findings = judge(one, Site("", "US", "company"), "us-federal-contractor")
    on, until = (TODAY + timedelta(days=each) for each in days)
    kept, (notice,) = apply_decisions(findings, [decision("rule:none", on, until)], [one], TODAY)
    assert kept == findings
    assert about in notice or "A. Person" in notice


def test_who_saw_only_what_a_unit_is_says_nothing_of_its_maker(unit: Unit) -> None:
    one = unit(None, Certainty.UNKNOWN, kind=Kind.UNKNOWN)
    seen = Sighting(("192.0.2.10",), "A. Person", TODAY, kind=Kind.RECORDER)
    ((told,), notices) = with_sightings([one], [seen], {"axis": "Axis"}, TODAY)
    assert notices == ()
    assert (told.identification.kind, told.identification.maker) == (Kind.RECORDER, None)
    (evidence,) = told.identification.evidence
    assert (evidence.claim, evidence.weight, evidence.counted) == ("kind=recorder", 0.0, False)
