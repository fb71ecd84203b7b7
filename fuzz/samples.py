"""Inputs made by hand, by the reader they are for: short, sound, and each of another kind."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

HTTP = (
    b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\n<tit\r\n8\r\nle>x</ti\r\n0\r\n\r\n",
    b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="a\\"b", nonce="n", qop="auth"\r\n'
    b"WWW-Authenticate: Basic realm=IP Camera\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n"
    b"HTTP/1.0 302 Found\r\nLocation: /doc/page/login.asp\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nX-Folded: a\r\n b\r\n\r\n<html><head><title>NVR &amp; more</title>"
    b'<meta http-equiv="refresh" content="0; url=/a"><script>window.location.href="/b"</script>'
    b'<link rel="shortcut icon" href="/i.ico"></head></html>',
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
)
RTSP = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nOPTIONS: DESCRIBE, SETUP\r\nServer: x\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Base: rtsp://192.0.2.9/\r\nContent-Type: application/sdp\r\n"
    b"Content-Length: 5\r\n\r\nv=0\r\n",
)
SDP = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=Media Presentation\r\ni=a\r\nm=video 0 RTP/AVP 96\r\n"
    b"a=control:rtsp://192.0.2.9/trackID=1\r\na=Media_header:MEDIAINFO=494D4B48;\r\n",
)
SOAP = tuple(
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
    b"<s:Body>" + body + b"</s:Body></s:Envelope>"
    for body in (
        b"<tds:GetSystemDateAndTimeResponse><UTCDateTime><Time><Hour>1</Hour><Minute>2</Minute><Second>3</Second></Time>"
        b"<Date><Year>2026</Year><Month>2</Month><Day>3</Day></Date></UTCDateTime></tds:GetSystemDateAndTimeResponse>",
        b"<tds:GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace>"
        b"<XAddr>http://192.0.2.1/onvif/media</XAddr></Service></tds:GetServicesResponse>",
        b"<tds:GetCapabilitiesResponse><Media><XAddr>http://192.0.2.1/onvif/media</XAddr></Media>"
        b"</tds:GetCapabilitiesResponse>",
        b"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
        b"</s:Code></s:Fault>",
        b"<tds:GetScopesResponse><ScopeItem>onvif://www.onvif.org/mac/28:57:be:00:00:01</ScopeItem>"
        b"<ScopeItem>onvif://www.onvif.org/name/A%20B</ScopeItem></tds:GetScopesResponse>",
        b"<trt:GetProfilesResponse><VideoSourceConfiguration><Name>Yard</Name><SourceToken>1</SourceToken>"
        b"</VideoSourceConfiguration></trt:GetProfilesResponse>",
    )
)
ISAPI = (
    b'<?xml version="1.0" encoding="UTF-8"?><DeviceInfo version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
    b"<model>DS-2CD2386G2-IU</model><firmwareVersion>V5.7.14</firmwareVersion></DeviceInfo>",
    b"<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime>"
    b"</userCheck>",
    b"<ActivateStatus><Activated>true</Activated></ActivateStatus>",
    b'seajs.config({web_version: "V4.0.1build171121"});',
)
LAPI = (
    '{"Response":{"ResponseURL":"/LAPI/V1.0/System/DeviceBasicInfo","StatusCode":0,"Data":{"DeviceModel":"IPC3614",'
    '"SerialNumber":"210235","FirmwareVersion":"IPC_G61"}}}',
)
DAHUA_CGI = ("deviceType=31\r\nserialNumber=4M0747EPAA1D062\r\nhardwareVersion=1.00\r\n", "<html>no</html>")
CHALLENGES = (
    'Digest realm="Login to 3e1b", qop="auth,auth-int", nonce="n1", opaque="o", algorithm=SHA-256, stale=TRUE',
    'Basic realm="a, b", Digest realm="c\\"d", nonce="e", userhash=true, Bearer',
    "digest realm=x,nonce=y,algorithm=MD5-sess",
)
SADP = (
    b'<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n'
    b"<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>"
    b"<MAC>58-50-ed-1f-e3-85</MAC><DeviceLock>flase</DeviceLock></ProbeMatch>\r\n",
    b"<ProbeMatch><DeviceSN>\xb0\xa1</DeviceSN>",
)
DHIP = (
    b'{"mac":"4c:11:bf:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceClass":"IPC",'
    b'"DeviceType":"IPC-HDW5421S","HttpPort":80,"IPv4Address":{"IPAddress":"192.0.2.10"},"Init":1162,"Vendor":"Dahua"}}}',
    b'{"method":"client.notifyDevInfo","mac":"4c:11:bf:00:00:01","DeviceType":"IPC","IPAddress":"192.0.2.1',
)
DVRIP = (
    bytes([0xB3]) + bytes(0x77) + b"4c:11:bf:00:00:01DHI-NVR4208SerialNo:4M0747\r\nName:NVR\r\nDevice:HCVR\r\n",
)
SSDP = (
    b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 x\r\n"
    b"LOCATION: http://192.0.2.10/d.xml\r\n\r\n",
    b"NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1\r\n\r\n",
)
LOCATIONS = (b"http://192.0.2.1:49152/description.xml", b"http://[::1]/x")
WSD = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/'
    b'discovery"><s:Body><d:ProbeMatches><d:ProbeMatch><a:Address>urn:uuid:a-1000-1000-8000-2857be000001</a:Address>'
    b"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/A B onvif://www.onvif.org/mac/"
    b"28-57-be-00-00-01</d:Scopes><d:XAddrs>http://192.0.2.1/onvif/device_service</d:XAddrs></d:ProbeMatch>"
    b"</d:ProbeMatches></s:Body></s:Envelope>",
)
TAPO = (
    bytes.fromhex("020000010000000000000000463cb5d3")
    + b'{"result":{"device_type":"SMART.IPCAMERA","device_model":"C200","mac":"00-11-22-33-44-55"}}',
)
XIONGMAI = (
    bytes.fromhex("ff01000000000000000000000000fb05ff000000")
    + b'{"NetWork.NetCommon":{"SN":"a","MAC":"00:12:31:00:00:01","HostName":"IPC","Version":"4.03"}}\n\0',
)

TIANDY = (
    b"IP\tIP\tNEWM4V00\tCMD\tNVSS\t0f-0e-0d-0c-0b-0a\t"
    + b"\t".join(b"%d" % at for at in range(3, 36))
    + b"\n\n\n",
)


def _name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def _record(name: bytes, kind: int, body: bytes) -> bytes:
    return name + struct.pack(">HHIH", kind, 1, 120, len(body)) + body


MDNS = (
    struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 3)
    + _record(_name("_axis-video._tcp.local"), 12, _name("AXIS M1065-LW - 00408C123456._axis-video._tcp.local"))
    + _record(
        _name("AXIS M1065-LW - 00408C123456._axis-video._tcp.local"), 33, b"\0\0\0\0\0\x50" + _name("axis.local")
    )
    + _record(_name("axis.local"), 1, bytes([192, 0, 2, 1]))
    + _record(b"\xc0\x0c", 16, b"\x12macaddress=00408C1\0"),
    struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0) + _record(b"\xc0\x0c", 12, b"\xc0\x0c"),
)


def _snmp(version: int, values: Mapping[str, object] = MappingProxyType({}), error: int = 0) -> bytes:
    from pyasn1.codec.ber import encoder
    from pysnmp.proto import api

    rules = api.PROTOCOL_MODULES[version]
    pdu, message = rules.GetResponsePDU(), rules.Message()
    rules.apiPDU.set_defaults(pdu)
    rules.apiPDU.set_request_id(pdu, 1)
    leaves = {
        "1.3.6.1.2.1.1.1.0": "HIKVISION NVR",
        "1.3.6.1.2.1.1.5.0": "nvr",
        "1.3.6.1.4.1.39165.1.1.0": "DS-7608",
    }
    told = {leaf: rules.OctetString(text) for leaf, text in leaves.items()} | dict(values)
    rules.apiPDU.set_varbinds(pdu, list(told.items()))
    rules.apiPDU.set_error_status(pdu, error)
    rules.apiMessage.set_defaults(message)
    rules.apiMessage.set_community(message, b"c")
    rules.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def _snmp_of_gaps() -> bytes:
    from pysnmp.proto import rfc1902, rfc1905

    gaps = {
        "1.3.6.1.2.1.1.2.0": rfc1902.ObjectIdentifier("1.3.6.1.4.1.39165"),
        "1.3.6.1.2.1.1.5.0": rfc1905.noSuchObject,
    }
    return _snmp(1, gaps)


SNMP = (_snmp(0), _snmp(1), _snmp(0, error=2), _snmp_of_gaps())
FRAMES = (
    b"\xff" * 6
    + bytes.fromhex("2857be000001")
    + b"\x08\x06"
    + bytes.fromhex("00010800060400022857be000001c0000201000000000000c00002ff"),
    struct.pack("=IHHII", 16 + 12 + 8 + 12, 28, 2, 1, 0)
    + struct.pack("=BBHiHBB", 2, 0, 0, 2, 2, 0, 0)
    + struct.pack("=HH", 8, 1)
    + bytes([192, 0, 2, 1])
    + struct.pack("=HH", 10, 2)
    + bytes.fromhex("2857be0000010000"),
)


@cache
def _certificates() -> tuple[bytes, ...]:
    """Return two certificates as cameras have them: an own one of EC, and one of Ed25519 with odd names."""
    found = []
    for key, name in (
        (ec.derive_private_key(7, ec.SECP256R1()), "HIKVISION"),
        (ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)), 'a,b=c\\+"<>;'),
    ):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=7300))
        )
        signed = made.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
        found.append(signed.public_bytes(Encoding.DER))
    return tuple(found)


CERTIFICATES = _certificates()
REMOTE_DEVICES = (
    "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0.Address=192.168.1.65\r\n"
    "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0.SerialNo=S1\r\n"
    "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0.Mac=28:57:be:00:00:01\r\n"
    "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_0.Enable=true\r\n"
    "table.Network.eth0.PhysicalAddress=3c:ef:8c:22:31:62\r\ntable.T2UServer.Enable=true\r\n"
    "caps.SupportedRules.FaceDetection.MaxRules=1\r\ntable.ChannelTitle[0].Name=Yard\r\n"
    "states[0].channel=0\r\nstates[0].connectionState=Connected\r\n"
)
INPUT_PROXY = (
    b"<InputProxyChannelList><InputProxyChannel><id>1</id><name>Yard</name><sourceInputPortDescriptor><proxyProtocol>"
    b"HIKVISION</proxyProtocol><ipAddress>192.168.254.2</ipAddress><model>DS-2CD</model><serialNumber>S1</serialNumber>"
    b"<macAddress>28:57:be:00:00:01</macAddress></sourceInputPortDescriptor></InputProxyChannel></InputProxyChannelList>"
)
SETTINGS = (
    b"<UserList><User><userLevel>Administrator</userLevel></User></UserList>",
    b"<EZVIZ><enabled>true</enabled><registerStatus>true</registerStatus></EZVIZ>",
    b"<AdminAccessProtocolList><AdminAccessProtocol><protocol>HTTP</protocol><portNo>80</portNo></AdminAccessProtocol>"
    b"</AdminAccessProtocolList>",
    b"<DeviceCap><isSupportFace>true</isSupportFace></DeviceCap>",
    b"<Time><localTime>2026-01-01T00:00:00+01:00</localTime></Time>",
)
