"""SNMP (UDP 161, RFC 1157 and RFC 3416): in go read communities of the operator, out come ``snmp.*`` fields.

Asked only where the operator gave a community. One GET with SNMPv2c, and one with SNMPv1 where that stays without
an answer; a wrong community is silence too. What a device echoes of the community is taken out: it is a secret.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.record import Fields, Now, Record
from camaudit.probes.text import decode

PORT = 161
WAIT_S = 1.0

_V1, _V2C = 0, 1
_VERSIONS = (_V2C, _V1)
_BYTES_LIMIT = 8 * 1024
"""Bytes of an answer that are read: a GET of this size draws a few hundred."""

_SYSTEM = {
    "1.3.6.1.2.1.1.1.0": "snmp.descr",
    "1.3.6.1.2.1.1.2.0": "snmp.object_id",
    "1.3.6.1.2.1.1.5.0": "snmp.name",
}
"""The system group (RFC 3418), which every agent has."""

_MAKERS = {
    "1.3.6.1.4.1.39165.1.1.0": "snmp.model",
    "1.3.6.1.4.1.39165.1.3.0": "snmp.firmware",
    "1.3.6.1.4.1.39165.1.6.0": "snmp.manufacturer",
    "1.3.6.1.4.1.50001.1.3.0": "snmp.serial",
    "1.3.6.1.4.1.1004849.2.1.1.1.0": "snmp.firmware",
    "1.3.6.1.4.1.1004849.2.1.2.4.0": "snmp.serial",
}
"""Leaves of makers' own trees. SNMPv2c says of each that it is missing; SNMPv1 would refuse the whole question."""

_TREE = re.compile(r"1\.3\.6\.1\.4\.1\.\d{1,10}(?=\.)")
_SHORT = 4


def request(community: str, version: int, request_id: int) -> bytes:
    """Return one GET: of the system group, and with SNMPv2c of the makers' leaves."""
    rules, encode = _rules(version), _codec("encoder").encode
    wanted = _SYSTEM if version == _V1 else {**_SYSTEM, **_MAKERS}
    pdu, message = rules.GetRequestPDU(), rules.Message()
    rules.apiPDU.set_defaults(pdu)
    rules.apiPDU.set_request_id(pdu, request_id)
    rules.apiPDU.set_varbinds(pdu, [(leaf, rules.Null("")) for leaf in wanted])
    rules.apiMessage.set_defaults(message)
    rules.apiMessage.set_community(message, community.encode("utf-8"))
    rules.apiMessage.set_pdu(message, pdu)
    return bytes(encode(message))


def parse(datagram: bytes, version: int, request_id: int) -> Fields | None:
    """Return the fields of the answer to a GET, or ``None`` where it is none; raises on no bytes."""
    if len(datagram) > _BYTES_LIMIT:
        return None
    rules = _rules(version)
    try:
        message, _ = _codec("decoder").decode(datagram, asn1Spec=rules.Message())
        pdu = rules.apiMessage.get_pdu(message)
        is_ours = (
            pdu.isSameTypeWith(rules.GetResponsePDU()) and int(rules.apiPDU.get_request_id(pdu)) == request_id
        )
        failed = bool(int(rules.apiPDU.get_error_status(pdu)))
        pairs = [] if failed else list(rules.apiPDU.get_varbinds(pdu)) if is_ours else None
    except (_error(), ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError):
        return None
    return None if pairs is None else _fields((str(leaf), _text(value)) for leaf, value in pairs)


def without(fields: Mapping[str, Iterable[str]], community: str) -> Fields:
    """Return the fields with every mention of the community taken out; a short one only as a word of its own."""
    edge = "" if len(community) > _SHORT else r"\b"
    secret = re.compile(edge + re.escape(community) + edge)
    return {name: tuple(secret.sub("…", value) for value in values) for name, values in fields.items()}


async def ask(host: Host, now: Now, communities: Iterable[str], port: int = PORT) -> tuple[Observation, ...]:
    """Send one GET for each community and version until one is answered."""
    record = Record(host, port, "snmp", now)
    last = Stopped(Outcome.SILENT, "no answer, as where the community is not the right one")
    for community in communities:
        for version in _VERSIONS:
            request_id = secrets.randbelow(2**31 - 1) + 1
            try:
                answers = await host.datagram(port, request(community, version, request_id), wait_s=WAIT_S)
            except Stopped as stopped:
                if stopped.outcome is not Outcome.SILENT:
                    return (record.stopped(stopped),)
                continue
            for answer in answers:
                fields = parse(answer, version, request_id)
                if fields is not None:
                    return (record.answered(without(fields, community)),)
            last = Stopped(Outcome.MALFORMED, "an answer that is not SNMP")
    return (record.stopped(last),)


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    found: Fields = {}
    for leaf, text in pairs:
        field = _SYSTEM.get(leaf) or _MAKERS.get(leaf)
        if not field or not text:
            continue
        found[field] = (*found.get(field, ()), text)
        tree = _TREE.match(leaf)
        if tree is not None:
            found["snmp.tree"] = tuple(dict.fromkeys((*found.get("snmp.tree", ()), tree[0])))
    return found


def _text(value: Any) -> str:
    """Return a value as text; nothing where the agent has no such leaf."""
    kind = type(value).__name__
    if kind in ("NoSuchObject", "NoSuchInstance", "EndOfMibView", "Null"):
        return ""
    return decode(bytes(value)).strip() if kind == "OctetString" else str(value)


def _rules(version: int) -> Any:
    # Read on first use: few scans ask by SNMP, and none should wait for it before its first packet.
    from pysnmp.proto import api

    return api.PROTOCOL_MODULES[version]


def _codec(name: str) -> Any:
    from pyasn1.codec.ber import decoder, encoder

    return encoder if name == "encoder" else decoder


def _error() -> type[Exception]:
    from pyasn1.error import PyAsn1Error

    error: type[Exception] = PyAsn1Error
    return error
