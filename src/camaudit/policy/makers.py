"""Whether a maker is one that a rule means: named, owned by a named one, disputed, or subject to PRC law.

In go an entity id, the entities and a day, out comes yes, no, or ``None`` for "the sources do not settle it".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from camaudit.model import Relation
from camaudit.signatures.schema import Entity, EntityType, Ownership

SOMEBODY_ELSE = "somebody-else"
"""The answer "made by a company that no rule names"; whose law it is subject to stays open."""
STRANGER = Entity(SOMEBODY_ELSE, "somebody else", EntityType.MAKER, ("stated by the operator",))
_OWNED = (Relation.OWN_BRAND, Relation.SUBSIDIARY)


@dataclass(frozen=True, slots=True)
class MakerSet:
    """The makers that a rule means; what they own is counted in, on the day of the judgement.

    ``with_subsidiaries`` is ``disputed`` where the text of the rule was not seen. ``disputed`` makers are neither
    in nor out: a rule that asks for them gives a review.
    """

    members: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    with_subsidiaries: bool | Literal["disputed"] = True


def is_member(maker: str, makers: MakerSet, entities: Mapping[str, Entity], today: date) -> bool | None:
    """Say whether ``maker`` belongs to the set; ``None`` for a disputed maker, or one the set's members have sold.

    A company that was sold may still carry what its former owner built, so that neither answer would be safe.
    """
    if maker in makers.members:
        return True
    if maker in makers.disputed:
        return None
    if not makers.with_subsidiaries:
        return False
    owned = _owners(maker, entities, today)
    if any(owner in makers.members for owner in owned):
        return True if makers.with_subsidiaries is True else None
    formerly = any(past.maker in makers.members for past in _ownerships(maker, entities) if _is_past(past, today))
    if formerly or any(owner in makers.disputed for owner in owned):
        return None
    # A label alone does not say who built the unit: a brand of nobody known is neither in nor out.
    entity = entities.get(maker)
    return None if entity is not None and entity.type is EntityType.BRAND and not owned else False


def is_under_prc_law(maker: str, entities: Mapping[str, Entity], today: date) -> bool | None:
    """Say whether the maker is subject to the PRC National Intelligence Law; ``None`` where that is disputed.

    Its own labels, and what it owns in its own country, are subject with it; what it owns elsewhere is disputed
    and not cleared.
    """
    entity = entities.get(maker)
    if entity is None:
        return None
    if entity.prc_law == "subject":
        return True
    owners = [entities[owner] for owner in _owners(maker, entities, today) if owner in entities]
    subject_owners = [owner for owner in owners if owner.prc_law == "subject"]
    if subject_owners:
        label = any(o.relation is Relation.OWN_BRAND for o in entity.owned_by)
        home = {owner.country for owner in subject_owners}
        at_home = entity.country in home if entity.country else label
        return True if at_home and entity.prc_law == "unknown" else None
    return False if entity.prc_law == "no" else None


def _ownerships(maker: str, entities: Mapping[str, Entity]) -> tuple[Ownership, ...]:
    entity = entities.get(maker)
    return tuple(o for o in entity.owned_by if o.relation in _OWNED) if entity else ()


def _is_past(ownership: Ownership, today: date) -> bool:
    return ownership.until is not None and ownership.until < today


def _is_now(ownership: Ownership, today: date) -> bool:
    return not _is_past(ownership, today) and (ownership.since is None or ownership.since <= today)


def _owners(maker: str, entities: Mapping[str, Entity], today: date) -> frozenset[str]:
    """Return everybody up the chain of owners on that day; a circle in the data ends the climb."""
    found: set[str] = set()
    ahead = [maker]
    while ahead:
        for ownership in _ownerships(ahead.pop(), entities):
            if _is_now(ownership, today) and ownership.maker not in found:
                found.add(ownership.maker)
                ahead.append(ownership.maker)
    return frozenset(found)
