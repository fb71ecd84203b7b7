"""What an interview leaves out on purpose."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from camaudit.model import OF_A_GROUP, Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.probes import sadp
from camaudit.scan.interview import Interview
from camaudit.scan.searching import ask_datagrams, ask_in_person
from camaudit.scan.told import Told, is_public


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.9", "10.0.0.1", "198.51.100.7", "fe80::1", "::1"])
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_public_host_is_sent_no_discovery_datagram() -> None:
    # Given a public address that the operator allowed (nothing is sent: the interview stops before the wire)
    seen: list[Observation] = []
    gate = Gate(parse_scope(["8.8.8.8"], allow_public=True), Pace(1000))
    interview = Interview(gate.host("8.8.8.8"), {}, lambda: datetime.now(UTC), seen.append)
    # When discovery by datagram is its turn
    asyncio.run(ask_datagrams(interview))
    # Then each protocol is recorded as not asked, and no packet was paid for
    assert {(o.probe, o.outcome) for o in seen} == {(name, Outcome.NOT_ASKED) for name in ("wsd", "sadp", "dhip")}
    assert gate.pace.sent == 0


def heard(address: str, *answered: str) -> tuple[Interview, Gate]:
    """An interview with a host that answered a search of everybody by SADP, and ``answered`` by itself."""
    gate = Gate(parse_scope([address]), Pace(1000))
    interview = Interview(gate.host(address), {}, lambda: datetime.now(UTC), lambda _: None)
    at = Target(address)
    told = Observation(at, "sadp", Outcome.ANSWERED, {"sadp.mac": ("x",)}, datetime.now(UTC), OF_A_GROUP)
    interview.told = Told([told])
    interview.note_all([Observation(at, probe, Outcome.ANSWERED, {}, datetime.now(UTC)) for probe in answered])
    return interview, gate


@pytest.mark.parametrize("answered", ["mac", "http"])
def test_who_answered_a_search_of_everybody_is_asked_in_person(answered: str) -> None:
    interview, gate = heard("127.77.3.9", answered)
    asyncio.run(ask_in_person(interview))
    # By the search that it had answered, and by no other; nobody is there, so the answer stays hearsay
    said = [item for item in interview.seen if item.probe != answered]
    assert [(item.probe, item.target.port) for item in said] == [("sadp", sadp.PORT)]
    assert said[0].outcome in (Outcome.SILENT, Outcome.REFUSED)
    assert gate.pace.sent >= 1
