"""Multicast DNS: byte-exact query, answers with pointers and without, and nothing raised on any bytes."""

from __future__ import annotations

import logging
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from probe_host import is_bounded, mangled

from camaudit.probes import mdns

PTR, TXT, SRV, A = 12, 16, 33, 1


def name(text: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split("|")) + b"\0"


def record(owner: bytes, kind: int, data: bytes, rclass: int = 0x8001) -> bytes:
    return owner + struct.pack(">HHIH", kind, rclass, 10, len(data)) + data


def answer(*records: bytes, flags: int = 0x8400) -> bytes:
    return struct.pack(">HHHHHH", 0, flags, 0, len(records), 0, 0) + b"".join(records)


VIDEO = name("_axis-video|_tcp|local")
UNIT = name("AXIS M1065-LW - 00408C123456|_axis-video|_tcp|local")
HOST = name("axis-00408c123456|local")
# Names and TXT of an Axis M1065-LW as a public integration's tests quote them.
AXIS = answer(
    record(VIDEO, PTR, UNIT, 1),
    record(UNIT, SRV, struct.pack(">HHH", 0, 0, 80) + HOST),
    record(UNIT, TXT, b"\x17macaddress=00408C123456"),
    record(HOST, A, bytes([192, 0, 2, 10])),
)


def test_the_query_is_one_datagram_of_questions_for_unicast_answers() -> None:
    query = mdns.request()
    assert query[:12] == bytes([0, 0, 0, 0, 0, len(mdns.SERVICES), 0, 0, 0, 0, 0, 0])
    assert query[12:46] == b"\x09_services\x07_dns-sd\x04_udp\x05local\0" + b"\0\x0c\x80\x01"
    assert query.count(b"\0\x0c\x80\x01") == len(mdns.SERVICES) == 9
    assert b"\x04_CGI\x04_tcp\x05local\0" in query
    assert b"hikvision" not in query
    assert len(query) < 512


def test_the_query_reads_as_one_for_those_services() -> None:
    from zeroconf import DNSIncoming

    read = DNSIncoming(mdns.request())
    assert read.valid
    assert read.is_query()
    assert [question.name for question in read.questions] == [f"{service}.local." for service in mdns.SERVICES]
    assert all(question.unicast and question.type == PTR for question in read.questions)


def test_an_answer_tells_service_instance_host_and_text() -> None:
    assert mdns.parse(AXIS) == {
        "mdns.service": ("_axis-video._tcp",),
        "mdns.instance": ("AXIS M1065-LW - 00408C123456",),
        "mdns.hostname": ("axis-00408c123456",),
        "mdns.txt": ("macaddress=00408C123456",),
    }


def test_the_list_of_services_is_read() -> None:
    listed = name("_services|_dns-sd|_udp|local")
    fields = mdns.parse(answer(record(listed, PTR, VIDEO, 1), record(listed, PTR, name("_CGI|_tcp|local"), 1)))
    assert fields == {"mdns.service": ("_axis-video._tcp", "_CGI._tcp")}


def test_names_made_of_pointers_are_read() -> None:
    # The instance's type is a pointer to the record's own name, as every responder writes it.
    packed = answer(record(VIDEO, PTR, b"\x05Cam 1\xc0\x0c", 1))
    assert mdns.parse(packed) == {"mdns.service": ("_axis-video._tcp",), "mdns.instance": ("Cam 1",)}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 12,
        mdns.request(),
        answer(),
        answer(record(VIDEO, PTR, UNIT), flags=0x0000),
        answer(b"\xc0\x0c" + struct.pack(">HHIH", PTR, 1, 10, 2) + b"\xc0\x0c"),
        struct.pack(">HHHHHH", 0, 0x8400, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
        struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0e\xc0\x0c" * 200,
    ],
)
def test_what_is_no_answer_is_none(data: bytes) -> None:
    assert mdns.parse(data) is None


def test_a_flood_of_records_is_cut_to_size() -> None:
    many = [record(VIDEO, PTR, name(f"{number}|_axis-video|_tcp|local"), 1) for number in range(1000)]
    fields = mdns.parse(answer(*many))
    assert fields is not None
    assert is_bounded(fields)
    assert len(fields["mdns.instance"]) == 64


def test_broken_bytes_of_a_device_do_not_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for end in range(13, len(AXIS), 7):
            mdns.parse(AXIS[:end] + b"\xff\xfe\x80" * 4)
    assert not [line for line in caplog.records if line.name.startswith("zeroconf")]


def test_the_library_is_loaded_for_the_first_answer_only() -> None:
    code = (
        "import sys, camaudit.scan; from camaudit.probes import mdns; mdns.request(); mdns.parse(mdns.request());"
        "assert 'zeroconf' not in sys.modules; mdns.parse(bytes.fromhex('000084000000000000000000') + b'x');"
        "assert 'zeroconf' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@given(mangled(AXIS))
def test_no_datagram_makes_mdns_raise(data: bytes) -> None:
    fields = mdns.parse(data)
    if fields is not None:
        assert is_bounded(fields)
