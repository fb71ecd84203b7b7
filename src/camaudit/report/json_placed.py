"""Where units are, whom they talk to and what a register says, as values that JSON knows, with their schema."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from camaudit.model import Device, Matched, Reconciled

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}


def placed_json(device: Device) -> Json:
    """Return the ports at which a unit is plugged in, and whom it was heard talking to."""
    return {
        "ports": [asdict(port) for port in device.ports],
        "contacts": [asdict(contact) for contact in device.contacts],
    }


def reconciled_json(row: Reconciled) -> Json:
    """Return one row of the register, or one unit that no row names."""
    return {**asdict(row), "matched": str(row.matched), "differences": [asdict(each) for each in row.differences]}


def placed_schema() -> dict[str, Json]:
    """Return the schema of what ``placed_json`` adds to a device."""
    return {
        "ports": listed(_texts("switch", "port", "vlan", "power", "label")),
        "contacts": listed(_texts("host", "seen_in", "cloud", "maker")),
    }


def reconciled_schema() -> Json:
    """Return the schema of the register against what was seen."""
    names = ("row", "name", "location", "address", "mac", "maker", "model", "serial", "device", "by", "reach")
    row = _texts(*names)
    row["properties"] |= {
        "matched": {"type": "string", "enum": [str(each) for each in Matched]},
        "differences": listed(_texts("what", "registered", "seen")),
    }
    row["required"] = sorted(row["properties"])
    return listed(row)


def _texts(*names: str) -> Json:
    return {"type": "object", "required": sorted(names), "properties": dict.fromkeys(names, _TEXT)}


def listed(items: Json) -> Json:
    """Return the schema of a list of ``items``."""
    return {"type": "array", "items": items}
