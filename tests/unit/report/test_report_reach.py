"""What was reached is counted by protocol, and "no camera" comes with the causes that this run makes likely."""

from __future__ import annotations

from dataclasses import replace

import report_factory as made

from camaudit.model import Coverage, HostCoverage, Outcome, Report
from camaudit.report.reach import causes, protocols
from camaudit.report.words import words


def host(address: str, outcome: str = "answered", **probes: Outcome) -> HostCoverage:
    return HostCoverage(address, outcome, probes)


def empty(coverage: Coverage) -> Report:
    return replace(made.school(), devices=(), findings=(), plan=(), coverage=coverage)


def test_protocols_are_counted_and_ports_are_none() -> None:
    hosts = (
        host("192.0.2.1", http=Outcome.ANSWERED, rtsp=Outcome.SILENT, port=Outcome.ANSWERED),
        host("192.0.2.2", http=Outcome.ANSWERED),
        host("192.0.2.3", http=Outcome.REFUSED),
    )
    found = protocols(Coverage(256, 3, 253, 0, hosts=hosts))
    assert [(each.name, each.answered) for each in found] == [("http", 2), ("rtsp", 0)]
    assert found[0].outcomes[Outcome.REFUSED] == 1


def test_a_camera_needs_no_excuse() -> None:
    assert causes(made.school()) == ()


def test_a_silent_network_is_most_likely_the_wrong_one() -> None:
    assert causes(empty(Coverage(256, 0, 256, 0)))[:3] == ("elsewhere", "multicast", "apart")


def test_where_discovery_was_heard_multicast_is_not_blamed() -> None:
    printer = host("192.0.2.9", wsd=Outcome.ANSWERED, http=Outcome.ANSWERED)
    found = causes(empty(Coverage(256, 1, 255, 0, hosts=(printer,))))
    assert "multicast" not in found
    assert "recorder" in found


def test_hosts_that_refuse_everything_point_to_other_ports() -> None:
    shut = host("192.0.2.7", "refused", mac=Outcome.ANSWERED)
    assert "locked" in causes(empty(Coverage(8, 0, 7, 1, hosts=(shut,))))


def test_a_scan_that_was_ended_says_so_first() -> None:
    assert causes(empty(Coverage(256, 0, 100, 0, unasked=156)))[0] == "unfinished"


def test_every_cause_has_words_and_a_next_step() -> None:
    everything = Coverage(256, 1, 250, 5, excluded=9, unasked=3)
    named = set(causes(empty(everything)))
    catalogue = words().causes
    assert named <= catalogue.keys()
    assert set(catalogue) - named <= {"multicast", "apart", "locked"} | named
    assert all(cause.cause and cause.step for cause in catalogue.values())
