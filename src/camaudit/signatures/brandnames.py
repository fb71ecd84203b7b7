"""Names of brands and makers that we know, in texts of devices: in goes a text, out comes whose it is. Pure."""

from __future__ import annotations

import re

from camaudit.signatures.load import Knowledge
from camaudit.signatures.naming import plain_name
from camaudit.signatures.schema import EntityType
from camaudit.signatures.wording import label_in, readings

_MAX_EXCERPT = 120
_KIND_OF_UNIT = re.compile(
    r"(?i)[ _-]{1,3}(?:(?:ip|network|hd)[ _-])?(?:camera|cam|ipc|nvr|dvr|xvr|recorder|video recorder|web|login)$"
)


def known_brand(value: str, knowledge: Knowledge) -> str | None:
    """Return the name of the brand or maker that a text consists of; words for the sort of a unit may follow."""
    text = _KIND_OF_UNIT.sub("", plain_name(value[:_MAX_EXCERPT].replace("_", " ")))
    for reading in (text, *readings(value), label_in(value)):
        brand = name_of(knowledge.entity_named(reading) or knowledge.entity_named(plain_name(reading)), knowledge)
        if brand is not None:
            return brand
    return None


def leading_brand(value: str, knowledge: Knowledge) -> str | None:
    """Return the name of the brand or maker by which a text begins that has a model behind it."""
    return name_of(leading_entity(value, knowledge), knowledge)


def name_of(entity: str | None, knowledge: Knowledge) -> str | None:
    """Return an entity's name where it is one that a label on a unit may bear: nobody's program."""
    known = knowledge.entities[entity] if entity is not None else None
    return known.name if known is not None and known.video and known.type is not EntityType.SOFTWARE else None


def leading_entity(value: str, knowledge: Knowledge, *, model: bool = True) -> str | None:
    """Return the entity by whose name a text begins; with ``model`` only where a word with a digit comes next."""
    words = value[:_MAX_EXCERPT].replace("_", " ").split()
    for count in (4, 3, 2, 1):
        follows = words[count] if len(words) > count else ""
        if model and not any(c.isdigit() for c in follows):
            continue
        phrase = " ".join(words[:count])
        entity = knowledge.entity_named(phrase) or knowledge.entity_named(plain_name(phrase))
        if entity is not None:
            return entity
    return None
