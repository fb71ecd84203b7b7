"""UPnP descriptions in an interview: read where SSDP named this very host, recorded where it named another."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.scan.describing import described, description_ports
from camaudit.simulator import load_fleet, serving

AXIS = "127.77.0.131"


def now() -> datetime:
    return datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def told(*locations: str) -> Observation:
    return Observation(Target(AXIS), "ssdp", Outcome.ANSWERED, {"ssdp.location": locations}, now())


def ask(*locations: str) -> tuple[Gate, tuple[Observation, ...]]:
    gate = Gate(parse_scope(["127.77.0.0/24"]), Pace(1000))
    host = gate.host(AXIS)
    return gate, asyncio.run(described(host, [told(*locations)], now))


def test_only_ports_at_this_very_host_are_named() -> None:
    heard = told(f"http://{AXIS}:49152/d.xml", "http://127.77.0.9:8200/d.xml", "nonsense")
    assert description_ports(AXIS, heard) == (49152,)


def test_another_hosts_description_is_not_fetched_even_in_scope() -> None:
    gate, (seen,) = ask("http://127.77.0.9:8200/rootDesc.xml")
    assert (seen.probe, seen.outcome, seen.fields) == ("upnp", Outcome.OUT_OF_SCOPE, {})
    assert gate.pace.sent == 0


def test_a_host_that_names_many_descriptions_is_read_twice_at_most() -> None:
    gate, seen = ask(*(f"http://198.51.100.{last}/d.xml" for last in range(1, 40)))
    assert len(seen) == 2
    assert gate.pace.sent == 0


def test_the_simulated_axis_gives_its_description() -> None:
    shift = 20000 + os.getpid() % 7000
    with serving(load_fleet().only(["axis-m3045-v"]), shift=shift):
        _, (seen,) = ask(f"http://{AXIS}:{29152 + shift}/rootdesc1.xml")
    assert seen.outcome is Outcome.ANSWERED, seen
    assert seen.fields["upnp.manufacturer"] == ("AXIS",)
