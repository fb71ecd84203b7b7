"""Captures: what comes seldom. Old blocks of pcapng, IPv6 with more headers, seldom answers and leases."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks import packets as made
from benchmarks.packets import ethernet, udp
from test_captures import CAMERA, CLIENT, GET, MAC, PAGE, SADP, Imported, hello, of, read, talk

from camaudit.errors import UsageError
from camaudit.imports import read_file
from camaudit.imports.capture import heard as bounds
from camaudit.imports.capture import sorting

GROUP = "239.255.255.250"
ANNOUNCED = ethernet(udp(SADP, CAMERA, GROUP, (37020, 37020)), MAC)
HERE, GROUP6 = "fe80::10", "ff02::c"


def block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def section(*options: bytes, snap: int = 0) -> bytes:
    """Return the beginning of a pcapng file: its section, and one interface."""
    said = b"".join(options)
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(
        1, struct.pack("<HHI", made.ETHERNET, 0, snap) + said
    )


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def file_of(folder: Path, data: bytes, name: str = "seen.pcapng") -> Imported:
    (folder / name).write_bytes(data)
    return read_file(folder / name, "", {})


def test_packets_of_pcapng_without_a_time_are_read(tmp_path: Path) -> None:
    simple = block(3, struct.pack("<I", len(ANNOUNCED)) + padded(ANNOUNCED))
    (unit,) = of(file_of(tmp_path, section() + simple), "sadp")
    assert unit.fields["sadp.device_description"] == ("DS-2CD2032F-I",)


def test_a_packet_without_a_time_that_was_cut_off_is_named_as_cut(tmp_path: Path) -> None:
    # Given an interface that keeps 60 bytes of each packet
    simple = block(3, struct.pack("<I", len(ANNOUNCED)) + padded(ANNOUNCED[:60]))
    found = file_of(tmp_path, section(snap=60) + simple)
    assert any("1 packets were kept in part only" in note for note in found.notes)


def test_packets_in_the_obsolete_form_are_read_with_their_time(tmp_path: Path) -> None:
    micros = 1_600_000_000 * 10**6
    size = len(ANNOUNCED)
    old = struct.pack("<HHIIII", 0, 0, micros >> 32, micros & 0xFFFFFFFF, size, size) + padded(ANNOUNCED)
    (unit,) = of(file_of(tmp_path, section() + block(2, old)), "sadp")
    assert unit.at == datetime.fromtimestamp(1.6e9, UTC)


def test_an_interface_may_say_that_its_times_count_from_later_on(tmp_path: Path) -> None:
    offset = struct.pack("<HHq", 14, 8, 1_600_000_000)
    head = struct.pack("<IIIII", 0, 0, 5 * 10**6, len(ANNOUNCED), len(ANNOUNCED))
    (unit,) = of(file_of(tmp_path, section(offset) + block(6, head + padded(ANNOUNCED))), "sadp")
    assert unit.at == datetime.fromtimestamp(1.6e9 + 5, UTC)


@pytest.mark.parametrize("body", [b"\xff" * 30, b"", b"no capture at all"])
def test_a_compressed_file_that_is_broken_or_holds_no_capture_is_refused_in_one_line(
    tmp_path: Path, body: bytes
) -> None:
    with pytest.raises(UsageError, match=r"seen\.gz:1: its kind is not known"):
        file_of(tmp_path, b"\x1f\x8b\x08\0\0\0\0\0\0\3" + body, "seen.gz")


def over_ipv6(upper: bytes, first: int, *headers: bytes) -> bytes:
    """Return a frame of IPv6 with more headers before what it carries; ``first`` is the kind of the first one."""
    return ethernet(made.ip(b"".join(headers) + upper, HERE, GROUP6, first, ttl=255), MAC)


DATAGRAM = struct.pack(">HHHH", 37020, 37020, 8 + len(SADP), 0) + SADP
UDP, HOP_BY_HOP, FRAGMENT, ICMPV6 = 17, 0, 44, 58


def test_headers_between_ipv6_and_udp_are_read_over(tmp_path: Path) -> None:
    options = bytes([UDP, 1]) + b"\1\x0c" + bytes(12)
    found = read(tmp_path, [over_ipv6(DATAGRAM, HOP_BY_HOP, options)])
    assert of(found, "sadp", HERE)


def test_of_a_packet_in_pieces_the_first_is_read_and_the_later_ones_are_counted(tmp_path: Path) -> None:
    first = over_ipv6(DATAGRAM[:208], FRAGMENT, struct.pack(">BBHI", UDP, 0, 1, 7))
    later = over_ipv6(DATAGRAM[208:], FRAGMENT, struct.pack(">BBHI", UDP, 0, 208, 7))
    found = read(tmp_path, [first, later])
    assert of(found, "sadp", HERE)
    assert any("2 packets are fragments" in note for note in found.notes)
    # A header that says it is a fragment of one piece is none
    whole = read(tmp_path, [over_ipv6(DATAGRAM, FRAGMENT, struct.pack(">BBHI", UDP, 0, 0, 7))])
    assert of(whole, "sadp", HERE)
    assert not any("fragments" in note for note in whole.notes)


def test_a_packet_that_ends_within_its_headers_tells_nothing(tmp_path: Path) -> None:
    options = bytes([UDP, 30]) + bytes(6)
    found = read(tmp_path, [over_ipv6(DATAGRAM[:20], HOP_BY_HOP, options)])
    assert not of(found, "sadp", HERE)
    cut = over_ipv6(DATAGRAM, UDP)[:40]
    assert any("1 packets have a broken header" in note for note in read(tmp_path, [cut]).notes)


def test_a_neighbour_that_is_asked_for_or_that_answers_is_known_by_its_mac(tmp_path: Path) -> None:
    source = bytes([1, 1]) + made.mac("28:57:be:00:00:11")
    target = bytes([2, 1]) + made.mac("28:57:be:00:00:12")
    asking = b"\x87\0\0\0" + bytes(4) + bytes(16) + source
    there = bytes.fromhex("fe80" + "0" * 24 + "0012")
    # Other options may stand before the one that counts
    telling = b"\x88\0\0\0" + bytes(4) + there + bytes([14, 1]) + bytes(6) + target
    found = read(tmp_path, [over_ipv6(asking, ICMPV6), over_ipv6(telling, ICMPV6)])
    assert "28:57:be:00:00:11" in {entry.mac for entry in of(found, "mac", HERE)}
    assert [entry.mac for entry in of(found, "mac", "fe80::12")] == ["28:57:be:00:00:12"]
    without = read(tmp_path, [over_ipv6(telling[:24], ICMPV6)])
    assert of(without, "mac", "fe80::12") == []


def answer(body: bytes, kind: bytes = b"application/xml", status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 " + status + b"\r\nContent-Type: " + kind + b"\r\n" + more
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {CAMERA}\r\n\r\n".encode()


ACTIVATED = b'<?xml version="1.0"?><ActivateStatus version="2.0"><Activated>false</Activated></ActivateStatus>'
CONFIG = b'seajs.config({ base: "/doc/script", map: [], vars: { web_version: "V4.0.1build171121" } });'
DESCRIPTION = (
    b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>Gate</friendlyName>'
    b"<manufacturer>HIKVISION</manufacturer><modelName>DS-2CD2032F-I</modelName></device></root>"
)
LAPI = (
    b'{"Response":{"ResponseURL":"/LAPI/V1.0/System/DeviceInfo","ResponseCode":0,"Data":'
    b'{"DeviceModel":"B4M-2812","SerialNumber":"210235X0MA3219000001"}}}'
)
TVT = b'<config version="1.7" xmlns="http://www.ipc.com/ver10"><deviceInfo></deviceInfo></config>'


@pytest.mark.parametrize(
    ("path", "body", "probe", "field", "value"),
    [
        ("/LAPI/V1.0/System/DeviceInfo", LAPI, "lapi", "lapi.serial", "210235X0MA3219000001"),
        ("/GetDeviceInfo", TVT, "http", "http.body", TVT.decode()),
        ("/SDK/activateStatus", ACTIVATED, "isapi", "isapi.activated", "false"),
        ("/doc/script/lib/seajs/config/sea-config.js", CONFIG, "isapi", "isapi.web_version", "V4.0.1build171121"),
        ("/upnpdevicedesc.xml", DESCRIPTION, "upnp", "upnp.manufacturer", "HIKVISION"),
    ],
)
def test_an_answer_is_read_by_the_reader_of_what_was_asked(
    tmp_path: Path, path: str, body: bytes, probe: str, field: str, value: str
) -> None:
    found = of(read(tmp_path, talk(get(path), answer(body))), probe)
    assert [entry.fields[field] for entry in found if field in entry.fields] == [(value,)]


def test_information_shown_to_a_login_is_not_kept(tmp_path: Path) -> None:
    asked = get("/GetDeviceInfo").replace(b"\r\n\r\n", b"\r\nAuthorization: Basic eA==\r\n\r\n")
    found = of(read(tmp_path, talk(asked, answer(TVT))), "http")
    assert not any("http.body" in entry.fields for entry in found)


def test_a_server_that_knows_no_isapi_still_gives_its_name(tmp_path: Path) -> None:
    said = answer(b"", status=b"404 File Not Found", more=b"Server: uc-httpd 1.0.0\r\n")
    found = of(read(tmp_path, talk(get("/ISAPI/System/deviceInfo"), said)), "http")
    assert [entry.fields["http.server"] for entry in found] == [("uc-httpd 1.0.0",)]


def test_the_methods_of_a_stream_server_are_read(tmp_path: Path) -> None:
    asked = b"OPTIONS rtsp://192.0.2.10/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"
    said = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, PLAY\r\n\r\n"
    (stream,) = of(read(tmp_path, talk(asked, said, port=554)), "rtsp")
    assert stream.fields["rtsp.public"] == ("OPTIONS, DESCRIBE, PLAY",)


def test_a_front_page_is_known_where_the_root_sends_to(tmp_path: Path) -> None:
    moved = answer(b"", status=b"302 Found", more=b"Location: /doc/page/login.asp?_1\r\n")
    page = answer(b"<html><title>Gate camera</title></html>", b"text/html")
    frames = [*talk(GET, moved), *talk(get("/doc/page/login.asp"), page, own_port=40001)]
    titles = [entry.fields.get("http.title") for entry in of(read(tmp_path, frames), "http")]
    assert ("Gate camera",) in titles


def lease(
    kind: int, *, mac: str = MAC, yours: bytes = bytes(4), held: bytes = bytes(4), ports: tuple[int, int]
) -> bytes:
    options = bytes([53, 1, kind]) + b"\x0c\x04cam7\xff"
    head = (b"\2" if ports[0] == 67 else b"\1") + b"\1\6\0" + bytes(8) + held + yours + bytes(8)
    message = head + made.mac(mac) + bytes(202) + b"\x63\x82\x53\x63" + options
    return ethernet(udp(message, "192.0.2.1", "255.255.255.255", ports), "02:00:00:00:00:09")


def test_a_server_that_grants_an_address_tells_who_holds_it_and_not_what_it_is(tmp_path: Path) -> None:
    granted = lease(5, yours=b"\xc0\0\2\x0a", ports=(67, 68))
    (entry,) = of(read(tmp_path, [granted]), "lease")
    assert (entry.mac, dict(entry.fields)) == (MAC, {"mac.address": (MAC,)})
    for said in (
        lease(6, ports=(67, 68)),
        lease(3, mac="00:00:00:00:00:00", held=b"\xc0\0\2\x0a", ports=(68, 67)),
    ):
        assert of(read(tmp_path, [said]), "lease") == []


def test_of_more_units_than_a_site_has_the_first_are_taken_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_UNITS", 2)
    frames = [ethernet(udp(SADP, f"192.0.2.{n}", GROUP, (37020, 37020)), MAC) for n in (1, 2, 3)]
    found = read(tmp_path, frames)
    assert {entry.address for entry in found.entries} == {"192.0.2.1", "192.0.2.2"}
    assert any("only the first" in note for note in found.notes)


def test_what_is_remembered_of_searches_and_neighbours_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "_MOST_SEARCHES", 1)
    monkeypatch.setattr(sorting, "_MOST_PAIRS", 2)
    searches = [
        ethernet(udp(b"<Probe/>", CLIENT, GROUP, (port, 37020)), "02:00:00:00:00:01") for port in (51234, 51235)
    ]
    answers = [ethernet(udp(SADP, CAMERA, CLIENT, (61000, port)), MAC) for port in (51234, 51235)]
    assert of(read(tmp_path, [*searches, answers[1]]), "sadp")
    assert not of(read(tmp_path, [*searches, answers[0]]), "sadp")
    # Two pairs of address and MAC are full: the third one's is not taken for certain, its announcement is
    third = ethernet(udp(SADP, "192.0.2.77", GROUP, (37020, 37020)), "28:57:be:00:00:77")
    found = read(tmp_path, [*searches, answers[1], third])
    assert of(found, "sadp", "192.0.2.77")
    assert of(found, "mac", "192.0.2.77") == []


def test_a_server_that_speaks_without_end_is_read_as_far_as_a_scan_would(tmp_path: Path) -> None:
    # Given a page larger than any that is read, and one more question on the same connection
    endless = PAGE.replace(b"Content-Length: 0\r\n", b"Content-Length: 900000\r\n") + b"x" * 900_000
    conversation = made.Conversation(CLIENT, CAMERA, 80, server_mac=MAC)
    later = answer(ACTIVATED)
    frames = [
        *conversation.open(),
        *conversation.ask(GET, endless),
        *conversation.ask(get("/SDK/activateStatus"), later),
    ]
    found = read(tmp_path, frames)
    assert of(found, "http")[0].fields["http.server"] == ("App-webs/",)
    assert any("isapi.activated" in entry.fields for entry in of(found, "isapi"))


def test_a_handshake_may_come_in_small_pieces(tmp_path: Path) -> None:
    secure = made.Conversation(CAMERA, "8.8.8.8", 443, client_mac=MAC, largest=4)
    frames = [*secure.open(), *secure.ask(hello("dev.hik-connect.com"), b"")]
    (contact,) = of(read(tmp_path, frames), "traffic")
    assert contact.fields["traffic.sni"] == ("dev.hik-connect.com",)
