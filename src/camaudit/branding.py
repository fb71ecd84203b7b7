"""Whose label a unit carries: in go its evidence and its maker, out comes the brand, as far as the unit said so.

What firmware writes of its customer is a label. What an owner may have written is one only where nothing that the
firmware states speaks against it: people call cameras "Northern gate", "Matrix" or "Swann Street". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from camaudit.model import Evidence, Strength
from camaudit.ownforms import brand_by_model_alone, brand_by_models, has_own_model
from camaudit.signatures.load import Knowledge
from camaudit.signatures.names import OWN_NAME, is_own_name, known_entity
from camaudit.signatures.naming import plain_name
from camaudit.signatures.schema import EntityType, Says
from camaudit.signatures.wording import label_in, of_a_place, says_only_sorts
from camaudit.signatures.written import BEFORE_A_MODEL, BEFORE_MODEL, LOOSE, TRADE_NAME

_STRENGTHS = (Strength.WEAK, Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)

BY_MODELS = "oem.yaml model names"
"""The signature of a label that only a model shows, by the list of how brands number theirs."""

PLATFORM = "http.server"
"""A web server is the same under every label; it says nothing of the model."""


_GIVEN = frozenset(
    ("wsd.name", "wsd.scopes", "upnp.friendly_name", "mdns.instance", "dhip.machine_name", "isapi.body")
)
"""Fields in which stands what the firmware calls the unit, until its owner calls it otherwise."""

_WORDS = frozenset({"http.title", "wsd.name"})

_AS_WRITTEN = f"{Says.BRAND}=as written"
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Label:
    """The brand on the unit: an entity's id, or a slug of what it wrote where nobody is known by that name."""

    brand: str
    name: str
    signature: str


Labels = tuple[tuple[Evidence, Label], ...]


def labels_of(evidence: Iterable[Evidence], knowledge: Knowledge) -> Labels:
    """Return the labels that a unit shows, each with what shows it, in the order of the evidence."""
    found = ((item, _label(item, knowledge)) for item in evidence)
    return tuple((item, label) for item, label in found if label is not None)


def brand_of(
    evidence: tuple[Evidence, ...], shown: Labels, knowledge: Knowledge, maker: str | None
) -> Label | None:
    """Return whose label the unit carries, as far as the unit said so by the labels that its evidence ``shown``.

    A label of somebody else outranks the maker's own: rebadged firmware keeps much of the maker's text. What a
    signature of another maker's file says of brands is left out: model names of two makers' customers look alike.
    The name that a unit gives itself stays, whoever is meant: makers put their names on each other's units.
    """
    items = tuple(item for item in evidence if _may_say_brand(item, knowledge, maker))
    labels = [(item, label) for item, label in shown if _may_say_brand(item, knowledge, maker)]
    hinted = brand_by_models(items, knowledge, maker) if maker else brand_by_model_alone(items, knowledge)
    if hinted is not None:
        # "VIP 3230-B" is a model as its brand writes it: its first word is nobody's name.
        labels = [(item, label) for item, label in labels if item.signature != BEFORE_A_MODEL]
    unit = _Unit(
        maker,
        own_model=maker is not None and hinted is None and has_own_model(items, maker, knowledge),
        own_label=any(label.brand == maker and _is_firmwares(item) for item, label in labels),
        builds_for_others=maker is not None and maker in knowledge.builders,
        own_words=frozenset(i.excerpt for i in items if i.field in _WORDS and i.claim == f"maker={maker}"),
    )
    found: list[tuple[tuple[int, int, float], Label]] = []
    for item, label in labels:
        if unit.counts(item, label, knowledge):
            entity = knowledge.entities.get(label.brand)
            own = entity is not None and entity.type is EntityType.MAKER and maker in (None, entity.id)
            strength = _STRENGTHS.index(item.strength)
            found.append(((0 if own or strength == 0 else 1, strength, item.weight), label))
    if hinted is not None and not any(rank[0] for rank, _ in found):
        name = knowledge.entities[hinted].name if hinted in knowledge.entities else hinted
        found.append(((1, 0, 0.0), Label(hinted, name, BY_MODELS)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a unit's firmware says of whose it is, against which names in looser places are held."""

    maker: str | None
    own_model: bool
    own_label: bool
    builds_for_others: bool
    own_words: frozenset[str]
    """Titles and names that are known for the maker's own, such as that of its program."""

    def counts(self, item: Evidence, label: Label, knowledge: Knowledge) -> bool:
        """Say whether ``label``, as ``item`` shows it, may be more than a word that happens to stand there."""
        if label.brand == self.maker:
            return True
        known = label.brand in knowledge.entities
        if (
            not known
            and item.signature in LOOSE
            and (not self.builds_for_others or item.excerpt in self.own_words)
        ):
            return False
        if item.field not in _GIVEN:
            return True
        if not known:
            sure_of_it = item.field == "wsd.scopes" or item.signature == TRADE_NAME
            of_firmware = sure_of_it and not self.own_label
            return not of_a_place(label.name) and (of_firmware or not self.own_model)
        return item.signature == BEFORE_MODEL or not (self.own_model and self.own_label)


def _is_firmwares(item: Evidence) -> bool:
    return item.field not in _GIVEN and item.field != PLATFORM and item.strength is not Strength.WEAK


def _may_say_brand(item: Evidence, knowledge: Knowledge, maker: str | None) -> bool:
    if maker is None or is_own_name(item):
        return True
    if item.claim.startswith("maker="):
        return item.claim == f"maker={maker}"
    source = knowledge.maker_of_signature.get(item.signature, maker)
    neutral = source is None or knowledge.entities[source].type is EntityType.SOFTWARE
    return neutral or maker == source


def _label(item: Evidence, knowledge: Knowledge) -> Label | None:
    written = item.extracted.get("brand")
    if written and item.claim == _AS_WRITTEN:
        entity = knowledge.entity_named(written) or knowledge.entity_named(plain_name(written))
        entity = entity or _maker_named(written, knowledge)
        if entity is not None:
            return Label(entity, knowledge.entities[entity].name, item.signature)
        return _as_written(written, item.signature)
    brand = knowledge.brand_of_signature(item.signature)
    if brand is None and is_own_name(item):
        brand = item.signature.removesuffix(OWN_NAME)
    if brand is None:
        return None
    return Label(brand, knowledge.entities[brand].name, item.signature)


def _as_written(text: str, signature: str) -> Label | None:
    label = label_in(text) or text
    slug = _SLUG.sub("-", label.lower()).strip("-")[:40]
    return Label(slug, label[:60], signature) if slug and not says_only_sorts(text) else None


def _maker_named(text: str, knowledge: Knowledge) -> str | None:
    """Return the maker by whose name a text begins: "Pelco by Schneider Electric" is the label "Pelco"."""
    entity = known_entity(text, knowledge)
    return entity if entity is not None and knowledge.entities[entity].type is EntityType.MAKER else None
