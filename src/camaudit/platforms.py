"""Whose platform wrote an answer, whatever names stand in it: in go matches, out come makers by channel. Pure."""

from __future__ import annotations

from camaudit.model import Evidence, Strength
from camaudit.signatures.match import Matches, claims
from camaudit.signatures.names import is_own_name
from camaudit.signatures.owners import is_owner
from camaudit.signatures.schema import Says

_NAMES = frozenset({"upnp.manufacturer", "upnp.friendly_name"})
"""Fields that hold a name and nothing of the firmware's form, whichever sign read it."""

_FORMS = frozenset({"wsd.hardware"})
"""Fields that owners cannot write: another maker's model there makes the name beside it a label."""

_INTERFACES = frozenset({"dahua", "dhip", "lapi", "sadp"})
"""Channels that one maker's firmware alone speaks: there a medium sign of that maker shows the platform."""


def platforms(matches: Matches) -> dict[str, set[str]]:
    """Return for each channel the makers whose platform shows there by more than a name.

    By one strong sign that is, by medium ones of two fields, or by one in an interface that is the maker's own.
    """
    found: dict[str, set[str]] = {}
    hints: dict[tuple[str, str], set[str]] = {}
    for item in claims(matches.evidence, Says.MAKER):
        weak = item.strength is Strength.WEAK and item.field not in _FORMS
        if is_name(item) or is_owner(item.field) or weak:
            continue
        maker = item.claim.partition("=")[2]
        fields = hints.setdefault((item.channel, maker), set())
        fields.add(item.field)
        if item.strength is not Strength.MEDIUM or item.channel in _INTERFACES or len(fields) >= 2:
            found.setdefault(item.channel, set()).add(maker)
    return found


def is_name(item: Evidence) -> bool:
    """Say whether evidence is read from a name, which a label gives, whoever built what is under it."""
    # A model or a serial number in such a field is the firmware's all the same.
    return is_own_name(item) or (item.field in _NAMES and not item.extracted)
