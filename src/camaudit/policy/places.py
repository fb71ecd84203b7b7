"""Which place lies in which: countries, their parts, and the European Union.

In go two jurisdictions as site files and packs write them, out comes yes, no, or unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, frozenset[str]] = {
    "EU": frozenset(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - a list of quotes hides the codes
    ),
}
"""The unions of countries that an instrument may be of, by their members."""


def lies_in(here: str, there: str) -> bool | None:
    """Say whether ``here`` lies in ``there``; ``None`` where ``here`` is only less exact, or not known."""
    if not here:
        return None
    if here == there or here.startswith(f"{there}-") or here.partition("-")[0] in GROUPS.get(there, ()):
        return True
    # A site that says GB may lie in GB-ENG: less exact is not elsewhere.
    if there.startswith(f"{here}-") or there.partition("-")[0] in GROUPS.get(here, ()):
        return None
    return False
