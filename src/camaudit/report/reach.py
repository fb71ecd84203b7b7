"""What a scan reached, and why it may have found no camera: in goes a ``Report``, out come counts and causes.

"None found" is worth what was reached. Which causes are likely follows from what this very run showed; their words
stand in the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import ceil

from camaudit.model import Coverage, Load, Outcome, Report
from camaudit.report.summary import is_video
from camaudit.report.words import words

_CALLED = frozenset({"hanwha", "bosch", "ipro", "vivotek", "sony", "reolink", "vstarcam", "foscam"})
"""Makers' own searches that only cameras and recorders answer."""
_DISCOVERIES = frozenset({"wsd", "sadp", "dhip", "ssdp", "mdns"}) | _CALLED
_VIDEO = frozenset({"rtsp", "onvif", "isapi", "dahua", "wsd", "sadp", "dhip"}) | _CALLED
_LEFT_OUT = frozenset({"port", "neighbour"})
_MANY_SILENT = 0.9


@dataclass(frozen=True, slots=True)
class Protocol:
    """One protocol of a scan, and how many hosts did what when asked by it."""

    name: str
    outcomes: Mapping[Outcome, int]

    @property
    def answered(self) -> int:
        """Return how many hosts answered."""
        return self.outcomes.get(Outcome.ANSWERED, 0)


def protocols(coverage: Coverage) -> tuple[Protocol, ...]:
    """Return each protocol that was used, those with the most answers first."""
    found: dict[str, Counter[Outcome]] = {}
    for host in coverage.hosts:
        for name, outcome in host.probes.items():
            if name not in _LEFT_OUT:
                found.setdefault(name, Counter())[outcome] += 1
    made = (Protocol(name, outcomes) for name, outcomes in found.items())
    return tuple(sorted(made, key=lambda protocol: (-protocol.answered, protocol.name)))


def heaviest(coverage: Coverage) -> Load | None:
    """Return the most of each kind that any one host was asked; ``None`` where nothing of it was counted."""
    loads = [host.load for host in coverage.hosts if host.load is not None]
    if not loads:
        return None
    return Load(**{part.name: max(getattr(load, part.name) for load in loads) for part in fields(Load)})


def restraint(coverage: Coverage) -> str:
    """Say in a sentence how gently hosts were asked; empty where it was not counted."""
    most = heaviest(coverage)
    if most is None:
        return ""
    size = ceil(most.bytes_in / 1000)
    return words().labels["load"].format(at_once=most.at_once, requests=most.requests, kilobytes=size)


def causes(report: Report) -> tuple[str, ...]:
    """Return why no camera may have been found, the likeliest first; nothing where one was."""
    if any(is_video(device) for device in report.devices):
        return ()
    coverage = report.coverage
    told = [(name, outcome) for host in coverage.hosts for name, outcome in host.probes.items()]
    answered = {name for name, outcome in told if outcome is Outcome.ANSWERED}
    likely: dict[str, bool] = {
        "unfinished": coverage.unasked > 0,
        "excluded": coverage.excluded > 0 and coverage.excluded >= coverage.answered,
        "elsewhere": True,
        "multicast": not answered & _DISCOVERIES,
        "apart": coverage.silent >= _MANY_SILENT * max(coverage.addresses, 1),
        "locked": coverage.refused > 0 and not answered & _VIDEO,
        "recorder": coverage.answered > 0,
        "off": True,
    }
    return tuple(name for name, is_likely in likely.items() if is_likely)
