"""The bytes that a benchmark device answers with: in go a profile, its serial and a request, out come bytes."""

from __future__ import annotations

import json
import re
import struct

from benchmarks.profiles import Profile

_OPERATION = re.compile(rb"<(?:\w+:)?(Get\w+)")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")
_MESSAGE_ID = re.compile(rb"MessageID[^>]*>([^<]{1,100})<")
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
_SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>{body}</s:Body></s:Envelope>'
)
_NOT_AUTHORISED = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
    '</s:Code><s:Reason><s:Text xml:lang="en">Sender not authorized</s:Text></s:Reason></s:Fault>'
)
_CLOCK = (
    "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
    "<tt:UTCDateTime><tt:Time><tt:Hour>9</tt:Hour><tt:Minute>30</tt:Minute><tt:Second>5</tt:Second></tt:Time>"
    "<tt:Date><tt:Year>2026</tt:Year><tt:Month>3</tt:Month><tt:Day>2</tt:Day></tt:Date></tt:UTCDateTime>"
    "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
)
_PROBE_MATCH = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:RelatesTo>{to}</a:RelatesTo></s:Header>'
    "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{serial}</a:Address>"
    "</a:EndpointReference><d:Types>{types}</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{xaddr}</d:XAddrs>"
    "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
)


def request_length(received: bytes) -> int:
    """Return how long the first request in ``received`` is, or 0 while it is not whole."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return 0
    length = _LENGTH.search(received, 0, head + 2)
    whole = head + 4 + (int(length[1]) if length else 0)
    return whole if len(received) >= whole else 0


def web(profile: Profile, serial: str, request: bytes) -> bytes:
    """Answer one HTTP request."""
    path = request.split(b" ", 2)[1].split(b"?")[0].decode("latin-1") if request.count(b" ") >= 2 else "/"
    if profile.onvif and path == "/onvif/device_service":
        return _soap(request)
    if path in profile.realm_paths or (path == "/" and profile.realm and not profile.pages):
        realm = profile.realm.format(serial=serial)
        asks = f'WWW-Authenticate: Digest realm="{realm}", nonce="4f2a", qop="auth"\r\n'
        return _message(profile, 401, "", asks)
    page = profile.pages.get(path)
    return _message(profile, 404, "") if page is None else _message(profile, 200, page)


def rtsp(profile: Profile, serial: str, request: bytes) -> bytes:
    """Answer one RTSP request: OPTIONS to anybody, all else asks for a login."""
    found = re.search(rb"(?i)\r\ncseq:\s*(\d{1,9})", request)
    head = f"CSeq: {found[1].decode() if found else 0}\r\n"
    if profile.rtsp_server:
        head += f"Server: {profile.rtsp_server}\r\n"
    if request.startswith(b"OPTIONS"):
        return f"RTSP/1.0 200 OK\r\n{head}Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n".encode()
    realm = (profile.realm or "RTSP").format(serial=serial)
    asks = f'WWW-Authenticate: Digest realm="{realm}", nonce="8c1d"\r\n'
    return f"RTSP/1.0 401 Unauthorized\r\n{head}{asks}\r\n".encode()


def ws_discovery(profile: Profile, serial: str, address: str, datagram: bytes) -> bytes:
    """Answer a Probe."""
    sent = _MESSAGE_ID.search(datagram)
    to = sent[1].decode("latin-1") if sent else ""
    if not profile.is_camera:
        return _PROBE_MATCH.format(to=to, serial=serial, types="wsdp:Device", scopes="", xaddr="").encode()
    scopes = (
        f"onvif://www.onvif.org/name/{profile.maker} onvif://www.onvif.org/hardware/{profile.model} "
        "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/Profile/Streaming"
    )
    port = next(port for port in (2020, 8000, 8899, 80) if profile.ports.get(port) == "http")
    xaddr = f"http://{address}{'' if port == 80 else f':{port}'}/onvif/device_service"
    return _PROBE_MATCH.format(
        to=to, serial=serial, types="dn:NetworkVideoTransmitter", scopes=scopes, xaddr=xaddr
    ).encode()


def sadp(profile: Profile, serial: str, address: str, datagram: bytes) -> bytes:
    """Answer an inquiry of Hikvision's search."""
    sent = re.search(rb"<Uuid>([^<]{1,64})<", datagram)
    values = {
        "Uuid": sent[1].decode("latin-1") if sent else "", "Types": "inquiry",
        "DeviceDescription": profile.model, "DeviceSN": f"{profile.model}{serial}", "IPv4Address": address,
        "HttpPort": "80", "Activated": "true", "SoftwareVersion": "V5.4.5build 170124",
    }  # fmt: skip
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><ProbeMatch>{inner}</ProbeMatch>'.encode()


def dhip(profile: Profile, serial: str, address: str, datagram: bytes) -> bytes:
    """Answer a search of Dahua's."""
    info = {
        "DeviceClass": "IPC", "DeviceType": profile.model, "HttpPort": 80, "SerialNo": serial,
        "IPv4Address": {"IPAddress": address}, "Vendor": "Dahua", "Version": "2.800.0000000.16.R",
    }  # fmt: skip
    body = json.dumps({"method": "client.notifyDevInfo", "params": {"deviceInfo": info}}).encode()
    return b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", len(body), 0, len(body), 0) + body


DISCOVERIES = {
    "wsd": ("239.255.255.250", 3702, ws_discovery),
    "sadp": ("239.255.255.250", 37020, sadp),
    "dhip": ("239.255.255.251", 37810, dhip),
}
"""Each protocol's group, port and answer."""


def _message(profile: Profile, status: int, body: str, more: str = "") -> bytes:
    server = f"Server: {profile.server}\r\n" if profile.server else ""
    sent = body.encode()
    head = f"HTTP/1.1 {status} {_REASONS[status]}\r\n{server}{more}Content-Type: text/html\r\n"
    return f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent


def _soap(request: bytes) -> bytes:
    asked = _OPERATION.search(request)
    known = asked is not None and asked[1] == b"GetSystemDateAndTime"
    body = _SOAP.format(body=_CLOCK if known else _NOT_AUTHORISED)
    status = "200 OK" if known else "400 Bad Request"
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml; charset=utf-8\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()
