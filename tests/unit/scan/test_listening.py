"""What multicast tells is kept by address: bounded for each protocol, and of strangers only that they spoke."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from camaudit.model import Observation, Outcome
from camaudit.net.discover import Answer
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.probes.text import VALUE_LIMIT
from camaudit.scan.listening import Listening

HOST = "198.51.100.9"
SADP = b"<ProbeMatch><DeviceSN>X1</DeviceSN></ProbeMatch>"


def ssdp(number: int) -> Answer:
    usn = f"uuid:{number}::upnp:rootdevice"
    return Answer("ssdp", HOST, f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: {usn}\r\n\r\n".encode())


def listening() -> tuple[Listening, list[Observation]]:
    heard: list[Observation] = []
    now = datetime(2026, 11, 27, tzinfo=UTC)
    return Listening(parse_scope(["198.51.100.0/24"]), heard.append, Pace(1000), lambda: now), heard


def test_a_chatty_protocol_does_not_crowd_out_another() -> None:
    listener, heard = listening()
    for number in range(200):
        listener._hear(ssdp(number))
    listener._hear(Answer("sadp", HOST, SADP))
    assert [item.probe for item in heard].count("ssdp") == 8
    assert [item.fields["sadp.device_sn"] for item in heard if item.probe == "sadp"] == [("X1",)]


def test_one_answer_twice_is_kept_once() -> None:
    listener, heard = listening()
    listener._hear(ssdp(1))
    listener._hear(ssdp(1))
    assert len(heard) == len(listener.told[HOST].items) == 1


def test_a_flood_of_garbage_is_read_no_further() -> None:
    listener, heard = listening()
    for _ in range(64):
        listener._hear(Answer("ssdp", HOST, b"\0"))
    listener._hear(ssdp(1))
    assert heard == []


def test_a_stranger_is_recorded_once_without_its_words() -> None:
    listener, heard = listening()
    for _ in range(3):
        listener._hear(Answer("ssdp", "203.0.113.5", ssdp(1).datagram))
    assert [(item.target.address, item.outcome, item.fields) for item in heard] == [
        ("203.0.113.5", Outcome.OUT_OF_SCOPE, {})
    ]
    assert listener.told == {}


def test_what_no_file_could_hold_is_not_kept_of_an_answer_to_a_group() -> None:
    listener, heard = listening()
    said = (
        b'{"method":"client.notifyDevInfo","mac":"4c:11:bf:00:00:01","params":{"deviceInfo":{"DeviceType":"IPC",'
    )
    said += b'"MachineName":"evil\\u0000name\\ud800","Vendor":"' + b"x" * 20_000 + b'"}}}'
    head = b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", len(said), 0, len(said), 0)
    listener._hear(Answer("dhip", HOST, head + said))
    (seen,) = heard
    (name,) = seen.fields["dhip.machine_name"]
    assert "\0" not in name
    name.encode()
    assert all(len(value) <= VALUE_LIMIT for values in seen.fields.values() for value in values)
