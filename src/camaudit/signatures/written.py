"""Labels as devices write them: in go fields, out comes evidence of whose name stands on the unit. Pure.

What one signature cannot see: a name in front of the model that another field gives, and the names of all brands
that we know, wherever firmware writes the name of its customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from camaudit.model import Evidence, Strength
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge, folded
from camaudit.signatures.naming import plain_name
from camaudit.signatures.schema import EntityType

_MAX_EXCERPT = 120
_MAX_BODY = 8192
_SHORTEST_MODEL = 3

_NAMED = {
    "wsd.name": Strength.STRONG,
    "wsd.manufacturer": Strength.STRONG,
    "onvif.manufacturer": Strength.STRONG,
    "isapi.manufacturer": Strength.STRONG,
    "lapi.manufacturer": Strength.STRONG,
    "snmp.manufacturer": Strength.STRONG,
    "upnp.manufacturer": Strength.MEDIUM,
    "http.title": Strength.MEDIUM,
    "http.realm": Strength.MEDIUM,
    "isapi.realm": Strength.MEDIUM,
    "rtsp.realm": Strength.MEDIUM,
}
"""Fields in which firmware carries the customer's name; owners rarely write into them."""

_BEFORE_A_MODEL = (
    *("onvif.model", "wsd.hardware", "isapi.model", "upnp.model_name", "upnp.friendly_name"),
    *("mdns.instance", "http.title", "dhip.device_type", "sadp.device_description"),
)
"""Fields in which a known brand's name may stand before a model: "Amcrest IP8M-2496"."""

_RIGHTS = re.compile(
    r"(?i)(?:\u00a9|&copy;|&#169;|\bcopyright\b)[\s,:.()c\u00a9-]{0,8}(?:(?:19|20)\d\d[\s,-]{0,3}){0,2}(?:by )?"
    r"(?P<holder>[A-Za-z][A-Za-z0-9&+.' -]{1,40})"
)
"""The line on a page that says whose work it is."""

_SITE = re.compile(r"(?i)\bwww\.([a-z0-9-]{2,30})\.(?:com|net|org|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})\b")
"""A link to a house; pages of installers link to brands too, so it is a weak sign of a label."""

_HOLDER = re.compile(r"(?:^|,) ?(?:O|OU|CN)=([^,=]{2,40})")

_KIND_OF_UNIT = re.compile(
    r"(?i)[ _-]{1,3}(?:(?:ip|network|hd)[ _-])?(?:camera|cam|ipc|nvr|dvr|xvr|recorder|video recorder|web|login)$"
)
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9&+.' -]{1,30}\Z")
_NO_LABEL = re.compile(
    r"(?i)(?:general|private|onvif|nvt|hd|model|h\.?26[45]"
    r"|(?:ip|network|hd|web)?[ -]?(?:camera|cam|ipc|nvr|dvr)s?)\Z"
)


def labels_in(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield each label that the device writes: a known brand's name, or whatever stands in front of its model."""
    for name, strength in _NAMED.items():
        for value in fields.get(name, ()):
            brand = _known_brand(value, knowledge)
            if brand is not None:
                yield _evidence("brand-by-its-name", name, value, brand, strength)
    for name in _BEFORE_A_MODEL:
        for value in fields.get(name, ()):
            brand = _leading_brand(value, knowledge)
            if brand is not None:
                yield _evidence("brand-before-model", name, value, brand, Strength.MEDIUM)
    yield from _in_pages(fields, knowledge)
    for value in fields.get("tls.subject", ()):
        for holder in _HOLDER.findall(value[:_MAX_EXCERPT]):
            brand = _known_brand(holder, knowledge)
            if brand is not None:
                yield _evidence("brand-by-its-name", "tls.subject", value, brand, Strength.MEDIUM)
    models = fields.get("wsd.hardware", ())
    for value in fields.get("wsd.name", ()):
        for model in models:
            label = _before(value, model)
            if label:
                yield _evidence("name-before-model", "wsd.name", value, label, Strength.MEDIUM)


def _in_pages(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield whose work a page says that it is: of a brand, or of the maker, whose label it then carries."""
    for name in ("http.body", "isapi.login_page"):
        for value in fields.get(name, ()):
            for found in _RIGHTS.finditer(value[:_MAX_BODY]):
                holder = _leading(found["holder"], knowledge, model=False)
                if holder is not None and knowledge.entities[holder].type is not EntityType.SOFTWARE:
                    label = knowledge.entities[holder].name
                    yield _evidence("brand-in-rights", name, found[0], label, Strength.MEDIUM)
            for site in dict.fromkeys(_SITE.findall(value[:_MAX_BODY])):
                brand = _known_brand(site, knowledge)
                if brand is not None:
                    yield _evidence("brand-by-its-site", name, f"www.{site}", brand, Strength.WEAK)


def _known_brand(value: str, knowledge: Knowledge) -> str | None:
    """Return the name of the brand that a text consists of; words that say what a unit is may follow."""
    text = _KIND_OF_UNIT.sub("", plain_name(value[:_MAX_EXCERPT].replace("_", " ")))
    entity = knowledge.entity_named(text)
    if entity is None or knowledge.entities[entity].type is not EntityType.BRAND:
        return None
    return knowledge.entities[entity].name


def _leading_brand(value: str, knowledge: Knowledge) -> str | None:
    """Return the name of the brand by which a text begins that has a model behind it."""
    entity = _leading(value, knowledge)
    is_brand = entity is not None and knowledge.entities[entity].type is EntityType.BRAND
    return knowledge.entities[entity].name if entity is not None and is_brand else None


def _leading(value: str, knowledge: Knowledge, *, model: bool = True) -> str | None:
    """Return the entity by whose name a text begins; with ``model`` only where a word with a digit comes next."""
    words = value[:_MAX_EXCERPT].replace("_", " ").split()
    for count in (3, 2, 1):
        follows = words[count] if len(words) > count else ""
        if model and not any(c.isdigit() for c in follows):
            continue
        entity = knowledge.entity_named(plain_name(" ".join(words[:count])))
        if entity is not None:
            return entity
    return None


def _before(value: str, model: str) -> str:
    """Return what stands before the model in a name, where that can be a label: "ANNKE I91BN" is "ANNKE".

    An owner who renames a unit ("Front door") does not write its model behind the name.
    """
    short = value[:_MAX_EXCERPT].replace("_", " ").strip()
    known = model.replace("_", " ").strip()
    if len(known) < _SHORTEST_MODEL or not short.lower().endswith(f" {known.lower()}"):
        return ""
    label = short[: -len(known)].strip(" -")
    is_label = _LABEL.match(label) and not _NO_LABEL.match(label) and folded(label) not in folded(known)
    return label if is_label else ""


def _evidence(signature: str, field: str, value: str, brand: str, strength: Strength) -> Evidence:
    return Evidence(
        signature=signature,
        claim="brand=as written",
        channel=channel_of(field),
        field=field,
        weight=0.0,
        excerpt=value[:_MAX_EXCERPT],
        strength=strength,
        basis="expert",
        source="our list of brands and the names they use",
        extracted={"brand": brand},
        note="Whose label the unit carries; it says nothing of who built it.",
    )
