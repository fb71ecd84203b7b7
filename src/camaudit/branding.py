"""Whose label a unit carries: in go its evidence and its maker, out comes the brand, as far as the unit said so.

What firmware writes of its customer is a label. What an owner may have written is one only where nothing that the
firmware states speaks against it: people call cameras "Northern gate", "Matrix" or "Swann Street". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from camaudit.labels import value_of
from camaudit.model import Evidence, Relation, Strength
from camaudit.signatures.load import Knowledge
from camaudit.signatures.names import OWN_NAME, is_own_name, known_entity
from camaudit.signatures.naming import plain_name
from camaudit.signatures.schema import EntityType, OemBrand, Says
from camaudit.signatures.wording import of_a_place
from camaudit.signatures.written import BEFORE_MODEL, LOOSE, TRADE_NAME

_STRENGTHS = (Strength.WEAK, Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)

_MODEL_FIELDS = frozenset({"onvif.model", "wsd.hardware", "isapi.model", "dhip.device_type", "dahua.model"})
_MODEL_TEXTS = _MODEL_FIELDS.union(
    ("sadp.device_description", "upnp.model_name", "upnp.model_number", "dahua.body", "lapi.model", "tiandy.model")
)
_OWN_FORM = ("maker=", "kind=")
_PLATFORM = "http.server"
"""A web server is the same under every label; it says nothing of the model."""

_GIVEN = frozenset(
    ("wsd.name", "wsd.scopes", "upnp.friendly_name", "mdns.instance", "dhip.machine_name", "isapi.body")
)
"""Fields in which stands what the firmware calls the unit, until its owner calls it otherwise."""

_NOBODY = frozenset({"dhip.vendor", "dahua.vendor", "wsd.name", "wsd.manufacturer"})
"""Fields in which firmware that is made for others leaves out its maker's name."""

_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Label:
    """The brand on the unit: an entity's id, or a slug of what it wrote where nobody is known by that name."""

    brand: str
    name: str
    signature: str


def brand_of(evidence: Iterable[Evidence], knowledge: Knowledge, maker: str | None) -> Label | None:
    """Return whose label the unit carries, as far as the unit said so.

    A label of somebody else outranks the maker's own: rebadged firmware keeps much of the maker's text. What a
    signature of another maker's file says of brands is left out: model names of two makers' customers look alike.
    The name that a unit gives itself stays, whoever is meant: makers put their names on each other's units.
    """
    items = tuple(item for item in evidence if _may_say_brand(item, knowledge, maker))
    labels = [(item, label) for item in items if (label := _label(item, knowledge)) is not None]
    model = value_of(items, "model")
    hinted = _brand_by_model(model, knowledge.oem, maker) if model and maker else None
    unit = _Unit(
        maker,
        own_model=maker is not None and hinted is None and _has_own_model(items, maker, knowledge),
        own_label=any(label.brand == maker and _is_firmwares(item) for item, label in labels),
        builds_for_others=maker is not None and maker in knowledge.builders,
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
        found.append(((1, 0, 0.0), Label(hinted, name, "oem.yaml model names")))
    return max(found, key=lambda pair: pair[0])[1] if found else None


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a unit's firmware says of whose it is, against which names in looser places are held."""

    maker: str | None
    own_model: bool
    own_label: bool
    builds_for_others: bool

    def counts(self, item: Evidence, label: Label, knowledge: Knowledge) -> bool:
        """Say whether ``label``, as ``item`` shows it, may be more than a word that happens to stand there."""
        if label.brand == self.maker:
            return True
        known = label.brand in knowledge.entities
        if not known and item.signature in LOOSE and not self.builds_for_others:
            return False
        if item.field not in _GIVEN:
            return True
        if not known:
            sure_of_it = item.field == "wsd.scopes" or item.signature == TRADE_NAME
            of_firmware = sure_of_it and not self.own_label
            return not of_a_place(label.name) and (of_firmware or not self.own_model)
        return item.signature == BEFORE_MODEL or not (self.own_model and self.own_label)


def _is_firmwares(item: Evidence) -> bool:
    return item.field not in _GIVEN and item.field != _PLATFORM and item.strength is not Strength.WEAK


def _may_say_brand(item: Evidence, knowledge: Knowledge, maker: str | None) -> bool:
    if is_own_name(item):
        return True
    if item.claim.startswith("maker="):
        return maker in (None, item.claim.partition("=")[2])
    source = knowledge.maker_of_signature.get(item.signature, maker)
    neutral = source is None or knowledge.entities[source].type is EntityType.SOFTWARE
    return neutral or maker in (None, source)


def _label(item: Evidence, knowledge: Knowledge) -> Label | None:
    sort, _, named = item.claim.partition("=")
    written = item.extracted.get("brand")
    if sort == Says.BRAND and written and named == "as written":
        entity = knowledge.entity_named(written) or knowledge.entity_named(plain_name(written))
        entity = entity or _maker_named(written, knowledge)
        slug = _SLUG.sub("-", written.lower()).strip("-")[:40]
        if entity is not None:
            return Label(entity, knowledge.entities[entity].name, item.signature)
        return Label(slug, written[:60], item.signature) if slug else None
    brand = knowledge.brand_of_signature(item.signature)
    if brand is None and is_own_name(item):
        brand = item.signature.removesuffix(OWN_NAME)
    if brand is None:
        return None
    return Label(brand, knowledge.entities[brand].name, item.signature)


def _maker_named(text: str, knowledge: Knowledge) -> str | None:
    """Return the maker by whose name a text begins: "Pelco by Schneider Electric" is the label "Pelco"."""
    entity = known_entity(text, knowledge)
    return entity if entity is not None and knowledge.entities[entity].type is EntityType.MAKER else None


def _brand_by_model(model: str, oem: Mapping[str, OemBrand], maker: str) -> str | None:
    for brand, entry in sorted(oem.items()):
        if maker not in {row.maker for row in entry.made_by}:
            continue
        sure = (row.models for row in entry.made_by if row.strength == "high")
        patterns = [*entry.model_names, *(pattern for models in sure for pattern in models)]
        if any(re.match(pattern, model) for pattern in patterns):
            return brand
    return None


def relation_of(
    label: Label | None, maker: str | None, evidence: tuple[Evidence, ...], knowledge: Knowledge
) -> Relation:
    """Return how the label relates to the maker; unknown where either is, unless the unit is made to carry any."""
    if maker is None:
        return Relation.UNKNOWN
    if label is None:
        return Relation.OEM if _is_made_for_others(evidence, maker, knowledge) else Relation.UNKNOWN
    if label.brand == maker:
        of_others = _built_for_others((i for i in evidence if i.field != _PLATFORM), maker, knowledge)
        doubtful = of_others and not _has_own_model(evidence, maker, knowledge)
        return Relation.UNKNOWN if doubtful else Relation.OWN_BRAND
    entity = knowledge.entities.get(label.brand)
    if entity is not None:
        for owner in entity.owned_by:
            if owner.maker == maker and owner.until is None:
                return owner.relation
    return Relation.OEM


def _is_made_for_others(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a unit is built for others to label.

    Either it says so by a sign of its maker's, or its maker sells through others only, or it writes no maker where
    others do, and a model that none of its maker's forms knows. "General" in place of a vendor says so only where
    the model is none of the maker's own: of a genuine unit too it is told.
    """
    own = _has_own_number_form(evidence, maker, knowledge)
    told = (item for item in evidence if not (own and item.field in _NOBODY))
    if _built_for_others(told, maker, knowledge):
        return True
    if knowledge.entities[maker].sells_through_others:
        return True
    if not any(item.claim == "state=unlabelled" for item in evidence) or _has_own_number(
        evidence, maker, knowledge
    ):
        return False
    stated = {item.field for item in evidence if item.field in _MODEL_FIELDS and item.extracted.get("model")}
    known = {item.field for item in evidence if knowledge.maker_of_signature.get(item.signature) == maker}
    read = {field for field in stated if any(s.maker == maker for s in knowledge.by_field.get(field, ()))}
    return bool(read) and not read & known


def _built_for_others(evidence: Iterable[Evidence], maker: str, knowledge: Knowledge) -> bool:
    built = (item for item in evidence if item.claim == "state=made_for_others")
    return any(knowledge.maker_of_signature.get(item.signature) == maker for item in built)


def _has_own_number(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a serial number holds a model that only what the maker sells under its own name has."""
    serials = (item for item in evidence if item.extracted.get("serial") and item.extracted.get("model"))
    return any(knowledge.maker_of_signature.get(item.signature) == maker for item in serials)


def _has_own_model(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a model of the unit has a form that the maker gives to what it sells under its own name.

    Where it has none, the maker's name is no more than what the firmware came with: whose label is on it is open.
    """
    ours = (item for item in evidence if knowledge.maker_of_signature.get(item.signature) == maker)
    told = (item for item in ours if item.field in _MODEL_TEXTS)
    return any(i.claim.startswith(_OWN_FORM) or knowledge.brand_of_signature(i.signature) == maker for i in told)


def _has_own_number_form(evidence: tuple[Evidence, ...], maker: str, knowledge: Knowledge) -> bool:
    """Say whether a model that the unit states is numbered as the maker numbers its own, in whatever field."""
    models = {item.extracted["model"] for item in evidence if item.extracted.get("model")}
    forms = [
        sign
        for sign in knowledge.by_field.get("onvif.model", ())
        if sign.maker == maker and sign.signature.says is Says.MAKER and sign.signature.brand in (None, maker)
    ]
    named = {model for model in models if _brand_by_model(model, knowledge.oem, maker) is None}
    return any(sign.search(model) for sign in forms for model in named)
