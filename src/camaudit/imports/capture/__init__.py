"""Captures (pcap, pcapng) as imports: in goes a stream, out come entries, made by a scan's own readers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

from camaudit.imports.capture.heard import MOST_UNITS, Heard, Ours, is_private
from camaudit.imports.capture.records import GZIP, Readable, Records, is_capture
from camaudit.imports.capture.sorting import Sorter
from camaudit.imports.entry import Entry, Imported

__all__ = ["Heard", "Ours", "Records", "Sorter", "is_private", "looks_like_capture", "read_capture", "read_stream"]


def looks_like_capture(path: Path) -> bool:
    """Say whether a file is a capture, compressed or not; raises OSError."""
    with path.open("rb") as file:
        start = file.read(4)
        if start[:2] != GZIP:
            return is_capture(start)
        file.seek(0)
        try:
            with gzip.open(file) as unpacked:
                return is_capture(unpacked.read(4))
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return False


def read_capture(path: Path, into: Imported, ours: Ours = is_private) -> None:
    """Read a capture file; raises OSError where it cannot be opened."""
    with path.open("rb", buffering=0) as file:
        start = file.read(2)
        file.seek(0)
        if start == GZIP:
            with gzip.open(file) as unpacked:
                _read(unpacked, into, ours)
        else:
            _read(file, into, ours)


def _read(stream: Readable, into: Imported, ours: Ours) -> None:
    records, notes = read_stream(stream, into.add, ours)
    for number, problem in records.problems:
        into.problem(number, problem)
    into.notes += [f"{into.name}: {note}" for note in notes]


def read_stream(
    stream: Readable, emit: Callable[[Entry], None], ours: Ours = is_private
) -> tuple[Records, tuple[str, ...]]:
    """Read packets to the end of ``stream`` and hand on entries as they come; return its records and notes."""
    heard = Heard(emit, ours)
    sorter = Sorter(heard)
    records = Records(stream)
    take = sorter.take
    for link, at, data in records:
        take(link, at, data)
    sorter.finish()
    return records, tuple(_notes(records, sorter, heard))


def _notes(records: Records, sorter: Sorter, heard: Heard) -> list[str]:
    told = [
        f"{sorter.packets} packets were read; a unit that did not speak while they were captured is not in them"
    ]
    if records.cut:
        told.append(
            f"{records.cut} packets were kept in part only when they were captured, the first is packet "
            f"{records.first_cut}: what stood behind is not known"
        )
    if sorter.fragments:
        told.append(
            f"{sorter.fragments} packets are fragments, the first is packet {sorter.first_fragment}: they were "
            "not put together, and what only they say is missing"
        )
    if sorter.talks.gaps:
        told.append(f"{sorter.talks.gaps} conversations have gaps: they were read up to the first missing piece")
    if sorter.unread:
        told.append(f"{sorter.unread} packets have a broken header or are of a kind that is not read")
    if heard.others:
        told.append(f"{heard.others} public addresses were left out: they are no units of this site")
    if heard.full:
        told.append(f"only the first {MOST_UNITS} units were taken")
    return told
