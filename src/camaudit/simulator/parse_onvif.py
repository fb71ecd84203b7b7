"""Turn ``onvif`` of a device file into an ``Onvif`` value."""

from __future__ import annotations

from camaudit.simulator.device import Onvif
from camaudit.simulator.parse_text import flat
from camaudit.simulator.section import Section

PRE_AUTH = (
    "GetWsdlUrl",
    "GetServices",
    "GetServiceCapabilities",
    "GetCapabilities",
    "GetHostname",
    "GetSystemDateAndTime",
    "GetEndpointReference",
)
"""What a device answers before any login, by the ONVIF Core specification 26.06."""


def parse_onvif(section: Section) -> Onvif:
    """Read the device service; ``open`` adds operations answered to anybody, ``closed`` takes some away."""
    refusal = section.section("refusal") or Section({}, section.where)
    challenge = refusal.text_or_none("challenge")
    closed = section.texts("closed")
    services, override = section.section("services"), section.section("override")
    onvif = Onvif(
        paths=section.texts("paths") or ("/onvif/device_service", "/onvif/media_service"),
        prefix=section.word("prefix", ("SOAP-ENV", "env", "s", "soap", "soapenv"), "SOAP-ENV"),
        before_login=tuple(op for op in (*PRE_AUTH, *section.texts("open")) if op not in closed),
        refusal_status=refusal.text("status", "400 Bad Request"),
        refusal_headers=flat({"WWW-Authenticate": [challenge]} if challenge else {}),
        manufacturer=section.text("manufacturer", ""),
        model=section.text("model", ""),
        firmware=section.text("firmware", ""),
        serial=section.text("serial", ""),
        hardware=section.text("hardware", ""),
        mac=section.text("mac", ""),
        hostname=section.text("hostname", ""),
        endpoint=section.text("endpoint", ""),
        scopes=section.texts("scopes"),
        xaddr=section.text("xaddr"),
        services={name: str(url) for name, url in (services.rest() if services else ())},
        clock_offset_s=section.number("clock_offset_s", 0.0),
        sources=section.texts("sources") or ("VideoSource_1",),
        override={op: str(body) for op, body in (override.rest() if override else ())},
    )
    refusal.close()
    section.close()
    return onvif
