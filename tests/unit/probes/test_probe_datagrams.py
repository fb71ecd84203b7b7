"""SADP and DHIP: byte-exact requests, replies as captured, and nothing that is none."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import dhip, sadp
from camaudit.probes.text import bounded

SEARCH = bytes.fromhex(
    "200000004448495000000000000000003b000000000000003b00000000000000"
    "7b226d6574686f64223a224448446973636f7665722e736561726368222c22706172616d73223a7b226d6163223a22222c22756e69"
    "223a317d7d0a"
)
# Reply of a DS-2CD2385G1-I as quoted with its misspelt "flase".
SADP_REPLY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n<Uuid>A0B1C2D3</Uuid>\r\n'
    b"<Types>inquiry</Types>\r\n"
    b"<DeviceType>38930</DeviceType>\r\n<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>\r\n"
    b"<DeviceSN>DS-2CD2385G1-I20190614AAWRD31234512</DeviceSN>\r\n<CommandPort>8000</CommandPort>\r\n"
    b"<HttpPort>80</HttpPort>\r\n<MAC>58-50-ed-1f-e3-85</MAC>\r\n<IPv4Address>192.0.2.10</IPv4Address>\r\n"
    b"<AnalogChannelNum>0</AnalogChannelNum>\r\n<DigitalChannelNum>1</DigitalChannelNum>\r\n"
    b"<SoftwareVersion>V5.5.82build 190910</SoftwareVersion>\r\n<DSPVersion>V7.3 build 190910</DSPVersion>\r\n"
    b"<Activated>true</Activated>\r\n<DetailOEMCode>1</DetailOEMCode>\r\n<OEMInfo>N/A</OEMInfo>\r\n"
    b"<SupportHCPlatform>true</SupportHCPlatform>\r\n<HCPlatformEnable>flase</HCPlatformEnable>\r\n"
    b"<DeviceLock>flase</DeviceLock>\r\n</ProbeMatch>\r\n"
)
DHIP_JSON = (
    b'{"mac":"4c:11:bf:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceClass":"IPC",'
    b'"DeviceType":"IPC-HDW5421S","HttpPort":80,"IPv4Address":{"DhcpEnable":true,"IPAddress":"192.0.2.10"},'
    b'"IPv6Address":{"IPAddress":"2001:db8::1"},"Init":1162,"Manufacturer":"Private","Port":37777,'
    b'"RemoteVideoInputChannels":0,"SerialNo":"1F006E4PAX00075","Vendor":"Dahua","Version":"2.400.0.8"}}}'
)


def framed(body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", size, 0, size, 0) + body


def test_the_sadp_inquiry_is_the_vendors_own_bytes() -> None:
    assert sadp.request(lambda: "0a1b2c3d-0000-4000-8000-00000000000f") == (
        b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>0A1B2C3D-0000-4000-8000-00000000000F</Uuid>'
        b"<Types>inquiry</Types></Probe>"
    )
    assert sadp.request() != sadp.request()


def test_a_sadp_reply_is_kept_as_sent() -> None:
    fields = sadp.parse(SADP_REPLY)
    assert fields is not None
    assert fields["sadp.reply"] == ("ProbeMatch",)
    assert fields["sadp.device_description"] == ("DS-2CD2385G1-I",)
    assert fields["sadp.mac"] == ("58-50-ed-1f-e3-85",)
    assert fields["sadp.hc_platform_enable"] == ("flase",)
    assert fields["sadp.device_lock"] == ("flase",)
    assert fields["sadp.oem_info"] == ("N/A",)
    assert fields["sadp.digital_channels"] == ("1",)
    assert "sadp.oem_code" not in fields


def test_one_bad_byte_does_not_hide_a_device() -> None:
    fields = sadp.parse(SADP_REPLY.replace(b"N/A", b"Cam\xe9ra & Co").removesuffix(b"</ProbeMatch>\r\n"))
    assert fields is not None
    assert fields["sadp.oem_info"] == ("Caméra & Co",)
    assert fields["sadp.device_sn"] == ("DS-2CD2385G1-I20190614AAWRD31234512",)


def test_a_reply_whose_text_is_no_utf8_says_that_it_is_broken() -> None:
    whole, odd = (sadp.parse(SADP_REPLY.replace(b"N/A", text)) for text in (b"Cam", b"Cam\xe9ra"))
    assert whole is not None
    assert odd is not None
    assert (whole["sadp.reply"], odd["sadp.reply"]) == (("ProbeMatch",), ("ProbeMatch, broken",))


@pytest.mark.parametrize(
    "data",
    [b"", sadp.request(), b"<html></html>", b"<Envelope><ProbeMatch/></Envelope>", b"\0" * 40, b"<!DOCTYPE a>"],
)
def test_what_is_no_sadp_reply_is_none(data: bytes) -> None:
    assert sadp.parse(data) is None


def test_the_dhip_search_is_byte_exact() -> None:
    assert len(SEARCH) == 91
    assert dhip.request() == SEARCH


def test_a_dhip_reply_is_read() -> None:
    fields = dhip.parse(framed(DHIP_JSON + b"\n"))
    assert fields is not None
    assert fields == {
        "dhip.reply": ("client.notifyDevInfo",),
        "dhip.mac": ("4c:11:bf:00:00:01",),
        "dhip.ipv4": ("192.0.2.10",),
        "dhip.vendor": ("Dahua",),
        "dhip.manufacturer": ("Private",),
        "dhip.device_type": ("IPC-HDW5421S",),
        "dhip.device_class": ("IPC",),
        "dhip.serial": ("1F006E4PAX00075",),
        "dhip.version": ("2.400.0.8",),
        "dhip.port": ("37777",),
        "dhip.http_port": ("80",),
        "dhip.init": ("1162",),
        "dhip.remote_channels": ("0",),
    }


@pytest.mark.parametrize("length", [0, 1, 0xFFFFFFFF])
def test_lengths_in_the_header_are_not_believed(length: int) -> None:
    assert dhip.parse(framed(DHIP_JSON, length)) == dhip.parse(framed(DHIP_JSON))


@pytest.mark.parametrize("tail", [b"\0\0\0", b"\n{}", b"garbage"])
def test_garbage_after_the_json_does_no_harm(tail: bytes) -> None:
    assert dhip.parse(framed(DHIP_JSON + tail)) == dhip.parse(framed(DHIP_JSON))


def test_json_cut_short_still_tells_what_it_can() -> None:
    fields = dhip.parse(framed(DHIP_JSON[: DHIP_JSON.index(b',"Version"')]))
    assert fields is not None
    assert fields["dhip.reply"] == ("client.notifyDevInfo",)
    assert fields["dhip.vendor"] == ("Dahua",)
    assert fields["dhip.ipv4"] == ("192.0.2.10",)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SEARCH,
        SEARCH[:60],
        SEARCH[:32],
        DHIP_JSON,
        framed(b"{}"),
        framed(b"[" * 30000),
        framed(b'{"a":' * 12000),
        framed(b"[]"),
        framed(b"\xff" * 40),
    ],
)
def test_what_is_no_dhip_reply_is_none(data: bytes) -> None:
    assert dhip.parse(data) is None


def test_strange_json_values_are_written_as_json_or_left_out() -> None:
    body = b'{"method":"m\\ud800","params":{"deviceInfo":{"Port":' + b"9" * 400 + b',"Init":1e999,"Vendor":null}}}'
    fields = dhip.parse(framed(body))
    assert fields is not None
    assert "dhip.port" not in fields
    assert "dhip.vendor" not in fields
    assert bounded(fields)["dhip.reply"] == ("m?",)


@pytest.mark.parametrize(
    ("ask", "reply", "port", "probe"),
    [(sadp.ask, SADP_REPLY, 37020, "sadp"), (dhip.ask, framed(DHIP_JSON), 37810, "dhip")],
)
def test_one_datagram_gives_one_observation(ask: object, reply: bytes, port: int, probe: str) -> None:
    asking = sadp.ask if ask is sadp.ask else dhip.ask
    host = FakeHost(udp=[(b"lollipop", reply, reply)])
    seen = only(run(asking(host, now)))
    assert (seen.outcome, seen.probe, seen.target.port) == (Outcome.ANSWERED, probe, port)
    assert len(host.asked) == 1
    assert seen.fields[f"{probe}.reply"]
    wrong = only(run(asking(FakeHost(udp=[(b"lollipop",)]), now)))
    assert (wrong.outcome, wrong.fields) == (Outcome.MALFORMED, {})
    refused = FakeHost(udp=[Stopped(Outcome.REFUSED, "the UDP port is closed")])
    assert only(run(asking(refused, now))).outcome is Outcome.REFUSED
    assert only(run(asking(FakeHost(), now))).outcome is Outcome.SILENT


@given(mangled(SADP_REPLY))
def test_no_datagram_makes_sadp_raise(data: bytes) -> None:
    fields = sadp.parse(data)
    if fields is not None:
        assert is_bounded(bounded(fields))


@given(st.one_of(mangled(framed(DHIP_JSON)), st.binary(max_size=200).map(framed)))
def test_no_datagram_makes_dhip_raise(data: bytes) -> None:
    fields = dhip.parse(data)
    if fields is not None:
        assert is_bounded(bounded(fields))
