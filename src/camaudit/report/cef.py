"""``camaudit.cef``: in goes a ``Report``, out come lines of the Common Event Format in syslog frames (RFC 5424).

A line for each finding that is open or accepted, and one for the run. Escaping is CEF's: ``\\`` and ``|`` in the
header, ``\\`` and ``=`` in the extension; what would end a line is made visible before.
"""

from __future__ import annotations

import ipaddress
import platform
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from camaudit.model import Report
from camaudit.report.safe import visible
from camaudit.report.siem import Line, lines_of, moment, standing
from camaudit.report.summary import counts

_MAX = 1000
_LEVELS = {"info": 1, "low": 3, "medium": 5, "high": 8, "critical": 10}
_FACILITY = 13
_SYSLOG = {"info": 6, "low": 5, "medium": 4, "high": 3, "critical": 2}
_TOLD = ("violation", "review", "advice")
_NO_HOST = re.compile(r"[^!-~]")
Fields = Mapping[str, str]


def pieces(report: Report) -> Iterator[str]:
    """Yield the lines, each with its end."""
    yield f"{run_line(report)}\n"
    for line in lines_of(report):
        if line.state in _TOLD:
            yield f"{finding_line(line, 'finding')}\n"


def run_line(report: Report) -> str:
    """Return the line that says that a run was judged, and how the site stands."""
    extension = {"cs6Label": "site", "cs6": report.site.name, "deviceExternalId": report.run.id}
    said = {**extension, "msg": standing(counts(report))}
    event = ("run", "Camera audit finished", "info")
    return line_of(moment(report), report.run.tool_version, event, said)


def finding_line(line: Line, event: str) -> str:
    """Return one finding, or the change of one, as a line. ``event`` is the id of its kind in CEF's header."""
    custom = {
        "cs1": ("policy", line.policy),
        "cs2": ("rule", line.rule),
        "cs3": ("state", f"{line.state} (accepted)" if line.waived else line.state),
        "cs4": ("maker", line.maker),
        "cs5": ("model", line.model),
        "cs6": ("site", line.site),
        "flexString1": ("certainty of the maker", line.certainty),
        "flexString2": ("question", line.question),
    }
    fields = {
        **address_fields(line.address),
        "dmac": line.mac,
        "cat": "compliance",
        "externalId": line.uid,
        "deviceExternalId": line.run,
        "act": line.remedy,
        "request": next((cited.url for cited in line.citations if cited.url.startswith("https://")), ""),
        "reason": "; ".join(cited.citation for cited in line.citations),
        "msg": line.reason,
        **{
            part: text
            for key, (label, value) in custom.items()
            if value
            for part, text in _pair(key, label, value)
        },
    }
    if line.due:
        fields |= {"deviceCustomDate1Label": "due", "deviceCustomDate1": _epoch_ms(line.due.isoformat())}
    name = f"{line.title}: {line.name}" if line.name else line.title
    return line_of(line.at, line.tool_version, (event, name, line.severity), fields)


def _pair(key: str, label: str, value: str) -> tuple[tuple[str, str], ...]:
    return (f"{key}Label", label), (key, value)


def address_fields(address: str) -> dict[str, str]:
    """Return an address under the keys that CEF has for it: of IPv4, of IPv6, and of what is neither."""
    try:
        # A zone is this machine's name of an interface, and no part of the address.
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        # A camera behind a recorder has a channel, no address of its own: 192.0.2.24#3.
        return {"dhost": address} if address else {}
    if parsed.version == 4:
        return {"dst": str(parsed)}
    return {"c6a3Label": "Destination IPv6 Address", "c6a3": str(parsed)}


def _epoch_ms(day: str) -> str:
    return str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000))


def line_of(at: datetime, version: str, event: tuple[str, str, str], fields: Fields) -> str:
    """Return a line: the syslog frame, CEF's header of id, name and severity, and fields that hold something."""
    kind, name, severity = event
    header = ("CEF:0", "camaudit", "camaudit", version, kind, name, str(_LEVELS[severity]))
    said = {"rt": str(int(at.timestamp() * 1000)), **{key: text for key, text in fields.items() if text}}
    extension = " ".join(f"{key}={_value(text)}" for key, text in said.items())
    return f"{frame(at, kind, severity)} {'|'.join(map(_header, header))}|{extension}"


def frame(at: datetime, kind: str, severity: str) -> str:
    """Return the head of an RFC 5424 message from this machine, with no process id and no structured data."""
    host = _NO_HOST.sub("", platform.node())[:255] or "-"
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"<{_FACILITY * 8 + _SYSLOG[severity]}>1 {stamp} {host} camaudit - {kind[:32]} -"


def _header(text: str) -> str:
    return visible(text, _MAX).replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    return visible(text, _MAX).replace("\\", "\\\\").replace("=", "\\=")
