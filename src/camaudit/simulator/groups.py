"""Answer SSDP and multicast DNS. In: a datagram. Out: a ``Reply``, or None for silence.

UPnP Device Architecture 2.0 section 1.3.3, and one-shot queries as in RFC 6762 section 6.7.
"""

from __future__ import annotations

from camaudit.simulator.device import Mdns, Ssdp
from camaudit.simulator.message import read_request
from camaudit.simulator.reply import Reply

_ROOT = "upnp:rootdevice"
_ENUMERATION = "_services._dns-sd._udp.local."
_ANSWER_FLAGS = 0x8400
_POINTER, _TEXT, _SERVER = 12, 16, 33
_IN = 1
_LIFE_S = 10
"""RFC 6762 section 6.7: no more in an answer to a resolver that is not one of multicast DNS."""


def ssdp_search(payload: bytes) -> str:
    """Name what an SSDP datagram searches for, empty where it is no search."""
    request = read_request(payload)
    if request is None or request.method != "M-SEARCH" or request.headers.get("man") != '"ssdp:discover"':
        return ""
    return request.headers.get("st", "")


def answer_ssdp(payload: bytes, ssdp: Ssdp) -> Reply | None:
    """Answer a search for root devices or for everything."""
    if ssdp_search(payload) not in (_ROOT, "ssdp:all"):
        return None
    lines = (
        "HTTP/1.1 200 OK",
        "CACHE-CONTROL: max-age=1800",
        "EXT:",
        f"LOCATION: {ssdp.location}",
        f"SERVER: {ssdp.server}",
        f"ST: {_ROOT}",
        f"USN: {ssdp.usn}::{_ROOT}",
        "",
        "",
    )
    return Reply("\r\n".join(lines).encode())


def mdns_questions(payload: bytes) -> tuple[str, ...]:
    """Give the names a query asks for; empty where it is no plain query (an answer, a probe, an update)."""
    from zeroconf import DNSIncoming  # only a fleet that is asked needs it

    message = DNSIncoming(payload)
    is_query = message.valid and message.is_query() and not payload[2] & 0x78
    plain = is_query and not message.num_answers and not message.num_authorities
    return tuple(question.name for question in message.questions) if plain else ()


def answer_mdns(payload: bytes, mdns: Mdns) -> Reply | None:
    """Answer every question that is about a service of the device, all in one datagram."""
    from zeroconf import DNSOutgoing, DNSPointer, DNSService, DNSText

    asked = {name.lower() for name in mdns_questions(payload)}
    out = DNSOutgoing(_ANSWER_FLAGS, multicast=False, id_=int.from_bytes(payload[:2], "big"))
    found = False
    host = f"{mdns.host}.local."
    text = b"".join(bytes([len(pair.encode())]) + pair.encode() for pair in mdns.txt) or b"\0"
    for service in mdns.services:
        kind = f"{service}.local."
        name = f"{mdns.instance}.{kind}"
        if _ENUMERATION in asked:
            out.add_answer_at_time(DNSPointer(_ENUMERATION, _POINTER, _IN, _LIFE_S, kind), 0)
            found = True
        if kind.lower() in asked:
            out.add_answer_at_time(DNSPointer(kind, _POINTER, _IN, _LIFE_S, name), 0)
            out.add_additional_answer(DNSService(name, _SERVER, _IN, _LIFE_S, 0, 0, mdns.port, host))
            out.add_additional_answer(DNSText(name, _TEXT, _IN, _LIFE_S, text))
            found = True
    return Reply(out.packets()[0]) if found else None
