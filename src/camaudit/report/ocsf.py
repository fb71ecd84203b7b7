"""``ocsf.jsonl``: in goes a ``Report``, out come events of the Open Cybersecurity Schema Framework, a line each.

Each device is Device Inventory Info (5001), each finding a Compliance Finding (2003). What a rule leaves open is a
warning with its question, never a failure; an accepted finding stays a failure and is suppressed.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from camaudit.model import Citation, Device, Kind, Report
from camaudit.report.safe import visible
from camaudit.report.sentences import brand_of, called
from camaudit.report.siem import Line, lines_of, moment
from camaudit.report.summary import SURE, name_of
from camaudit.report.words import words

Json = dict[str, Any]

OCSF_VERSION = "1.5.0"
INVENTORY, COMPLIANCE = 5001, 2003
_LOG, _COLLECT = 1, 2
_ACTIVITIES = {"create": (1, "Create"), "update": (2, "Update"), "close": (3, "Close")}
_SEVERITIES = {
    "info": (1, "Informational"),
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_STATUSES = {"create": (1, "New"), "update": (2, "In Progress"), "close": (4, "Resolved")}
_RESULTS = {
    "violation": (3, "Fail"),
    "review": (2, "Warning"),
    "advice": (99, "Advice"),
    "compliant": (1, "Pass"),
    "not_applicable": (99, "Not Applicable"),
    "": (1, "Pass"),
}
_IOT, _OTHER, _UNKNOWN = (7, "IOT"), (99, "Other"), (0, "Unknown")
_MAX = 1000


def pieces(report: Report) -> Iterator[str]:
    """Yield the events, each a line: every device, then every finding."""
    for device in report.devices:
        yield f"{json.dumps(inventory(device, report))}\n"
    for line in lines_of(report):
        yield f"{json.dumps(finding(line))}\n"


def inventory(device: Device, report: Report) -> Json:
    """Return a device as it was found."""
    found = device.identification
    said = _device(device, report)
    unmapped = {
        "site": _text(report.site.name),
        "run": report.run.id,
        "certainty_of_maker": found.certainty.value,
        "kind": found.kind.value,
        "brand": _text(brand_of(found, report.names)),
        "also_at": [_text(address) for address in device.also_at],
    }
    return {
        **_head(INVENTORY, "Device Inventory Info", (_COLLECT, "Collect"), "info", moment(report)),
        "category_uid": 5,
        "category_name": "Discovery",
        "metadata": _metadata(report.run.tool_version, report.run.id),
        "device": said,
        "status_id": 1,
        "status": "Success",
        "unmapped": {key: value for key, value in unmapped.items() if value},
    }


def _device(device: Device, report: Report) -> Json:
    found = device.identification
    video = found.video and found.kind is not Kind.OTHER
    number, word = _IOT if video else _UNKNOWN if found.kind is Kind.UNKNOWN else _OTHER
    maker = name_of(report.names, found.maker) if found.certainty in SURE else ""
    hardware = {"vendor_name": maker, "serial_number": _text(found.serial), "bios_ver": _text(found.firmware)}
    if found.firmware_date:
        hardware["bios_date"] = found.firmware_date.isoformat()
    said: Json = {
        "uid": device.id,
        "type_id": number,
        "type": word,
        "name": _text(called(device, report.names, words())),
        **_ip(device.address),
        "mac": device.mac or found.mac or "",
        "vendor_name": maker,
        "model": _text(found.model),
        "location": {"desc": _text(report.locations.get(device.id))},
        "hw_info": {key: value for key, value in hardware.items() if value},
    }
    if not said["location"]["desc"]:
        del said["location"]
    return {key: value for key, value in said.items() if value not in ("", {})}


def _ip(address: str) -> Json:
    try:
        return {"ip": str(ipaddress.ip_address(address.partition("%")[0]))}
    except ValueError:
        return {"desc": _text(address)} if address else {}


def finding(line: Line) -> Json:
    """Return one finding, or the change of one."""
    return {
        **_head(COMPLIANCE, "Compliance Finding", _ACTIVITIES[line.activity], line.severity, line.at),
        "category_uid": 2,
        "category_name": "Findings",
        "metadata": _metadata(line.tool_version, line.run),
        "message": _text(f"{line.title}: {line.name}" if line.name else line.title),
        "finding_info": _info(line),
        "compliance": _compliance(line),
        "resources": [_resource(line)],
        **_status(line),
        **({"remediation": {"desc": words().actions.get(line.remedy, line.remedy)}} if line.remedy else {}),
        "unmapped": _rest(line),
    }


def _status(line: Line) -> Json:
    if line.activity != "close" and line.state not in ("violation", "review", "advice"):
        # It was never a finding to work on, so it has no place in that.
        return {}
    number, word = (3, "Suppressed") if line.waived and line.activity != "close" else _STATUSES[line.activity]
    return {"status_id": number, "status": word}


def _info(line: Line) -> Json:
    return {
        "uid": line.uid,
        "title": _text(line.title) or line.rule,
        "desc": _text(line.reason),
        "types": [line.state] if line.state else [],
        "analytic": {"uid": f"{line.policy}/{line.rule}", "name": _text(line.title), "type_id": 1, "type": "Rule"},
    }


def _compliance(line: Line) -> Json:
    number, word = _RESULTS.get(line.state, (0, "Unknown"))
    said: Json = {
        "control": f"{line.policy}/{line.rule}",
        "standards": [_text(line.policy_name or line.policy)],
        "requirements": [_text(_cited(each)) for each in line.citations],
        "status_id": number,
        "status": word,
        "status_detail": _text(line.question or line.reason),
    }
    return {key: value for key, value in said.items() if value not in ("", [])}


def _cited(citation: Citation) -> str:
    return citation.citation or citation.title


def _resource(line: Line) -> Json:
    said = {"uid": line.device, "name": _text(line.name), "type": "camera or recorder", **_ip(line.address)}
    said.pop("desc", None)
    return {key: value for key, value in said.items() if value}


def _rest(line: Line) -> Json:
    said = {
        "site": _text(line.site),
        "run": line.run,
        "state": line.state,
        "accepted": line.waived,
        "due": line.due.isoformat() if line.due else "",
        "address": _text(line.address),
        "maker": _text(line.maker),
        "model": _text(line.model),
        "certainty_of_maker": line.certainty,
    }
    return {key: value for key, value in said.items() if value != ""}


def _head(uid: int, name: str, activity: tuple[int, str], severity: str, at: datetime) -> Json:
    number, word = activity
    weight, severe = _SEVERITIES[severity]
    return {
        "class_uid": uid,
        "class_name": name,
        "activity_id": number,
        "activity_name": word,
        "type_uid": uid * 100 + number,
        "type_name": f"{name}: {word}",
        "severity_id": weight,
        "severity": severe,
        "time": int(at.timestamp() * 1000),
    }


def _metadata(version: str, run: str) -> Json:
    product = {"name": "camaudit", "vendor_name": "camaudit", "version": version}
    return {"version": OCSF_VERSION, "product": product, "correlation_uid": run}


def notice(at: datetime, version: str, run: str, message: str, severity: str, more: Json) -> Json:
    """Return an event that is about no finding, such as a scan that reached less: OCSF's base event."""
    return {
        **_head(0, "Base Event", (99, "Other"), severity, at),
        "category_uid": 0,
        "category_name": "Uncategorized",
        "metadata": _metadata(version, run),
        "message": _text(message),
        "unmapped": more,
    }


def _text(text: str | None) -> str:
    return visible(text or "", _MAX)
