"""The facts of one device's page: in goes its view, out come values in the order of their labels. Pure."""

from __future__ import annotations

from camaudit.model import Identification, UnitNote
from camaudit.report.device_view import DeviceView
from camaudit.report.format_words import format_words
from camaudit.report.noted import unit_said
from camaudit.report.placed import port_words
from camaudit.report.words import Words

_WRITTEN = ("location", "owner", "decision", "decided_by", "note")
_ORDER = (
    "maker",
    "brand",
    "kind",
    "model",
    "firmware",
    "serial",
    "mac",
    "address",
    "channels",
    "recorded",
    "first_seen",
    "state",
    "ports",
    "contacts",
    *_WRITTEN,
)
KIND, MAC = _ORDER.index("kind"), _ORDER.index("mac")
"""The places of two facts that a list of other equipment shows too."""


def fact_labels(words: Words) -> list[str]:
    """Return the label of each fact."""
    own = format_words().columns
    return [own[name] if name in own and name in _WRITTEN else words.columns[name] for name in _ORDER]


def facts_of(view: DeviceView, words: Words, note: UnitNote | None = None) -> tuple[str | None, ...]:
    """Return each fact in words; empty is not known, ``None`` is not to be shown at all."""
    device, found = view.device, view.device.identification
    dated = f"{found.firmware} ({words.day(found.firmware_date)})" if found.firmware_date else found.firmware
    written = unit_said(note)
    if view.location:
        written.setdefault("location", view.location)
    recorded = [
        words.labels["recorded"].format(channel=one.channel, name=one.name or "-", recorder=one.recorder_address)
        for one in device.recorded
    ]
    return (
        view.maker,
        view.brand,
        words.kinds[found.kind],
        found.model or "",
        dated or "",
        found.serial or "",
        device.mac or found.mac or "",
        ", ".join((device.address, *device.also_at)),
        _channels(found, words),
        "; ".join(recorded) or None,
        words.day(device.first_seen) if device.first_seen else None,
        "; ".join(view.states) or words.labels["not_stated"],
        "; ".join(port_words(port, words) for port in device.ports) or None,
        ", ".join(view.contacts) or None,
        *(written.get(name) for name in _WRITTEN),
    )


def _channels(found: Identification, words: Words) -> str | None:
    reported, identified = found.channels_reported, found.channels_identified
    if reported is None:
        return None
    if identified is None:
        return words.labels["channels"].format(n=reported)
    return words.labels["channels_read"].format(n=reported, identified=identified, unknown=reported - identified)
