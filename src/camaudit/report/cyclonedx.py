"""``cyclonedx.json``: in goes a ``Report``, out comes a hardware bill of materials in the form of CycloneDX 1.6.

Each device is a component, its firmware a component within it, and what is known to be weak in that firmware a
vulnerability. A maker is stated only where it is certain or very likely.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from camaudit.model import Device, Report, Vulnerability
from camaudit.report.identifiers import identifier
from camaudit.report.safe import visible
from camaudit.report.sentences import brand_of, called
from camaudit.report.summary import SURE, Standing, counts, name_of, standing_of
from camaudit.report.words import words

Json = dict[str, Any]

SPEC_VERSION = "1.6"
_MAX_VALUE = 500
_NIST = "CVE-"
_STATES = {"affected": "in_triage", "possibly_affected": "in_triage", "fixed": "resolved"}
_VERSIONS = {"affected": "affected", "possibly_affected": "unknown", "fixed": "unaffected"}


def render(report: Report) -> str:
    """Return the whole document."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the text of ``render`` bit by bit, a line for each device."""
    head: Json = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{identifier(report, 'bom')}",
        "version": 1,
        "metadata": _metadata(report),
    }
    standings = standing_of(report)
    yield "{\n"
    yield from (f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    yield '"components": ['
    for place, device in enumerate(report.devices):
        yield f"{',' if place else ''}\n{json.dumps(_component(device, standings[device.id], report))}"
    yield f'\n],\n"vulnerabilities": {json.dumps(list(_vulnerabilities(report)))}\n}}\n'


def _metadata(report: Report) -> Json:
    moment = report.run.finished or report.run.started
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    figures = [_property(f"count-{key.replace('_', '-')}", str(number)) for key, number in counts(report).items()]
    return {
        "timestamp": aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "lifecycles": [{"phase": "operations"}],
        "tools": {"components": [{"type": "application", "name": "camaudit", "version": report.run.tool_version}]},
        "component": {
            "type": "platform",
            "bom-ref": identifier(report, "site"),
            "name": visible(report.site.name, _MAX_VALUE) or words().labels["site"],
        },
        "properties": [
            _property("run", report.run.id),
            _property("judged-as-of", report.judged_as_of.isoformat()),
            *figures,
        ],
    }


def _component(device: Device, standing: Standing, report: Report) -> Json:
    found = device.identification
    name = found.model or called(device, report.names, words())
    said: Json = {
        "type": "device",
        "bom-ref": _ref(device, report),
        "name": visible(name, _MAX_VALUE) or device.id,
    }
    maker = name_of(report.names, found.maker)
    if maker and found.certainty in SURE:
        said["manufacturer"] = {"name": visible(maker, _MAX_VALUE)}
    brand = brand_of(found, report.names)
    if brand:
        said["publisher"] = visible(brand, _MAX_VALUE)
    if found.firmware:
        said["components"] = [
            {
                "type": "firmware",
                "bom-ref": _firmware_ref(device, report),
                "name": visible(f"{name} firmware", _MAX_VALUE),
                "version": visible(found.firmware, _MAX_VALUE),
            }
        ]
    return {**said, "properties": list(_properties(device, standing))}


def _properties(device: Device, standing: Standing) -> Iterator[Json]:
    found = device.identification
    yield _property("id", device.id)
    for address in (device.address, *device.also_at):
        yield _property("address", address)
    yield _property("verdict", str(standing))
    yield _property("kind", str(found.kind))
    yield _property("certainty", str(found.certainty))
    yield _property("confidence", f"{found.confidence:.3f}")
    if found.maker:
        yield _property("maker", found.maker)
    for name, value in (("serialNumber", found.serial), ("macAddress", device.mac or found.mac)):
        if value:
            yield {"name": f"cdx:device:{name}", "value": visible(value, _MAX_VALUE)}
    if found.firmware_date:
        yield _property("firmware-date", found.firmware_date.isoformat())


def _vulnerabilities(report: Report) -> Iterator[Json]:
    """Yield each known weakness once, with the devices that have it; those judged alike together."""
    found: dict[tuple[str, str], list[tuple[Device, Vulnerability]]] = {}
    for device in report.devices:
        for one in device.vulnerabilities:
            found.setdefault((one.id, one.status), []).append((device, one))
    for (name, status), having in found.items():
        first = having[0][1]
        said: Json = {
            "bom-ref": identifier(report, "vulnerability", name, status),
            "id": visible(name, _MAX_VALUE),
            "description": visible(first.title),
            "analysis": {
                "state": _STATES.get(status, "in_triage"),
                "detail": visible(first.note) or _checked(first),
            },
            "affects": [_affected(device, status, report) for device, _ in having],
        }
        if name.startswith(_NIST):
            said["source"] = {"name": "NVD", "url": f"https://nvd.nist.gov/vuln/detail/{visible(name, 40)}"}
        if first.known_exploited:
            said["properties"] = [_property("listed-as-exploited", first.known_exploited.isoformat())]
        yield said


def _checked(one: Vulnerability) -> str:
    return words().weak["by_version"].format(date=words().day(one.checked))


def _affected(device: Device, status: str, report: Report) -> Json:
    firmware = device.identification.firmware
    if not firmware:
        return {"ref": _ref(device, report)}
    version = {"version": visible(firmware, _MAX_VALUE), "status": _VERSIONS.get(status, "unknown")}
    return {"ref": _firmware_ref(device, report), "versions": [version]}


def _property(name: str, value: str) -> Json:
    return {"name": f"camaudit:{name}", "value": visible(value, _MAX_VALUE)}


def _ref(device: Device, report: Report) -> str:
    return identifier(report, "device", device.id)


def _firmware_ref(device: Device, report: Report) -> str:
    return identifier(report, "firmware", device.id)
