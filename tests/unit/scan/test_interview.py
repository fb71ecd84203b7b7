"""What an interview leaves out on purpose."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from camaudit.model import Observation, Outcome
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.scan.interview import Interview
from camaudit.scan.searching import ask_datagrams
from camaudit.scan.told import is_public


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
