"""Targets: files that other tools wrote. A reader names the lines it cannot read, and raises at most one line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache

from camaudit.errors import NetworkUnavailable
from camaudit.imports import bridge, lines, scanners
from camaudit.imports.entry import Imported
from camaudit.imports.reading import kind_of, read_file
from camaudit.net.nmap import Nmap
from camaudit.probes import dahua_answers, isapi_answers
from camaudit.probes.dahua import SYSTEM_INFO
from camaudit.probes.login import channels, dahua, isapi
from camaudit.probes.login.lock import lock_of
from camaudit.probes.login.onvif import _is_answer, _is_refusal, _media_path
from camaudit.probes.markup import read_markup
from camaudit.probes.message import Message
from fuzz import samples
from fuzz.captured import captured
from fuzz.seeds import light, made
from fuzz.target import REFUSED, Run, Target, file_of, kept

_I = "camaudit.imports."
_L = "camaudit.probes.login."
_NMAP = b"""<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap" version="7.93" startstr="x"><scaninfo type="syn" protocol="tcp" services="80"/>
<host><status state="up" reason="x"/><address addr="192.0.2.5" addrtype="ipv4"/>
<address addr="28:57:BE:00:00:05" addrtype="mac" vendor="x"/><hostnames/>
<ports><extraports state="closed" count="2"/><port protocol="tcp" portid="80"><state state="open" reason="x"/>
<service product="Hikvision Network Video Recorder http admin" name="http" conf="3"/></port>
<port protocol="tcp" portid="81"><state state="closed" reason="x"/></port></ports></host>
<runstats><finished timestr="x" elapsed="1" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>"""
_ISC = """lease 192.0.2.7 {
  hardware ethernet 28:57:be:00:00:07;
  set vendor-class-identifier = "udhcp";
  client-hostname "cam7";
}
lease nonsense {
}
"""
_TABLES = (
    "SW3#show mac address-table\n  10    2857.be00.0005    DYNAMIC     Gi1/0/14\n"
    " All  0100.0ccc.cccc  STATIC  CPU\n",
    " 28:57:be:00:00:05  10  dynamic  1/1/14\n",
    "2857be-000005 14 10\n",
    "0/1   10   28:57:BE:00:00:05   192.0.2.5  Cam\n",
)
_REGISTERS = (
    "Camera,IP Address,MAC,Make,Model,Serial,Location\n"
    "Yard,192.0.2.9,28:57:be:00:00:09,Hikvision,DS-2CD,S1,Gate\n",
    "IP;MAC;Model\n192.0.2.9;28-57-be-00-00-09;x\nnonsense;;\n",
    "ID,Device Type,Status,IPv4 Address,Port,Software Version,HTTP Port,Device Serial No.,MAC Address\n"
    "1,DS-2CD2032F-I,Active,192.0.2.9,8000,V5.4.0build 160401,80,DS-2CD2032F-I2015,28-57-be-00-00-09\n",
    "NO.,Status,Type,Model,IP,MAC,SN,Version\n1,Initialized,IPC,IPC-HDW,192.0.2.8,3c:ef:8c:00:00:01,4M07,2.8\n",
    "IPAddress,ScopeId,ClientId,HostName,AddressState\n192.0.2.4,192.0.2.0,28-57-be-00-00-04,cam4.local,Active\n",
)


def _read(kind: str, name: str) -> Run:
    def run(data: bytes) -> None:
        found = read_file(file_of(data, name), kind, {})
        for entry in found.entries:
            kept(entry.fields)

    return run


def _vendors(data: bytes) -> None:
    """Read a table as each vendor's tool and each server writes one."""
    for kind in ("sadp", "configtool", "windows-leases"):
        _read(kind, "table.csv")(data)


def _lists(data: bytes) -> None:
    text = data.decode("latin-1")
    for reader in (lines.read_isc, lines.read_dnsmasq):
        reader(text, Imported("file", "x"))
    lines.read_mac_table(text, Imported("file", "x"), "switch")


def _kind(data: bytes) -> None:
    found = kind_of(data)
    assert found in (
        "",
        "table",
        "nmap",
        "masscan",
        "naabu",
        "runzero",
        "isc-leases",
        "dnsmasq-leases",
        "mac-table",
    )


def _objects(data: bytes) -> None:
    text = data.decode("latin-1")
    scanners.read_ports(text, Imported("file", "masscan"))
    scanners.read_runzero(text, Imported("file", "runzero"))


def _nmap_engine(data: bytes) -> None:
    with suppress(NetworkUnavailable):
        _engine()._read(data, {"192.0.2.5"}, (80, 81))


@cache
def _engine() -> Nmap:
    import nmap

    reader = nmap.PortScanner.__new__(nmap.PortScanner)
    reader._scan_result, reader._nmap_last_output = {}, ""
    return Nmap("nmap", reader, "7.93")


def _workbook(data: bytes) -> None:
    """Read a workbook whose one sheet is the input: its packing is not worth mutating."""
    _read("register", "book.xlsx")(_packed(data))


def _packed(sheet: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as book:
        for name, text in _parts().items():
            book.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else text)
    return whole.getvalue()


@cache
def _parts() -> dict[str, bytes]:
    from openpyxl import Workbook

    book, whole = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("IP", "MAC", "Model"), ("192.0.2.9", "28:57:be:00:00:09", "x"), (1, 2.5, "=A1")):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    book.save(whole)
    with zipfile.ZipFile(io.BytesIO(whole.getvalue())) as parts:
        return light({name: parts.read(name) for name in parts.namelist()})


def _zipped() -> Iterable[bytes]:
    yield _packed(_parts()["xl/worksheets/sheet1.xml"])


def _bridge(data: bytes) -> None:
    """Read a switch's tables; the input gives the rows: table, length of the index, index, value."""
    told: dict[str, dict[tuple[int, ...], bytes | int | str]] = {}
    names = tuple(bridge.TABLES)
    for table, index, value in _rows(data):
        told.setdefault(names[table % len(names)], {})[index] = value
    bridge.read_bridge(told, Imported("switch", "switch"))
    bridge.read_bridge(bridge.in_vlan(7, told), Imported("switch", "switch"))
    bridge.vlans_of(told.get("base_port", {}))


def _rows(data: bytes) -> Iterator[tuple[int, tuple[int, ...], bytes | int | str]]:
    at = 0
    while at + 4 <= len(data):
        table, kind, parts, size = data[at : at + 4]
        index = tuple(data[at + 4 : at + 4 + parts % 8])
        raw = data[at + 4 + parts % 8 :][: size % 16]
        at += 4 + parts % 8 + size % 16
        yield (
            table,
            index,
            raw if kind % 3 == 0 else int.from_bytes(raw[:4], "big") if kind % 3 == 1 else raw.hex(),
        )


def _row(table: str, index: tuple[int, ...], value: bytes | int) -> bytes:
    raw = value if isinstance(value, bytes) else bytes([value])
    kind = 0 if isinstance(value, bytes) else 1
    return bytes([list(bridge.TABLES).index(table), kind, len(index), len(raw)]) + bytes(index) + raw


_BRIDGE = b"".join(
    (
        _row("name", (0,), b"SW3"),
        _row("base_port", (14,), 114),
        _row("if_name", (114,), b"Gi1/0/14"),
        _row("if_alias", (114,), b"Yard"),
        _row("q_port", (7, 0x28, 0x57, 0xBE, 0, 0, 5), 14),
        _row("fdb_port", (0x28, 0x57, 0xBE, 0, 0, 6), 15),
        _row("lldp_port", (15,), b"Gi1/0/15"),
        _row("lldp_capable", (0, 15, 1), b"\x28"),
        _row("lldp_name", (0, 15, 1), b"SW4"),
        _row("poe_state", (1, 14), 3),
        _row("arp", (114, 192, 0, 2, 5), bytes.fromhex("2857be000005")),
    )
)


def _login_isapi(data: bytes) -> None:
    document = read_markup(data)
    for reader in (
        isapi.info_fields,
        isapi.time_fields,
        isapi.service_fields,
        isapi.cloud_fields,
        isapi.user_fields,
        isapi.analytics_fields,
    ):
        kept(reader(document))
    if document is not None:
        for each in channels.of_input_proxy(document, document):
            kept(each)
        for status in (200, 401):
            lock_of(Message("HTTP", "1.1", status, (), data, False, {}))


def _login_dahua(data: bytes) -> None:
    text = data.decode("latin-1").replace("\r", "")
    for reader in (dahua.cloud_fields, dahua.analytics_fields):
        kept(reader(text))
    answer = Message("HTTP", "1.1", 200, (), data, False, {})
    for path in (SYSTEM_INFO, dahua.DEVICE_TYPE, dahua.CLOUD, "/RPC2_Login"):
        kept(dahua_answers.answer_fields(path, answer))
    kept(isapi_answers.answer_fields("/ISAPI/System/time", answer))
    states = dahua.camera_states(text)
    for each in channels.of_remote_devices(text, dict(enumerate(text.split("\n"))), states):
        kept(each)


class _Here:
    address, port = "192.0.2.1", 80


class _LoggedIn:
    session = _Here()


def _login_onvif(data: bytes) -> None:
    document = read_markup(data)
    if document is not None:
        _media_path(_LoggedIn(), document)  # type: ignore[arg-type]  # only the address is looked at
    for status in (200, 400):
        said = Message("HTTP", "1.1", status, (), data, False, {})
        _is_answer(said)
        _is_refusal(said)


_XML_WORDS = (b"<host>", b"</host>", b"<port ", b"<!ENTITY a 'b'>", b"<!DOCTYPE", b"&a;", b'addrtype="mac"')

TARGETS = (
    Target(
        "nmap-xml",
        _read("nmap", "nmap.xml"),
        made(_NMAP),
        (_I + "scanners:read_nmap _Hosts",),
        allowed=REFUSED,
        words=_XML_WORDS,
    ),
    Target(
        "nmap-engine",
        _nmap_engine,
        made(_NMAP),
        ("camaudit.net.nmap:_found _with_closed_ports",),
        words=_XML_WORDS,
    ),
    Target(
        "scanner-json",
        _objects,
        made(
            '[\n{"ip":"192.0.2.5","timestamp":"1","ports":[{"port":80,"proto":"tcp","status":"open"}]},\n]',
            '{"host":"192.0.2.5","port":{"Port":554},"mac":"28:57:be:00:00:05"}\n{"finished":1}\n',
            '{"addresses":["192.0.2.5"],"macs":["28:57:be:00:00:05"],"service_ports_tcp":["80"],"hw":"x","names":["a"]}\n',
        ),
        (_I + "scanners:read_ports _open_port read_runzero objects _is_port _text _list",),
        words=(b"{", b"[", b'"ports":', b'"ip":"192.0.2.9"', b"1e999", b"\\ud800"),
    ),
    Target(
        "lists",
        _lists,
        made(_ISC, "1700000000 28:57:be:00:00:05 192.0.2.5 cam 01:28:57\n", *_TABLES),
        (_I + "lines",),
        words=(b"lease ", b"hardware ethernet ", b"DYNAMIC", b"Gi1/0/1", b"duid ", b"port-access"),
    ),
    Target(
        "mac-table", _read("mac-table", "SW3.txt"), made(*_TABLES), (_I + "lines:read_mac_table",), allowed=REFUSED
    ),
    Target(
        "table",
        _read("register", "register.csv"),
        made(*_REGISTERS),
        (
            _I + "tables:read_csv",
            _I + "columns:heading_of _columns folded",
            _I + "sheets:read_table _place _register _yes_no",
            _I + "entry",
        ),
        allowed=REFUSED,
        words=(b'"', b"\xff\xfe", b";", b"\t", b"IP,MAC\n", b"\0", b"\r"),
    ),
    Target(
        "vendor-table",
        _vendors,
        made(*_REGISTERS[2:]),
        (_I + "sheets:read_table _place _lease _sadp _configtool",),
        allowed=REFUSED,
    ),
    Target(
        "any-file",
        _read("", "file"),
        lambda: (
            *made(_NMAP, _ISC, *_TABLES[:2], *_REGISTERS)(),
            b"\xff\xfe" + "IP;MAC;Model\n1;2;3\n".encode("utf-16-le"),
            captured(),
        ),
        (_I + "reading",),
        allowed=REFUSED,
    ),
    Target(
        "kind",
        _kind,
        made(
            _NMAP,
            _ISC,
            *_TABLES,
            *_REGISTERS,
            '{"ports":[]}',
            '{"macs":[]}',
            '{"port":1}',
            "\ufeff1;2;3",
            b"PK\x03\x04",
            b"\xff\xfe1\0;\0;\0",
        ),
        (_I + "reading:kind_of _kind_of_json _text",),
    ),
    Target(
        "workbook",
        _workbook,
        lambda: (_parts()["xl/worksheets/sheet1.xml"],),
        (_I + "tables",),
        allowed=REFUSED,
        words=(b'<mergeCell ref="A1:XFD1048576"/>', b'<c r="XFD9">', b"<f>", b't="s"', b'<row r="9">'),
    ),
    Target("workbook-zip", _read("register", "zip.xlsx"), _zipped, (_I + "tables",), allowed=REFUSED, limit=8192),
    Target("switch-tables", _bridge, made(_BRIDGE), (_I + "bridge",)),
    Target(
        "login-isapi",
        _login_isapi,
        made(samples.INPUT_PROXY, *samples.SETTINGS, *samples.ISAPI),
        (_L + "isapi", _L + "channels:of_input_proxy _in_use _is_told", _L + "lock"),
    ),
    Target(
        "login-dahua",
        _login_dahua,
        made(samples.REMOTE_DEVICES),
        (_L + "dahua", _L + "channels:of_remote_devices _in_use _is_told _is_usable"),
        words=(b"table.RemoteDevice.", b"states[0].channel=", b"Enable=false", b"\n"),
    ),
    Target(
        "login-onvif",
        _login_onvif,
        made(*samples.SOAP),
        (_L + "onvif:_media_path _is_answer _is_refusal", "camaudit.probes.markup"),
    ),
)
