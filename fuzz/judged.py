"""Targets: what was read goes on to a verdict. No text in any field may end the judging or the report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.model import Observation, Outcome, Run, Site
from camaudit.model import Target as Asked
from camaudit.probes.text import bounded
from camaudit.report.json import as_json
from camaudit.scan.told import Told
from camaudit.signatures.fields import FIELDS
from camaudit.store import StoredRun
from fuzz.target import Target

_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
_NAMES = tuple(sorted(FIELDS))
_UNITS = ("192.0.2.10", "192.0.2.11", "fe80::1%lo", "192.0.2.10")
_PROBES = ("", "", "", "channel", "register", "switch", "import")
_SITES = (
    Site("x", jurisdiction="us", kind="school", facts={"federal_grant": True}),
    Site("x", jurisdiction="gb", kind="council"),
    Site("x"),
)


def _judged(data: bytes) -> None:
    """Judge a run whose observations the input holds, a line for each field: unit, field and text."""
    observations = _observations(data[1:])
    for address, seen in observations.items():
        told = Told(list(seen))
        told.web_ports(address)
    run = Run("r", _AT, _AT, "0", ("192.0.2.0/24",))
    stored = StoredRun(run, _SITES[(data[:1] or b"\0")[0] % 3], (), observations, (), ((), ()), 256, 0)
    json.dumps(as_json(judge(stored, _catalogue(), as_of=date(2026, 11, 30))), allow_nan=False)


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
        if len(line) > 2:
            name = _NAMES[line[1] % len(_NAMES)]
            probe = _PROBES[line[0] // len(_UNITS) % len(_PROBES)] or name.partition(".")[0]
            yield _UNITS[line[0] % len(_UNITS)], probe, name, line[2:].decode("utf-8", "replace")


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _line(name: str, text: str, unit: int = 0, probe: str = "") -> bytes:
    return bytes([_PROBES.index(probe) * len(_UNITS) + unit, _NAMES.index(name)]) + text.encode()


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
)
