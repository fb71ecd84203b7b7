"""Judgement by a pack of one rule: what convicts, what is asked, and from when on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from camaudit.model import Certainty, Device, Finding, Identification, Kind, Site, Verdict
from camaudit.policy.evaluate import evaluate
from camaudit.policy.load import load_policies
from camaudit.policy.verify import verify
from camaudit.signatures.schema import Entity

TODAY = date(2026, 11, 22)
Change = Callable[[Path, str, str], None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("confidence: high", "confidence: low"),
        ("role: rule", "role: rule\n    recheck: true"),
        ("role: rule", "role: advisory"),
    ],
)
def test_weak_instrument_comes_to_a_review(
    folder: Path, few: dict[str, Entity], change: Change, old: str, new: str
) -> None:
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


def test_none_of_these_does_not_convict_an_uncertain_maker(
    folder: Path, few: dict[str, Entity], change: Change
) -> None:
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


def judged(folder: Path, few: dict[str, Entity], found: Identification) -> Finding:
    policies = load_policies(folder, few)
    device = Device("u", "192.0.2.1", found, first_seen=date(2026, 11, 1))
    return evaluate([device], Site(""), policies.packs, register=policies.register, entities=few, today=TODAY)[0]


def test_rule_may_ask_for_more_certainty_and_end(folder: Path, few: dict[str, Entity], change: Change) -> None:
    pack = folder / "xx" / "pack.yaml"
    probable = Identification("hikvision", Certainty.PROBABLE, 0.9, kind=Kind.CAMERA, video=True)
    change(
        pack, "    remedy: replace", "    remedy: replace\n    minimum_certainty: confirmed\n    waivable: false"
    )
    assert judged(folder, few, probable).verdict is Verdict.REVIEW
    assert load_policies(folder, few).unwaivable == {"pack/in-use"}
    change(pack, "    waivable: false", "    until: 2026-11-21")
    assert judged(folder, few, probable).verdict is Verdict.NOT_APPLICABLE


def test_what_kind_and_state_leave_open_is_asked(folder: Path, few: dict[str, Entity], change: Change) -> None:
    pack = folder / "xx" / "pack.yaml"
    unknown = Identification("axis", Certainty.CONFIRMED, 0.97, kind=Kind.UNKNOWN, video=True)
    change(pack, "{maker_in: named}", "{kind_in: recorder}")
    assert "What kind of device" in judged(folder, few, unknown).reason
    change(pack, "{kind_in: recorder}", "{activated: false}")
    finding = judged(folder, few, unknown)
    assert finding.verdict is Verdict.REVIEW
    assert "did not say" in finding.reason
    assert "Look at it" in finding.question


def test_days_count_from_the_day_a_unit_was_first_seen(
    folder: Path, few: dict[str, Entity], change: Change
) -> None:
    change(
        folder / "xx" / "pack.yaml",
        "    remedy: replace",
        "    remedy: replace\n    deadline: {days_after_first_seen: 30}",
    )
    sure = Identification("hikvision", Certainty.CONFIRMED, 0.97, kind=Kind.CAMERA, video=True)
    assert judged(folder, few, sure).due == date(2026, 12, 1)
