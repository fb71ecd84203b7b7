"""The facts of one device's page: in goes its view, out come values in the order of their labels. Pure."""

from __future__ import annotations

from camaudit.report.device_view import DeviceView
from camaudit.report.words import Words

_ORDER = (
    "maker",
    "brand",
    "kind",
    "model",
    "firmware",
    "serial",
    "mac",
    "address",
    "location",
    "channels",
    "first_seen",
    "state",
)
KIND, MAC = _ORDER.index("kind"), _ORDER.index("mac")
"""The places of two facts that a list of other equipment shows too."""


def fact_labels(words: Words) -> list[str]:
    """Return the label of each fact."""
    return [words.columns[name] for name in _ORDER]


def facts_of(view: DeviceView, words: Words) -> tuple[str | None, ...]:
    """Return each fact in words; empty is not known, ``None`` is not to be shown at all."""
    device, found = view.device, view.device.identification
    dated = f"{found.firmware} ({words.day(found.firmware_date)})" if found.firmware_date else found.firmware
    channels = found.channels_reported
    return (
        view.maker,
        view.brand,
        words.kinds[found.kind],
        found.model or "",
        dated or "",
        found.serial or "",
        device.mac or found.mac or "",
        ", ".join((device.address, *device.also_at)),
        view.location or None,
        words.labels["channels"].format(n=channels) if channels is not None else None,
        words.day(device.first_seen) if device.first_seen else None,
        "; ".join(view.states) or words.labels["not_stated"],
    )
