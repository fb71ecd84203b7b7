"""Captures: what units say is read by the probes' own readers, in whatever form; nothing hostile ends it."""

from __future__ import annotations

import gzip
import json
import struct
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

# The generator of packets is shared with the benchmarks, which are no part of the package.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks import packets as made
from benchmarks.packets import Conversation, ethernet, pcap, pcapng, udp

from camaudit.audit import judge
from camaudit.catalogue import load_catalogue
from camaudit.cli.main import program
from camaudit.importing import import_files
from camaudit.imports import Imported, read_file
from camaudit.imports.entry import Entry
from camaudit.model import Site
from camaudit.report.write import write
from camaudit.store import Store

CAMERA, MAC, CLIENT = "192.0.2.10", "28:57:be:00:00:10", "192.0.2.200"
SADP = (
    b'<?xml version="1.0" encoding="UTF-8" ?><ProbeMatch><DeviceDescription>DS-2CD2032F-I</DeviceDescription>'
    b"<DeviceSN>DS-2CD2032F-I20150126CCCH502126167</DeviceSN><MAC>28-57-be-00-00-10</MAC></ProbeMatch>"
)
HELLO = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:Hello><d:Types>dn:NetworkVideoTransmitter'
    b"</d:Types><d:Scopes>onvif://www.onvif.org/name/HIKVISION</d:Scopes></d:Hello></s:Body></s:Envelope>"
)
NOTIFY = (
    b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
    b"SERVER: Linux UPnP/1.0 camera\r\nUSN: uuid:1::upnp:rootdevice\r\nLOCATION: http://192.0.2.10/d.xml\r\n\r\n"
)
PAGE = (
    b'HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\nWWW-Authenticate: Digest realm="IP Camera"\r\n'
    b"Content-Length: 0\r\n\r\n"
)
RTSP = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="28:57:be:00:00:10"\r\n\r\n'
DESCRIBE = b"DESCRIBE rtsp://192.0.2.10/ RTSP/1.0\r\nCSeq: 2\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: 192.0.2.10\r\n\r\n"


def read(folder: Path, frames: Iterable[bytes], name: str = "seen.pcap", **how: int) -> Imported:
    path = folder / name
    path.write_bytes(b"".join(pcap(frames, **how)))
    return read_file(path, "", {})


def of(found: Imported, probe: str, address: str = CAMERA) -> list[Entry]:
    return [entry for entry in found.entries if (entry.probe, entry.address) == (probe, address)]


def web(**how: object) -> Conversation:
    return replace(Conversation(CLIENT, CAMERA, 80, server_mac=MAC), **how)  # type: ignore[arg-type]


def talk(request: bytes, answer: bytes, **how: object) -> list[bytes]:
    conversation = web(**how)
    return [*conversation.open(), *conversation.ask(request, answer), *conversation.close()]


def test_announcements_are_read_by_the_probes_own_readers(tmp_path: Path) -> None:
    frames = [
        ethernet(udp(SADP, CAMERA, "239.255.255.250", (37020, 37020)), MAC),
        ethernet(udp(HELLO, CAMERA, "239.255.255.250", (3702, 3702)), MAC),
        ethernet(udp(NOTIFY, CAMERA, "239.255.255.250", (50000, 1900)), MAC),
    ]
    found = read(tmp_path, frames)
    assert found.kind == "capture"
    assert of(found, "sadp")[0].fields["sadp.device_sn"] == ("DS-2CD2032F-I20150126CCCH502126167",)
    assert of(found, "wsd")[0].fields["wsd.name"] == ("HIKVISION",)
    assert of(found, "ssdp")[0].fields["ssdp.st"] == ("upnp:rootdevice",)
    assert [entry.mac for entry in of(found, "mac")] == [MAC]


def test_the_answer_to_a_search_is_known_by_the_port_that_searched(tmp_path: Path) -> None:
    search = ethernet(udp(b"<Probe/>", CLIENT, "239.255.255.250", (51234, 37020)), "02:00:00:00:00:01")
    answer = ethernet(udp(SADP, CAMERA, CLIENT, (61000, 51234)), MAC)
    assert of(read(tmp_path, [search, answer]), "sadp")
    assert not of(read(tmp_path, [answer]), "sadp")


def test_a_page_and_a_stream_tell_what_a_scan_would_read(tmp_path: Path) -> None:
    frames = [*talk(GET, PAGE), *talk(DESCRIBE, RTSP, port=554, own_port=40001)]
    found = read(tmp_path, frames)
    (page,) = of(found, "http")
    assert page.fields["http.server"] == ("App-webs/",)
    assert (page.port, page.fields["http.realm"]) == (80, ("IP Camera",))
    assert of(found, "rtsp")[0].fields["rtsp.realm"] == ("28:57:be:00:00:10",)
    assert {entry.fields["port.open"] for entry in of(found, "port")} == {("80",), ("554",)}
    assert page.at == datetime.fromtimestamp(1.6e9 + 0.004, UTC)


def test_answers_to_others_tell_the_unit_and_keep_no_setting(tmp_path: Path) -> None:
    """A recorder asks with a login: the form of the answer is kept, and what tells the unit."""
    asked = b"GET %s HTTP/1.1\r\nAuthorization: Digest username=admin\r\n\r\n"
    body = b"table.T2UServer.Address=p2p.example.net\r\ntable.T2UServer.Key=hunter2\r\n"
    cloud = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    zones = b'HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n{"ZoneList":[{"name":"mallory"}]}'
    cgi = asked % b"/cgi-bin/configManager.cgi?action=getConfig&name=T2UServer&password=hunter3"
    frames = [
        *talk(cgi, cloud),
        *talk(asked % b"/ISAPI/SecurityCP/status/zones?format=json", zones, own_port=40002),
    ]
    found = read(tmp_path, frames)
    (settings_of_dahua,) = of(found, "dahua")
    assert settings_of_dahua.fields["dahua.cloud_host"] == ("p2p.example.net",)
    assert of(found, "isapi")[0].fields["isapi.answer"] == ("/ISAPI/SecurityCP/status: json ZoneList",)
    assert not any(word in repr(found.entries) for word in ("hunter", "mallory"))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_segments_are_put_in_order_and_repeats_are_taken_once(tmp_path: Path, size: int) -> None:
    frames = talk(GET, PAGE, largest=size)
    mixed = [*frames[:3], *reversed(frames[3:6]), *frames[6:]] if size == 100 else frames
    doubled = [frame for frame in mixed for _ in range(2)]
    assert of(read(tmp_path, doubled), "http")[0].fields["http.server"] == ("App-webs/",)


def test_a_capture_that_begins_late_and_holds_one_side_still_names_the_server(tmp_path: Path) -> None:
    frames = [frame for frame in talk(GET, PAGE)[4:] if MAC.replace(":", "") == frame[6:12].hex()]
    assert of(read(tmp_path, frames), "http")[0].fields["http.server"] == ("App-webs/",)


def test_a_missing_segment_is_named_and_ends_nothing_else(tmp_path: Path) -> None:
    answer = PAGE[:-4] + b"\r\nX: " + b"a" * 2000 + b"\r\n\r\n"
    frames = talk(GET, answer, largest=50)
    del frames[5]
    found = read(tmp_path, [*frames, *talk(DESCRIBE, RTSP, port=554, own_port=40001)])
    assert any("gaps" in note for note in found.notes)
    assert of(found, "rtsp")


@pytest.mark.parametrize("vlans", [(7,), (7, 9)])
def test_vlan_tags_and_ipv6_are_read_through(tmp_path: Path, vlans: tuple[int, ...]) -> None:
    frames = talk(GET, PAGE, client="fe80::1", server="fe80::10", vlans=vlans)
    found = read(tmp_path, frames)
    assert of(found, "http", "fe80::10")[0].fields["http.server"] == ("App-webs/",)
    assert of(found, "mac", "fe80::10")[0].mac == MAC


def test_other_link_layers_and_both_byte_orders_and_pcapng_and_gzip_say_the_same(tmp_path: Path) -> None:
    frames = talk(GET, PAGE)
    bare = [frame[14:] for frame in frames]
    cooked = [b"\0\0\0\1\0\6" + frame[6:12] + b"\0\0" + frame[12:] for frame in frames]
    files = {
        "big.pcap": b"".join(pcap(frames, order=">")),
        "raw.pcap": b"".join(pcap(bare, link=made.RAW)),
        "any.pcap": b"".join(pcap(cooked, link=made.SLL)),
        "next.pcapng": b"".join(pcapng(frames)),
        "big.pcapng": b"".join(pcapng(frames, order=">")),
        "packed.pcap.gz": gzip.compress(b"".join(pcap(frames))),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        found = read_file(tmp_path / name, "", {})
        assert (name, of(found, "http")[0].fields["http.server"]) == (name, ("App-webs/",))
        assert (name, of(found, "http")[0].at) == (name, datetime.fromtimestamp(1.6e9 + 0.004, UTC))
        assert found.problems == []


def test_fragments_are_named_and_the_first_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = udp(SADP, CAMERA, "239.255.255.250", (37020, 37020))
    first = whole[:6] + struct.pack(">H", 0x2000) + whole[8:200]
    later = whole[:6] + struct.pack(">H", 0x0017) + whole[8:20] + b"\x90\x9c\x90\x9c" + whole[200:]
    found = read(tmp_path, [ethernet(part, MAC) for part in (later, first)])
    assert any("2 packets are fragments, the first is packet 1" in note for note in found.notes)
    assert of(found, "sadp")[0].fields["sadp.device_description"] == ("DS-2CD2032F-I",)


def test_a_router_does_not_lend_its_mac_to_who_is_behind_it(tmp_path: Path) -> None:
    far = ethernet(udp(SADP, "198.51.100.7", CLIENT, (37020, 37020), ttl=63), made.ROUTER_MAC)
    found = read(tmp_path, [far, made.arp("192.0.2.1", made.ROUTER_MAC)])
    assert of(found, "sadp", "198.51.100.7")
    assert of(found, "mac", "198.51.100.7") == []
    assert [entry.mac for entry in of(found, "mac", "192.0.2.1")] == [made.ROUTER_MAC]


def test_a_dhcp_request_and_an_lldp_announcement_name_their_sender(tmp_path: Path) -> None:
    options = b"\x35\x01\x03" + b"\x0c\x04cam7" + b"\x3c\x04dhcp" + b"\x32\x04\xc0\x00\x02\x0a" + b"\xff"
    request = b"\1\1\6\0" + bytes(24) + made.mac(MAC) + bytes(202) + b"\x63\x82\x53\x63" + options
    lease = ethernet(udp(request, "0.0.0.0", "255.255.255.255", (68, 67)), MAC)
    parts = [(1, b"\4" + made.mac(MAC)), (5, b"axis-cam"), (6, b"AXIS P3245"), (127, b"\0\x12\xbb\x0aP3245-LVE")]
    body = b"".join(struct.pack(">H", kind << 9 | len(value)) + value for kind, value in parts) + b"\0\0"
    found = read(tmp_path, [lease, ethernet(body, MAC, kind=0x88CC)])
    assert of(found, "lease")[0].fields == {"dhcp.hostname": ("cam7",), "dhcp.vendor_class": ("dhcp",)}
    told = next(entry for entry in found.entries if entry.probe == "lldp")
    assert (told.mac, told.fields["lldp.model"], told.fields["lldp.description"]) == (
        MAC,
        ("P3245-LVE",),
        ("AXIS P3245",),
    )
    store = Store(f"sqlite:///{tmp_path}/s")
    stored = store.run(import_files(store, [found], Site("x")).run)
    # LLDP has no address of its own: the lease says where that MAC is.
    assert {item.probe for item in stored.observations[CAMERA]} == {"lease", "lldp", "mac"}


def hello(name: str) -> bytes:
    server = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name.encode()
    extensions = struct.pack(">HH", 0, len(server)) + server
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + struct.pack(">H", len(message)) + message


def question(name: str) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return b"\0\1\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"


def test_names_asked_of_dns_and_named_in_tls_are_whom_a_unit_talks_to(tmp_path: Path) -> None:
    secure = Conversation(CAMERA, "8.8.8.8", 443, client_mac=MAC)
    frames = [
        ethernet(udp(question("dev.hik-connect.com"), CAMERA, "192.0.2.1", (4000, 53)), MAC),
        *secure.open(),
        *secure.ask(hello("litedev.hik-connect.com"), b""),
    ]
    found = read(tmp_path, frames)
    assert [entry.fields for entry in of(found, "traffic")] == [
        {"traffic.dns": ("dev.hik-connect.com",)},
        {"traffic.sni": ("litedev.hik-connect.com",)},
    ]
    assert {entry.address for entry in found.entries} == {CAMERA}
    assert any("public addresses were left out" in note for note in found.notes)
    # Whom a unit talks to says nothing of who made it: the owner's own computer asks for the same names.
    store = Store(f"sqlite:///{tmp_path}/s")
    run = store.run(import_files(store, [found], Site("x")).run)
    report = judge(run, load_catalogue(), as_of=date(2026, 11, 30))
    assert report.devices == ()
    (hidden,) = [limit for limit in report.coverage.limits if "showed nothing" in limit]
    assert hidden.startswith(f"{CAMERA} talks to dev.hik-connect.com (Hik-Connect)")


SECRETS = ("hunter2", "c2VjcmV0", "SESSION99", "tok-55")


def test_nothing_of_a_login_is_kept_and_what_it_shows_is_not_open_to_anybody(tmp_path: Path) -> None:
    opened = (
        b"HTTP/1.1 200 OK\r\nServer: webs\r\nSet-Cookie: WebSession=SESSION99; path=/\r\n"
        b"Content-Length: 25\r\n\r\n"
        b"<title>t</title>tok-55...."
    )
    sdp = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    header = b"Authorization: Basic c2VjcmV0\r\n\r\n"
    soap = (
        b"<s:Envelope><s:Header><Security><UsernameToken>hunter2</UsernameToken></Security></s:Header>"
        b"<s:Body><GetDeviceInformation/></s:Body></s:Envelope>"
    )
    answer = (
        b'<s:Envelope xmlns:s="x" xmlns:t="http://www.onvif.org/ver10/device/wsdl"><s:Body>'
        b"<t:GetDeviceInformationResponse><t:Manufacturer>ACME</t:Manufacturer></t:GetDeviceInformationResponse>"
        b"</s:Body></s:Envelope>"
    )
    call = b"POST /onvif/device_service HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(soap) + soap
    said = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
    frames = [
        *talk(GET[:-2] + header, opened),
        *talk(b"GET /?user=admin&pwd=hunter2 HTTP/1.1\r\n\r\n", opened, own_port=40002),
        *talk(GET, b"HTTP/1.1 200 OK\r\nSet-Cookie: S=SESSION99\r\nContent-Length: 0\r\n\r\n", own_port=40005),
        *talk(DESCRIBE[:-2] + header, sdp, port=554, own_port=40003),
        *talk(call, said, own_port=40004),
    ]
    found = read(tmp_path, frames)
    store = Store(f"sqlite:///{tmp_path}/s")
    run = store.run(import_files(store, [found], Site("x")).run)
    told = json.dumps([dict(item.fields) for items in run.observations.values() for item in items])
    assert not [secret for secret in SECRETS if secret in told]
    assert "Set-Cookie: S=" in told
    assert [entry.fields["onvif.manufacturer"] for entry in of(found, "onvif")] == [("ACME",)]
    (unit,) = judge(run, load_catalogue(), as_of=date(2026, 11, 30)).devices
    assert not {"rtsp_open", "onvif_open"} & set(unit.exposed)


def test_a_cut_file_gives_what_is_whole_and_names_the_packet(tmp_path: Path) -> None:
    whole = b"".join(pcap(talk(GET, PAGE)))
    (tmp_path / "cut.pcap").write_bytes(whole[:-20])
    found = read_file(tmp_path / "cut.pcap", "", {})
    count = len(talk(GET, PAGE))
    assert found.problems == [
        f"cut.pcap:{count}: packet {count}: the file is cut short here; the {count - 1} before it were read"
    ]
    assert of(found, "http")
    command = ["import", str(tmp_path / "cut.pcap"), "--store", f"sqlite:///{tmp_path}/s"]
    result = CliRunner().invoke(program(command), command)
    assert result.exit_code == 2
    assert f"cut.pcap:{count}:" in result.stderr
    assert Store(f"sqlite:///{tmp_path}/s").run().observations[CAMERA]


@pytest.mark.parametrize("how", ["pcap", "pcapng", "gzip"])
@pytest.mark.parametrize("size", [0, 3, 4, 20, 25, 30, 61, 200, -1])
def test_wherever_a_file_is_cut_it_is_read_so_far(tmp_path: Path, how: str, size: int) -> None:
    frames = talk(GET, PAGE)
    data = b"".join(pcapng(frames) if how == "pcapng" else pcap(frames))
    data = gzip.compress(data) if how == "gzip" else data
    (tmp_path / "x").write_bytes(data[:size])
    found = read_file(tmp_path / "x", "capture", {})
    assert found.problems


def test_lengths_that_no_packet_has_are_not_believed(tmp_path: Path) -> None:
    frames = talk(GET, PAGE)
    good = b"".join(pcap(frames))
    (tmp_path / "long.pcap").write_bytes(good + struct.pack("<IIII", 0, 0, 0xFFFFFFF0, 0xFFFFFFF0) + b"rest")
    found = read_file(tmp_path / "long.pcap", "", {})
    assert found.problems[0].startswith(f"long.pcap:{len(frames) + 1}: ")
    assert of(found, "http")
    blocks = b"".join(pcapng(frames))
    (tmp_path / "long.pcapng").write_bytes(blocks + struct.pack("<II", 6, 0xFFFFFFFC) + bytes(8))
    found = read_file(tmp_path / "long.pcapng", "", {})
    assert found.problems[0].startswith(f"long.pcapng:{len(frames) + 1}: ")
    lying = struct.pack("<IIIIIII", 6, 36, 0, 0, 0, 4000, 4000) + bytes(4) + struct.pack("<I", 36)
    (tmp_path / "lie.pcapng").write_bytes(blocks + lying + b"".join(pcapng(frames)))
    found = read_file(tmp_path / "lie.pcapng", "", {})
    assert found.problems == [f"lie.pcapng:{len(frames) + 1}: packet {len(frames) + 1} is broken and was left out"]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_make_the_reader_raise(data: st.DataObject) -> None:
    frames = [*talk(GET, PAGE), *talk(hello("a.example.com"), hello("b.example.com"), own_port=40009)]
    frames += [ethernet(udp(SADP, CAMERA, "239.255.255.250", (37020, 37020)), MAC), made.arp(CAMERA, MAC)]
    frames += [ethernet(udp(question("a.example"), "fe80::2", "fe80::1", (9, 53)), MAC)]
    broken = []
    for frame in frames:
        at = data.draw(st.integers(0, len(frame)))
        broken.append(frame[:at] + data.draw(st.binary(max_size=8)) + frame[at + data.draw(st.integers(0, 8)) :])
    from io import BytesIO

    from camaudit.imports.capture import read_stream

    stream = b"".join(pcap(broken, link=data.draw(st.sampled_from([0, 1, 101, 113, 276, 999]))))
    at = data.draw(st.integers(0, len(stream)))
    read_stream(BytesIO(stream[:at] + data.draw(st.binary(max_size=4)) + stream[at:]), lambda entry: None)


def test_a_flood_of_beginnings_is_held_in_bounds() -> None:
    from camaudit.imports.capture.talks import Talks

    heard: list[object] = []
    talks = Talks(heard.append, lambda key, at, name: None)
    for number in range(40_000):
        key = struct.pack(">IIHH", number, 1, 80, 4000)
        head = struct.pack(">HHIIBBHHH", 80, 4000, 1, 1, 0x50, 16, 0, 0, 0) + b"HTTP/1.1 200 OK\r\n" + b"x" * 1200
        talks.segment(0.0, key, head, 0, len(head))
        talks.segment(0.0, key, head[:4] + struct.pack(">I", 99999) + head[8:], 0, len(head))
    assert len(talks._sides) <= 8192
    assert talks._held <= 33 * 1024 * 1024
    talks.finish()
    assert talks._held == 0
    assert len(heard) == 40_000


def test_public_addresses_are_units_only_where_the_site_says_so(tmp_path: Path) -> None:
    (tmp_path / "seen.pcap").write_bytes(b"".join(pcap(talk(GET, PAGE, server="93.184.216.34"))))
    site = tmp_path / "own.yaml"
    site.write_text("schema: camaudit/site@1\nname: X\nscope: [93.184.216.0/24]\n")
    for options, ours in (((), False), (("--site", str(site)), True)):
        command = ["import", str(tmp_path / "seen.pcap"), *options, "--store", f"sqlite:///{tmp_path}/s{ours}"]
        result = CliRunner().invoke(program(command), command)
        assert result.exit_code == 0
        assert ("93.184.216.34" in Store(f"sqlite:///{tmp_path}/s{ours}").run().observations) is ours


def test_whose_cloud_a_camera_talks_to_stands_in_its_report(tmp_path: Path) -> None:
    frames = [
        ethernet(udp(SADP, CAMERA, "239.255.255.250", (37020, 37020)), MAC),
        ethernet(udp(question("www.easy4ipcloud.com"), CAMERA, "192.0.2.1", (4000, 53)), MAC),
        ethernet(udp(question("pool.ntp.org"), CAMERA, "192.0.2.1", (4000, 53)), MAC),
    ]
    store = Store(f"sqlite:///{tmp_path}/s")
    run = store.run(import_files(store, [read(tmp_path, frames)], Site("x")).run)
    report = judge(run, load_catalogue(), as_of=date(2026, 11, 30))
    (unit,) = report.devices
    assert [(c.host, c.seen_in, c.maker) for c in unit.contacts] == [
        ("www.easy4ipcloud.com", "dns", "dahua"),
        ("pool.ntp.org", "dns", ""),
    ]
    # A cloud is no sign of a maker: this is a Hikvision that asked for a name of Dahua's.
    assert unit.identification.maker == "hikvision"
    write(report, ("html", "json", "csv"), tmp_path / "out")
    assert "www.easy4ipcloud.com (Dahua P2P, the cloud of Dahua)" in (tmp_path / "out" / "report.html").read_text()
    told = json.loads((tmp_path / "out" / "report.json").read_text())["devices"][0]["contacts"]
    assert told[0] == {"host": "www.easy4ipcloud.com", "seen_in": "dns", "cloud": "Dahua P2P", "maker": "dahua"}
    assert "www.easy4ipcloud.com" in (tmp_path / "out" / "register.csv").read_text()
