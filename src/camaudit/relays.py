"""Programs that show what is true of a camera elsewhere: evidence in, the places where one shows itself out.

Bridges, proxies and servers of streams answer in the words of the camera behind them. What came by way of one
is true of some machine, but not of this one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from camaudit.model import Evidence, Strength
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches
from camaudit.signatures.names import known_entity, says_more
from camaudit.signatures.schema import EntityType

_ONVIF = frozenset({"onvif", "wsd", "rtsp", "http", "tls"})
_PASSED_ON = {
    "http": frozenset({"http", "isapi", "dahua", "lapi", "tls"}),
    "program": frozenset({"http", "isapi", "dahua", "lapi", "tls"}),
    "rtsp": frozenset({"rtsp"}),
    "onvif": _ONVIF,
    "wsd": _ONVIF,
}
"""By where a relay shows itself: the channels in which it may speak for a camera somewhere else."""

_CEILING = {"http": 0.79, "program": 0.50, "rtsp": 0.50, "onvif": 0.50, "wsd": 0.50}
"""A web server that could pass pages on often does not; a server of streams has no stream of its own."""

_OWN = (Strength.STRONG, Strength.DECISIVE)

_OWNERS_PLACES = frozenset(
    {"http.title", "http.realm", "wsd.name", "upnp.friendly_name"}
    | {"mdns.instance", "mdns.hostname", "snmp.name", "onvif.hostname", "tls.subject"}
)

_ONLY_A_NAME, _NAME_IN_FRONT = 0.79, 0.50
"""Where a unit gives nothing but a name that its owner can write, and where a server that relays gives it."""

_OF_A_PROGRAM = 0.25
"""Where the program in front is known by name, the unit is that program: a maker gets less than "possible"."""

SAYS = {
    "http": "The web server in front may be passing on the pages of a {} unit somewhere else.",
    "program": "The web server is a program that no camera runs: its pages may speak of a {} unit somewhere else.",
    "rtsp": "The server of streams in front may be passing on the stream of a {} unit somewhere else.",
    "onvif": "The ONVIF server in front is a program that may be standing in for a {} unit somewhere else.",
    "wsd": "The ONVIF server in front is a program that may be standing in for a {} unit somewhere else.",
}


_RESTREAMERS = frozenset({"maker=mediamtx", "maker=go2rtc"})

_MOST_MAKERS = 2
"""Pages that show more makers than this by their own signs are bait for searchers, or lists."""


def relays(matches: Matches, channels: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """Return where a relay shows itself that could pass on all of ``channels`` from a machine elsewhere."""
    shown = {item.channel for item in matches.evidence if item.claim == "state=relayed"}
    shown |= _named(matches, knowledge)
    shown |= {"program"} if serves_pages(matches, knowledge) else set()
    return frozenset(place for place in shown & set(_PASSED_ON) if not set(channels) - _PASSED_ON[place])


def ceiling(matches: Matches, channels: Mapping[str, Evidence], knowledge: Knowledge) -> float:
    """Return how sure a maker may be, 0 to 1, that shows in no more than ``channels``; 1 without a relay."""
    places = relays(matches, channels, knowledge)
    named = _named(matches, knowledge)
    if not all(is_a_name(item, knowledge) for item in channels.values()):
        return min((_OF_A_PROGRAM if place in named else _CEILING[place] for place in places), default=1.0)
    named |= {"program"}
    return min((_OF_A_PROGRAM if place in named else _NAME_IN_FRONT for place in places), default=_ONLY_A_NAME)


def serves_pages(matches: Matches, knowledge: Knowledge) -> bool:
    """Say whether a program that no camera runs, or bait for searchers, answers for this unit over HTTP."""
    if any(item.claim == "state=program" for item in matches.evidence):
        return True
    return "http" in _programs(matches, knowledge) or _is_bait(matches)


def is_passed_on(item: Evidence, matches: Matches) -> bool:
    """Say whether a page says what ``item`` reads: where a program serves pages, that is anybody's word.

    Not of a maker whose own web server answers on another port of the unit, unless the pages are bait.
    """
    if item.channel not in _PASSED_ON["program"]:
        return False
    own = {i.claim for i in matches.evidence if i.field == "http.server" and i.strength in _OWN}
    return item.claim not in own or _is_bait(matches)


def is_a_name(item: Evidence, knowledge: Knowledge) -> bool:
    """Say whether evidence is a name in a place where the owner of a unit, or of a page, may write one."""
    # Nobody writes a model behind a name by hand: there the firmware speaks.
    own = item.field in _OWNERS_PLACES and not item.extracted
    return own and known_entity(item.excerpt, knowledge) is not None


def is_talk(item: Evidence, knowledge: Knowledge) -> bool:
    """Say whether a name stands in words that somebody wrote about it, as in "Dahua NVR status"."""
    # Signs that read more than a name are called otherwise.
    return item.signature.endswith("-name") and is_a_name(item, knowledge) and says_more(item.excerpt, knowledge)


def _is_bait(matches: Matches) -> bool:
    solid = (item for item in matches.makers if item.strength is not Strength.WEAK)
    return len({item.claim for item in solid if item.channel == "http"}) > _MOST_MAKERS


def _named(matches: Matches, knowledge: Knowledge) -> set[str]:
    """Return where a program shows itself; one that passes streams on has its ONVIF from a program as well."""
    found = _programs(matches, knowledge) - {"http"}
    passes_on = any(item.claim in _RESTREAMERS and item.strength in _OWN for item in matches.evidence)
    return found | {"onvif"} if passes_on and "rtsp" in found else found


def _programs(matches: Matches, knowledge: Knowledge) -> set[str]:
    """Return the channels in which a program that has no camera of its own is known by a sign that is its own."""
    found = set()
    for item in matches.makers:
        entity = knowledge.entities[item.claim.partition("=")[2]]
        if item.strength in _OWN and entity.type is EntityType.SOFTWARE and not entity.video:
            found.add(item.channel)
    return found
