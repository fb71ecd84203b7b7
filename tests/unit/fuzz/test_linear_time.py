"""Hostile shapes take linear work: what is eight times as long takes some eight times as long to read.

For each target a shape is a sound start, something repeated in it, and the end. Time is the processor's, best of
several where the first look is suspicious, and only what takes long enough to be measured is compared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from fuzz.target import Target
from fuzz.targets import TARGETS

from camaudit.probes import markup

UNITS = (
    *(b"a", b" ", b"\r\n", b"0", b"\0", b"\xff", b"<a>", b"<a", b"&amp;", b'"', b"\\", b"[", b"{"),
    *(b",", b":", b"=", b"- ", b"a: b\n", b"a,b\n", b'x="', b"1."),
)
SMALL, TIMES = 2048, 8
_WORTH_MEASURING_S = 0.004
_MOST_GROWTH = 24.0
"""Between 8 (linear) and 64 (the square), with room for a busy machine."""

_HEAVY = frozenset(
    {
        "workbook",
        "workbook-zip",
        "workbook-back",
        "nmap-engine",
        "pcap-gz",
        "signatures-yaml",
        "reports",
        "pattern",
    }
)
_ALIKE = frozenset(name for name in TARGETS if name.endswith(("yaml", "-file"))) - {"site-yaml"}
"""Readers of YAML: one of them is tried with everything, the others with their own words."""


def _shapes(target: Target) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    seed = min(target.seeds(), key=len, default=b"")
    few = target.name in _HEAVY or target.name in _ALIKE
    units = (*(UNITS[::4] if few else UNITS), *target.words[:12], seed)
    for unit in units:
        for cut in (len(seed) // 2,) if few else (0, len(seed) // 2):
            if unit:
                yield f"{unit[:12]!r} at {cut}", seed[:cut], unit, seed[cut:]


def _seconds(target: Target, data: bytes) -> float:
    began = time.thread_time()
    target.feed(data)
    return time.thread_time() - began


@pytest.mark.parametrize("name", TARGETS)
def test_the_work_grows_with_the_input_and_not_with_its_square(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What was read before is remembered where it is short, which is not what is measured here.
    monkeypatch.setattr(markup, "_read_again", markup._read)
    target = TARGETS[name]
    target.feed(b"")
    grown, small = {}, min(SMALL, 4 * target.limit)
    for shape, begin, unit, end in _shapes(target):
        short = begin + unit * max(1, small // len(unit)) + end
        long = begin + unit * max(1, small * TIMES // len(unit)) + end
        took = _seconds(target, long)
        if took < _WORTH_MEASURING_S or took < _MOST_GROWTH * _seconds(target, short):
            continue
        took = min(took, *(_seconds(target, long) for _ in range(3)))
        growth = took / max(min(_seconds(target, short) for _ in range(5)), 0.0001)
        if growth > _MOST_GROWTH and took > _WORTH_MEASURING_S:
            grown[shape] = f"{growth:.0f} times, {took:.3f} s"
    assert grown == {}
