"""Firewall rules to paste: addresses and nothing else, for both versions of IP, with the warning in front."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_factory import HOSTILE, device, estate, finding, hostile_device, nothing_found, school

from camaudit.model import Device, Kind, Planning, Report, Verdict
from camaudit.plan import plan
from camaudit.report import html
from camaudit.report.audience import for_audience
from camaudit.report.containment import containment, snippet
from camaudit.report.readers import AUDIENCES
from camaudit.report.words import words
from camaudit.report.write import CONTAINMENT, write


def at(number: int, *addresses: str, **changes: object) -> Device:
    first, *also = addresses
    return replace(device(number, **changes), address=first, also_at=tuple(also))


def report_of(*units: Device, others: tuple[Device, ...] = (), recorders: tuple[str, ...] = ()) -> Report:
    """Return a report in which each of ``units`` breaks a rule and ``others`` do not."""
    devices = (*units, *others)
    findings = tuple(finding(each, Verdict.VIOLATION) for each in units)
    whole = school()
    site = replace(whole.site, planning=Planning(recorders=recorders))
    steps = plan(devices, findings, whole.judged_as_of)
    return replace(whole, site=site, devices=devices, findings=findings, plan=steps)


TWO = report_of(
    at(1, "192.0.2.10", "2001:db8:1::10", "fe80::10"),
    at(2, "192.0.2.20"),
    others=(at(3, "192.0.2.30"), at(4, "198.51.100.5", kind=Kind.RECORDER)),
)


def rows(report: Report) -> list[tuple[str, str, str]]:
    read = csv.DictReader(snippet(report, "others.csv").splitlines())
    return [(row["source"], row["destination"], row["action"]) for row in read]


def test_who_breaks_a_rule_may_talk_with_the_recorder_and_with_nothing_else() -> None:
    assert rows(TWO) == [
        ("192.0.2.10", "198.51.100.5", "allow"),
        ("198.51.100.5", "192.0.2.10", "allow"),
        ("192.0.2.20", "198.51.100.5", "allow"),
        ("198.51.100.5", "192.0.2.20", "allow"),
        ("192.0.2.10", "any", "deny"),
        ("any", "192.0.2.10", "deny"),
        ("192.0.2.20", "any", "deny"),
        ("any", "192.0.2.20", "deny"),
        ("2001:db8:1::10", "any", "deny"),
        ("any", "2001:db8:1::10", "deny"),
    ]


@pytest.mark.parametrize("kind", CONTAINMENT)
def test_both_versions_are_in_every_file_and_link_local_is_in_none(kind: str) -> None:
    text = snippet(TWO, kind)
    assert "192.0.2.10" in text
    assert "2001:db8:1::10" in text
    assert "fe80" not in text
    assert "192.0.2.30" not in text


@pytest.mark.parametrize("kind", [kind for kind in CONTAINMENT if not kind.endswith(".csv")])
def test_the_warning_stands_in_front(kind: str) -> None:
    assert words().containment["test_first"] in "\n".join(snippet(TWO, kind).splitlines()[:4])


def test_the_recorders_of_the_site_file_count_before_those_that_were_found() -> None:
    stated = replace(TWO, site=replace(TWO.site, planning=Planning(recorders=("203.0.113.0/28", "2001:db8:9::5"))))
    text = snippet(stated, "nftables.nft")
    assert "203.0.113.0/28" in text
    assert "2001:db8:9::5" in text
    assert "198.51.100.5" not in text


def test_without_a_recorder_the_file_says_that_recording_would_stop() -> None:
    alone = report_of(at(1, "192.0.2.10"))
    assert words().containment["no_recorder"] in snippet(alone, "cisco-ios.txt")
    assert words().containment["no_recorder"] not in snippet(TWO, "cisco-ios.txt")


def test_a_recorder_that_is_cut_off_goes_on_recording_the_other_cameras() -> None:
    found = report_of(at(1, "198.51.100.5", kind=Kind.RECORDER), others=(at(2, "192.0.2.30"),))
    assert ("192.0.2.30", "198.51.100.5", "allow") in rows(found)
    assert ("192.0.2.30", "any", "deny") not in rows(found)
    assert words().containment["recorder_too"] in snippet(found, "mikrotik.rsc")


def test_what_is_allowed_is_allowed_before_anything_is_denied() -> None:
    found = report_of(at(1, "198.51.100.5", kind=Kind.RECORDER), at(2, "192.0.2.10"), at(3, "192.0.2.9"))
    lines = snippet(found, "cisco-ios.txt").splitlines()
    permits = [n for n, line in enumerate(lines) if line.startswith(" permit ip ") and "any any" not in line]
    denies = [n for n, line in enumerate(lines) if line.startswith(" deny ip ")]
    assert max(permits) < min(denies)


def test_a_unit_without_an_address_is_named_as_left_out() -> None:
    text = snippet(report_of(at(1, "192.0.2.10"), at(2, "mac 44:19:b6:00:00:01")), "nftables.nft")
    assert "1 more device has no address" in text
    assert "44:19" not in text


def test_nothing_that_a_device_wrote_stands_in_any_file() -> None:
    # Given a fleet that writes hostile texts wherever it may, and the same fleet without a word of its own
    hostile = [hostile_device(40 + n, text) for n, text in enumerate(HOSTILE)]
    injected = ("10.0.0.1; drop table inet filter", "$(reboot)", "::1%\n add rule")
    strange = replace(hostile[0], id="strange", address=injected[0], also_at=injected[1:])
    silent = [replace(device(40 + n), id=each.id) for n, each in enumerate(hostile)]
    plain = replace(device(90), id="strange", address="no address", also_at=())
    # Then their rules are the same to the letter
    for kind in CONTAINMENT:
        assert snippet(report_of(*hostile, strange), kind) == snippet(report_of(*silent, plain), kind)


def test_ranges_hold_exactly_the_units_that_are_cut_off() -> None:
    report = report_of(*(at(n, f"192.0.2.{n}") for n in (4, 5, 6, 7, 9)))
    found = containment(report)
    assert found is not None
    held = {str(address) for network in found.cameras4 for address in network}
    assert held == {f"192.0.2.{n}" for n in (4, 5, 6, 7, 9)}
    assert "permit" not in snippet(report, "cisco-ios.txt").split("CAMAUDIT")[0]
    assert " deny ip 192.0.2.4 0.0.0.3 any" in snippet(report, "cisco-ios.txt")


def test_where_nothing_is_to_be_isolated_there_is_no_file_and_an_old_one_goes(tmp_path: Path) -> None:
    assert len(write(TWO, ("containment",), tmp_path)) == len(CONTAINMENT)
    assert write(nothing_found(), ("containment",), tmp_path) == ()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert "containment" not in re.findall(r'<section id="([a-z-]+)"', html.render(nothing_found()))


def test_only_those_who_run_the_network_get_them() -> None:
    for audience in AUDIENCES:
        shown = for_audience(TWO, audience)
        assert bool(snippet(shown, "nftables.nft")) == (audience == "it")
    assert "table inet camaudit" in html.render(TWO)
    assert "table inet camaudit" not in html.render(for_audience(TWO, "facilities"))


def test_the_rules_of_a_large_fleet_are_named_but_not_printed() -> None:
    page = html.render(estate(4000))
    assert "Too long to show here" in page
    assert "table inet camaudit" not in page
