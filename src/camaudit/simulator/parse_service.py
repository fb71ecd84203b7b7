"""Turn ``services`` of a device file into ``Service`` values. Unknown keys are errors."""

from __future__ import annotations

from camaudit.simulator.device import Datagram, Service, TlsSpec
from camaudit.simulator.hostile import BEHAVIOURS
from camaudit.simulator.section import Section

SPEAKS = ("http", "rtsp", "raw", "silent", "ws-discovery", "sadp", "dhip", "ssdp", "mdns", "snmp", "datagram")
_UDP = ("ws-discovery", "sadp", "dhip", "ssdp", "mdns", "snmp", "datagram")
_MAX_PORT = 65535


def parse_service(section: Section, encoding: str) -> Service:
    """Check and convert one port of a device."""
    speaks = section.word("speaks", SPEAKS)
    tls, datagram = section.section("tls"), section.section("datagram")
    service = Service(
        port=section.whole("port"),
        transport="udp" if speaks in _UDP else "tcp",
        speaks=speaks,
        site=section.text("site", "main"),
        tls=_tls(tls) if tls else None,
        behaviour=section.text_or_none("behaviour"),
        every_s=section.number("every_s", 1.0),
        greeting=section.text("greeting", "").encode(encoding),
        reply=_octets(section, "reply_hex"),
        datagram=_datagram(datagram, encoding) if datagram else None,
        copies=section.whole("copies", 1),
        sends_from=section.texts("sends_from"),
    )
    if not 0 < service.port <= _MAX_PORT:
        raise section.fail("port", f"{service.port} is no port")
    if service.behaviour is not None and service.behaviour not in BEHAVIOURS:
        raise section.fail("behaviour", f"{service.behaviour!r} is none of {', '.join(BEHAVIOURS)}")
    section.close()
    return service


def _tls(section: Section) -> TlsSpec:
    tls = TlsSpec(
        subject=section.text("subject"),
        issuer=section.text_or_none("issuer"),
        rsa_bits=section.whole("rsa_bits", 2048),
        newest=section.word("newest", ("TLSv1", "TLSv1.2", "TLSv1.3"), "TLSv1.3"),
        chain=section.whole("chain", 1),
    )
    section.close()
    return tls


def _datagram(section: Section, encoding: str) -> Datagram:
    reply = _octets(section, "reply_hex") + section.text("reply_text", "").encode(encoding)
    datagram = Datagram(
        expects=_octets(section, "expects_hex"),
        reply=_placed(section, reply.ljust(section.whole("reply_bytes", 0), b"\0"), encoding),
        reply_to=section.whole("reply_to", 0),
        to_everybody=section.flag("to_everybody", default=False),
    )
    section.close()
    return datagram


def _placed(section: Section, reply: bytes, encoding: str) -> bytes:
    """Write the texts of ``placed``, by the place where each begins, into an answer."""
    whole = bytearray(reply)
    texts = section.section("placed")
    for place, text in texts.rest() if texts else ():
        written = str(text).encode(encoding)
        if not place.isdigit() or int(place) + len(written) > len(reply):
            raise section.fail("placed", f"{place} is no place with room for {text!r} in {len(reply)} bytes")
        whole[int(place) : int(place) + len(written)] = written
    return bytes(whole)


def _octets(section: Section, key: str) -> bytes:
    try:
        return bytes.fromhex(section.text(key, ""))
    except ValueError as wrong:
        raise section.fail(key, str(wrong)) from wrong
