"""Models in a maker's own form wherever a unit writes them: in go fields, out comes evidence. Pure.

A maker's signs read its models where a protocol has a place for them. Firmware writes the same word as the title
of its page, as the realm of a login, as the name of its stream or of itself; owners write it too, so that there it
is no more than a hint.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from camaudit.model import Evidence, Strength
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.schema import EntityType

Read = Callable[[str, tuple[str, ...]], tuple[Evidence, ...]]
"""A field and its values to what its own signs make of them."""

_FORMS = "onvif.model"
_FIRMWARES = frozenset(
    {
        "http.title",
        "http.realm",
        "isapi.realm",
        "dahua.realm",
        "lapi.realm",
        "onvif.realm",
        "rtsp.realm",
        "rtsp.sdp",
    }
    | {"snmp.model", "snmp.descr", "lldp.model", "lldp.description", "upnp.model_number", "upnp.model_name"}
)
_OWNERS = frozenset(
    {"wsd.name", "mdns.instance", "mdns.hostname", "onvif.hostname", "dhcp.hostname", "upnp.friendly_name"}
    | {"snmp.name", "lldp.name"}
)
"""Fields in which stands what the firmware calls the unit, until its owner calls it otherwise."""

PLACES = _FIRMWARES | _OWNERS

_OWNERS_WEIGHT = math.log(15)
_MOST_TEXT, _MOST_WORDS = 200, 8
_SESSION = re.compile(r"(?m)^[si]=([^\r\n]{1,200})")
_CALLED = re.compile(r"(?:^|[-_.])[A-Z]{4,}\d{1,2}$")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9()/_.+-]{5,39}")


def models_in(name: str, values: tuple[str, ...], knowledge: Knowledge, read: Read) -> Iterator[Evidence]:
    """Yield whose model one of ``PLACES`` shows; ``read`` matches the values of a field by its own signs."""
    for word in dict.fromkeys(_words(name, values)):
        yield from (_told_in(name, item) for item in read(_FORMS, (word,)) if _names_maker(item, knowledge))


def _words(name: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        texts = _SESSION.findall(value) if name == "rtsp.sdp" else [value[:_MOST_TEXT]]
        for text in texts:
            whole = text.removesuffix(".local") if name.startswith("mdns.") else text
            yield from (word for word in _WORD.findall(whole)[:_MOST_WORDS] if _is_numbered(word))


def _is_numbered(word: str) -> bool:
    """Say whether a word may be a model; a name with a number behind it, as "DH-SERVER01", is none."""
    capitals = sum(c.isalpha() and c.isupper() for c in word)
    return capitals >= 2 and any(c.isdigit() for c in word) and _CALLED.search(word) is None


def _names_maker(item: Evidence, knowledge: Knowledge) -> bool:
    maker = item.claim.removeprefix("maker=")
    solid = item.strength is not Strength.WEAK
    return solid and maker in knowledge.entities and knowledge.entities[maker].type is EntityType.MAKER


def _told_in(name: str, item: Evidence) -> Evidence:
    said = replace(item, channel=channel_of(name), field=name)
    if name in _FIRMWARES:
        return replace(said, strength=Strength.MEDIUM)
    note = f"The unit's owner may have written it. {item.note}".strip()
    return replace(said, strength=Strength.WEAK, weight=min(item.weight, _OWNERS_WEIGHT), note=note)
