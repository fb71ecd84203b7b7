"""Targets: what was read goes on to a verdict. No text in any field may end the judging or the report."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.model import Observation, Outcome, Report, Run, Site
from camaudit.model import Target as Asked
from camaudit.probes.text import bounded
from camaudit.report.json import as_json
from camaudit.report.write import FORMATS
from camaudit.scan.told import Told
from camaudit.signatures.fields import FIELDS
from camaudit.store import StoredRun
from fuzz.target import Target

_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
_NAMES = tuple(sorted(FIELDS))
_UNITS = ("192.0.2.10", "192.0.2.11", "fe80::1%lo", "192.0.2.10")
_PROBES = ("", "", "", "channel", "register", "switch", "import")
_SITES = (
    Site("x", jurisdiction="us", kind="school", facts={"spends_us_federal_awards": True}),
    Site("x", jurisdiction="gb", kind="council"),
    Site("x"),
)


def _judged(data: bytes) -> None:
    """Judge a run whose observations the input holds, a line for each field: unit, field and text."""
    json.dumps(as_json(_report(data)), allow_nan=False)


def _report(data: bytes) -> Report:
    observations = _observations(data[1:])
    for address, seen in observations.items():
        Told(list(seen)).web_ports(address)
    run = Run("r", _AT, _AT, "0", ("192.0.2.0/24",))
    stored = StoredRun(run, _SITES[(data[:1] or b"\0")[0] % 3], (), observations, (), ((), ()), 256, 0)
    return judge(stored, _catalogue(), as_of=date(2026, 11, 30))


def _written(data: bytes) -> None:
    """Write every report that is text; nothing in it may be run, followed or taken for a line of ours."""
    report = _report(data)
    for each in FORMATS:
        if not each.file.endswith(_NO_TEXT):
            text = "".join(str(piece) for piece in each.render(report))
            assert not _CONTROL.search(text), f"{each.file} holds a control character"
            _CHECKS.get(each.file.rpartition(".")[2], _passed)(text)


def _passed(_: str) -> None:
    """Nothing more is to be said of this kind."""


class _Tags(HTMLParser):
    """Counts what could run in a page, and looks at where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        assert tag not in ("img", "iframe", "object", "embed", "base", "link"), f"{tag} is none of ours"
        self.scripts += tag == "script"
        for name, value in attrs:
            assert not name.startswith("on"), f"{name} of {tag} would run"
            if name in ("href", "src", "action"):
                assert _LINK.match(value or ""), f"{name} of {tag} leads to {value!r}"


def _page(text: str) -> None:
    assert _Tags(text).scripts == _OWN_SCRIPTS, "a page that holds more than our own scripts"


def _sheet(text: str) -> None:
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row), "a cell would be worked out"


def _lines_of_json(text: str) -> None:
    for line in text.split("\n"):
        assert not line or isinstance(json.loads(line), dict)


def _lines_of_cef(text: str) -> None:
    assert all(map(_CEF.match, filter(None, text.split("\n"))))


_OWN_SCRIPTS = 2
_CEF = re.compile(r"<\d+>1 \S+ \S+ camaudit - \S+ - CEF:0\|camaudit\|camaudit\|")
_NO_TEXT = (".pdf", ".xlsx")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"(?:#|https?://|mailto:|data:image/|data:font/|[\w.-]*$)")
_CHECKS: Mapping[str, Callable[[str], None]] = {
    "html": _page,
    "csv": _sheet,
    "json": json.loads,
    "jsonl": _lines_of_json,
    "cef": _lines_of_cef,
}


def _observations(data: bytes) -> dict[str, tuple[Observation, ...]]:
    told: dict[tuple[str, str], dict[str, list[str]]] = {}
    for unit, probe, name, text in _lines(data):
        told.setdefault((unit, probe), {}).setdefault(name, []).append(text)
    found: dict[str, tuple[Observation, ...]] = {}
    for (unit, probe), fields in told.items():
        seen = Observation(Asked(unit), probe, Outcome.ANSWERED, bounded(fields), _AT)
        found[unit] = (*found.get(unit, ()), seen)
    return found


def _lines(data: bytes) -> Iterator[tuple[str, str, str, str]]:
    for line in data.split(b"\n")[:64]:
        written, equals, text = line[1:].partition(b"=")
        if equals:
            name = written.decode("latin-1")
            if name not in FIELDS:
                name = _NAMES[int.from_bytes(written[-2:], "big") % len(_NAMES)]
            probe = _PROBES[line[0] // len(_UNITS) % len(_PROBES)] or name.partition(".")[0]
            yield _UNITS[line[0] % len(_UNITS)], probe, name, text.decode("utf-8", "replace")


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _line(name: str, text: str, unit: int = 0, probe: str = "") -> bytes:
    return bytes([_PROBES.index(probe) * len(_UNITS) + unit]) + f"{name}={text}".encode()


def _examples() -> Iterable[bytes]:
    """Yield a run of two units for each maker: what its signatures have seen."""
    by_maker: dict[str, list[bytes]] = {}
    for known in _catalogue().knowledge.signatures:
        sign = known.signature
        for example in sign.examples[:1]:
            text = example.text[:200].replace("\n", " ")
            if sign.reads in FIELDS and text:
                by_maker.setdefault(known.maker, []).append(_line(sign.reads, text, len(by_maker) % 3))
    for number, lines in enumerate(by_maker.values()):
        yield bytes([number]) + b"\n".join(lines[:12])
    yield b"\0" + b"\n".join(
        (
            _line("mac.address", "28:57:be:00:00:10"),
            _line("mac.vendor", "Hangzhou Hikvision Digital Technology Co.,Ltd."),
            _line("sadp.device_description", "DS-7608NI-K2"),
            _line("sadp.software_version", "V4.61.025build 221115"),
            _line("sadp.http_port", "80"),
            _line("channel.number", "1", 0, "channel"),
            _line("channel.address", "192.0.2.11", 0, "channel"),
            _line("channel.maker", "HIKVISION", 0, "channel"),
            _line("register.row", "r.csv:2", 0, "register"),
            _line("register.serial", "DS-7608NI-K20820190101CCWRD1234567WCVU", 0, "register"),
            _line("switch.port", "Gi1/0/14", 0, "switch"),
            _line("tls.key", "RSA-1024", 1),
            _line("onvif.utc", "2020-01-01T00:00:00Z", 1),
            _line("traffic.dns", "dev.hik-online.com", 1),
        )
    )


_HOSTILE = (
    b"<script>alert(1)</script>",
    b'"><img src=x onerror=a>',
    b"javascript:alert(1)",
    b"=cmd|' /C calc'!A0",
    b"\x1b]0;x\x07",
    b"{{7*7}}{% raw %}",
    b"|CEF:0|x=y \\|",
    b"\xe2\x80\xae",
    b"\xe2\x80\xa8",
    b"\r",
)


def _hostile() -> Iterable[bytes]:
    """Yield a run whose units bear a hostile text wherever they can, one for each text."""
    for text in _HOSTILE:
        names = (
            "onvif.manufacturer",
            "onvif.model",
            "http.title",
            "http.realm",
            "onvif.firmware",
            "register.name",
        )
        said = [_line(name, text.decode()) for name in names]
        yield b"\0" + b"\n".join((_line("mac.address", "28:57:be:00:00:10"), *said))


_M = "camaudit."
TARGETS = (
    Target(
        "judging",
        _judged,
        _examples,
        tuple(
            _M + name for name in ("devices", "identify", "belief", "labels", "recorders", "exposure", "scan.told")
        ),
        words=(b"\xc2\xb2", b"9" * 40, b"28:57:be:00:00:10", b"V5.4.5 build 170124", b"2026-02-30T25:00:00Z"),
        limit=2048,
    ),
    Target(
        "reports",
        _written,
        lambda: (*_hostile(), *list(_examples())[::9]),
        tuple(f"camaudit.report.{name}" for name in ("safe", "csv", "cef", "ocsf", "prometheus", "containment")),
        words=_HOSTILE,
        limit=1024,
    ),
)
