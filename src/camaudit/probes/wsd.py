"""WS-Discovery (UDP 3702): in goes a datagram, out come ``wsd.*`` fields.

Printers and PCs answer too, so ``wsd.types`` and the scopes say whether it is a camera. Devices share MessageIDs;
only address and EndpointReference tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote
from uuid import uuid4

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.markup import Markup, read_markup
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram, joined

PORT = 3702
GROUPS = ("239.255.255.250",)
GROUPS6 = ("ff02::c",)
WAIT_S = 1.0

_SCOPE_START = "onvif://www.onvif.org/"
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
    '<s:Header><a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>'
    "<a:MessageID>{message_id}</a:MessageID><a:ReplyTo>"
    "<a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>'
    "<s:Body><d:Probe><d:Types>{types}</d:Types></d:Probe></s:Body></s:Envelope>"
)
_NAMED_SCOPES = {
    "name": "wsd.name",
    "hardware": "wsd.hardware",
    "model": "wsd.hardware",
    "manufacturer": "wsd.manufacturer",
    "mfr": "wsd.manufacturer",
    "serial": "wsd.serial",
    "version": "wsd.firmware",
    "mac": "wsd.mac",
    "macaddr": "wsd.mac",
    "macaddress": "wsd.mac",
}
_MAC = re.compile(r"(?i)[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}\Z")
# The last part of a UUID of version 1 is a MAC address (RFC 9562 section 5.1): Hikvision and Uniview keep to it.
_TIME_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[0-9a-f]{4}-([0-9a-f]{12})\Z")


def fresh_id() -> str:
    """Return a MessageID that was never used."""
    return f"urn:uuid:{uuid4()}"


def requests(new_id: Callable[[], str] = fresh_id) -> tuple[bytes, ...]:
    """Return one Probe for video transmitters and one for any ONVIF device; some devices know only one of them."""
    kinds = ("dn:NetworkVideoTransmitter", "tds:Device")
    return tuple(_PROBE.format(message_id=new_id(), types=kind).encode("ascii") for kind in kinds)


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of every ProbeMatch in a reply together, or ``None`` where there is none.

    The ProbeMatches wrapper may lack and elements may lie in wrong namespaces (ipycam). A Hello, which a unit
    sends when it joins the network, has the same content.
    """
    markup = read_markup(datagram)
    if markup is None or markup.root.lower() != "envelope":
        return None
    matches = markup.after("ProbeMatch") or markup.after("Hello")
    if not matches:
        return None
    fields = joined({"wsd.namespace": markup.namespaces}, *map(_match_fields, matches))
    return {name: values for name, values in fields.items() if values}


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the Probes to one host, the second only where the first stays without an answer."""
    record = Record(host, port, "wsd", now)
    return await ask_by_datagram(record, requests(), parse, wait_s=WAIT_S)


def _match_fields(match: Markup) -> Fields:
    sent = " ".join(match.first("Scopes").split())
    endpoint = match.first("Address")
    scopes = tuple(_scopes(sent))
    by_endpoint = _TIME_UUID.search(endpoint)
    macs = [by_endpoint[1]] if by_endpoint else []
    fields: Fields = {
        "wsd.types": tuple(kind.rpartition(":")[2] for kind in match.first("Types").split()),
        "wsd.scope": scopes,
        "wsd.scopes": (sent,) if sent else (),
        "wsd.epr": (endpoint,) if endpoint else (),
        "wsd.xaddr": tuple(match.first("XAddrs").split()),
        "wsd.metadata_version": match.values("MetadataVersion")[:1],
    }
    for scope in scopes:
        key, _, value = scope.partition("/")
        field = _NAMED_SCOPES.get(key.lower())
        if field == "wsd.mac":
            macs.append(value)
        elif field and value:
            fields[field] = (*fields.get(field, ()), value)
    fields["wsd.mac"] = tuple(dict.fromkeys(filter(None, map(_as_mac, macs))))
    return fields


def _scopes(sent: str) -> Iterator[str]:
    """Yield each scope, decoded. A word that is no address belongs to the one before (ipycam sends raw spaces)."""
    scopes: list[str] = []
    for word in sent.split():
        if scopes and ":" not in word.partition("/")[0]:
            scopes[-1] += f" {word}"
        else:
            scopes.append(word)
    for scope in scopes:
        own = scope[: len(_SCOPE_START)].lower() == _SCOPE_START
        yield unquote(scope[len(_SCOPE_START) :] if own else scope, errors="replace")


def _as_mac(text: str) -> str:
    """Return a MAC address in lower case with colons; empty where it is none, or one that names no unit."""
    if not _MAC.match(text):
        return ""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    if set(digits) == {"0"} or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
