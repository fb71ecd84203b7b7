"""Short ways to write what a device answers, in the words of its protocol, and to have it identified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from corpus.form import Recording, Reply, Truth
from corpus.replay import observations

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.identify import identify
from camaudit.model import Certainty, Identification, Kind
from camaudit.signatures.match import fields_of, match

Said = tuple[str, str]
"""What was asked, and what came back."""

SURE = (Certainty.PROBABLE, Certainty.CONFIRMED)
_NOBODY = Truth(None, None, None, Kind.UNKNOWN, "made")


@dataclass(frozen=True, slots=True)
class Device:
    """One unit: its replies, and what must be found. ``sure``: probable at least; else it may stay possible."""

    maker: str | None
    replies: tuple[Said, ...]
    brand: str | None = None
    relation: str | None = None
    sure: bool = True


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def identified(*said: Said) -> Identification:
    replies = tuple(Reply(ask, text) for ask, text in said)
    recording = Recording("unit", "made", _NOBODY, told=False, whole=False, replies=replies)
    knowledge = catalogue().knowledge
    fields = fields_of(observations(recording), catalogue().oui)
    return identify(fields, match(fields, knowledge), knowledge)


def shown(**fields: str | tuple[str, ...]) -> Identification:
    """Identify a unit that shows these fields, each once or on several ports; ``__`` stands for the dot."""
    seen = {n.replace("__", "."): (value,) if isinstance(value, str) else value for n, value in fields.items()}
    knowledge = catalogue().knowledge
    return identify(seen, match(seen, knowledge), knowledge)


def web(body: str = "", *headers: str, status: str = "200 OK", path: str = "/") -> Said:
    return (f"GET {path}", "\n".join((f"HTTP/1.1 {status}", *headers)) + f"\n\n{body}")


def refused(realm: str, *headers: str, path: str = "/", body: str = "") -> Said:
    challenge = f'WWW-Authenticate: Digest qop="auth", realm="{realm}", nonce="4e5468694e7a", stale="FALSE"'
    return web(body, challenge, *headers, status="401 Unauthorized", path=path)


def isapi(realm: str, body: str = "", *headers: str) -> Said:
    return refused(realm, *headers, path="/ISAPI/System/deviceInfo", body=body)


def activated(answer: str = "true", namespace: str = "http://www.hikvision.com/ver20/XMLSchema") -> Said:
    body = f'<ActivateStatus version="2.0" xmlns="{namespace}"><Activated>{answer}</Activated></ActivateStatus>'
    return web(body, "Content-Type: application/xml", path="/SDK/activateStatus")


def dahua_cgi(realm: str) -> Said:
    return refused(realm, path="/cgi-bin/magicBox.cgi?action=getSystemInfo")


def lapi(realm: str) -> Said:
    path = "/LAPI/V1.0/System/DeviceBasicInfo"
    body = f'{{"Response": {{"ResponseURL": "{path}", "ResponseCode": 3, "ResponseString": "Not Authorized"}}}}'
    return refused(realm, "Content-Type: application/json", path=path, body=body)


def options(*headers: str) -> Said:
    return ("OPTIONS", "\n".join(("RTSP/1.0 200 OK", "CSeq: 1", *headers)) + "\n\n")


def describe(realm: str, *headers: str) -> Said:
    challenge = f'WWW-Authenticate: Digest realm="{realm}", nonce="0123456789abcdef0123456789abcdef"'
    return ("DESCRIBE", "\n".join(("RTSP/1.0 401 Unauthorized", "CSeq: 2", challenge, *headers)) + "\n\n")


def stream(*lines: str) -> Said:
    sdp = "\n".join(("v=0", "o=- 1 1 IN IP4 192.0.2.1", *lines))
    return ("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 2\nContent-Type: application/sdp\n\n{sdp}\n")


def wsd(*scopes: str, endpoint: str = "urn:uuid:0f5d2c1e-7c11-4b7e-9d53-5a2c7f1e0001", port: str = "") -> Said:
    listed = " ".join(f"onvif://www.onvif.org/{scope}" for scope in scopes)
    return (
        "wsd",
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>'
        f"<wsa:EndpointReference><wsa:Address>{endpoint}</wsa:Address></wsa:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{listed}</d:Scopes>"
        f"<d:XAddrs>http://192.0.2.1{port}/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches>"
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>",
    )


def scopes(*listed: str) -> Said:
    """The answer of GetScopes without a login: what a search would tell, where no search comes through."""
    items = "".join(
        "<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef>"
        f"<tt:ScopeItem>onvif://www.onvif.org/{scope}</tt:ScopeItem></tds:Scopes>"
        for scope in listed
    )
    return (
        "GetScopes",
        "HTTP/1.1 200 OK\nContent-Type: application/soap+xml\n\n"
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>'
        f"<tds:GetScopesResponse>{items}</tds:GetScopesResponse></s:Body></s:Envelope>",
    )


def information(maker: str, model: str, firmware: str = "", serial: str = "", hardware: str = "") -> Said:
    return (
        "GetDeviceInformation",
        "HTTP/1.1 200 OK\nContent-Type: application/soap+xml\n\n"
        '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><env:Body><tds:GetDeviceInformationResponse>'
        f"<tds:Manufacturer>{maker}</tds:Manufacturer><tds:Model>{model}</tds:Model>"
        f"<tds:FirmwareVersion>{firmware}</tds:FirmwareVersion><tds:SerialNumber>{serial}</tds:SerialNumber>"
        f"<tds:HardwareId>{hardware}</tds:HardwareId></tds:GetDeviceInformationResponse></env:Body></env:Envelope>",
    )


def sadp(**elements: str) -> Said:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return (
        "sadp",
        f'<?xml version="1.0" encoding="UTF-8" ?><ProbeMatch><Types>inquiry</Types>{inside}</ProbeMatch>',
    )


def dhip(**info: str | int) -> Said:
    said = {"mac": "4c:11:bf:01:02:03", "method": "client.notifyDevInfo", "params": {"deviceInfo": info}}
    return ("dhip", json.dumps(said))


def upnp(**elements: str) -> Said:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return ("upnp", f'<root xmlns="urn:schemas-upnp-org:device-1-0"><device>{inside}</device></root>')


def found_by(ask: str, text: str) -> Said:
    """The answer to a maker's own search by datagram, without its header."""
    return (ask, text)


def mac(address: str) -> Said:
    return ("mac", address)
