"""The responders in memory: bytes in, bytes out, no sockets."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import struct
from datetime import UTC, datetime

import pytest
from defusedxml import ElementTree

from camaudit.simulator import Fleet, SimulatedDevice
from camaudit.simulator.message import read_request, split_message

INQUIRY = b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>7A-1</Uuid><Types>inquiry</Types></Probe>'
SEARCH = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
DHIP_HEAD = bytes.fromhex("2000000044484950") + bytes(8)
PROBE = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header><w:MessageID>urn:uuid:42</w:MessageID>'
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe>"
    "{types}</d:Probe></e:Body></e:Envelope>"
)


def get(device: SimulatedDevice, path: str, *headers: str, port: int = 80) -> tuple[str, dict[str, str], bytes]:
    """Send one GET; give the status line, the headers by lower-case name, and the body."""
    request = "\r\n".join((f"GET {path} HTTP/1.1", "Host: camera", *headers, "", ""))
    head, _, body = device.answer("tcp", port, request.encode()).data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    return status, {line.split(": ")[0].lower(): line.split(": ", 1)[-1] for line in lines}, body


def soap(device: SimulatedDevice, operation: str, port: int = 80, head: str = "") -> bytes:
    """Call one operation of the device service and give the whole answer."""
    body = (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{head}<s:Body>'
        f'<{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
    )
    request = f"POST /onvif/device_service HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    return device.answer("tcp", port, request.encode()).data


def dhip(device: SimulatedDevice, body: bytes = SEARCH) -> bytes:
    size = struct.pack("<IIII", len(body), 0, len(body), 0)
    return device.answer("udp", 37810, DHIP_HEAD + size + body).data


def digest(challenge: str, method: str, path: str, username: str, password: str) -> str:
    """Answer a Digest challenge with qop=auth, as RFC 7616 says."""
    part = dict(re.findall(r'(\w+)="([^"]*)"', challenge))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret = md5(f"{username}:{part['realm']}:{password}")
    response = md5(f"{secret}:{part['nonce']}:00000001:c:auth:{md5(f'{method}:{path}')}")
    return (
        f'Authorization: Digest username="{username}", realm="{part["realm"]}", nonce="{part["nonce"]}", '
        f'uri="{path}", qop=auth, nc=00000001, cnonce="c", response="{response}"'
    )


def test_hikvision_pages_before_a_login(fleet: Fleet) -> None:
    camera = fleet.device("hik-ds-2cd2385g1-i")
    status, headers, body = get(camera, "/")
    assert (status, headers["server"]) == ("HTTP/1.1 200 OK", "App-webs/")
    assert b"/doc/page/login.asp" in body
    assert int(headers["content-length"]) == len(body)
    assert b"<Activated>true</Activated>" in get(camera, "/SDK/activateStatus")[2]
    assert b'seajs.web_version = "V4' in get(camera, "/doc/script/lib/seajs/config/sea-config.js")[2]
    status, headers, body = get(camera, "/ISAPI/System/deviceInfo")
    assert status == "HTTP/1.1 401 Unauthorized"
    assert 'realm="IP Camera(34512)"' in headers["www-authenticate"]
    assert b"<lockStatus>unlock</lockStatus>" in body
    assert get(camera, "/nothing")[0] == "HTTP/1.1 404 Not Found"


def test_every_nonce_is_fresh(fleet: Fleet) -> None:
    camera = fleet.device("hik-ds-2cd2385g1-i")
    seen = {get(camera, "/ISAPI/System/deviceInfo")[1]["www-authenticate"] for _ in range(5)}
    assert len(seen) == 5


def test_dahua_has_its_own_header_style(fleet: Fleet) -> None:
    camera = fleet.device("dahua-ipc-hfw2831t")
    raw = camera.answer("tcp", 80, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert raw.close
    assert b"\r\nCONNECTION: close\r\n" in raw.data
    assert b"\r\nServer:" not in raw.data
    assert b"<title>WEB SERVICE</title>" in raw.data
    challenge = get(camera, "/cgi-bin/magicBox.cgi?action=getDeviceType")[1]["www-authenticate"]
    assert re.search(r'realm="Login to [0-9a-f]{32}"', challenge)
    assert (
        "Login to 1F006E4PAX00060" in get(fleet.device("dahua-ipc-hdw5421s"), "/cgi-bin/x")[1]["www-authenticate"]
    )


def test_requests_on_one_connection_are_told_apart() -> None:
    first, rest = split_message(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nokGET /b HTTP/1.1\r\n\r\n") or (
        b"",
        b"",
    )
    request = read_request(first)
    assert request is not None
    assert request.body == b"ok"
    assert split_message(rest) == (rest, b"")
    assert split_message(b"GET / HTTP/1.1\r\n") is None


def test_rtsp_echoes_cseq_and_asks_for_a_login(fleet: Fleet) -> None:
    camera = fleet.device("hik-ds-2cd2385g1-i")
    options = camera.answer("tcp", 554, b"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 41\r\n\r\n").data.decode()
    assert "CSeq: 41\r\nPublic: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER" in options
    assert "Server:" not in options
    describe = camera.answer("tcp", 554, b"DESCRIBE rtsp://x/ RTSP/1.0\r\nCSeq: 42\r\n\r\n").data.decode()
    assert describe.startswith("RTSP/1.0 401 Unauthorized\r\nCSeq: 42\r\n")
    assert 'Digest realm="5850ed1fe312"' in describe
    axis = fleet.device("axis-p3245-lve")
    assert b" 404 " in axis.answer("tcp", 554, b"DESCRIBE rtsp://x/live RTSP/1.0\r\nCSeq: 1\r\n\r\n").data
    known = b"DESCRIBE rtsp://x/axis-media/media.amp?res=1 RTSP/1.0\r\nCSeq: 1\r\n\r\n"
    assert b'realm="AXIS_B8A44F103130"' in axis.answer("tcp", 554, known).data


def test_onvif_answers_the_clock_and_refuses_the_rest(fleet: Fleet) -> None:
    camera = fleet.device("hik-ds-2cd2385g1-i")
    assert b"<tds:GetSystemDateAndTimeResponse>" in soap(camera, "GetSystemDateAndTime")
    assert b"urn:uuid:aa85c000-6324-11b5-8f31-5850ed1fe312" in soap(camera, "GetEndpointReference")
    refused = soap(camera, "GetDeviceInformation")
    assert refused.startswith(b"HTTP/1.1 401 ")
    assert b"ter:NotAuthorized" in refused
    assert soap(fleet.device("dahua-ipc-hfw2831t"), "GetDeviceInformation").startswith(b"HTTP/1.1 400 ")
    assert b"<tds:Manufacturer>AXIS<" in soap(fleet.device("axis-m3045-v"), "GetDeviceInformation")
    assert b" 401 " in soap(fleet.device("trap-all-closed-onvif"), "GetSystemDateAndTime")[:20]


@pytest.mark.parametrize(
    "operation",
    [
        "GetSystemDateAndTime",
        "GetCapabilities",
        "GetServices",
        "GetServiceCapabilities",
        "GetHostname",
        "GetEndpointReference",
        "GetWsdlUrl",
        "GetDeviceInformation",
        "GetScopes",
        "GetNetworkInterfaces",
        "Reboot",
    ],
)
def test_every_onvif_answer_is_well_formed(fleet: Fleet, operation: str) -> None:
    answer = soap(fleet.device("xiongmai-xm530"), operation, port=8899)
    ElementTree.fromstring(answer.partition(b"\r\n\r\n")[2])


def test_ws_discovery_honours_the_types(fleet: Fleet) -> None:
    both = PROBE.replace("{types}", "<d:Types>dn:NetworkVideoTransmitter</d:Types>").encode()
    device = PROBE.replace("{types}", "<d:Types>tds:Device</d:Types>").encode()
    camera = fleet.device("hik-ds-2cd2385g1-i").answer("udp", 3702, both).data.decode()
    assert "<wsa:RelatesTo>urn:uuid:42</wsa:RelatesTo>" in camera
    assert "onvif://www.onvif.org/MAC/58:50:ed:1f:e3:12" in camera
    ElementTree.fromstring(camera)
    printer = fleet.device("printer-wsd")
    assert printer.answer("udp", 3702, both).data == b""
    assert b"PrintDeviceType" in printer.answer("udp", 3702, device).data
    assert fleet.device("trap-nvt-not-camera").answer("udp", 3702, both).data
    assert fleet.device("windows-wsdd").answer("udp", 3702, device).copies == 2
    assert fleet.device("trap-ipycam").answer("udp", 3702, both).own_port


def test_sadp_answers_an_inquiry_and_nothing_else(fleet: Fleet) -> None:
    camera = fleet.device("hik-ds-2cd2385g1-i")
    root = ElementTree.fromstring(camera.answer("udp", 37020, INQUIRY).data)
    assert root.tag == "ProbeMatch"
    assert [child.tag for child in root][:5] == ["Uuid", "Types", "DeviceType", "DeviceDescription", "DeviceSN"]
    assert root.findtext("Uuid") == "7A-1"
    assert root.findtext("MAC") == "58-50-ed-1f-e3-12"
    assert root.findtext("DeviceLock") == "flase"
    assert camera.answer("udp", 37020, INQUIRY.replace(b"inquiry", b"reset")).data == b""
    older = ElementTree.fromstring(fleet.device("hik-ds-2cd2432f-iw").answer("udp", 37020, INQUIRY).data)
    assert older.findtext("SoftwareVersion") == "V5.2.5build 141201"


def test_dhip_needs_its_header_and_honours_a_mac(fleet: Fleet) -> None:
    camera = fleet.device("lorex-w461asc")
    answer = dhip(camera)
    assert answer[:8] == DHIP_HEAD[:8]
    assert struct.unpack("<I", answer[16:20])[0] == len(answer) - 32
    info = json.loads(answer[32:])["params"]["deviceInfo"]
    assert (info["Vendor"], info["Manufacturer"], info["Port"]) == ("Lorex", "Private", 35000)
    assert camera.answer("udp", 37810, SEARCH).data == b""
    other = b'{"method":"DHDiscover.search","params":{"uni":1},"mac":"00:00:00:00:00:01"}'
    assert dhip(camera, other) == b""
    assert dhip(camera, other.replace(b"00:00:00:00:00:01", b"00:1F:54:22:31:81"))


def test_a_right_login_is_let_in_and_wrong_ones_lock(fleet: Fleet) -> None:
    recorder = SimulatedDevice(fleet.device("hik-nvr-with-login").blueprint)
    path = "/ISAPI/ContentMgmt/InputProxy/channels"
    challenge = get(recorder, path)[1]["www-authenticate"]
    right = digest(challenge, "GET", path, "auditor", "look-dont-touch-24")
    status, _headers, body = get(recorder, path, right)
    assert status.endswith("200 OK")
    assert body.count(b"<InputProxyChannel ") == 16
    wrong = digest(challenge, "GET", path, "auditor", "guess")
    left = [get(recorder, path, wrong)[2] for _ in range(7)]
    assert b"<retryLoginTime>6<" in left[0]
    assert b"<lockStatus>lock<" in left[-1]
    assert get(recorder, path, right)[0].endswith("401 Unauthorized")


@pytest.mark.parametrize(("password", "let_in"), [("look-dont-touch-30", True), ("guess", False)])
def test_a_username_token_is_checked(fleet: Fleet, password: str, let_in: bool) -> None:
    camera = SimulatedDevice(fleet.device("hik-with-login").blueprint)
    nonce, created = b"0123456789abcdef", datetime.now(UTC).isoformat()
    signed = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    head = (
        "<s:Header><Security><UsernameToken><Username>auditor</Username>"
        f'<Password Type="x#PasswordDigest">{base64.b64encode(signed).decode()}</Password>'
        f"<Nonce>{base64.b64encode(nonce).decode()}</Nonce><Created>{created}</Created></UsernameToken>"
        "</Security></s:Header>"
    )
    answer = soap(camera, "GetDeviceInformation", head=head)
    assert (b"<tds:Model>DS-2CD2146G2-ISU<" in answer) is let_in


def test_hostile_answers_are_as_bad_as_they_should_be(fleet: Fleet) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    assert fleet.device("hostile-silent").answer("tcp", 80, request).data == b""
    assert fleet.device("hostile-drip").answer("tcp", 80, request).drip_s == 1.0
    assert fleet.device("hostile-endless-header").answer("tcp", 80, request).endless
    bomb = get(fleet.device("hostile-gzip-bomb"), "/")[2]
    assert len(gzip.decompress(bomb)) > 500 * len(bomb)
    assert b"<!ENTITY" in fleet.device("hostile-xml-bomb").answer("udp", 37020, INQUIRY).data
    assert b"\xc3(" in fleet.device("hostile-not-utf-8").answer("udp", 37020, INQUIRY).data
    assert struct.unpack("<I", dhip(fleet.device("hostile-dhip-lies"))[16:20])[0] == 2**32 - 1
    assert get(fleet.device("hostile-out-of-scope"), "/")[1]["location"].startswith("http://198.51.100.7/")
    assert fleet.device("hostile-late").answer("tcp", 80, request).delay_s == 4.0


def test_a_catch_all_says_200_to_everything_and_nginx_to_nothing(fleet: Fleet) -> None:
    for path in ("/ISAPI/System/deviceInfo", "/onvif/device_service", "/cgi-bin/magicBox.cgi"):
        assert get(fleet.device("catch-all-app"), path)[0] == "HTTP/1.1 200 OK"
        assert get(fleet.device("nginx-plain"), path)[0] == "HTTP/1.1 404 Not Found"
        assert get(fleet.device("router-realm"), path)[0] == "HTTP/1.1 401 Unauthorized"


def test_every_device_answers_something_to_everything(fleet: Fleet) -> None:
    requests = (b"GET / HTTP/1.1\r\n\r\n", b"DESCRIBE rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"\x00\xff", b"")
    for device in fleet.devices:
        for service in device.services:
            for payload in (*requests, INQUIRY, SEARCH, PROBE.encode()):
                device.answer(service.transport, service.port, payload, service.tls is not None)
        assert device.answer("tcp", 65000, b"x").close


def m_search(target: str, man: str = '"ssdp:discover"') -> bytes:
    lines = ("M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", f"MAN: {man}", "MX: 1", f"ST: {target}", "", "")
    return "\r\n".join(lines).encode()


def test_an_axis_answers_a_search_for_root_devices_and_gives_its_description(fleet: Fleet) -> None:
    axis = fleet.device("axis-m3045-v")
    answer = axis.answer("udp", 1900, m_search("upnp:rootdevice")).data.decode()
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert f"\r\nLOCATION: http://{axis.address}:29152/rootdesc1.xml\r\n" in answer
    assert "\r\nUSN: uuid:Upnp-BasicDevice-1_0-ACCC8E103131::upnp:rootdevice\r\n" in answer
    _, headers, body = get(axis, "/rootdesc1.xml", port=29152)
    assert headers["content-type"] == "text/xml"
    root = ElementTree.fromstring(body)
    assert root.findtext(".//{*}modelName") == "AXIS M3045-V"


@pytest.mark.parametrize(
    "payload", [b"", m_search("urn:x:1"), m_search("upnp:rootdevice", man="x"), b"NOTIFY * HTTP/1.1\r\n\r\n"]
)
def test_anything_but_a_search_for_it_gets_silence(fleet: Fleet, payload: bytes) -> None:
    assert fleet.device("axis-m3045-v").answer("udp", 1900, payload).data == b""


def dns_query(*names: str, flags: int = 0) -> bytes:
    questions = b"".join(
        b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0\0\x0c\x80\x01"
        for name in names
    )
    return struct.pack(">HHHHHH", 7, flags, len(names), 0, 0, 0) + questions


def test_multicast_dns_answers_what_was_asked_with_the_same_id(fleet: Fleet) -> None:
    axis = fleet.device("axis-m3045-v")
    answer = axis.answer("udp", 5353, dns_query("_axis-video._tcp.local")).data
    assert answer[:4] == struct.pack(">HH", 7, 0x8400)
    assert b"AXIS M3045-V - ACCC8E103131" in answer
    assert b"\x17macaddress=ACCC8E103131" in answer
    listed = axis.answer("udp", 5353, dns_query("_services._dns-sd._udp.local")).data
    assert b"_axis-video" in listed
    assert b"ACCC8E103131" not in listed


@pytest.mark.parametrize(
    "payload", [b"", b"\0" * 11, dns_query("_ipp._tcp.local"), dns_query("_axis-video._tcp.local", flags=0x8400)]
)
def test_other_multicast_dns_gets_silence(fleet: Fleet, payload: bytes) -> None:
    assert fleet.device("axis-m3045-v").answer("udp", 5353, payload).data == b""
