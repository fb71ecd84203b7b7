"""What a message says: values only, the same for every way of sending it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MAX_CHANGES = 1000
"""Changes that one message lists; ``News.number`` counts them all."""


class Kind(StrEnum):
    """What became of a finding, or of the scan itself."""

    OPENED = "opened"
    CLOSED = "closed"
    CHANGED = "changed"
    UNSEEN = "unseen"
    SEEN_AGAIN = "seen_again"
    COVERAGE = "coverage_worse"


class Occasion(StrEnum):
    """Why a message is sent: the first one to a receiver, changes since the last one, or a trial."""

    START = "start"
    CHANGES = "changes"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``before`` and ``after`` are states, ``+waived`` where accepted, empty where there is none.

    ``id`` is the same however often it is sent. A text may hold what a device wrote: each form escapes it.
    """

    id: str
    kind: Kind
    why: str
    device: str = ""
    address: str = ""
    label: str = ""
    policy: str = ""
    rule: str = ""
    title: str = ""
    before: str = ""
    after: str = ""
    severity: str = "info"
    due: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One message about one site. ``since`` is the run it is compared with; ``counts`` how it stands now."""

    id: str
    occasion: Occasion
    site: str
    run: str
    at: datetime
    judged_as_of: date
    tool_version: str
    counts: Mapping[str, int]
    changes: tuple[Change, ...] = ()
    number: int = 0
    since: str = ""
    names: Mapping[str, str] | None = None


def mark(*parts: str) -> str:
    """Return the digest of some texts: the id of a change or of a message."""
    return hashlib.blake2s("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()


def message_id(receiver: str, site: str, occasion: Occasion, number: int, changes: Iterable[Change]) -> str:
    """Return the id of a message: the same when the same is sent again, another when there is more to say."""
    return f"camaudit-{mark(receiver, site, occasion, str(number), *sorted(each.id for each in changes))}"
