"""Makers' own searches: byte for byte what their tools send, and what units answer in public recordings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Outcome
from camaudit.net.wire import Sender, Stopped
from camaudit.probes import (
    HINTED,
    bosch,
    foscam,
    hanwha,
    ipro,
    kasa,
    reolink,
    sony,
    ubiquiti,
    vivotek,
    vstarcam,
)
from camaudit.probes.text import bounded

Parse = Callable[[bytes], Mapping[str, tuple[str, ...]] | None]


def placed(size: int, parts: Mapping[int, bytes]) -> bytes:
    """Zeros, and bytes at some places of them."""
    whole = bytearray(size)
    for at, part in parts.items():
        whole[at : at + len(part)] = part
    return bytes(whole)


HANWHA_PARTS = {
    0x00: b"\x0b",
    0x01: bytes.fromhex("ad2cda75c66ee0faa85d6cb798fa9b814f11"),
    0x13: b"00:16:6C:7D:75:6E",
    0x25: b"172.16.125.55",
    0x35: b"255.255.0.0",
    0x45: b"172.16.0.1",
    0x69: bytes.fromhex("e2500000"),
    0x6D: b"SND-6083",
    0x78: bytes.fromhex("5000"),
    0x85: b"http://172.16.125.55/index.htm",
}
HANWHA = placed(262, HANWHA_PARTS)
"""UniversalScanner, Hanwha.cs: an answer written down there, with the rest left at zeros."""
HANWHA_LONG = placed(334, {**HANWHA_PARTS, 0x00: b"\x0c", 0x125: b"XNP-9300RW/VAP", 0x145: b"\x03"})
"""The longer form of the SUNAPI manual."""

BOSCH = bytes.fromhex("9939a4276008ad0a00075f7a1b2c0000c0a80164ffffff00c0a8010100000000")
BOSCH_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><root xmlns="OEMExt00:device-1-0"><device>'
    b"<deviceType>OEMExt00:device:deviceID0</deviceType><friendlyName>FLEXIDOME IP 5000i</friendlyName>"
    b"<unitName>Yard</unitName><serialNumber>12345678:12345678</serialNumber>"
    b"<physAddress>00-07-5f-7a-1b-2c</physAddress><unitIPAddress>192.168.1.100</unitIPAddress>"
    b"<RCPPort>1756</RCPPort><HTTPPort>80</HTTPPort></device></root>"
)

IPRO_ASKED = (
    "00010000000d000000000000a029193eab91c0a80179" + "000120111e11231f1e19130000020000" + "00" * 10 + "ffff"
)
"""julienblitte/UniversalScanner: its short form, from 192.168.1.121, without the sum at its end."""
IPRO = bytes.fromhex(
    "000101a9000ed42dc52a8d13a029193eab91c0a80179000020111e11231f1e191300000202020000000000000000000000000001"
    + "02000100010000200004c0a8016500210004ffffff0000220004c0a801fe0023000808080808080804040025000201bb00400010"
    + "fe80000000000000d62dc5fffe2a8d1300410010"
    + "00" * 16
    + "00420020"
    + "00" * 32
    + "0044000201bb00450002004000a00004c0a8016500a10004ffffff0000a20004c0a801fe00a30008000000000000000000a40004"
    + "0000000000a600019400a7001057562d5832323730302d56324c00000000a800105832323730302d56324c00000000000000a900"
    + "10332e3637"
    + "00" * 12
    + "00aa0010302e3030"
    + "00" * 12
    + "00b10028"
    + "00" * 40
    + "00b20028"
    + "00" * 40
    + "00b40002000100b500010000b600019000d000105332323730302d56324c00000000000000d10010584256333034363300000000"
    + "0000000000d30002000100d200020002ffff3daf"
)
"""The same: what a camera answered to everybody."""

VIVOTEK = bytes.fromhex(
    "02f5dd7603 0111 4942393336302d5656544b2d30323233 62 0206 0002d1976470 0304 a9fe082a 0424 0602 3d22"
    "1602 01bb 0802 656e 0908 4942393336302d48 1004 03008200 0a01 00 1703 010181 0504 00000000"
)
"""wue-iot-note, device broadcast discovery: a recorded answer."""
SONY = (
    b"\x02MAC:08-00-46-11-22-33\xffMODEL:SNC-VB770\xffSERIAL:123456789\xffINFO:allinfo\xffDHCP:OFF\xff"
    b"IPADR:192.168.1.40\xffMASK:255.255.255.0\xffWEBPORT:80\xffSOFTVERSION:3.0.0\xff\x03"
)
REOLINK = placed(
    388,
    {
        58: b"IPC",
        80: bytes.fromhex("ec71db010203"),
        104: bytes.fromhex("aaaa0000"),
        108: b"192.168.1.70",
        128: bytes.fromhex("28230000"),
        132: b"Back gate",
        164: b"EC:71:DB:01:02:03",
        228: b"95270000ABCDEFGH",
    },
)
VSTARCAM = placed(
    524,
    {
        0x00: bytes.fromhex("44480108"),
        0x04: b"192.168.1.51",
        0x14: b"255.255.255.0",
        0x54: bytes.fromhex("48022d015ce9") + b"\x55\x00" + b"VSTA123456ABCDE",
        0x7C: b"IPCAM",
        0xCC: b"48.53.75.81",
        0x1C4: b"somebody",
        0x1E4: b"819839",
    },
)
FOSCAM = placed(
    121,
    {
        0x00: b"MO_I\x01\x00",
        0x0F: b"\x41",
        0x17: b"000DC5D00D65",
        0x24: b"Front door",
        0x39: bytes([192, 168, 1, 60]),
        0x4D: bytes([11, 37, 2, 51]),
        0x55: (88).to_bytes(2, "big"),
        0x6B: b"b",
    },
)
_KEY = bytes(range(1, 9))
FOSCAM_HIDDEN = (
    FOSCAM[:6] + b"\x01" + _KEY + FOSCAM[15:23] + bytes(b ^ _KEY[n % 8] for n, b in enumerate(FOSCAM[23:]))
)
UBIQUITI = bytes.fromhex(
    "0100007d 02000a 802aa8207da5 c0a80122 02000a 802ba8207da5 c0a80123 010006 802aa8207da5"
) + (
    bytes.fromhex("0a0004001d2ac9 0b000a")
    + b"airGateway"
    + bytes.fromhex("0c0003")
    + b"AGW"
    + bytes.fromhex("0d000c")
    + b"RidgeCottage"
    + bytes.fromhex("0e000103 030025")
    + b"AirGW.ar933x.v1.1.6.28062.150731.1510"
    + bytes.fromhex("100002e4c2")
)


def hidden(said: object) -> bytes:
    """JSON as TP-Link's older units hide it."""
    key, found = 171, bytearray()
    for byte in json.dumps(said).encode():
        key ^= byte
        found.append(key)
    return bytes(found)


KASA_SAID = {
    "type": "IOT.IPCAMERA",
    "model": "KC120(EU)",
    "mac": "50C7BF010203",
    "sw_ver": "2.2.5",
    "latitude": 48.1,
}
KASA = hidden({"system": {"get_sysinfo": {"system": KASA_SAID}}})
KASA_PLUG = hidden({"system": {"get_sysinfo": {"mic_type": "IOT.SMARTBULB", "model": "LB100(EU)"}}})

SAMPLES: dict[Parse, tuple[bytes, ...]] = {
    hanwha.parse: (HANWHA, HANWHA_LONG),
    bosch.parse: (BOSCH, BOSCH_XML),
    ipro.parse: (IPRO,),
    vivotek.parse: (VIVOTEK,),
    sony.parse: (SONY,),
    reolink.parse: (REOLINK,),
    vstarcam.parse: (VSTARCAM,),
    foscam.parse: (FOSCAM, FOSCAM_HIDDEN),
    ubiquiti.parse: (UBIQUITI,),
    kasa.parse: (KASA, KASA_PLUG),
}
ALL = tuple(sample for samples in SAMPLES.values() for sample in samples)
SENDER = Sender("192.168.1.121", "a0:29:19:3e:ab:91")


def test_each_search_is_the_makers_own() -> None:
    assert hanwha.request() == b"\x01" + bytes(261)
    assert bosch.request().hex() == "9939a4276008ad0aff0006de"
    assert int.from_bytes(bosch.request()[-2:], "big") == bosch.REPLY_PORT
    assert ipro.request(SENDER)[:-2].hex() == IPRO_ASKED
    assert vivotek.request().hex() == "014a5d8f1c"
    assert sony.request() == b"\x02ENQ:allinfo\xff\x03"
    assert reolink.request().hex() == "aaaa0000"
    assert vstarcam.request().hex() == "44480101"
    assert foscam.request().hex() == "4d4f5f49" + "00" * 11 + "04" + "000000" + "04" + "00" * 6 + "01"
    assert ubiquiti.request().hex() == "01000000"
    assert kasa.request().hex() == "d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6"


def test_the_sum_at_the_end_holds_for_whoever_asks() -> None:
    for sender in (Sender(), Sender("10.255.255.255", "ff:ff:ff:ff:ff:ff"), Sender("fe80::1", "")):
        asked = ipro.request(sender)
        assert len(asked) == 52
        assert int.from_bytes(asked[-2:], "big") == (sum(asked[:-2]) + 1) & 0xFFFF


def test_what_units_say_is_read() -> None:
    assert hanwha.parse(HANWHA) == {
        "hanwha.reply": ("0b",),
        "hanwha.mac": ("00:16:6C:7D:75:6E",),
        "hanwha.ipv4": ("172.16.125.55",),
        "hanwha.http_port": ("80",),
        "hanwha.model": ("SND-6083",),
    }
    long = hanwha.parse(HANWHA_LONG)
    assert long is not None
    assert (long["hanwha.model"], long["hanwha.kind"]) == (("XNP-9300RW/VAP",), ("3",))
    address = {"bosch.mac": ("00:07:5f:7a:1b:2c",), "bosch.ipv4": ("192.168.1.100",)}
    assert bosch.parse(BOSCH) == {"bosch.reply": ("binary",), **address}
    assert bosch.parse(BOSCH_XML) == {
        "bosch.reply": ("xml",),
        "bosch.mac": ("00-07-5f-7a-1b-2c",),
        "bosch.ipv4": ("192.168.1.100",),
        "bosch.http_port": ("80",),
        "bosch.model": ("FLEXIDOME IP 5000i",),
        "bosch.serial": ("12345678:12345678",),
    }
    assert ipro.parse(IPRO) == {
        "ipro.reply": ("000e",),
        "ipro.mac": ("d4:2d:c5:2a:8d:13",),
        "ipro.ipv4": ("192.168.1.101",),
        "ipro.name": ("WV-X22700-V2L",),
        "ipro.model": ("X22700-V2L",),
        "ipro.firmware": ("3.67",),
        "ipro.serial": ("XBV30463",),
        "ipro.http_port": ("443",),
    }
    assert vivotek.parse(VIVOTEK) == {
        "vivotek.reply": ("02",),
        "vivotek.mac": ("00:02:d1:97:64:70",),
        "vivotek.ipv4": ("169.254.8.42",),
        "vivotek.model": ("IB9360-H",),
        "vivotek.name": ("IB9360-VVTK-0223b",),
    }


def test_what_more_units_say_is_read() -> None:
    assert sony.parse(SONY) == {
        "sony.reply": ("MAC",),
        "sony.mac": ("08-00-46-11-22-33",),
        "sony.ipv4": ("192.168.1.40",),
        "sony.model": ("SNC-VB770",),
        "sony.serial": ("123456789",),
        "sony.firmware": ("3.0.0",),
        "sony.http_port": ("80",),
    }
    assert reolink.parse(REOLINK) == {
        "reolink.reply": ("aaaa0000",),
        "reolink.mac": ("EC:71:DB:01:02:03",),
        "reolink.ipv4": ("192.168.1.70",),
        "reolink.name": ("Back gate",),
        "reolink.uid": ("95270000ABCDEFGH",),
    }
    read = foscam.parse(FOSCAM)
    assert (
        read
        == foscam.parse(FOSCAM_HIDDEN)
        == {
            "foscam.reply": ("MO_I",),
            "foscam.mac": ("00:0d:c5:d0:0d:65",),
            "foscam.ipv4": ("192.168.1.60",),
            "foscam.http_port": ("88",),
            "foscam.name": ("Front door",),
            "foscam.firmware": ("11.37.2.51",),
            "foscam.type": ("b",),
        }
    )
    assert ubiquiti.parse(UBIQUITI) == {
        "ubiquiti.reply": ("01",),
        "ubiquiti.mac": ("80:2a:a8:20:7d:a5",),
        "ubiquiti.ipv4": ("192.168.1.35",),
        "ubiquiti.model": ("AGW",),
        "ubiquiti.firmware": ("AirGW.ar933x.v1.1.6.28062.150731.1510",),
    }


def test_what_is_nobodys_business_is_not_kept() -> None:
    """VStarcam's answer holds the name and password of a cloud account, Kasa's where the unit stands."""
    read = vstarcam.parse(VSTARCAM)
    assert read == {
        "vstarcam.reply": ("44480108",),
        "vstarcam.mac": ("48:02:2d:01:5c:e9",),
        "vstarcam.ipv4": ("192.168.1.51",),
        "vstarcam.http_port": ("85",),
        "vstarcam.serial": ("VSTA123456ABCDE",),
        "vstarcam.name": ("IPCAM",),
        "vstarcam.firmware": ("48.53.75.81",),
    }
    assert kasa.parse(KASA) == {
        "kasa.device_type": ("IOT.IPCAMERA",),
        "kasa.model": ("KC120(EU)",),
        "kasa.mac": ("50:c7:bf:01:02:03",),
        "kasa.firmware": ("2.2.5",),
    }
    plug = {"kasa.device_type": ("IOT.SMARTBULB",), "kasa.model": ("LB100(EU)",)}
    assert kasa.parse(KASA_PLUG) == plug


def test_nobodys_answer_is_anothers() -> None:
    """Ports are shared and answers cross, so each reader takes its own maker's alone, and no search."""
    searches = [search.call(SENDER) for search in HINTED if search.call is not None]
    for parse, samples in SAMPLES.items():
        for other in (*ALL, *searches, kasa.request(), b"", b"\0" * 400, b"\x0b" * 300, b"\x02" * 60):
            assert (parse(other) is not None) == (other in samples), (parse.__module__, other[:20])


@given(mangled(*ALL))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    for parse in SAMPLES:
        fields = parse(data)
        assert fields is None or is_bounded(bounded(fields))


@given(st.binary(max_size=520), st.sampled_from(sorted({sample[:8] for sample in ALL})))
def test_nor_do_bytes_behind_a_right_beginning(data: bytes, start: bytes) -> None:
    for parse in SAMPLES:
        parse(start + data)


def test_a_broken_sum_or_length_is_no_answer() -> None:
    assert ipro.parse(IPRO[:-1] + b"\0") is None
    assert ubiquiti.parse(UBIQUITI + b"\0") is None
    assert reolink.parse(REOLINK + b"\0") is None
    assert bosch.parse(BOSCH[:8] + bytes(24)) is None
    assert bosch.parse(b'<?xml version="1.0"?><root xmlns="urn:x"><friendlyName>y</friendlyName></root>') is None
    assert sony.parse(b"\x02MODEL:SNC\xff\x03") is None
    assert kasa.parse(hidden({"system": {"get_sysinfo": {"model": "KC"}}})) is None
    assert kasa.parse(hidden([])) is None


@pytest.mark.parametrize("search", [search for search in HINTED if search.call or search.probe == "kasa"])
def test_one_datagram_is_sent_and_its_answer_kept(search: object) -> None:
    asked = next(each for each in HINTED if each is search)
    answer = next(samples[0] for parse, samples in SAMPLES.items() if parse == asked.parse)
    host = FakeHost(udp=[(answer,)])
    seen = only(run(asked.ask(host, now)))
    assert (seen.outcome, seen.probe, seen.target.port) == (Outcome.ANSWERED, asked.probe, asked.port)
    assert len(host.asked) == 1
    assert only(run(asked.ask(FakeHost(), now))).outcome is Outcome.SILENT
    held = Stopped(Outcome.NOT_ASKED, "another program holds it")
    assert only(run(asked.ask(FakeHost(udp=[held]), now))).outcome is Outcome.NOT_ASKED
