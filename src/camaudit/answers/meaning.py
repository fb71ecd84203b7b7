"""What a written answer means: in goes a text, out comes a value, ``None`` for "don't know", or what is wrong."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from camaudit.model import Kind
from camaudit.model.figures import whole_number
from camaudit.phrases import phrases
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.site import SITE_KINDS, is_jurisdiction


def yes_or_no(said: str) -> bool | str | None:
    """Return what a text answers; ``None`` for "don't know", and the text itself where it is no answer."""
    known = phrases().answers
    plain = said.strip().lower().replace("’", "'")
    if plain in known["unknown"]:
        return None
    return True if plain in known["yes"] else False if plain in known["no"] else said


def place(said: str) -> str | None:
    """Return the jurisdiction that a text means, by its code or by the name people use; ``None`` for neither."""
    named = phrases().places.get(said.lower())
    if named is not None:
        return named
    code = said.upper()
    return code if is_jurisdiction(code) else None


def kind_of(said: str) -> str | None:
    """Return the kind of site that a text means, by its word or its number in the list."""
    kinds = SITE_KINDS
    number = whole_number(said, len(kinds))
    if number:
        return kinds[number - 1]
    return said.lower() if said.lower() in kinds else None


def network_problem(text: str) -> str:
    """Say what is wrong with an address range; empty where nothing is."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return phrases().init["network_wrong"].format(value=text)
    return ""


def maker_of(said: str, names: Mapping[str, str]) -> str | None:
    """Return the entity that a text means, by its id or its name; ``None`` where nobody is called so."""
    wanted = " ".join(said.lower().split())
    if wanted.replace(" ", "-") == SOMEBODY_ELSE or wanted == phrases().explain[SOMEBODY_ELSE].lower():
        return SOMEBODY_ELSE
    if wanted in names:
        return wanted
    return next((entity for entity, name in names.items() if name.lower() == wanted), None)


def unit_kind_of(said: str) -> Kind | None:
    """Return what kind of unit a text means."""
    wanted = "-".join(said.lower().split())
    return Kind(wanted) if wanted in tuple(Kind) and wanted != Kind.UNKNOWN else None
