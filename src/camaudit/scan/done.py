"""What an earlier part of a run has finished or begun: in go its observations, out comes what need not be asked.

Pure. What is stored is not asked again: a finished host not at all, one that was begun only for the rest, and a
search of the whole link only where it was not brought to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from camaudit.model import HostCoverage, Observation, Outcome
from camaudit.probes import SEARCHES

GROUPS = "groups"
"""The name of the stage that asks every discovery protocol by multicast."""

_SEARCHES = frozenset(each.probe for each in SEARCHES)

Seen = Mapping[str, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Done:
    """Finished hosts, whole blocks by first and last address, and what is known of the rest.

    ``begun`` holds what was stored of hosts that are not finished, ``told`` what any host said by multicast;
    ``stages`` the limits of each stage that is over, by its name.
    """

    hosts: frozenset[str] = frozenset()
    blocks: frozenset[tuple[str, str]] = frozenset()
    answered: int = 0
    begun: Seen = field(default_factory=dict)
    told: Seen = field(default_factory=dict)
    strangers: frozenset[tuple[str, str]] = frozenset()
    """Who answered from outside the scope, with the protocol: recorded once."""
    described: frozenset[str] = frozenset()
    """Hosts whose UPnP description was read."""
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def done_of(
    hosts: Iterable[HostCoverage],
    blocks: Iterable[tuple[str, str]],
    observations: Seen,
    stages: Mapping[str, tuple[str, ...]],
) -> Done:
    """Return what a stored part of a run has done."""
    outcomes = {host.address: host.outcome for host in hosts}
    inside = {
        address: tuple(item for item in items if item.outcome is not Outcome.OUT_OF_SCOPE or item.target.port)
        for address, items in observations.items()
    }
    strangers = {
        (item.target.address, item.probe)
        for items in observations.values()
        for item in items
        if item.outcome is Outcome.OUT_OF_SCOPE and item.target.port is None
    }
    return Done(
        hosts=frozenset(outcomes),
        blocks=frozenset(blocks),
        answered=sum(outcome == "answered" for outcome in outcomes.values()),
        begun={address: items for address, items in inside.items() if items and address not in outcomes},
        told={a: told for a, items in inside.items() if (told := tuple(filter(_was_told, items)))},
        strangers=frozenset(strangers),
        described=frozenset(a for a, items in inside.items() if any(item.probe == "upnp" for item in items)),
        stages=stages,
    )


def _was_told(item: Observation) -> bool:
    """Say whether a host told this by itself; what it was asked for has a port."""
    return item.probe in _SEARCHES and item.target.port is None and item.outcome is Outcome.ANSWERED
