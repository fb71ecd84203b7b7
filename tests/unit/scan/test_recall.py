"""What an earlier part of a run has stored is found again, and what says nothing of the host is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from camaudit.manner import as_begun, kept_manner, left_out
from camaudit.model import HostCoverage, Observation, Outcome, Target
from camaudit.net.connect import Reach
from camaudit.scan import GENTLE, Engine, ScanOptions, done_of, parse_quiet
from camaudit.scan.ports import Speaks
from camaudit.scan.recall import NO_WAY, Recall

AT = datetime(2026, 11, 30, tzinfo=UTC)


def seen(
    probe: str, port: int | None, outcome: Outcome = Outcome.ANSWERED, note: str = "", **fields: tuple[str, ...]
) -> Observation:
    named = {name.replace("_", ".", 1): values for name, values in fields.items()}
    return Observation(Target("192.0.2.7", port), probe, outcome, named, AT, note)


def test_the_last_word_of_each_probe_at_a_port_is_found() -> None:
    silent, page, certificate = seen("http", 443, Outcome.SILENT), seen("http", 443), seen("tls", 443)
    recall = Recall([silent, page, certificate, seen("http", 80)])
    assert recall.at(443, "http", "tls") == (page, certificate)
    assert recall.at(8080, "http", "tls") == ()
    # A certificate without its page is half an answer
    assert Recall([certificate]).at(443, "http", "tls") == ()


def test_ports_that_were_knocked_at_to_the_end_are_known() -> None:
    opened = seen("port", None, port_open=("80", "554"))
    assert Recall([opened]).reached([80, 554, 443]) == {80: Reach.OPEN, 554: Reach.OPEN, 443: Reach.REFUSED}
    assert Recall([seen("port", None, Outcome.SILENT)]).reached([80]) == {80: Reach.SILENT}
    # In the middle of knocking only those are known that have answered
    assert Recall([seen("rtsp", 554)]).reached([80, 554]) == {554: Reach.OPEN}


def test_knocks_that_never_left_are_not_remembered() -> None:
    assert not Recall([seen("port", None, Outcome.SILENT, NO_WAY)])


def test_what_is_done_is_told_from_what_was_begun() -> None:
    stranger = Observation(Target("203.0.113.9"), "wsd", Outcome.OUT_OF_SCOPE, {}, AT, "")
    told, page = seen("wsd", None), seen("http", 80)
    observations = {"192.0.2.7": (told, page), "192.0.2.8": (page,), "203.0.113.9": (stranger,)}
    done = done_of([HostCoverage("192.0.2.8", "answered", {})], [("192.0.2.0", "192.0.2.255")], observations, {})
    assert (done.hosts, done.answered) == (frozenset({"192.0.2.8"}), 1)
    assert dict(done.begun) == {"192.0.2.7": (told, page)}
    assert dict(done.told) == {"192.0.2.7": (told,)}
    assert done.strangers == {("203.0.113.9", "wsd")}


def test_how_a_scan_was_asked_for_is_kept_without_its_secrets() -> None:
    asked = ScanOptions(rate=40.0, ports={8080: Speaks.HTTP}, engine=Engine.CONNECT, communities=("grey-heron",))
    kept = json.loads(json.dumps(kept_manner(asked)))
    assert "grey-heron" not in json.dumps(kept)
    resumed = as_begun(ScanOptions(), kept)
    assert (resumed.rate, resumed.ports, resumed.engine) == (40.0, {8080: Speaks.HTTP}, Engine.CONNECT)
    assert as_begun(ScanOptions(rate=7.0), kept).rate == 7.0
    (gap,) = left_out(resumed, kept)
    assert "resumed without" in gap
    assert list(left_out(asked, kept)) == []


def test_restraint_is_kept_for_whoever_resumes() -> None:
    spans = parse_quiet(["08:00-16:00 Europe/London", "22:00-24:00"])
    kept = json.loads(json.dumps(kept_manner(ScanOptions(manners=GENTLE, quiet=spans))))
    resumed = as_begun(ScanOptions(), kept)
    assert (resumed.manners, resumed.quiet) == (GENTLE, spans)
    anew = parse_quiet(["01:00-02:00"])
    assert as_begun(ScanOptions(quiet=anew), kept).quiet == anew
    usual = as_begun(ScanOptions(manners=GENTLE), kept_manner(ScanOptions()))
    assert usual.manners == GENTLE, "what is asked for anew holds"
