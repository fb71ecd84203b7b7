"""Multicast DNS (UDP 5353, RFC 6762 and RFC 6763): in goes a datagram, out come ``mdns.*`` fields.

One query goes to the group from a port of its own, so that every answer comes back to us alone (RFC 6762 sections
5.1 and 6.7). One host is asked the same (section 5.5) where the group does not reach it; it may leave a sender off
its link without an answer, so that goes beside the other searches and costs no time of its own.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.record import Now, Record, ask_by_datagram
from camaudit.probes.text import bounded, decode

if TYPE_CHECKING:
    from zeroconf import DNSRecord

PORT = 5353
GROUPS = ("224.0.0.251",)
GROUPS6 = ("ff02::fb",)
WAIT_S = 1.0

SERVICES = (
    "_services._dns-sd._udp",
    "_axis-video._tcp",
    "_axis-nvr._tcp",
    "_arec._tcp",
    "_psia._tcp",
    "_CGI._tcp",
    "_rtsp._tcp",
    "_http._tcp",
    "_onvif._tcp",
)
"""What is asked for: the list of all services, and those that cameras are known to have."""

_POINTER, _IN = 12, 1
_UNICAST = 0x8000
_ENUMERATION = "_services._dns-sd._udp.local"
_MOST_RECORDS = 256


def request() -> bytes:
    """Return one query for every service, each question with the bit that asks for a unicast answer."""
    header = struct.pack(">HHHHHH", 0, 0, len(SERVICES), 0, 0, 0)
    questions = (_name(f"{service}.local") + struct.pack(">HH", _POINTER, _IN | _UNICAST) for service in SERVICES)
    return header + b"".join(questions)


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (the question of others is none)."""
    is_answer = len(datagram) > 12 and bool(datagram[2] & 0x80)
    if not is_answer:
        return None
    # Read on first use: most scans meet a responder, but none should wait for the import before its first packet.
    from zeroconf import DNSIncoming

    _hush()
    try:
        message = DNSIncoming(datagram)
        records = message.answers()[:_MOST_RECORDS] if message.valid else []
    except (ValueError, IndexError, struct.error):
        return None
    return bounded(_fields(records)) or None


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the query to one host."""
    return await ask_by_datagram(Record(host, port, "mdns", now), (request(),), parse, wait_s=WAIT_S)


def _name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in text.split(".")) + b"\0"


def _hush() -> None:
    """Keep the library from writing a device's broken bytes to the log."""
    logging.getLogger("zeroconf").disabled = True


def _fields(records: Iterable[DNSRecord]) -> dict[str, list[str]]:
    from zeroconf import DNSAddress, DNSPointer, DNSService, DNSText

    services: list[str] = []
    instances: list[str] = []
    hosts: list[str] = []
    texts: list[str] = []
    for record in records:
        name = _short(record.name)
        if isinstance(record, DNSPointer) and name.startswith("_"):
            target = _short(record.alias)
            listed = record.name.rstrip(".").lower() == _ENUMERATION
            services.append(target if listed else name)
            if not listed:
                instances.append(_instance(target))
        elif isinstance(record, DNSService):
            instances.append(_instance(name))
            hosts.append(_short(record.server))
        elif isinstance(record, DNSAddress):
            hosts.append(name)
        elif isinstance(record, DNSText):
            texts += _pairs(record.text)
    return {"mdns.service": services, "mdns.instance": instances, "mdns.hostname": hosts, "mdns.txt": texts}


def _short(name: str) -> str:
    bare = name.rstrip(".")
    return bare[: -len(".local")] if bare.lower().endswith(".local") else bare


def _instance(name: str) -> str:
    """Return the label before the service type (RFC 6763 section 4.1): ``AXIS M1065-LW - 00408C123456``."""
    return name.partition("._")[0]


def _pairs(text: bytes) -> list[str]:
    """Return the strings of a TXT record: each follows a byte with its length (RFC 1035 section 3.3.14)."""
    found: list[str] = []
    at = 0
    while at < len(text):
        end = at + 1 + text[at]
        found.append(decode(text[at + 1 : end]))
        at = end
    return found
