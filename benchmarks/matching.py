"""How the cost of matching grows with the signature base: ``python -m benchmarks.matching [--write]``.

Every recorded device of ``corpus/`` is matched against today's signatures, then against five and ten times as
many: copies whose patterns can match nothing but are as long. Nothing that was matched before is remembered.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from corpus import form
from corpus.replay import observations

from benchmarks import table
from camaudit.catalogue import load_catalogue
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of, match
from camaudit.signatures.sign import Sign

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
_TIMES = (1, 5, 10)
_ROUNDS = 7
_FIGURE_US = 311
"""What the project's own measurements give for 620 signatures and 10 fields of a device, literal first."""

_BLOCK = re.compile(r"(?s)(<!-- matching -->\n).*?(<!-- end of matching -->)")

Fields = Mapping[str, tuple[str, ...]]


def main(arguments: list[str] | None = None) -> int:
    """Print the cost for each size of the base; with ``--write`` put it into docs/performance.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description="Matching, as the base grows.")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    options = parser.parse_args(arguments)
    catalogue = load_catalogue()
    devices = [fields_of(observations(one), catalogue.oui) for one in form.load(catalogue.knowledge)]
    rows = []
    for times in _TIMES:
        base = grown(catalogue.knowledge, times)
        spent = sorted(_each_us(devices, base) for _ in range(_ROUNDS))
        rows.append(
            f"| {len(base.signatures)} | {statistics.median(spent):.0f} | {spent[0]:.0f} to {spent[-1]:.0f} |"
        )
    head = "| signatures | µs a device, median | spread |\n| ---: | ---: | ---: |"
    text = "\n".join(
        (
            f"Measured {date.today():%Y-%m-%d} over {len(devices)} recorded devices; {table.revision()}. "
            f"The project's own measurements gave {_FIGURE_US} µs for 620 signatures, on another machine.",
            "",
            head,
            *rows,
            "",
        )
    )
    print(text)
    if options.write:
        _PAGE.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], _PAGE.read_text()))
    return 0


def grown(knowledge: Knowledge, times: int) -> Knowledge:
    """Return a base ``times`` as large; the copies are as long to look at and claim nothing."""
    copies = [
        Sign(sign.maker, replace(sign.signature, id=f"{sign.signature.id}-{number}", pattern=_other(sign, number)))
        for number in range(1, times)
        for sign in knowledge.signatures
    ]
    signs = (*knowledge.signatures, *copies)
    by_field: dict[str, list[Sign]] = {}
    for sign in signs:
        by_field.setdefault(sign.signature.reads, []).append(sign)
    return replace(knowledge, signatures=signs, by_field={name: tuple(found) for name, found in by_field.items()})


def _other(sign: Sign, number: int) -> str:
    flags = re.match(r"\(\?[a-z]+\)", sign.signature.pattern)
    head = flags[0] if flags else ""
    return f"{head}(?:{sign.signature.pattern[len(head) :]})(?=\\x00{number})"


def _each_us(devices: Sequence[Fields], base: Knowledge) -> float:
    base.remembered.clear()
    before = time.perf_counter()
    for fields in devices:
        match(fields, base)
    return (time.perf_counter() - before) / len(devices) * 1e6


if __name__ == "__main__":
    sys.exit(main())
