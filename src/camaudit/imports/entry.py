"""What an imported file says, line by line: entries that become observations, and lines that were not read."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from camaudit.model import Outcome
from camaudit.probes.text import bounded

MAX_PROBLEMS = 50
"""Lines named of one file; the rest are counted."""

_MAC = re.compile(r"[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}\Z", re.IGNORECASE)
_MAC_TRIPLE = re.compile(r"[0-9a-f]{4}[.:-][0-9a-f]{4}[.:-][0-9a-f]{4}\Z|[0-9a-f]{6}-[0-9a-f]{6}\Z", re.IGNORECASE)
_PRINTED = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement about one unit, at an address, a MAC, or neither (a register may have only a name).

    ``outcome`` is ``answered`` where the file records that the unit spoke on the network, else ``not_asked``.
    """

    probe: str
    address: str = ""
    mac: str = ""
    port: int | None = None
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcome: Outcome = Outcome.ANSWERED
    line: int = 0
    at: datetime | None = None
    """When the unit said it, where the file tells."""


@dataclass(slots=True)
class Imported:
    """One file as read. ``problems`` are lines for the operator; ``notes`` say how it was understood."""

    name: str
    kind: str
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unnamed: int = 0

    def add(self, entry: Entry) -> None:
        """Take one entry."""
        self.entries.append(entry)

    def problem(self, line: int, what: str) -> None:
        """Name a line that was not read; beyond the first lines they are only counted."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{self.name}:{line}: {what}")
        else:
            self.unnamed += 1


def fields(**values: str | Iterable[str] | None) -> dict[str, tuple[str, ...]]:
    """Return fields from names with ``__`` for the dot; what is empty is left out, all is cut to size."""
    texts = {
        name.replace("__", "."): (value,) if isinstance(value, str) else tuple(value or ())
        for name, value in values.items()
    }
    return bounded(texts)


def as_address(text: str) -> str:
    """Return an IP address in its usual form; empty where the text is none, or one that names no single host."""
    try:
        parsed = ipaddress.ip_address(text.strip().partition("/")[0].partition("%")[0])
    except ValueError:
        return ""
    return "" if parsed.is_unspecified or parsed.is_multicast else str(parsed)


def as_mac(text: str) -> str:
    """Return a MAC address in small letters with colons; empty where it is none, or no unit's."""
    plain = text.strip()
    if not (_MAC.match(plain) or _MAC_TRIPLE.match(plain)):
        return ""
    digits = re.sub(r"[^0-9a-f]", "", plain.lower())
    if set(digits) == {"0"} or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def shown(text: str) -> str:
    """Return the start of a text as it may stand in a message."""
    return "".join(c if c.isprintable() else "?" for c in text.strip()[:_PRINTED])
