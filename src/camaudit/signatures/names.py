"""Makers called by their name: in go fields, out comes evidence where a name in them is a known maker's. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping

from camaudit.model import Evidence, Relation, Strength
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.naming import plain_name
from camaudit.signatures.recent import once
from camaudit.signatures.schema import EntityType, Says

_MAX_EXCERPT = 120

OWN_NAME = ":own-name"
"""How the signature of evidence ends that is no more than a name which the unit gives itself; no id of a
signature file can end so, since those are letters, digits and hyphens."""

_NAME_WEIGHT = math.log(100)
_NAME_FIELDS = (
    "wsd.name",
    "wsd.manufacturer",
    "onvif.manufacturer",
    "isapi.manufacturer",
    "dhip.vendor",
    "dahua.vendor",
    "snmp.manufacturer",
    "lapi.manufacturer",
)

_WEAK_NAMES = {
    "import.maker": "What another tool made of this unit; how is not known.",
    "import.product": "What another tool made of this unit; how is not known.",
    "upnp.manufacturer": "Televisions, printers and routers of makers that build cameras too give the same name.",
}
_WEAK_NAME_WEIGHT = math.log(4)

_OWN_NOTE = "The name that the unit gives itself; labels are changed by resellers."
_OWNERS_NOTE = (
    "A name with words behind it that no firmware writes: its owner did, and owners name what they like."
)
_JOINT = re.compile(r"[-.:|/(,]")

# fmt: off
_OF_PRODUCTS = frozenset({
    "ip", "ipc", "hd", "uhd", "4k", "net", "network", "web", "video", "digital", "smart", "wifi", "wireless",
    "indoor", "outdoor", "mini", "turret", "bullet", "dome", "ptz", "speed", "fisheye", "thermal", "camera",
    "cameras", "cam", "dvr", "nvr", "xvr", "hvr", "recorder", "encoder", "decoder", "doorbell", "intercom",
    "technology", "technologies", "security", "systems", "system", "co", "ltd", "inc", "corporation", "device",
    "unit", "series", "pro", "plus", "surveillance", "login", "page", "client", "service", "server",
    "viewer", "view", "live", "management", "configuration", "interface", "embedded", "home", "portal",
    "holosens", "wisenet", "admin", "console", "main", "index", "router", "switch", "gateway", "access",
    "point", "printer", "nas",
})
# fmt: on
"""Words that makers put behind their name."""

_BY_NAME = frozenset({"onvif", "wsd"})
"""Channels in which a unit that passes others' cameras on calls itself by a name that holds theirs."""

_SETTING_FIELDS = ("channel.maker", "channel.protocol")
_SETTING_WEIGHT = math.log(50)
_VERSION = "0123456789."
"""Recorders number their protocols: Dahua2, Dahua3."""


def names_in(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield whom the device, another tool or a recorder's settings name, where that is a known maker."""
    for names, read in ((_NAME_FIELDS, _own_names), (_WEAK_NAMES, _own_names), (_SETTING_FIELDS, _settings)):
        for name in names:
            if name in fields:
                yield from once(read, name, fields[name], knowledge)


def _own_names(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield who the device says it is, where that is a maker known by this name.

    A name is a label: it counts as a medium sign, so that it needs company from another channel.
    """
    for value in values:
        own = name in _NAME_FIELDS and not (name == "wsd.name" and says_more(value, knowledge))
        entity = known_entity(value, knowledge)
        maker = _maker_of(entity, knowledge) if entity is not None else None
        if maker is not None:
            yield Evidence(
                signature=f"{entity}{OWN_NAME}" if own else f"{entity}:told-name",
                claim=f"maker={maker}",
                channel=channel_of(name),
                field=name,
                weight=_NAME_WEIGHT if own else _WEAK_NAME_WEIGHT,
                excerpt=value[:_MAX_EXCERPT],
                strength=Strength.MEDIUM if own else Strength.WEAK,
                basis="expert",
                source="our list of makers and the names they use",
                note=_WEAK_NAMES.get(name, _OWN_NOTE if own else _OWNERS_NOTE),
            )


def without_borrowed(evidence: Iterable[Evidence], knowledge: Knowledge) -> tuple[Evidence, ...]:
    """Leave out makers and labels that are read from a text which calls the unit a stand-in for others' cameras.

    "Wyze Bridge" names Wyze because it shows cameras of Wyze; nobody says by it that Wyze made this machine.
    """
    items = tuple(evidence)
    stands_in = {(i.field, i.excerpt) for i in items if i.channel in _BY_NAME and _is_a_programs(i, knowledge)}
    return tuple(i for i in items if (i.field, i.excerpt) not in stands_in or not _names_somebody(i, knowledge))


def _names_somebody(item: Evidence, knowledge: Knowledge) -> bool:
    sort = item.claim.partition("=")[0]
    return sort in (Says.MAKER, Says.BRAND) and not _is_a_programs(item, knowledge)


def _is_a_programs(item: Evidence, knowledge: Knowledge) -> bool:
    """Say whether a sign is one that a program without a camera of its own is known by."""
    sort, _, who = item.claim.partition("=")
    entity = knowledge.entities.get(who) if sort == Says.MAKER else None
    known = item.strength in (Strength.STRONG, Strength.DECISIVE)
    return known and entity is not None and entity.type is EntityType.SOFTWARE and not entity.video


def is_own_name(item: Evidence) -> bool:
    """Say whether evidence is a name that the unit gives itself, and so a label before it is a maker."""
    return item.signature.endswith(OWN_NAME)


def known_entity(value: str, knowledge: Knowledge) -> str | None:
    """Return the entity by whose name a text begins; ``None`` where it begins by nobody's."""
    return _begins(value, knowledge)[0]


def _begins(value: str, knowledge: Knowledge) -> tuple[str | None, list[str]]:
    """Return whose name a text begins with, and the words behind it."""
    words = plain_name(value.replace("_", " ").replace("+", " ")).split()
    for count in (3, 2, 1):
        entity = knowledge.entity_named(" ".join(words[:count])) if len(words) >= count else None
        if entity is not None:
            return entity, words[count:]
    first, *rest = _JOINT.split(words[0], maxsplit=1) if words else [""]
    return knowledge.entity_named(first) if rest else None, [*rest, *words[1:]]


def says_more(value: str, knowledge: Knowledge) -> bool:
    """Say whether words follow a name that are neither a product's nor a model."""
    behind = (word.strip("-_.,:()|/®™©") for word in _begins(value, knowledge)[1])
    said = (word for word in behind if word and not _is_model(word))
    return any(not set(_JOINT.split(word.lower())) <= _OF_PRODUCTS for word in said)


def _is_model(word: str) -> bool:
    digits = sum(c.isdigit() for c in word)
    return digits >= 2 or (digits == 1 and word.isupper())


def _maker_of(name: str, knowledge: Knowledge) -> str | None:
    """Return who builds what carries this name: the maker itself, or the owner of the brand or subsidiary."""
    entity = knowledge.entities[name]
    if entity.type is EntityType.MAKER:
        return name if entity.video else None
    owners = [o.maker for o in entity.owned_by if o.until is None and o.relation is not Relation.OEM]
    return owners[0] if entity.type is EntityType.BRAND and owners else None


def _settings(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield whose camera a recorder is set to expect: a medium sign, since an installer chose it and it works."""
    for value in values:
        named = known_entity(value.rstrip(_VERSION), knowledge)
        entity = _maker_of(named, knowledge) if named is not None else None
        if entity is not None:
            yield Evidence(
                signature=f"{entity}:recorder-setting",
                claim=f"maker={entity}",
                channel=channel_of(name),
                field=name,
                weight=_SETTING_WEIGHT,
                excerpt=value[:_MAX_EXCERPT],
                strength=Strength.MEDIUM,
                basis="expert",
                source="our list of makers and the names they use",
                note="As the recorder says: the protocol or maker that its settings give for this camera.",
            )
