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
from camaudit.scan.ports import Speaks
from camaudit.scan.recall import Recall
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
    names = ("wsd", "sadp", "dhip", "ssdp", "mdns")
    assert {(o.probe, o.outcome) for o in seen} == {(name, Outcome.NOT_ASKED) for name in names}
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


@pytest.mark.parametrize(
    ("location", "asked"),
    [("https://127.77.3.8/", [443]), ("https://127.77.3.8:443/doc", [443]), ("http://127.77.3.8/login", [80])],
)
def test_a_port_that_only_sends_on_leaves_the_makers_questions_to_the_encrypted_one(
    location: str, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit that is set to HTTPS answers every path of its plain port with a redirect."""
    address, at = "127.77.3.8", datetime.now(UTC)
    moved = {"http.status": ("301",), "http.location": (location,)}
    stored = [
        Observation(Target(address), "port", Outcome.ANSWERED, {"port.open": ("80", "443")}, at),
        Observation(Target(address, 80), "http", Outcome.ANSWERED, moved, at),
        Observation(Target(address, 443), "http", Outcome.ANSWERED, {"http.status": ("200",)}, at),
        Observation(Target(address, 443), "tls", Outcome.ANSWERED, {}, at),
    ]
    edges: list[int] = []

    async def isapi_edges(host: object, port: int, **_: object) -> tuple[Observation, ...]:
        edges.append(port)
        return ()

    monkeypatch.setattr("camaudit.scan.edges.isapi.edges", isapi_edges)
    ports = {80: Speaks.HTTP, 443: Speaks.HTTPS}
    gate = Gate(parse_scope([address]), Pace(1000))
    interview = Interview(gate.host(address), ports, lambda: at, lambda _: None, recall=Recall(stored))
    asyncio.run(interview.ask())
    assert edges == asked
