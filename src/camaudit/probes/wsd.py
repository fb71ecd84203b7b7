"""WS-Discovery (UDP 3702): in goes a datagram, out come ``wsd.*`` fields.

Printers and PCs answer too, so ``wsd.types`` and the scopes say whether it is a camera. Devices share MessageIDs;
only address and EndpointReference tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import uuid4

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.markup import Markup, read_markup
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram, joined
from camaudit.probes.scopes import as_mac, scope_fields

PORT = 3702
GROUPS = ("239.255.255.250",)
GROUPS6 = ("ff02::c",)
WAIT_S = 1.0

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
    declared = {"wsd.namespace": markup.namespaces, "wsd.declared": (" ".join(markup.namespaces),)}
    fields = joined(declared, *map(_match_fields, matches))
    return {name: values for name, values in fields.items() if any(values)}


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the Probes to one host, the second only where the first stays without an answer."""
    record = Record(host, port, "wsd", now)
    return await ask_by_datagram(record, requests(), parse, wait_s=WAIT_S)


def _match_fields(match: Markup) -> Fields:
    sent = " ".join(match.first("Scopes").split())
    endpoint = match.first("Address")
    by_endpoint = _TIME_UUID.search(endpoint)
    told = scope_fields(sent)
    macs = (as_mac(by_endpoint[1]) if by_endpoint else "", *told.get("wsd.mac", ()))
    return {
        "wsd.types": tuple(kind.rpartition(":")[2] for kind in match.first("Types").split()),
        "wsd.epr": (endpoint,) if endpoint else (),
        "wsd.xaddr": tuple(match.first("XAddrs").split()),
        "wsd.metadata_version": match.values("MetadataVersion")[:1],
        **told,
        "wsd.mac": tuple(dict.fromkeys(filter(None, macs))),
    }
