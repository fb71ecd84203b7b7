"""A site as a stored run keeps it: JSON out, and the same site back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from camaudit.model import Site


def saved_site(site: Site) -> dict[str, object]:
    """Return a site as JSON knows it, and as it comes back out of JSON."""
    return {name: _plain(value) for name, value in asdict(site).items()}


def site_of(kept: Mapping[str, Any]) -> Site:
    """Return the site; what an older version did not keep yet has its default."""
    # Only a report needs it: a scan begins the sooner.
    from camaudit.yamlio import adapter

    site: Site = adapter(Site).validate_python(dict(kept))
    return site


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case Enum():
            return value.value
        case _:
            return value
