"""Where units hang: in go devices, what registers said of their addresses, and the site file; out come places.

A register is often older than the site file, so the site file counts where both speak. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from camaudit.model import Device, Observation

_FIELD = "register.location"
_MAX = 200


def locations_of(
    devices: Iterable[Device], observations: Mapping[str, tuple[Observation, ...]], stated: Mapping[str, str]
) -> dict[str, str]:
    """Return the place of each device that somebody gave one; ``stated`` is by address, MAC address or id."""
    known = {key.strip().lower(): place for key, place in stated.items()}
    found = {}
    for device in devices:
        addresses = (device.address, *device.also_at)
        keys = (device.id, device.mac or "", *addresses)
        place = next((known[key.lower()] for key in keys if key and key.lower() in known), "")
        place = place or next(_registered(addresses, observations), "")
        if place:
            found[device.id] = place[:_MAX]
    return found


def _registered(addresses: Iterable[str], observations: Mapping[str, tuple[Observation, ...]]) -> Iterator[str]:
    return (
        place
        for address in addresses
        for seen in observations.get(address, ())
        for place in seen.fields.get(_FIELD, ())
        if place.strip()
    )
