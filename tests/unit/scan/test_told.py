"""What a device tells of its ports is a claim: no number breaks the asking, and no printer is made to print."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from camaudit.errors import UsageError
from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped
from camaudit.scan.ports import parse_ports
from camaudit.scan.told import Told

HOST = "192.0.2.9"


def told(**fields: str) -> Told:
    named = {name.replace("__", "."): (value,) for name, value in fields.items()}
    return Told([Observation(Target(HOST), "sadp", Outcome.ANSWERED, named, datetime(2026, 11, 30, tzinfo=UTC))])


@pytest.mark.parametrize("number", ["²", "9" * 5000, "٣", "-1", "0", "65536", "8080 ", "1e3", "⑧"])
def test_a_number_that_is_no_port_names_none(number: str) -> None:
    assert told(sadp__http_port=number, dhip__http_port="8001").web_ports(HOST) == (8001,)


@pytest.mark.parametrize("port", [9100, 515, 502, 102, 47808])
def test_ports_of_printers_and_machines_are_not_knocked_at(port: int) -> None:
    named = told(
        sadp__http_port=str(port),
        wsd__xaddr=f"http://{HOST}:{port}/onvif/device_service",
        ssdp__location=f"http://{HOST}:{port}/description.xml",
    )
    assert named.web_ports(HOST) == named.service_ports(HOST) == ()
    with pytest.raises(UsageError, match=f"port {port} is one of printers or machines"):
        parse_ports(f"80,{port}")


def test_nobody_gets_a_word_through_the_gate_to_such_a_port() -> None:
    async def talk() -> None:
        async with Gate(parse_scope([HOST]), Pace(1000)).host(HOST).talk(9100):
            pass

    with pytest.raises(Stopped) as stopped:
        asyncio.run(talk())
    assert stopped.value.outcome is Outcome.NOT_ASKED


@pytest.mark.parametrize("text", ["²", "80-²", "9" * 5000, "٨٠"])
def test_digits_of_other_scripts_are_no_ports(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not (a port|within)"):
        parse_ports(text)
