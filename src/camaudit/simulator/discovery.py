"""Answer the UDP discovery protocols. In: a datagram. Out: a ``Reply``, or None for silence.

WS-Discovery 1.0 (April 2005), Hikvision SADP (UDP 37020) and Dahua DHIP (UDP 37810).
"""

from __future__ import annotations

import json
import re
import struct
from xml.sax.saxutils import escape

from camaudit.simulator.device import Datagram, DeviceSpec, Dhip, WsDiscovery
from camaudit.simulator.placeholders import fill_live
from camaudit.simulator.reply import Reply

DHIP_MAGIC = b"\x20\x00\x00\x00DHIP"
DHIP_HEADER_BYTES = 32
_MESSAGE_ID = re.compile(r"<(?:[\w-]+:)?MessageID[^<>]*>([^<]*)</")
_TYPES = re.compile(r"<(?:[\w-]+:)?Types[^<>]*>([^<]*)</")
_SADP_TYPES = re.compile(r"<Types>([^<]*)</Types>")
_SADP_UUID = re.compile(r"<Uuid>([^<]*)</Uuid>")
_PROBE_MATCHES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof" '
    'xmlns:wprt="http://schemas.microsoft.com/windows/2006/08/wdp/print" '
    'xmlns:pub="http://schemas.microsoft.com/windows/pub/2005/07">'
    "<SOAP-ENV:Header><wsa:MessageID>urn:uuid:{uuid}</wsa:MessageID><wsa:RelatesTo>{relates_to}</wsa:RelatesTo>"
    "<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>"
    "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action>"
    "</SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>"
)


def probe_types(text: str) -> tuple[str, ...]:
    """Give the local names of the Types a Probe asks for."""
    found = _TYPES.search(text)
    return tuple(name.rsplit(":", 1)[-1] for name in found.group(1).split()) if found else ()


def answer_ws_discovery(payload: bytes, discovery: WsDiscovery) -> Reply | None:
    """Answer a Probe whose Types the device feels meant by, and nothing else."""
    text = payload.decode("utf-8", "replace")
    if not re.search(r"<(?:[\w-]+:)?Probe[\s/>]", text):
        return None
    asked = probe_types(text) or ("any",)
    if "*" not in discovery.answers and not set(asked) <= set(discovery.answers):
        return None
    found = _MESSAGE_ID.search(text)
    relates_to = escape(found.group(1).strip()) if found else ""
    body = fill_live(discovery.template or _probe_match(discovery), {"relates_to": relates_to})
    return Reply(body.encode("utf-8", "surrogateescape"), copies=discovery.copies, own_port=discovery.own_port)


def _probe_match(discovery: WsDiscovery) -> str:
    parts = [_PROBE_MATCHES, escape(discovery.endpoint), "</wsa:Address></wsa:EndpointReference>"]
    if discovery.types:
        parts.append(f"<d:Types>{escape(discovery.types)}</d:Types>")
    if discovery.scopes:
        parts.append(f"<d:Scopes>{escape(' '.join(discovery.scopes))}</d:Scopes>")
    if discovery.xaddrs:
        parts.append(f"<d:XAddrs>{escape(discovery.xaddrs)}</d:XAddrs>")
    parts.append(f"<d:MetadataVersion>{discovery.metadata_version}</d:MetadataVersion>")
    parts.append("</d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>")
    return "".join(parts)


def sadp_type(payload: bytes) -> str:
    """Name what a SADP datagram asks for, empty where it is no SADP Probe."""
    text = payload.decode("utf-8", "replace")
    found = _SADP_TYPES.search(text)
    return found.group(1).strip() if found and "<Probe>" in text else ""


def answer_sadp(payload: bytes, spec: DeviceSpec) -> Reply | None:
    """Answer an inquiry; every other type gets silence (and stands in the log as a violation)."""
    if sadp_type(payload) != "inquiry":
        return None
    found = _SADP_UUID.search(payload.decode("utf-8", "replace"))
    asked = escape(found.group(1).strip()) if found else ""
    if spec.sadp_raw is not None:
        return Reply(fill_live(spec.sadp_raw, {"uuid": asked}).encode(spec.encoding, "replace"))
    fields = [("Uuid", asked)] if found else []
    fields += [("Types", "inquiry"), *(spec.sadp or ())]
    lines = ['<?xml version="1.0" encoding="UTF-8" ?>', "<ProbeMatch>"]
    lines += [f"<{name}>{escape(value)}</{name}>" for name, value in fields]
    text = "\r\n".join([*lines, "</ProbeMatch>", ""])
    return Reply(text.encode(spec.encoding, "replace"))


def dhip_request(payload: bytes) -> dict[str, object] | None:
    """Read the JSON of a DHIP datagram, or None where the 32-byte header or the JSON is wrong."""
    if len(payload) < DHIP_HEADER_BYTES or not payload.startswith(DHIP_MAGIC):
        return None
    try:
        body = json.loads(payload[DHIP_HEADER_BYTES:].decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
    return body if isinstance(body, dict) else None


def answer_dhip(payload: bytes, dhip: Dhip, encoding: str) -> Reply | None:
    """Answer a search that is meant for everybody or for this MAC."""
    asked = dhip_request(payload)
    if asked is None or asked.get("method") != "DHDiscover.search":
        return None
    wanted = asked.get("mac")
    if isinstance(wanted, str) and wanted and wanted.lower() != dhip.mac.lower():
        return None
    said = {"mac": dhip.mac, "method": "client.notifyDevInfo", "params": {"deviceInfo": dhip.device_info}}
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False) + "\n"
    body = text.encode(encoding, "replace")
    return Reply(dhip_framed(body, dhip.claimed_length))


def dhip_framed(body: bytes, claimed_length: int | None = None) -> bytes:
    """Put the DHIP header before a body; the length stands in it twice, little-endian."""
    length = len(body) if claimed_length is None else claimed_length
    return DHIP_MAGIC + bytes(8) + struct.pack("<IIII", length, 0, length, 0) + body


def answer_datagram(payload: bytes, datagram: Datagram) -> Reply | None:
    """Answer a request that starts as the device expects."""
    return Reply(datagram.reply) if payload.startswith(datagram.expects) else None
