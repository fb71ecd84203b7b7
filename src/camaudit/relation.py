"""How the label on a unit relates to its maker: in go label, maker and evidence, out comes the relation. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from camaudit.branding import PLATFORM, Label
from camaudit.model import Evidence, Relation
from camaudit.ownforms import MODEL_FIELDS, has_own_model, has_own_number_form
from camaudit.signatures.load import Knowledge
from camaudit.signatures.wording import says_only_sorts

_NOBODY = frozenset({"dhip.vendor", "dahua.vendor", "wsd.name", "wsd.manufacturer"})
"""Fields in which firmware that is made for others leaves out its maker's name."""


def relation_of(
    label: Label | None, maker: str | None, evidence: tuple[Evidence, ...], knowledge: Knowledge
) -> Relation:
    """Return how the label relates to the maker; unknown where either is, unless the unit is made to carry any."""
    if maker is None:
        return Relation.UNKNOWN
    if label is None:
        return Relation.OEM if _is_made_for_others(evidence, maker, knowledge) else Relation.UNKNOWN
    if label.brand == maker:
        of_others = _built_for_others((i for i in evidence if i.field != PLATFORM), maker, knowledge)
        doubtful = of_others and not has_own_model(evidence, maker, knowledge)
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
    own = has_own_number_form(evidence, maker, knowledge)
    told = (item for item in evidence if not (own and item.field in _NOBODY))
    if _built_for_others(told, maker, knowledge):
        return True
    if knowledge.entities[maker].sells_through_others:
        return True
    if not any(item.claim == "state=unlabelled" for item in evidence) or _has_own_number(
        evidence, maker, knowledge
    ):
        return False
    models = ((item.field, item.extracted.get("model", "")) for item in evidence if item.field in MODEL_FIELDS)
    stated = {field for field, model in models if not says_only_sorts(model)}
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
