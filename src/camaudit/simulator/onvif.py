"""Answer calls to the ONVIF device service. In: a SOAP body. Out: status, extra headers and SOAP text.

The operations answered before a login follow the ONVIF Core specification; each device file says where it
differs. Requests are read with regular expressions: no parser here can be led astray by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from camaudit.simulator.device import Headers, Onvif

_OPERATION = re.compile(rb"<(?:[\w-]+:)?Body[^<>]*>\s*<(?:[\w-]+:)?(\w+)")
_NAMESPACES = (
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error"'
)
_SERVICE_NAMESPACES = {
    "device": "http://www.onvif.org/ver10/device/wsdl",
    "media": "http://www.onvif.org/ver10/media/wsdl",
    "media2": "http://www.onvif.org/ver20/media/wsdl",
    "events": "http://www.onvif.org/ver10/events/wsdl",
    "imaging": "http://www.onvif.org/ver20/imaging/wsdl",
    "ptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "deviceio": "http://www.onvif.org/ver10/deviceIO/wsdl",
    "analytics": "http://www.onvif.org/ver20/analytics/wsdl",
    "recording": "http://www.onvif.org/ver10/recording/wsdl",
}


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """A SOAP answer and the HTTP status it travels with."""

    status: str
    headers: Headers
    body: str


def operation(body: bytes) -> str:
    """Name the operation a SOAP request calls, empty where there is none."""
    found = _OPERATION.search(body)
    return found.group(1).decode("ascii", "replace") if found else ""


def answer_soap(body: bytes, onvif: Onvif, *, let_in: bool) -> SoapAnswer:
    """Answer one call, or refuse it with ``ter:NotAuthorized`` where it needs a login."""
    called = operation(body)
    if called not in onvif.before_login and not let_in:
        fault = _fault(onvif, "Sender", "ter:NotAuthorized", "Sender not Authorized")
        return SoapAnswer(onvif.refusal_status, onvif.refusal_headers, fault)
    inner = onvif.override.get(called) or _inner(called, onvif)
    if inner is None:
        fault = _fault(onvif, "Receiver", "ter:ActionNotSupported", "Optional Action Not Implemented")
        return SoapAnswer("500 Internal Server Error", (), fault)
    return SoapAnswer("200 OK", (), _envelope(onvif, inner))


def _inner(called: str, onvif: Onvif) -> str | None:
    """Write the body of one answer; None where the device does not know the operation."""
    match called:
        case "GetSystemDateAndTime":
            return _clock(onvif)
        case "GetDeviceInformation":
            return _device_information(onvif)
        case "GetHostname":
            name = f"<tt:Name>{escape(onvif.hostname)}</tt:Name>" if onvif.hostname else ""
            return _response(
                called,
                f"<tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>{name}</tds:HostnameInformation>",
            )
        case "GetEndpointReference":
            return _response(called, f"<tds:GUID>{escape(onvif.endpoint)}</tds:GUID>")
        case "GetWsdlUrl":
            return _response(
                called, "<tds:WsdlUrl>http://www.onvif.org/Documents/Specifications.aspx</tds:WsdlUrl>"
            )
        case "GetScopes":
            return _response(called, "".join(_scope(scope) for scope in onvif.scopes))
        case "GetServices":
            return _response(called, _services(onvif))
        case "GetCapabilities":
            return _response(called, _capabilities(onvif))
        case "GetServiceCapabilities":
            return _response(called, _service_capabilities())
        case "GetProfiles":
            return _profiles(onvif)
        case "GetNetworkInterfaces":
            return _response(called, _network_interfaces(onvif))
        case _:
            return None


def _response(called: str, inner: str) -> str:
    return f"<tds:{called}Response>{inner}</tds:{called}Response>"


def _clock(onvif: Onvif) -> str:
    now = datetime.now(UTC) + timedelta(seconds=onvif.clock_offset_s)
    moment = (
        f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
        f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
        f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date>"
    )
    return _response(
        "GetSystemDateAndTime",
        "<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false"
        f"</tt:DaylightSavings><tt:TimeZone><tt:TZ>GMT+00:00</tt:TZ></tt:TimeZone><tt:UTCDateTime>{moment}"
        "</tt:UTCDateTime></tds:SystemDateAndTime>",
    )


def _device_information(onvif: Onvif) -> str:
    parts = {
        "Manufacturer": onvif.manufacturer,
        "Model": onvif.model,
        "FirmwareVersion": onvif.firmware,
        "SerialNumber": onvif.serial,
        "HardwareId": onvif.hardware,
    }
    inner = "".join(f"<tds:{name}>{escape(value)}</tds:{name}>" for name, value in parts.items())
    return _response("GetDeviceInformation", inner)


def _scope(scope: str) -> str:
    return f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{escape(scope)}</tt:ScopeItem></tds:Scopes>"


def _services(onvif: Onvif) -> str:
    version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>"
    return "".join(
        f"<tds:Service><tds:Namespace>{_SERVICE_NAMESPACES.get(name, name)}</tds:Namespace>"
        f"<tds:XAddr>{escape(url)}</tds:XAddr>{version}</tds:Service>"
        for name, url in {"device": onvif.xaddr, **onvif.services}.items()
    )


def _capabilities(onvif: Onvif) -> str:
    parts = [f"<tt:Device><tt:XAddr>{escape(onvif.xaddr)}</tt:XAddr></tt:Device>"]
    for name, tag in (("events", "Events"), ("imaging", "Imaging"), ("media", "Media"), ("ptz", "PTZ")):
        if name in onvif.services:
            parts.append(f"<tt:{tag}><tt:XAddr>{escape(onvif.services[name])}</tt:XAddr></tt:{tag}>")
    return f"<tds:Capabilities>{''.join(parts)}</tds:Capabilities>"


def _service_capabilities() -> str:
    return (
        '<tds:Capabilities><tds:Network IPFilter="true" ZeroConfiguration="true" IPVersion6="true"/>'
        '<tds:Security TLS1.2="true" UsernameToken="true" HttpDigest="true"/>'
        '<tds:System DiscoveryResolve="true" DiscoveryBye="true"/></tds:Capabilities>'
    )


def _network_interfaces(onvif: Onvif) -> str:
    return (
        '<tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name>'
        f"<tt:HwAddress>{escape(onvif.mac)}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info></tds:NetworkInterfaces>"
    )


def _profiles(onvif: Onvif) -> str:
    profiles = "".join(
        f'<trt:Profiles token="profile_{number}" fixed="true"><tt:Name>Profile {number}</tt:Name>'
        f'<tt:VideoSourceConfiguration token="source_{number}"><tt:Name>{escape(name)}</tt:Name>'
        f"<tt:UseCount>1</tt:UseCount><tt:SourceToken>source_{number}</tt:SourceToken>"
        "</tt:VideoSourceConfiguration></trt:Profiles>"
        for number, name in enumerate(onvif.sources, start=1)
    )
    namespace = 'xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    return f"<trt:GetProfilesResponse {namespace}>{profiles}</trt:GetProfilesResponse>"


def _fault(onvif: Onvif, side: str, code: str, reason: str) -> str:
    tag = onvif.prefix
    return _envelope(
        onvif,
        f"<{tag}:Fault><{tag}:Code><{tag}:Value>{tag}:{side}</{tag}:Value><{tag}:Subcode><{tag}:Value>{code}"
        f'</{tag}:Value></{tag}:Subcode></{tag}:Code><{tag}:Reason><{tag}:Text xml:lang="en">{reason}'
        f"</{tag}:Text></{tag}:Reason></{tag}:Fault>",
    )


def _envelope(onvif: Onvif, inner: str) -> str:
    tag = onvif.prefix
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{tag}:Envelope xmlns:{tag}="http://www.w3.org/2003/05/soap-envelope" {_NAMESPACES}>'
        f"<{tag}:Body>{inner}</{tag}:Body></{tag}:Envelope>"
    )
