"""Programs that show what is true of a camera elsewhere: evidence in, the places where one shows itself out.

Bridges, proxies and servers of streams answer in the words of the camera behind them. What came by way of one
is true of some machine, but not of this one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from camaudit.model import Strength
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches, claims
from camaudit.signatures.schema import EntityType, Says

_ONVIF = frozenset({"onvif", "wsd", "rtsp", "http", "tls"})
_PASSED_ON = {
    "http": frozenset({"http", "isapi", "dahua", "lapi", "tls"}),
    "rtsp": frozenset({"rtsp"}),
    "onvif": _ONVIF,
    "wsd": _ONVIF,
}
"""By where a relay shows itself: the channels in which it may speak for a camera somewhere else."""

_CEILING = {"http": 0.79, "rtsp": 0.50, "onvif": 0.50, "wsd": 0.50}
"""A web server that could pass pages on often does not; a server of streams has no stream of its own."""

_OF_A_PROGRAM = 0.25
"""Where the program in front is known by name, the unit is that program: a maker gets less than "possible"."""

SAYS = {
    "http": "The web server in front may be passing on the pages of a {} unit somewhere else.",
    "rtsp": "The server of streams in front may be passing on the stream of a {} unit somewhere else.",
    "onvif": "The ONVIF server in front is a program that may be standing in for a {} unit somewhere else.",
    "wsd": "The ONVIF server in front is a program that may be standing in for a {} unit somewhere else.",
}


def relays(matches: Matches, channels: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """Return where a relay shows itself that could pass on all of ``channels`` from a machine elsewhere."""
    shown = {item.channel for item in matches.evidence if item.claim == "state=relayed"}
    shown |= _programs(matches, knowledge) - {"http"}
    return frozenset(place for place in shown & set(_PASSED_ON) if not set(channels) - _PASSED_ON[place])


def ceiling(matches: Matches, channels: Iterable[str], knowledge: Knowledge) -> float:
    """Return how sure a maker may be, 0 to 1, that shows in no more than ``channels``; 1 without a relay."""
    places = relays(matches, channels, knowledge)
    named = _programs(matches, knowledge) - {"http"}
    return min((_OF_A_PROGRAM if place in named else _CEILING[place] for place in places), default=1.0)


def _programs(matches: Matches, knowledge: Knowledge) -> set[str]:
    """Return the channels in which a program that has no camera of its own is known by a sign that is its own."""
    found = set()
    for item in claims(matches.evidence, Says.MAKER):
        entity = knowledge.entities[item.claim.partition("=")[2]]
        own = item.strength in (Strength.STRONG, Strength.DECISIVE)
        if own and entity.type is EntityType.SOFTWARE and not entity.video:
            found.add(item.channel)
    return found
