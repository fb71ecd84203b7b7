"""An estate that nobody owns: as many devices as are wanted, at many sites, looked at again and again.

Each device is one host of the recorded run of the simulated fleet (``examples/demo``) with a serial number, a
MAC address, a UUID and an address of its own. From one look to the next its clocks and nonces differ, and one
device in a hundred moves, is replaced, gets other firmware, or is off. The rows that come out are what a worker
sends.
"""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from camaudit.estate import gather
from camaudit.estate.form import Estate, load_estate
from camaudit.estate.jobs import Job
from camaudit.estate.work import Result
from camaudit.scan import parse_scope
from camaudit.store import Store

_EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "demo"
_RUN = _EXAMPLE / "run.jsonl.gz"
_BEGUN = datetime(2025, 9, 1, 7, tzinfo=UTC)
_BETWEEN = timedelta(days=40)
_FIRST = ipaddress.IPv4Address("10.0.0.0")
_CHANGED = 0.01
"""Of how many devices something is otherwise at the next look."""

_SITES = (
    "jurisdiction: GB-ENG\nkind: school\n",
    "jurisdiction: GB-ENG\nkind: school\n",
    "jurisdiction: GB-ENG\nkind: council\n",
    "jurisdiction: US\nkind: school\nfacts: {spends_us_federal_awards: true}\n",
    "jurisdiction: US\nkind: university\nfacts: {holds_us_federal_contracts: true}\n",
)
_MAC = re.compile(r"(?i)(?<![0-9a-f])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f])")
_TOKEN = re.compile(r"(?i)(?<![0-9a-f])(?:[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64})(?![0-9a-f])")
_SERIAL = re.compile(r"serial|_sn$|machine_name")
_CLOCK = re.compile(r"(?P<http>\d{2} \w{3} 2026 \d{2}:\d{2}:\d{2} GMT)|(?P<iso>2026-11-30T\d{2}:\d{2}:\d{2})")
_NONCE = re.compile(r'(?<=nonce=")[^"]+')
_FIRMWARE = re.compile(r"(?<=[bB]uild.)\d{6}\b")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Device:
    """One device at one look: which recorded host it is, its number, its place, and the firmware it has by now."""

    host: int
    number: int
    address: str
    firmware: int


@cache
def hosts() -> tuple[tuple[Row, ...], ...]:
    """Return what each recorded host said that is a device."""
    heard: dict[str, list[Row]] = {}
    answered: set[str] = set()
    for line in gzip.decompress(_RUN.read_bytes()).decode().splitlines():
        table, row = json.loads(line)
        if table == "observations":
            heard.setdefault(row["address"], []).append(row)
        elif table == "hosts" and row["outcome"] == "answered":
            answered.add(row["address"])
    return tuple(tuple(heard[address]) for address in sorted(answered))


@dataclass(frozen=True, slots=True)
class County:
    """So many sites with so many devices each."""

    sites: int
    devices: int

    @property
    def room(self) -> int:
        """Return the addresses of one site: a network with twice as many as it has devices, or more."""
        return 1 << (2 * self.devices).bit_length()

    def first(self, site: int) -> ipaddress.IPv4Address:
        """Return the first address of a site."""
        return _FIRST + site * self.room


def write_files(folder: Path, county: County) -> Estate:
    """Write the estate file, those of its sites and a price table, and read them back."""
    (folder / "sites").mkdir(parents=True, exist_ok=True)
    (folder / "sites" / "prices.yaml").write_bytes((_EXAMPLE / "prices.yaml").read_bytes())
    lines = ["schema: camaudit/estate@1", "name: Generated county", "sites:"]
    for number in range(county.sites):
        network = f"{county.first(number)}/{33 - county.room.bit_length()}"
        text = f"schema: camaudit/site@1\nname: Site {number:05}\n{_SITES[number % len(_SITES)]}"
        text = f"{text}scope: [{network}]\nprices_file: prices.yaml\n"
        (folder / "sites" / f"{number:05}.yaml").write_text(text, "ascii")
        area = f"Area {number % 20 + 1:02}"
        lines.append(f"  - {{id: site-{number:05}, site: sites/{number:05}.yaml, area: {area}}}")
    file = folder / "estate.yaml"
    file.write_text("\n".join(lines) + "\n", "ascii")
    return load_estate(file)


def look(county: County, site: int, number: int) -> tuple[Device, ...]:
    """Return the devices of a site as look ``number`` finds them, the first look being 0."""
    chance = random.Random(f"site {site}")
    free = list(range(10, county.room - 10))
    chance.shuffle(free)
    first = county.first(site)
    there = [
        Device(chance.randrange(len(hosts())), site * county.room + at, str(first + free.pop()), 0)
        for at in range(county.devices)
    ]
    off: set[int] = set()
    for later in range(number):
        off = set()
        for at, device in enumerate(there):
            if chance.random() < _CHANGED:
                there[at] = _changed(device, chance, first, free, later)
                off |= {at} if there[at] is device else set()
    return tuple(device for at, device in enumerate(there) if at not in off)


def _changed(
    device: Device, chance: random.Random, first: ipaddress.IPv4Address, free: list[int], later: int
) -> Device:
    """Return what became of a device; the same one where it is only off."""
    match chance.randrange(4):
        case 0:
            return Device(device.host, device.number, str(first + free.pop()), device.firmware)
        case 1:
            new = device.number + (later + 1) * 1_000_000
            return Device(chance.randrange(len(hosts())), new, device.address, 0)
        case 2:
            return Device(device.host, device.number, device.address, device.firmware + 1)
        case _:
            return device


def rows_of(device: Device, at: datetime, nonce: str) -> Iterator[Row]:
    """Yield what a device says at some moment, as the rows of a worker."""
    number, tail = device.number, f"{device.number:06x}"
    given = {
        "address": device.address,
        "hex": tail,
        "hex:": f"{tail[:2]}:{tail[2:4]}:{tail[4:]}",
        "hex-": f"{tail[:2]}-{tail[2:4]}-{tail[4:]}",
        "HEX": tail.upper(),
        "digits": f"{number:08d}",
        "firmware": f"{250000 + device.firmware:06d}",
        "http": f"{at:%d %b %Y %H:%M:%S} GMT",
        "iso": f"{at:%Y-%m-%dT%H:%M:%S}",
        "nonce": nonce,
    }
    for row, fields in _templates()[device.host]:
        told = {name: [_filled(text, given) for text in texts] for name, texts in fields.items()}
        yield {**row, "address": device.address, "fields": told, "at": at.isoformat()}


Template = list[tuple[str, str]]
"""Texts as they are, and after each the name of what is filled in; the last has none."""


def _filled(template: Template, given: Mapping[str, str]) -> str:
    if len(template) == 1:
        return template[0][0]
    return "".join([part for text, name in template for part in (text, given[name] if name else "")])


@cache
def _templates() -> list[list[tuple[Row, dict[str, list[Template]]]]]:
    return [_of_host(rows) for rows in hosts()]


def _of_host(rows: tuple[Row, ...]) -> list[tuple[Row, dict[str, list[Template]]]]:
    own = _own(rows)
    kept = ("port", "probe", "outcome", "note")
    return [
        (
            {name: row[name] for name in kept},
            {name: [_template(text, own) for text in texts] for name, texts in row["fields"].items()},
        )
        for row in rows
    ]


def _own(rows: tuple[Row, ...]) -> dict[str, tuple[int, str]]:
    """Return every text that names this one unit: where in it the unit's part begins, and how that is written."""
    own = {rows[0]["address"]: (0, "address")}
    for name, text in ((name, text) for row in rows for name, texts in row["fields"].items() for text in texts):
        if _SERIAL.search(name) and len(text) >= 12 and not _TOKEN.fullmatch(text):
            own[text] = (len(text) - 8, "digits")
        for found in _MAC.finditer(text):
            own[found[0]] = (len(found[0]) - 8, f"hex{found[1]}")
        for found in _TOKEN.finditer(text):
            own[found[0]] = (len(found[0]) - 6, "HEX" if found[0].upper() == found[0] else "hex")
    return own


def _template(text: str, own: Mapping[str, tuple[int, str]]) -> Template:
    """Return a text parted where something of the unit, or of the moment, stands in it."""
    named = re.compile("|".join(re.escape(each) for each in sorted(own, key=len, reverse=True)))
    spots = [(found.start() + own[found[0]][0], found.end(), own[found[0]][1]) for found in named.finditer(text)]
    spots += [(found.start(), found.end(), str(found.lastgroup)) for found in _CLOCK.finditer(text)]
    spots += [(found.start(), found.end(), "nonce") for found in _NONCE.finditer(text)]
    spots += [(found.start(), found.end(), "firmware") for found in _FIRMWARE.finditer(text)]
    template: Template = []
    at = 0
    for start, end, name in sorted(spots):
        if start >= at:
            template.append((text[at:start], name))
            at = end
    return [*template, (text[at:], "")]


def fill(store: Store, estate: Estate, county: County, looks: int) -> Iterator[int]:
    """Look at every site so many times: plan, and take a result for each job, as the hub does; yield each look."""
    for number in range(looks):
        at = _BEGUN + number * _BETWEEN
        for site, plan in enumerate(gather.begin(store, estate, at)):
            of_job: dict[int, list[Device]] = {}
            for device in look(county, site, number):
                offset = int(ipaddress.IPv4Address(device.address)) - int(county.first(site))
                of_job.setdefault(offset // estate.chunk, []).append(device)
            for count, job in enumerate(plan.jobs):
                result = _result(job, of_job.get(count, []), at)
                gather.take(store, result, job.site, at + timedelta(minutes=5))
        yield number


def _result(job: Job, mine: Sequence[Device], at: datetime) -> Result:
    scope = parse_scope(job.targets)
    rows: dict[str, list[Row]] = {"observations": [], "hosts": []}
    for count, device in enumerate(mine):
        moment = at + timedelta(seconds=count / 10)
        nonce = hashlib.blake2s(f"{device.number} {at}".encode(), digest_size=16).hexdigest()
        rows["observations"] += rows_of(device, moment, nonce)
        rows["hosts"].append({"address": device.address, "outcome": "answered", "notes": []})
    first, last = (str(end) for end in (scope.spans[0].first, scope.spans[0].last))
    rows["swept"] = [{"first": first, "last": last, "addresses": scope.size(), "silent": scope.size() - len(mine)}]
    return Result(job.id, job.site, "done", rows=rows)
