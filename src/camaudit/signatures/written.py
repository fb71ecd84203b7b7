"""Labels as devices write them: in go fields, out comes evidence of whose name stands on the unit. Pure.

What one signature cannot see, since it reads one field: a name in front of the model that another field gives, and
a text that is a known brand's name and nothing else.
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
    models = fields.get("wsd.hardware", ())
    for value in fields.get("wsd.name", ()):
        for model in models:
            label = _before(value, model)
            if label:
                yield _evidence("name-before-model", "wsd.name", value, label, Strength.MEDIUM)


def _known_brand(value: str, knowledge: Knowledge) -> str | None:
    """Return the name of the brand that a text consists of; words that say what a unit is may follow."""
    text = _KIND_OF_UNIT.sub("", plain_name(value[:_MAX_EXCERPT].replace("_", " ")))
    entity = knowledge.entity_named(text)
    if entity is None or knowledge.entities[entity].type is not EntityType.BRAND:
        return None
    return knowledge.entities[entity].name


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
