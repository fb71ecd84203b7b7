"""Hold our vulnerabilities against CISA's catalogue of exploited ones: ``python -m upkeep.vulnerabilities FILE``.

In goes the catalogue as its authority publishes it (JSON, downloaded by hand), out come the rows that differ, and
entries of makers we know that have no row. ``--write`` sets the days in ``signatures/vulnerabilities.yaml``; a new
row is written by a person, who reads the record.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from camaudit.catalogue import load_catalogue
from camaudit.signatures.schema import Entity
from camaudit.signatures.vulnerable import Known

FILE = Path("signatures/vulnerabilities.yaml")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the catalogue: its CVE, the maker and product as written there, the day it was added."""

    cve: str
    vendor: str
    product: str
    added: date


def read(file: Path) -> tuple[Entry, ...]:
    """Read the catalogue. Raises ``ValueError`` in one line where it is not one."""
    try:
        found = json.loads(file.read_text("utf-8"))["vulnerabilities"]
        return tuple(
            Entry(e["cveID"], e["vendorProject"], e["product"], date.fromisoformat(e["dateAdded"])) for e in found
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: no catalogue of exploited vulnerabilities ({error!r})") from None


def other_days(rows: Iterable[Known], entries: Iterable[Entry]) -> dict[str, date | None]:
    """Return the day the catalogue gives, or ``None``, for each row that says otherwise."""
    listed = {entry.cve: entry.added for entry in entries}
    return {row.id: listed.get(row.id) for row in rows if row.known_exploited != listed.get(row.id)}


def without_a_row(rows: Iterable[Known], entries: Iterable[Entry], entities: Iterable[Entity]) -> Iterator[Entry]:
    """Yield the entries of makers and brands we know, by their names, that no row has."""
    ours = {row.id for row in rows}
    names = {_plain(name) for entity in entities for name in (entity.name, entity.id, *entity.aliases)}
    for entry in entries:
        words = _plain(entry.vendor).split()
        starts = {" ".join(words[:n]) for n in range(1, len(words) + 1)}
        if entry.cve not in ours and starts & names:
            yield entry


def with_days(text: str, days: dict[str, date | None], compared: date) -> str:
    """Return the file's text with these days set, and the day of the comparison; all else stays as it was."""
    text = re.sub(r"^compared: \S+", f"compared: {compared.isoformat()}", text, count=1, flags=re.MULTILINE)
    for cve, added in days.items():
        begin = text.index(f"- id: {cve}\n")
        end = text.find("\n  - id: ", begin)
        row = text[begin : end if end >= 0 else len(text)]
        bare = re.sub(r"^    known_exploited: .*\n", "", row, flags=re.MULTILINE)
        if added is not None:
            bare = re.sub(r"^(    title: .*\n)", rf"\g<1>    known_exploited: {added}\n", bare, flags=re.MULTILINE)
        text = text.replace(row, bare, 1)
    return text


def _plain(name: str) -> str:
    return " ".join(_WORD.findall(name.lower()))


def main() -> int:
    """Print what differs; 1 where something does and was not written, 2 where the file is no catalogue."""
    parser = argparse.ArgumentParser(prog="python -m upkeep.vulnerabilities", description=__doc__)
    parser.add_argument("catalogue", type=Path, help="known_exploited_vulnerabilities.json")
    parser.add_argument("--write", action="store_true", help=f"set the days in {FILE}")
    wanted = parser.parse_args()
    try:
        entries = read(wanted.catalogue)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    knowledge = load_catalogue().knowledge
    rows = knowledge.vulnerabilities.vulnerabilities
    days = other_days(rows, entries)
    for cve, added in days.items():
        print(f"{cve}: {f'listed on {added}' if added else 'not listed'}; our row says otherwise")
    missing = tuple(without_a_row(rows, entries, knowledge.entities.values()))
    for entry in missing:
        print(f"{entry.cve}: {entry.vendor} {entry.product}, listed on {entry.added}; we have no row")
    if wanted.write:
        FILE.write_text(with_days(FILE.read_text("utf-8"), days, date.today()), "utf-8")
        print(f"{FILE}: days set; run `make proven`")
        return 1 if missing else 0
    return 1 if days or missing else 0


if __name__ == "__main__":
    sys.exit(main())
