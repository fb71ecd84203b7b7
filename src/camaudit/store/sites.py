"""A site as a stored run keeps it: JSON out, and the same site back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from camaudit.model import Attestation, Decision, Kind, Sighting, Site

_LISTS = ("scope", "exclude", "policies", "core_networks")


def saved_site(site: Site) -> dict[str, object]:
    """Return a site as JSON knows it, and as it comes back out of JSON."""
    return {name: _plain(value) for name, value in asdict(site).items()}


def site_of(kept: Mapping[str, Any]) -> Site:
    """Return the site; what an older version did not keep yet is left out."""
    return Site(
        kept["name"],
        kept.get("jurisdiction", ""),
        kept.get("kind", ""),
        kept.get("facts", {}),
        language=kept.get("language", ""),
        **{name: tuple(kept.get(name, ())) for name in _LISTS},
        attestations=tuple(Attestation(**_values(each)) for each in kept.get("attestations", ())),
        sightings=tuple(Sighting(**_values(each)) for each in kept.get("sightings", ())),
        decisions=tuple(Decision(**_values(each)) for each in kept.get("decisions", ())),
        groups={name: tuple(targets) for name, targets in kept.get("groups", {}).items()},
    )


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case Kind():
            return value.value
        case _:
            return value


_DAYS = frozenset({"dated", "seen_on", "decided_on", "review_by"})


def _values(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(key, value) for key, value in record.items()}


def _value(key: str, value: Any) -> Any:
    if key in _DAYS:
        return date.fromisoformat(value)
    if key == "kind":
        return Kind(value)
    return tuple(value) if isinstance(value, list) else value
