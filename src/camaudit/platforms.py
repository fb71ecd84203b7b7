"""Whose platform wrote an answer, whatever names stand in it: in go matches, out come makers by channel. Pure."""

from __future__ import annotations

from camaudit.model import Evidence, Strength
from camaudit.ownforms import MODEL_FIELDS
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches
from camaudit.signatures.names import is_own_name
from camaudit.signatures.owners import is_owner

_NAMES = frozenset({"upnp.manufacturer", "upnp.friendly_name"})
"""Fields that hold a name and nothing of the firmware's form, whichever sign read it."""

_FORMS = frozenset({"wsd.hardware"})
"""Fields that owners cannot write: another maker's model there makes the name beside it a label."""

_MANUFACTURERS = frozenset({"onvif.manufacturer", "wsd.manufacturer"})
"""Fields in which firmware made for others writes its customer: where a maker's own name stands there, a name."""

_INTERFACES = frozenset({"dahua", "dhip", "lapi", "sadp"})
"""Channels that one maker's firmware alone speaks: there a medium sign of that maker shows the platform."""


def platforms(matches: Matches) -> dict[str, set[str]]:
    """Return for each channel the makers whose platform shows there by more than a name.

    By one strong sign that is, by medium ones of two fields, or by one in an interface that is the maker's own.
    """
    found: dict[str, set[str]] = {}
    hints: dict[tuple[str, str], set[str]] = {}
    names = names_in(matches)
    for item in matches.makers:
        weak = item.strength is Strength.WEAK and item.field not in _FORMS
        if is_name(item, names) or is_owner(item.field) or weak:
            continue
        maker = item.claim.partition("=")[2]
        fields = hints.setdefault((item.channel, maker), set())
        fields.add(item.field)
        if item.strength is not Strength.MEDIUM or item.channel in _INTERFACES or len(fields) >= 2:
            found.setdefault(item.channel, set()).add(maker)
    return found


def names_in(matches: Matches) -> frozenset[tuple[str, str]]:
    """Return the manufacturers' fields that hold a maker's own name, each with the claim that it makes."""
    own = (item for item in matches.evidence if is_own_name(item))
    return frozenset((item.field, item.claim) for item in own if item.field in _MANUFACTURERS)


def is_name(item: Evidence, names: frozenset[tuple[str, str]]) -> bool:
    """Say whether evidence is read from a name, which a label gives, whoever built what is under it."""
    # A model or a serial number in such a field is the firmware's all the same.
    read_from_name = item.field in _NAMES or (item.field, item.claim) in names
    return is_own_name(item) or (read_from_name and not item.extracted)


def numbered_by_customer(item: Evidence, maker: str, shown: set[str], knowledge: Knowledge) -> bool:
    """Say whether a model is numbered by a maker for whom, by our list, one whose platform shows builds too."""
    entry = knowledge.oem.get(maker) if item.field in MODEL_FIELDS else None
    return entry is not None and any(row.maker in shown for row in entry.made_by)
