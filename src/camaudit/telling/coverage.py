"""Whether a scan reached less than the one before: in go two coverages, out come changes with the reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from camaudit.model import Coverage
from camaudit.telling.news import Change, Kind, mark
from camaudit.telling.words import telling_words

FEWER = 0.2
"""The part of the hosts that must have fallen silent before that alone is news; a camera or two is not."""
_AT_LEAST = 3
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run reached, and whether it was brought to its end."""

    coverage: Coverage
    complete: bool


def worse(before: Reach, after: Reach, seed: str) -> Iterator[Change]:
    """Yield what the later run reached less well than the earlier one."""
    for key, reason in _reasons(before, after):
        yield Change(mark(seed, Kind.COVERAGE, key), Kind.COVERAGE, reason)


def _reasons(before: Reach, after: Reach) -> Iterator[tuple[str, str]]:
    said, was, now = telling_words().coverage, before.coverage, after.coverage
    if before.complete and not after.complete:
        yield "incomplete", said["incomplete"]
    if now.addresses < was.addresses:
        yield "addresses", said["addresses"].format(before=was.addresses, after=now.addresses)
    elif was.answered - now.answered >= max(_AT_LEAST, FEWER * was.answered):
        yield "answered", said["answered"].format(before=was.answered, after=now.answered)
    if after.complete and now.unasked > was.unasked:
        yield "unasked", said["unasked"].format(before=was.unasked, after=now.unasked)
    if now.error > was.error:
        yield "error", said["error"].format(before=was.error, after=now.error)
    known = {_shape(limit) for limit in was.limits}
    for limit in now.limits:
        if _shape(limit) not in known:
            yield f"limit {_shape(limit)}", said["limit"].format(limit=limit)


def _shape(limit: str) -> str:
    """Return a limit without its numbers: the same limit of two more addresses is no news."""
    return _NUMBERS.sub("#", limit)
