"""One device in ``report.json``: who made it, what it says of itself, what is known of its firmware, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from camaudit.model import Device, DeviceState, Evidence, Recorded, Vulnerability
from camaudit.report.json_placed import placed_json
from camaudit.report.summary import name_of

Json = dict[str, Any]


def device_json(device: Device, names: Mapping[str, str]) -> Json:
    """Return one device as values that JSON knows; ``names`` gives the names of entities by their ids."""
    found = device.identification
    brand = {"id": found.brand, "name": found.brand_name or name_of(names, found.brand)}
    return {
        "id": device.id,
        "address": device.address,
        "mac": device.mac or found.mac,
        "also_at": list(device.also_at),
        "first_seen": day(device.first_seen),
        "kind": str(found.kind),
        "video": found.video,
        "maker": {
            "id": found.maker,
            "name": name_of(names, found.maker) or None,
            "certainty": str(found.certainty),
            "confidence": found.confidence,
        },
        "brand": brand if found.brand or found.brand_name else None,
        "relation": str(found.relation),
        "model": found.model,
        "firmware": found.firmware,
        "firmware_date": day(found.firmware_date),
        "serial": found.serial,
        "channels": {"reported": found.channels_reported, "identified": found.channels_identified},
        "recorded": [_recorded(one) for one in device.recorded],
        "state": _state(found.state),
        "exposed": list(device.exposed),
        "vulnerabilities": [_vulnerability(one) for one in device.vulnerabilities],
        "evidence": [_evidence(item) for item in found.evidence],
        "candidates": [{"maker": c.maker, "confidence": c.confidence} for c in found.candidates],
        "contradictions": list(found.contradictions),
        "next_step": found.next_step,
        **placed_json(device),
    }


def _state(state: DeviceState) -> Json:
    return {
        "activated": state.activated,
        "cloud": state.cloud,
        "analytics": list(state.analytics),
        "locked": state.locked,
        "access_terminal": state.access_terminal,
    }


def _recorded(one: Recorded) -> Json:
    return {
        "recorder": one.recorder,
        "recorder_address": one.recorder_address,
        "channel": one.channel,
        "name": one.name,
        "address": one.address,
        "online": one.online,
    }


def _vulnerability(one: Vulnerability) -> Json:
    return {
        "id": one.id,
        "known_exploited": one.known_exploited is not None,
        "status": one.status,
        "title": one.title,
        "listed_as_exploited": day(one.known_exploited),
        "checked": day(one.checked),
        "note": one.note,
    }


def _evidence(item: Evidence) -> Json:
    return {
        "signature": item.signature,
        "channel": item.channel,
        "field": item.field,
        "excerpt": item.excerpt,
        "claim": item.claim,
        "extracted": dict(item.extracted),
        "weight": round(item.weight, 3),
        "counted": item.counted,
        "strength": str(item.strength),
        "basis": item.basis,
        "source": item.source,
        "note": item.note,
    }


def day(day: date | None) -> str | None:
    """Return a day as ISO text."""
    return day.isoformat() if day else None
