"""SNMP: one GET a version and community, nothing written, no secret kept, and no bytes that break the reader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Observation, Outcome
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped
from camaudit.probes import snmp
from camaudit.probes.text import bounded
from camaudit.scan.interview import Interview
from camaudit.scan.options import ScanOptions
from camaudit.scan.searching import ask_snmp
from camaudit.simulator.agent import answer_snmp, snmp_question
from camaudit.simulator.device import Snmp

SECRET = "look-only-161"  # noqa: S105 -- of an agent that only this test has
SYSTEM = "1.3.6.1.2.1.1."
CAMERA = {
    f"{SYSTEM}1.0": "Linux 3.0.8",
    f"{SYSTEM}2.0": "1.3.6.1.4.1.39165.1.1",
    f"{SYSTEM}5.0": "IPC",
    "1.3.6.1.4.1.39165.1.1.0": "DS-2DF8C832MX-ZDK",
    "1.3.6.1.4.1.39165.1.3.0": "V5.10.0 build 260519",
    "1.3.6.1.4.1.39165.1.6.0": "Hikvision",
}
SILENCE = Stopped(Outcome.SILENT, "no answer in time")


class Agent(FakeHost):
    """A host whose SNMP agent is the simulator's."""

    def __init__(self, values: Mapping[str, str], *, newest: str = "2c", community: str = SECRET) -> None:
        super().__init__()
        self.snmp = Snmp(community, newest, values)

    async def datagram(
        self, port: int, payload: bytes, *, wait_s: float, reply_port: int = 0
    ) -> tuple[bytes, ...]:
        self.asked.append(payload)
        reply = answer_snmp(payload, self.snmp)
        if reply is None:
            raise SILENCE
        return (reply.data,)


def asked(host: FakeHost, *communities: str) -> Observation:
    return only(run(snmp.ask(host, now, communities)))


def test_the_request_is_the_standard_one_byte_for_byte() -> None:
    """RFC 3416: version 1 is SNMPv2c, A0 is GetRequest, each leaf with Null; made by hand for one leaf's bytes."""
    sent = snmp.request("public", 0, 1)
    leaf = bytes.fromhex("300c06082b060102010101000500")
    assert sent.startswith(
        bytes.fromhex("3042020100") + b"\x04\x06public" + bytes.fromhex("a035020101020100020100")
    )
    assert leaf in sent
    assert len(sent) == 68


def test_a_camera_tells_who_it_is() -> None:
    seen = asked(Agent(CAMERA), SECRET)
    assert seen.outcome is Outcome.ANSWERED
    assert seen.fields == {
        "snmp.descr": ("Linux 3.0.8",),
        "snmp.object_id": ("1.3.6.1.4.1.39165.1.1",),
        "snmp.name": ("IPC",),
        "snmp.tree": ("1.3.6.1.4.1.39165",),
        "snmp.model": ("DS-2DF8C832MX-ZDK",),
        "snmp.firmware": ("V5.10.0 build 260519",),
        "snmp.manufacturer": ("Hikvision",),
    }


def test_an_agent_of_version_1_is_asked_once_more_and_only_for_what_every_agent_has() -> None:
    old = Agent({f"{SYSTEM}{leaf}.0": "old" for leaf in (1, 5)} | {f"{SYSTEM}2.0": "1.3.6.1.4.1.368"}, newest="1")
    seen = asked(old, SECRET)
    assert seen.fields["snmp.object_id"] == ("1.3.6.1.4.1.368",)
    assert len(old.asked) == 2
    assert b"\x01\x82\xb1\x7d" not in old.asked[1]  # 39165, the start of a maker's own tree


def test_what_an_old_agent_has_not_is_an_answer_without_fields() -> None:
    assert asked(Agent({}, newest="1"), SECRET).fields == {}


def test_a_wrong_community_is_silence_and_each_is_tried_once() -> None:
    host = Agent(CAMERA)
    assert asked(host, "wrong", "other").outcome is Outcome.SILENT
    assert len(host.asked) == 4
    assert asked(host, "wrong", SECRET).outcome is Outcome.ANSWERED


def test_what_answers_on_the_port_and_is_no_snmp_is_named() -> None:
    seen = asked(FakeHost(udp=[(b"hello",), (b"\x30\x03\x02\x01\x01",)]), SECRET)
    assert (seen.outcome, seen.note) == (Outcome.MALFORMED, "an answer that is not SNMP")


def test_a_closed_port_is_asked_no_more() -> None:
    host = FakeHost(udp=[Stopped(Outcome.REFUSED, "the UDP port is closed")])
    assert asked(host, "one", "two").outcome is Outcome.REFUSED
    assert len(host.asked) == 1


def test_only_reads_are_sent() -> None:
    host = Agent(CAMERA, community="nobody's")
    asked(host, SECRET)
    assert [snmp_question(request) for request in host.asked] == ["GetRequest", "GetRequest"]


def test_a_device_that_echoes_the_community_gives_nothing_away() -> None:
    echo = {**CAMERA, f"{SYSTEM}1.0": f"asked with {SECRET}!", f"{SYSTEM}5.0": SECRET}
    seen = asked(Agent(echo), SECRET)
    assert SECRET not in repr(seen)
    assert seen.fields["snmp.descr"] == ("asked with …!",)


def test_a_short_community_is_taken_out_as_a_word_only() -> None:
    fields = snmp.without({"snmp.descr": ("ro router, ro",)}, "ro")
    assert fields == {"snmp.descr": ("… router, …",)}


def test_no_community_stands_in_what_programmers_print() -> None:
    options = ScanOptions(communities=(SECRET,))
    gate = Gate(parse_scope(["127.0.0.1"]), Pace(1000))
    interview = Interview(gate.host("127.0.0.1"), {}, now, print, communities=options.communities)
    assert SECRET not in repr(options) + str(options) + repr(interview)


def test_nobody_is_asked_by_snmp_without_a_community() -> None:
    gate = Gate(parse_scope(["127.0.0.1"]), Pace(1000))
    interview = Interview(gate.host("127.0.0.1"), {}, now, lambda seen: pytest.fail(str(seen)))
    asyncio.run(ask_snmp(interview))
    assert gate.pace.sent == 0


def test_a_public_host_is_not_sent_the_community() -> None:
    gate = Gate(parse_scope(["8.8.8.8"], allow_public=True), Pace(1000))
    interview = Interview(
        gate.host("8.8.8.8"), {}, now, lambda seen: pytest.fail(str(seen)), communities=(SECRET,)
    )
    asyncio.run(ask_snmp(interview))
    assert gate.pace.sent == 0


def answer(values: Mapping[str, str]) -> bytes:
    reply = answer_snmp(snmp.request(SECRET, 1, 7), Snmp(SECRET, "2c", values))
    assert reply is not None
    return reply.data


def test_an_answer_to_another_question_is_none_of_ours() -> None:
    assert snmp.parse(answer(CAMERA), 1, 7) is not None
    assert snmp.parse(answer(CAMERA), 1, 8) is None
    assert snmp.parse(snmp.request(SECRET, 1, 7), 1, 7) is None  # our own question, echoed
    assert snmp.parse(answer(CAMERA) + bytes(9000), 1, 7) is None


@given(
    st.one_of(
        mangled(answer(CAMERA), answer({})), st.binary(max_size=60).map(lambda tail: b"\x30\x80" * 900 + tail)
    )
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for version in (0, 1):
        fields = snmp.parse(data, version, 7)
        assert fields is None or is_bounded(bounded(fields))
        assert snmp_question(data)
