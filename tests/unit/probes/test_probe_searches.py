"""Makers' own searches by datagram: sent byte for byte, read without trust, only where a port hints at them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Outcome
from camaudit.probes import dvrip, tapo, tiandy, xiongmai
from camaudit.probes.text import bounded

XM = (
    bytes.fromhex("ff01000000000000000000000000fb05ff000000")
    + json.dumps(
        {
            "NetWork.NetCommon": {
                "MAC": "00:12:31:08:bb:97",
                "SN": "41e6853ada5e9323",
                "HostName": "LocalHost",
                "TCPPort": 34567,
                "Version": "V5.11.R02.000809V1.10010.346837.0000010",
            },
            "Ret": 100,
        }
    ).encode()
)
TAPO = tapo.request() + (
    b'{"result":{"device_type":"SMART.IPCAMERA","device_model":"C210(EU)","mac":"AA-BB-CC-01-02-03"},"error_code":0}'
)
DVRIP = (
    b"\xb3".ljust(0x78, b"\0")
    + b"00:40:7f:01:02:03IPC-HFW2100SerialNo:TZC3LW12400214\r\nName:Yard 1\r\nDevice:IPC-HFW2100\r\n"
)


def _tiandy() -> bytes:
    said = ["CMD", "NVSS"] + [""] * 31
    for place, word in {
        2: "03:02:01:6C:51:BC",
        6: "1",
        7: "3002",
        10: "80",
        22: "TC-H332N",
        24: "T4A12345678",
    }.items():
        said[place] = word
    return tiandy.request()[:10] + ("IP\tIP\tNEWM4V00\t" + "\t".join(said) + "\n\n\n").encode()


TIANDY = _tiandy()


def test_each_search_is_the_vendors_own() -> None:
    assert xiongmai.request().hex() == "ff00000000000000000000000000fa0500000000"
    assert tapo.request().hex() == "020000010000000000000000463cb5d3"
    assert tiandy.request() == bytes.fromhex("bebee5e5000000001e00") + b"IP\tIP\tNEWM4V00\tCMD\tSEEKNVSS\n\n\n"
    assert dvrip.request().hex() == "a301000100000000000000000000000002000000000000000000000000000000"


def test_what_units_say_is_read() -> None:
    assert xiongmai.parse(XM) == {
        "xm.reply": ("NetWork.NetCommon",),
        "xm.serial": ("41e6853ada5e9323",),
        "xm.mac": ("00:12:31:08:bb:97",),
        "xm.name": ("LocalHost",),
        "xm.firmware": ("V5.11.R02.000809V1.10010.346837.0000010",),
    }
    assert tapo.parse(TAPO) == {
        "tapo.device_type": ("SMART.IPCAMERA",),
        "tapo.model": ("C210(EU)",),
        "tapo.mac": ("AA-BB-CC-01-02-03",),
    }
    assert tiandy.parse(TIANDY) == {
        "tiandy.reply": ("NVSS",),
        "tiandy.mac": ("BC:51:6C:01:02:03",),
        "tiandy.channels": ("1",),
        "tiandy.http_port": ("80",),
        "tiandy.model": ("TC-H332N",),
        "tiandy.serial": ("T4A12345678",),
    }
    assert dvrip.parse(DVRIP) == {
        "dvrip.reply": ("b3",),
        "dvrip.mac": ("00:40:7f:01:02:03",),
        "dvrip.model": ("IPC-HFW2100",),
        "dvrip.serial": ("TZC3LW12400214",),
        "dvrip.name": ("Yard 1",),
        "dvrip.device": ("IPC-HFW2100",),
    }


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (xiongmai.parse, xiongmai.request()),  # echoed
        (xiongmai.parse, xiongmai.request() + b'{"NetWork.NetDNS": {}}'),
        (xiongmai.parse, XM.replace(b"\xfb\x05", b"\x01\x00", 1)),
        (tapo.parse, tapo.request()),
        (tapo.parse, tapo.request() + b'{"error_code": -1}'),
        (tiandy.parse, tiandy.request()),
        (tiandy.parse, b"\0" + TIANDY[1:]),
        (tiandy.parse, TIANDY[:10]),
        (dvrip.parse, dvrip.request()),
        (dvrip.parse, b"\xb3" + bytes(0x90)),
        (dvrip.parse, DVRIP[:0x78]),
    ],
)
def test_what_is_no_answer_is_none(parse: Callable[[bytes], Mapping[str, object] | None], data: bytes) -> None:
    assert parse(data) is None


@given(mangled(XM, TAPO, DVRIP, TIANDY))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    for parse in (xiongmai.parse, tapo.parse, dvrip.parse, tiandy.parse):
        fields = parse(data)
        assert fields is None or is_bounded(bounded(fields))


@given(st.integers(20, 200))
def test_deep_json_breaks_no_reader(depth: int) -> None:
    for start in (XM[:20], TAPO[:16]):
        assert xiongmai.parse(start + b'{"a":' * depth * 50) is None
        assert tapo.parse(start + b"[" * depth * 50) is None


@pytest.mark.parametrize(("module", "answer"), [(xiongmai, XM), (tapo, TAPO), (dvrip, DVRIP), (tiandy, TIANDY)])
def test_one_datagram_is_sent(module: object, answer: bytes) -> None:
    ask = module.ask  # type: ignore[attr-defined]
    host = FakeHost(udp=[(answer,)])
    assert only(run(ask(host, now))).outcome is Outcome.ANSWERED
    assert len(host.asked) == 1
    assert only(run(ask(FakeHost(), now))).outcome is Outcome.SILENT
