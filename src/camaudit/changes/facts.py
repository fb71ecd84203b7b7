"""What is told of a device in a few words, to be kept and compared: in goes a device, out come texts by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from camaudit.changes import FactChange
from camaudit.model import Device, Site

_MAX = 120
_ALWAYS = frozenset({"maker", "certainty", "kind", "exposed", "weaknesses", "analytics"})
"""What counts as changed even where one side did not tell: a verdict may hang on its absence."""
_KNOWN = {True: "yes", False: "no", None: ""}


def facts_of(device: Device) -> dict[str, str]:
    """Return what verdicts hang on and people look for; empty where the device did not tell."""
    found = device.identification
    facts = {
        "maker": found.maker,
        "certainty": found.certainty.value,
        "brand": found.brand_name or found.brand,
        "kind": found.kind.value,
        "model": found.model,
        "firmware": found.firmware,
        "firmware_date": found.firmware_date.isoformat() if found.firmware_date else "",
        "serial": found.serial,
        "mac": device.mac or found.mac,
        "use": "access terminal" if found.state.access_terminal else "",
        "activated": _KNOWN[found.state.activated],
        "cloud": "" if found.state.cloud == "unknown" else found.state.cloud,
        "analytics": ", ".join(found.state.analytics),
        "exposed": ", ".join(device.exposed),
        "weaknesses": ", ".join(f"{one.id} {one.status}" for one in device.vulnerabilities),
    }
    return {name: (value or "")[:_MAX] for name, value in facts.items()}


def fact_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FactChange, ...]:
    """Return what differs; what one side did not tell is no change unless a verdict may hang on it."""
    return tuple(
        FactChange(name, before.get(name, ""), told)
        for name, told in after.items()
        if told != before.get(name, "") and (name in _ALWAYS or (told and before.get(name)))
    )


def addresses_of(device: Device) -> tuple[str, ...]:
    """Return every address of a device, the main one first."""
    return (device.address, *device.also_at)


def unit_changes(before: Device, after: Device) -> tuple[FactChange, ...]:
    """Return what differs between two looks at a device, its addresses first."""
    if before == after:
        return ()
    was, now = sorted(addresses_of(before)), sorted(addresses_of(after))
    moved = () if was == now else (FactChange("address", ", ".join(was), ", ".join(now)),)
    return moved + fact_changes(facts_of(before), facts_of(after))


def site_changes(before: Site, after: Site) -> tuple[FactChange, ...]:
    """Return which lines of the site file differ, each fact by its own name."""
    was, now = _lines(before), _lines(after)
    names = dict.fromkeys((*was, *now))
    changed = [n for n in names if was.get(n, "") != now.get(n, "")]
    return tuple(FactChange(name, was.get(name, ""), now.get(name, "")) for name in changed)


def _lines(site: Site) -> dict[str, str]:
    plain = {name: str(getattr(site, name)) for name in ("jurisdiction", "kind")}
    lists = {name: ", ".join(getattr(site, name)) for name in ("policies", "core_networks")}
    letters = "; ".join(str(asdict(each)) for each in site.attestations)
    facts = {name: str(value).lower() for name, value in site.facts.items()}
    return {**plain, **lists, "attestations": letters, **facts}
