"""Waivers: added to a finding, never in its place; and what is said of those that do not count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.model import Device, Finding, Severity, Verdict, Waiver
from camaudit.policy.waivers import apply_waivers, load_waivers
from camaudit.resources import data_root

TODAY = date(2026, 11, 22)
Unit = Callable[..., Device]


def waiver(
    rule: str = "pack/rule", *targets: str, until: date = date(2027, 8, 1), since: date = date(2026, 1, 1)
) -> Waiver:
    return Waiver(rule, targets or ("192.0.2.10",), "reason", "head of estates", since, until)


def finding(verdict: Verdict = Verdict.VIOLATION, device: str = "unit-192.0.2.10") -> Finding:
    return Finding(device, "pack", "rule", "Title", verdict, Severity.HIGH, "reason")


@pytest.mark.parametrize(
    "target",
    ["192.0.2.10", "192.0.2.0/28", "unit-192.0.2.10", "00:00:5e:00:53:2a", "00-00-5E-00-53-2A", "2001:db8::1"],
)
@pytest.mark.parametrize("rule", ["pack/rule", "rule"])
def test_waiver_is_added_and_the_verdict_stays(unit: Unit, target: str, rule: str) -> None:
    found = unit("hikvision", mac="00:00:5E:00:53:2A")
    device = Device(found.id, found.address, found.identification, also_at=("2001:db8::1",))
    given = waiver(rule, target)
    judged, notices = apply_waivers([finding()], [given], [device], TODAY)
    assert judged[0].waiver == given
    assert judged[0].verdict is Verdict.VIOLATION
    assert notices == ()


@pytest.mark.parametrize(
    ("given", "told", "counts"),
    [
        (waiver(until=date(2026, 11, 21)), "ran out on 2026-11-21", False),
        (waiver(until=TODAY), "runs out on 2026-11-22", True),
        (waiver(until=date(2027, 1, 21)), "runs out on 2027-01-21", True),
        (waiver(since=date(2026, 12, 1)), "does not count yet", False),
        (waiver("pack/rule", "192.0.2.99"), "matches no open finding", False),
        (waiver("pack/other"), "matches no open finding", False),
    ],
)
def test_what_is_said_of_a_waiver(unit: Unit, given: Waiver, told: str, counts: bool) -> None:
    judged, notices = apply_waivers([finding()], [given], [unit("hikvision")], TODAY)
    assert (judged[0].waiver is not None) == counts
    assert len(notices) == 1
    assert told in notices[0]


def test_rule_that_allows_no_waiver_refuses_it(unit: Unit) -> None:
    judged, notices = apply_waivers([finding()], [waiver()], [unit("hikvision")], TODAY, unwaivable=["pack/rule"])
    assert judged[0].waiver is None
    assert "allows no waiver" in notices[0]


def test_what_breaks_no_rule_needs_no_waiver(unit: Unit) -> None:
    judged, notices = apply_waivers([finding(Verdict.COMPLIANT)], [waiver()], [unit("axis")], TODAY)
    assert judged[0].waiver is None
    assert "matches no open finding" in notices[0]


def test_of_two_waivers_the_longer_stands(unit: Unit) -> None:
    short, long = waiver(until=date(2027, 3, 1)), waiver(until=date(2027, 9, 1))
    for order in ([short, long], [long, short]):
        judged, _ = apply_waivers([finding()], order, [unit("hikvision")], TODAY)
        assert judged[0].waiver == long


def test_unit_known_by_host_name_only(unit: Unit) -> None:
    device = unit("hikvision", address="hall-camera")
    judged, _ = apply_waivers(
        [finding(device=device.id)], [waiver("rule", "192.0.2.0/24", "hall-camera")], [device], TODAY
    )
    assert judged[0].waiver is not None


def test_example_file_loads() -> None:
    found = load_waivers(Path(str(data_root())) / "examples" / "waivers" / "waivers.yaml")
    assert [w.rule for w in found] == ["own-phase-out/phased-out-maker", "vendor-cloud-on"]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("expires: 2027-08-31", "expires: 2026-02-30", 12, "no date that exists"),
        ("expires: 2027-08-31", "expires: 2026-10-31", 12, "before granted"),
        ("expires: 2027-08-31", "", 5, "expires: is missing"),
        ("granted_by: A. Example, head of estates", "granted_by: ' '", 10, "must not be empty"),
        ("192.0.2.64/28", "192.0.2.64/99", 6, "not an address range"),
    ],
)
def test_broken_waiver_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    text = (Path(str(data_root())) / "examples" / "waivers" / "waivers.yaml").read_text()
    assert old in text
    (tmp_path / "waivers.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(DataFileError) as caught:
        load_waivers(tmp_path / "waivers.yaml")
    assert any(f"waivers.yaml:{line}:" in p and told in p for p in caught.value.problems), caught.value.problems
