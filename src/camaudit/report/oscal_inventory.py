"""Devices in OSCAL: in goes a device, out come its inventory item and the observation of what was read."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from camaudit.model import Device, Evidence, Report
from camaudit.report.identifiers import identifier
from camaudit.report.ledger import ledger
from camaudit.report.safe import visible
from camaudit.report.sentences import brand_of, called
from camaudit.report.summary import Standing, name_of
from camaudit.report.words import words

Json = dict[str, Any]

NAMESPACE = "urn:camaudit:report:1"
"""Names the properties that OSCAL does not define."""
_MAX_EVIDENCE = 40
_MAX_VALUE = 500


def prop(name: str, value: str, ns: str = NAMESPACE) -> Json:
    """Return one property; OSCAL takes no empty value and none that begins or ends with white space."""
    said = visible(value, _MAX_VALUE).strip() or "-"
    return {"name": name, "ns": ns, "value": said} if ns else {"name": name, "value": said}


def item_json(device: Device, standing: Standing, report: Report) -> Json:
    """Return the inventory item of a device."""
    return {
        "uuid": identifier(report, "device", device.id),
        "description": visible(called(device, report.names, words())) or device.id,
        "props": list(_props(device, standing, report)),
    }


def _props(device: Device, standing: Standing, report: Report) -> Iterator[Json]:
    found = device.identification
    yield prop("asset-id", device.id, "")
    for address in (device.address, *device.also_at):
        yield prop(_address_name(address), address, "")
    own = {"verdict": str(standing), "kind": str(found.kind), "certainty": str(found.certainty)}
    own |= {"confidence": f"{found.confidence:.3f}", "relation": str(found.relation)}
    known = {"mac-address": device.mac or found.mac, "serial-number": found.serial}
    yield from (prop(name, value, "") for name, value in known.items() if value)
    yield from (prop(name, value) for name, value in own.items())
    named = {
        "maker": found.maker,
        "maker-name": name_of(report.names, found.maker),
        "brand": brand_of(found, report.names),
        "model": found.model,
        "firmware": found.firmware,
        "firmware-date": found.firmware_date.isoformat() if found.firmware_date else None,
    }
    yield from (prop(name, value) for name, value in named.items() if value)
    yield from (prop("vulnerability", f"{one.id} {one.status}") for one in device.vulnerabilities)


def _address_name(address: str) -> str:
    try:
        return f"ipv{ipaddress.ip_address(address.partition('%')[0]).version}-address"
    except ValueError:
        return "fqdn"


def observation_json(device: Device, report: Report) -> Json:
    """Return what was read of a device, and when."""
    found, catalogue = device.identification, words()
    said: Json = {
        "uuid": identifier(report, "observation", device.id),
        "description": visible(f"{called(device, report.names, catalogue)}, {device.address}"),
        "methods": ["TEST" if report.run.origin == "scan" else "EXAMINE"],
        "types": ["discovery"],
        "subjects": [{"subject-uuid": identifier(report, "device", device.id), "type": "inventory-item"}],
        "collected": f"{(report.run.finished or report.run.started):%Y-%m-%dT%H:%M:%SZ}",
    }
    evidence = [
        {"description": visible(f"{row.described}: {row.excerpt} ({row.claim})") or "-", "props": _weighed(item)}
        for item, row in zip(found.evidence, ledger(found, report.names, catalogue), strict=True)
    ]
    if evidence:
        said["relevant-evidence"] = evidence[:_MAX_EVIDENCE]
    if found.contradictions:
        said["remarks"] = "\n\n".join(visible(each) for each in found.contradictions)
    return said


def _weighed(item: Evidence) -> list[Json]:
    return [
        prop("signature", item.signature),
        prop("channel", item.channel),
        prop("claim", item.claim),
        prop("weight", f"{item.weight:.3f}"),
        prop("counted", "true" if item.counted else "false"),
    ]
