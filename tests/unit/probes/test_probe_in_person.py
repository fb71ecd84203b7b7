"""SSDP and mDNS asked of one host: the group's own bytes, once, and only that host's answer counts."""

from __future__ import annotations

import asyncio
import socket

import pytest
from probe_host import now, run

from camaudit.model import Outcome
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.probes import ssdp

_UNIT, _OTHER = "127.78.0.9", "127.78.0.10"
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nLOCATION: http://127.78.0.9:49152/d.xml\r\nSERVER: Linux UPnP/1.0 x/1.0\r\n"
    b"ST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n"
)


@pytest.mark.parametrize(("sender", "outcome"), [(_UNIT, Outcome.ANSWERED), (_OTHER, Outcome.SILENT)])
def test_only_the_answer_of_the_unit_that_was_asked_counts(sender: str, outcome: Outcome) -> None:
    async def ask() -> tuple[list[bytes], Outcome, int]:
        heard: list[bytes] = []
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unit,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaker,
        ):
            unit.bind((_UNIT, 0))
            speaker.bind((sender, 0))
            unit.setblocking(False)

            def answer() -> None:
                data, asker = unit.recvfrom(4096)
                heard.append(data)
                speaker.sendto(_ANSWER, asker)

            asyncio.get_running_loop().add_reader(unit, answer)
            host = Gate(parse_scope([_UNIT]), Pace(100)).host(_UNIT)
            (seen,) = await ssdp.ask(host, now, unit.getsockname()[1])
            asyncio.get_running_loop().remove_reader(unit)
            return heard, seen.outcome, host.tally.datagrams

    assert run(ask()) == ([ssdp.request()], outcome, 1)
