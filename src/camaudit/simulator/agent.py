"""Answer SNMP as a device's agent does (RFC 1157, RFC 3416). In: a datagram. Out: a ``Reply``, or silence."""

from __future__ import annotations

import re
from typing import Any

from camaudit.simulator.device import Snmp
from camaudit.simulator.reply import Reply

_VERSIONS = {0: "1", 1: "2c"}
_NO_SUCH_NAME = 2
_OBJECT_ID = re.compile(r"1\.3(?:\.\d+)+\Z")


def snmp_question(payload: bytes) -> str:
    """Name what a datagram asks of an agent: ``GetRequest``, another PDU's name, or ``unreadable``."""
    read = _read(payload)
    return "unreadable" if read is None else type(read[2]).__name__.removesuffix("PDU")


def answer_snmp(payload: bytes, snmp: Snmp) -> Reply | None:
    """Answer a GET in a version that the agent speaks; a wrong community gets silence."""
    from pyasn1.codec.ber import encoder

    read = _read(payload)
    if read is None:
        return None
    rules, message, pdu = read
    version = _VERSIONS[int(rules.apiMessage.get_version(message))]
    community = bytes(rules.apiMessage.get_community(message)).decode("utf-8", "replace")
    if community != snmp.community or version > snmp.newest or not pdu.isSameTypeWith(rules.GetRequestPDU()):
        return None
    response = rules.apiMessage.get_response(message)
    asked = [leaf for leaf, _ in rules.apiPDU.get_varbinds(pdu)]
    missing = next((at for at, leaf in enumerate(asked, start=1) if str(leaf) not in snmp.values), 0)
    answered = rules.apiMessage.get_pdu(response)
    if version == "1" and missing:
        rules.apiPDU.set_error_status(answered, _NO_SUCH_NAME)
        rules.apiPDU.set_error_index(answered, missing)
        rules.apiPDU.set_varbinds(answered, rules.apiPDU.get_varbinds(pdu))
    else:
        rules.apiPDU.set_varbinds(answered, [(leaf, _value(rules, snmp.values.get(str(leaf)))) for leaf in asked])
    return Reply(bytes(encoder.encode(response)))


def _value(rules: Any, text: str | None) -> object:
    if text is None:
        return rules.NoSuchObject("")
    return rules.ObjectIdentifier(text) if _OBJECT_ID.match(text) else rules.OctetString(text.encode("utf-8"))


def _read(payload: bytes) -> tuple[Any, Any, Any] | None:
    """Return the rules of the version, the message and its PDU; ``None`` where it is neither SNMPv1 nor v2c."""
    from pyasn1.codec.ber import decoder
    from pyasn1.error import PyAsn1Error
    from pysnmp.proto import api

    for rules in (api.PROTOCOL_MODULES[1], api.PROTOCOL_MODULES[0]):
        try:
            message, _ = decoder.decode(payload, asn1Spec=rules.Message())
            if rules is not api.PROTOCOL_MODULES[int(rules.apiMessage.get_version(message))]:
                continue
            return rules, message, rules.apiMessage.get_pdu(message)
        except (PyAsn1Error, ValueError, TypeError, LookupError, RecursionError, OverflowError, AttributeError):
            continue
    return None
