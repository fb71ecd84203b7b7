"""Look, don't touch: what the fleet's log calls a violation, and what it lets pass."""

from __future__ import annotations

import io
import json
import struct

import pytest

from camaudit.simulator import Fleet, Journal, truth_of
from camaudit.simulator.fleet import SimulatedDevice
from camaudit.simulator.watch import Seen, judge


def seen(device: SimulatedDevice, transport: str, port: int, payload: bytes) -> Seen:
    service = device.service(transport, port)
    assert service is not None
    return judge(payload, service, device.spec)


def http(line: str, *headers: str, body: str = "") -> bytes:
    return ("\r\n".join((f"{line} HTTP/1.1", *headers, "", "")) + body).encode()


def soap(operation: str) -> bytes:
    return http("POST /onvif/device_service", body=f"<s:Body><tds:{operation}/></s:Body>")


def dhip(method: str) -> bytes:
    body = json.dumps({"method": method}).encode()
    return bytes.fromhex("2000000044484950") + bytes(8) + struct.pack("<IIII", len(body), 0, len(body), 0) + body


def sadp(kind: str) -> bytes:
    return f"<Probe><Uuid>1</Uuid><Types>{kind}</Types></Probe>".encode()


@pytest.mark.parametrize(
    "payload",
    [
        http("GET /ISAPI/System/deviceInfo"),
        http("HEAD /"),
        http("GET /cgi-bin/magicBox.cgi?action=getSystemInfo"),
        soap("GetSystemDateAndTime"),
        soap("GetDeviceInformation"),
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_reads_pass(fleet: Fleet, payload: bytes) -> None:
    assert seen(fleet.device("hik-ds-2cd2385g1-i"), "tcp", 80, payload).violation is None


@pytest.mark.parametrize(
    "payload",
    [
        http("PUT /ISAPI/System/reboot"),
        http("POST /RPC2_Login", body='{"method":"global.login"}'),
        http("DELETE /x"),
        http("GET /onvif-http/snapshot?auth=YWRtaW46MTEK"),
        http("GET /cgi-bin/audio.cgi?action=getAudio"),
        http("GET /cgi-bin/configManager.cgi?action=setConfig&x=1"),
        http("GET /web_caps/webCapsConfig"),
        http("POST /queryDevInfo"),
        http("GET /", "Authorization: Basic YWRtaW46YWRtaW4="),
        soap("SystemReboot"),
        soap("CreatePullPointSubscription"),
        http(
            "POST /onvif/device_service",
            body="<s:Header><UsernameToken/></s:Header><s:Body><a:GetScopes/></s:Body>",
        ),
    ],
)
def test_whatever_is_no_read_is_a_violation(fleet: Fleet, payload: bytes) -> None:
    assert seen(fleet.device("hik-ds-2cd2385g1-i"), "tcp", 80, payload).violation


def test_credentials_are_allowed_where_the_device_has_an_account(fleet: Fleet) -> None:
    payload = http("GET /ISAPI/System/deviceInfo", "Authorization: Digest x")
    assert seen(fleet.device("hik-with-login"), "tcp", 80, payload).violation is None


@pytest.mark.parametrize(
    ("device", "transport", "port", "good", "bad"),
    [
        (
            "hik-ds-2cd2385g1-i",
            "tcp",
            554,
            b"DESCRIBE rtsp://x/ RTSP/1.0\r\n\r\n",
            b"SETUP rtsp://x/ RTSP/1.0\r\n\r\n",
        ),
        ("hik-ds-2cd2385g1-i", "udp", 37020, sadp("inquiry"), sadp("restoreInactive")),
        ("hik-ds-2cd2385g1-i", "udp", 37020, sadp("inquiry"), b"\x00"),
        ("dahua-ipc-hfw2831t", "udp", 37810, dhip("DHDiscover.search"), dhip("DevInit.access")),
        ("dahua-ipc-hfw2831t", "udp", 3702, b"<a>discovery/Probe</a>", b"<a>discovery/Bye</a>"),
        ("dahua-ipc-hfw2831t", "tcp", 37777, http("GET /"), b"\xa0\x00\x00\x60"),
    ],
)
def test_each_protocol_knows_its_reads(
    fleet: Fleet, device: str, transport: str, port: int, good: bytes, bad: bytes
) -> None:
    assert seen(fleet.device(device), transport, port, good).violation is None
    assert seen(fleet.device(device), transport, port, bad).violation


def test_the_journal_counts_and_ends_with_a_summary() -> None:
    stream = io.StringIO()
    journal = Journal(stream)
    journal.opened("a")
    journal.opened("a")
    journal.closed("a")
    journal.received("a", 10)
    journal.request("a", "127.77.0.1", "tcp/80", "127.0.0.1:5", Seen("GET /", None))
    journal.request("a", "127.77.0.1", "tcp/80", "127.0.0.1:5", Seen("PUT /", "no read"))
    journal.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[0]["request"] == "GET /"
    assert "violation" not in lines[0]
    assert lines[1]["violation"] == "no read"
    assert lines[2]["summary"] == {
        "connections": 2,
        "open_now": 1,
        "most_open": 2,
        "requests": 2,
        "violations": 1,
        "bytes_in": 10,
        "broken": 0,
    }
    assert [entry["request"] for entry in journal.violations] == ["PUT /"]


def test_the_truth_is_complete_and_marks_the_restricted(fleet: Fleet) -> None:
    truth = json.loads(json.dumps(truth_of(fleet, shift=1000)))
    assert truth["schema"] == "camaudit/truth@1"
    devices = {entry["id"]: entry for entry in truth["devices"]}
    assert len(devices) == len(fleet.devices)
    assert devices["hik-only-sadp"]["ports"] == []
    assert devices["hik-only-sadp"]["udp"] == [38020]
    assert devices["lts-cmip3432"]["relation"] == "oem"
    restricted = {entry["maker"] for entry in truth["devices"] if entry["restricted"]}
    assert restricted == {"hikvision", "dahua", "zte"}
    for entry in truth["devices"]:
        assert entry["trap"] or not entry["hostile"], entry["id"]
        assert entry["identifiable"] is False or entry["maker"], entry["id"]


def test_only_searches_and_plain_queries_are_reads(fleet: Fleet) -> None:
    axis = fleet.device("axis-m3045-v")
    search = b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: upnp:rootdevice\r\n\r\n'
    assert seen(axis, "udp", 1900, search) == Seen("M-SEARCH upnp:rootdevice", None)
    notify = b"NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\n\r\n"
    assert seen(axis, "udp", 1900, notify).violation
    question = b"\x05_http\x04_tcp\x05local\0\0\x0c\x80\x01"
    query = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + question
    assert seen(axis, "udp", 5353, query) == Seen("mDNS _http._tcp.local.", None)
    assert seen(axis, "udp", 5353, b"\0\0\x84" + query[3:]).violation
    probing = (
        struct.pack(">HHHHHH", 0, 0, 1, 0, 1, 0) + question + b"\xc0\x0c\0\x01\0\x01\0\0\0\x0a\0\x04\x7f\0\0\x01"
    )
    assert seen(axis, "udp", 5353, probing).violation
