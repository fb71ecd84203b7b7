"""What has misled other tools, each with its source: look-alikes that accuse nobody, badges that hide a maker.

Each case is the wire text of one device; ``source`` says where the trap was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from corpus.form import Recording, Reply, Truth
from corpus.replay import observations

from camaudit.identify import identify
from camaudit.model import Certainty, Identification, Kind, Relation
from camaudit.signatures.match import fields_of, match
from known import CATALOGUE

SURE = (Certainty.PROBABLE, Certainty.CONFIRMED)
ACCUSED = ("hikvision", "dahua")
_NOBODY = Truth(None, None, None, Kind.UNKNOWN, "made")

IMKH = "a=Media_header:MEDIAINFO=494D4B48010100000400050000000000000000000000000000000000000000000000000000000000;"
DAHUA_LIKE = "rtsp://192.0.2.1:554/H264?channel=1&subtype=0&unicast=true&proto=Onvif"
HIK_NAMESPACES = (
    'xmlns:hikwsd="http://www.onvifext.com/onvif/ext/ver10/wsdl" '
    'xmlns:hikxsd="http://www.onvifext.com/onvif/ext/ver10/schema"'
)


@dataclass(frozen=True)
class Trap:
    """A device's answers as ``(ask, reply)``, and where the trap was seen."""

    source: str
    replies: tuple[tuple[str, str], ...]


def identified(trap: Trap) -> Identification:
    replies = tuple(Reply(ask, text) for ask, text in trap.replies)
    recording = Recording("trap", "made", _NOBODY, told=False, whole=False, replies=replies)
    fields = fields_of(observations(recording), CATALOGUE.oui)
    return identify(fields, match(fields, CATALOGUE.knowledge), CATALOGUE.knowledge)


def sdp(*lines: str, server: str = "", base: str = "") -> tuple[tuple[str, str], ...]:
    """The answers of an open stream: OPTIONS, then DESCRIBE with these lines of SDP."""
    named = f"Server: {server}\n" if server else ""
    where = f"Content-Base: {base}\n" if base else ""
    body = "\n".join(("v=0", "o=- 1 1 IN IP4 192.0.2.1", *lines, "m=video 0 RTP/AVP 96"))
    return (
        ("OPTIONS", f"RTSP/1.0 200 OK\nCSeq: 1\n{named}Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY\n\n"),
        ("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 2\n{named}{where}Content-Type: application/sdp\n\n{body}\n"),
    )


def page(server: str, body: str = "", *extra: str) -> tuple[str, str]:
    lines = "\n".join(("HTTP/1.1 200 OK", f"Server: {server}", "Content-Type: text/html", *extra))
    return ("GET /", f"{lines}\n\n{body}")


def probe_match(scopes: str, *, names: str = "", types: str = "dn:NetworkVideoTransmitter") -> tuple[str, str]:
    return (
        "wsd",
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        f'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" {names}><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>'
        "<wsa:EndpointReference><wsa:Address>urn:uuid:0f5d2c1e-7c11-4b7e-9d53-5a2c7f1e0001</wsa:Address>"
        f"</wsa:EndpointReference><d:Types>{types}</d:Types><d:Scopes>{scopes}</d:Scopes>"
        "<d:XAddrs>http://192.0.2.1/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches>"
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>",
    )


CAMHI = "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/IPCAM onvif://www.onvif.org/name/IPCAM"

INNOCENT = {
    "IMKH in the SDP of an Anjvision": Trap(
        "signatures.md s.4, retina's recordings: IMKH on LIVE555 by Anjvision/Anpviz",
        sdp("s=RTSP/RTP stream from anjvision ipcamera", "a=tool:LIVE555 Streaming Media v2011.05.25", IMKH),
    ),
    "IMKH in the SDP of an XM-type IPCAM": Trap(
        "signatures.md s.4, retina's recordings: an XM-type IPCAM sends IMKH too",
        sdp("s=H264 Video, RtspServer_0.0.0.2", IMKH, server="Rtsp Server/2.0"),
    ),
    "Rtsp Server/2.0 and Dahua's path on a GW Security": Trap(
        "signatures.md s.4, retina's recordings: GW Security with a Dahua-like path",
        sdp('s=Session streamed by "H264Server"', server="Rtsp Server/2.0", base=DAHUA_LIKE),
    ),
    "Dahua's dynamic rate on an XM H264DVR": Trap(
        "signatures.md s.4: x-Accept-Dynamic-Rate is sent by Dahua and by XM's H264DVR 1.0",
        (
            (
                "OPTIONS",
                "RTSP/1.0 200 OK\nCSeq: 1\nServer: H264DVR 1.0\nPublic: OPTIONS\nx-Accept-Dynamic-Rate: 1\n\n",
            ),
        ),
    ),
    "Server: webs on a camera of nobody known": Trap(
        "signatures.md s.1: Server webs is GoAhead; nmap calls it HikVision (demand.md s.6)",
        (
            page("webs"),
            ("OPTIONS", "RTSP/1.0 200 OK\nCSeq: 1\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\n\n"),
        ),
    ),
    "one plain Public line and no server name": Trap(
        "demand.md s.6: nmap calls this answer Hikvision DVR rtspd",
        (("OPTIONS", "RTSP/1.0 200 OK\nCSeq: 1\nPublic: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN\n\n"),),
    ),
    "Hikvision's namespaces on a CamHi unit": Trap(
        "signatures.md s.3: Hipcam RealServer; public captures with Hikvision's prefixes",
        (
            probe_match(CAMHI, names=HIK_NAMESPACES),
            ("OPTIONS", "RTSP/1.0 200 OK\nCSeq: 1\nServer: Hipcam RealServer/V1.0\nPublic: OPTIONS, DESCRIBE\n\n"),
            page("thttpd/2.25b 29dec2003"),
        ),
    ),
    "HiSilicon's sample banner": Trap(
        "demand.md s.6: recog calls it Foscam, nmap HiLinux; it is a chip maker's sample",
        (
            (
                "OPTIONS",
                "RTSP/1.0 200 OK\nCSeq: 1\nServer: HiIpcam/V100R003 VodServer/1.0.0\nPublic: OPTIONS\n\n",
            ),
        ),
    ),
    "go2rtc, whose scopes look like Dahua's": Trap(
        "devices.md, go2rtc's ONVIF server",
        (
            probe_match(
                "onvif://www.onvif.org/name/go2rtc onvif://www.onvif.org/location/github "
                "onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/type/Network_Video_Transmitter"
            ),
            ("OPTIONS", "RTSP/1.0 200 OK\nCSeq: 1\nServer: go2rtc\nPublic: OPTIONS, DESCRIBE\n\n"),
        ),
    ),
    "a page that names both makers": Trap(
        "made: an installer's help page on a plain web server",
        (page("nginx", "<html><title>Hikvision and Dahua manuals</title>Hikvision, Dahua</html>"),),
    ),
    "the description of an Axis stream, which begins like Hikvision's": Trap(
        "clients and manuals that quote Axis: Media Presentation, e=NONE and b=AS stand in both",
        sdp(
            *("s=Media Presentation", "e=NONE", "b=AS:50032", "t=0 0", "a=control:*", "a=range:npt=0.000000-"),
            "a=transform:1.000000,0.000000,0.000000;0.000000,1.000000,0.000000;0.000000,0.000000,1.000000",
        ),
    ),
    "firmware that writes Hikvision's description for the sake of its recorders": Trap(
        "code of a camera's stream server: i=mpeg4 and LIVE555 follow the borrowed lines",
        sdp(
            "s=Media Presentation", "e=NONE", "b=AS:5100", "i=mpeg4", "a=tool:LIVE555 Streaming Media v2009.09.28"
        ),
    ),
    "GoAhead's own challenge": Trap(
        "Hikvision's older challenge has the same words in the same order",
        (
            (
                "GET /ISAPI/System/deviceInfo",
                'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest realm="GoAhead", domain=":80", qop="auth", '
                'nonce="fd4d2a8a2b5a1d2b8c8f41a1ad2f1c0e", opaque="5ccc069c403ebaf9f0171e9517f40e41", '
                'algorithm="MD5", stale="FALSE"\n\n',
            ),
        ),
    ),
    "paths and a hardware number like Hikvision's on a camera with firmware of TAS-Tech": Trap(
        "notes of the owner of two EYEPLUS cameras: an ISAPI of another house, and HardwareId 88",
        (
            (
                "GET /ISAPI/System/deviceInfo",
                "HTTP/1.1 401 Unauthorized\nServer: Ginatex-HTTPServer\nContent-Type: application/xml\n\n"
                '<ResponseStatus version="1.0" xmlns="http://www.ginatex.com/ver10/XMLSchema">'
                "<statusCode>4</statusCode></ResponseStatus>",
            ),
            (
                "GetDeviceInformation",
                "HTTP/1.1 200 OK\nServer: Ginatex-HTTPServer\nContent-Type: application/soap+xml\n\n"
                '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
                'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Body><tds:GetDeviceInformationResponse>'
                "<tds:Manufacturer>EYEPLUS</tds:Manufacturer><tds:Model>EYEPLUS_DEV</tds:Model>"
                "<tds:FirmwareVersion>57.0.8.0</tds:FirmwareVersion><tds:SerialNumber>12345679890</tds:SerialNumber>"
                "<tds:HardwareId>88</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body></s:Envelope>",
            ),
            (
                "OPTIONS",
                "RTSP/1.0 200 OK\nCSeq: 2\nServer: TAS-Tech Streaming Server V100R001\n"
                "Public: DESCRIBE, SET_PARAMETER, SETUP, TEARDOWN, PAUSE, PLAY\n\n",
            ),
        ),
    ),
    "a MAC prefix of Hikvision and nothing else": Trap(
        "house rule 4: a prefix alone never convicts", (("mac", "c0:56:e3:00:00:01"),)
    ),
}

OTHERS_OUI = {
    "A4:5E:60 is Apple's": ("a4:5e:60:00:00:01", "NetAlertX calls it Hikvision (demand.md s.6)"),
    "00:15:6D is Ubiquiti's": ("00:15:6d:00:00:01", "NetAlertX calls it Amcrest (demand.md s.6)"),
    "AC:9E:17 is ASUSTek's": ("ac:9e:17:00:00:01", "NetAlertX calls it Reolink (demand.md s.6)"),
    "00:12:12 is Plus's": ("00:12:12:00:00:01", "UK-OUI-SPY calls it Hikvision (demand.md s.6)"),
    "64:25:5E is Observint's": ("64:25:5e:00:00:01", "CamioCam#224 calls it LTS (demand.md s.6)"),
}


@pytest.mark.parametrize("name", INNOCENT)
def test_a_look_alike_is_never_called_hikvision_or_dahua(name: str) -> None:
    found = identified(INNOCENT[name])
    assert not (found.maker in ACCUSED and found.certainty in SURE), (found.maker, found.confidence)


@pytest.mark.parametrize(
    "name",
    [
        "the description of an Axis stream, which begins like Hikvision's",
        "firmware that writes Hikvision's description for the sake of its recorders",
        "GoAhead's own challenge",
        "paths and a hardware number like Hikvision's on a camera with firmware of TAS-Tech",
    ],
)
def test_a_look_alike_that_was_taken_for_hikvisions_is_not_even_possible(name: str) -> None:
    assert identified(INNOCENT[name]).maker != "hikvision"


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("IMKH in the SDP of an Anjvision", "anjvision"),
        ("Hikvision's namespaces on a CamHi unit", "hipcam"),
        ("Dahua's dynamic rate on an XM H264DVR", "xiongmai"),
        ("the description of an Axis stream, which begins like Hikvision's", "axis"),
    ],
)
def test_a_look_alike_that_names_its_maker_is_given_to_it(name: str, maker: str) -> None:
    found = identified(INNOCENT[name])
    assert maker == (found.maker or found.candidates[0].maker), found.candidates


@pytest.mark.parametrize("name", OTHERS_OUI)
def test_a_prefix_that_others_mistake_is_given_to_its_owner(name: str) -> None:
    mac, source = OTHERS_OUI[name]
    found = identified(Trap(source, (("mac", mac),)))
    assert not any(candidate.maker in (*ACCUSED, "reolink") for candidate in found.candidates), found.candidates


def test_a_prefix_listed_for_hikvision_that_is_dahuas_speaks_for_dahua() -> None:
    """hikvision-tooling lists E0:50:8B for Hikvision; the registry says Dahua (demand.md s.6)."""
    found = identified(Trap("demand.md s.6", (("mac", "e0:50:8b:00:00:01"),)))
    assert [candidate.maker for candidate in found.candidates][:1] == ["dahua"]
    assert found.certainty not in SURE


def test_an_axis_behind_a_gstreamer_banner_is_an_axis() -> None:
    """recog has GStreamer's banner on cameras too; scopes and prefix are Axis's own (signatures.md s.2 to s.4)."""
    found = identified(
        Trap(
            "recog",
            (
                ("mac", "b8:a4:4f:10:31:95"),
                probe_match(
                    "onvif://www.onvif.org/hardware/M2036-LE onvif://www.onvif.org/name/AXIS%20M2036-LE "
                    "onvif://www.axis.com/product/M2036-LE"
                ),
                (
                    "OPTIONS",
                    "RTSP/1.0 200 OK\nCSeq: 1\nServer: GStreamer RTSP server\nPublic: OPTIONS, DESCRIBE\n\n",
                ),
            ),
        )
    )
    assert (found.maker, found.video) == ("axis", True)
    assert found.certainty in SURE


def test_a_recorder_that_is_no_camera_though_it_answers_the_probe_for_cameras() -> None:
    """Some non-cameras answer a Probe for NetworkVideoTransmitter (devices.md no. 3)."""
    found = identified(Trap("devices.md", (probe_match("", types="wsdp:Device"), page("Boa/0.94.14rc21"))))
    assert (found.maker, found.certainty) == (None, Certainty.UNKNOWN)
    assert not found.video


HIK_401 = (
    "GET /ISAPI/System/deviceInfo",
    'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest realm="IP Camera(C2189)", nonce="0", qop="auth"\n'
    "Content-Type: application/xml\n\n"
    '<userCheck version="1.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"><statusValue>401</statusValue>'
    "<statusString>Unauthorized</statusString><lockStatus>unlock</lockStatus></userCheck>",
)


def test_a_luma_recorder_with_hikvisions_server_is_hikvisions_work_under_another_label() -> None:
    """A favicon list and an issue show Luma 500/501 with DNVRS-Webs (signatures.md s.2 and the OEM table)."""
    found = identified(
        Trap(
            "haissue, favlists, camio",
            (
                page("DNVRS-Webs", "<html><title>Luma LUM-501-NVR-8CH</title></html>"),
                HIK_401,
                (
                    "wsd",
                    probe_match(
                        "onvif://www.onvif.org/hardware/LUM-501-NVR-8CH onvif://www.onvif.org/name/LUM-501-NVR-8CH",
                        names=HIK_NAMESPACES,
                    )[1],
                ),
            ),
        )
    )
    assert (found.maker, found.brand, found.relation) == ("hikvision", "luma", Relation.OEM)
    assert found.certainty in SURE


def test_the_label_alibi_alone_is_undecided_because_two_makers_stood_behind_it() -> None:
    """Older Alibi is Hikvision's (CamioCam#224), Alibi Vigilant is Uniview's (ccdb PR 359)."""
    found = identified(
        Trap(
            "camio 224, ccdb 359",
            (probe_match("onvif://www.onvif.org/name/ALIBI onvif://www.onvif.org/hardware/ALI"),),
        )
    )
    assert found.certainty not in SURE


def test_an_older_alibi_that_speaks_isapi_is_hikvisions() -> None:
    """Older Alibi units carry Hikvision's API (CamioCam#224)."""
    found = identified(
        Trap(
            "camio 224",
            (
                page("App-webs/"),
                HIK_401,
                probe_match(
                    "onvif://www.onvif.org/name/ALIBI%20ALI-IPV3013R onvif://www.onvif.org/hardware/ALI-IPV3013R",
                    names=HIK_NAMESPACES,
                ),
            ),
        )
    )
    assert (found.maker, found.brand, found.relation) == ("hikvision", "alibi", Relation.OEM)


def test_pramas_renamed_api_is_known_as_hikvisions_work() -> None:
    """Prama's builds answer under /pramaAPI with the neutral namespace (hiknext; prefixes in the registry)."""
    found = identified(
        Trap(
            "hiknext, ieee",
            (
                ("mac", "0c:75:d2:00:00:01"),
                (
                    "GET /pramaAPI/System/deviceInfo",
                    HIK_401[1].replace("http://www.hikvision.com/ver20", "http://www.std-cgi.com/ver20"),
                ),
                page("App-webs/"),
            ),
        )
    )
    assert found.maker == "hikvision"
    assert found.certainty in SURE


def test_a_recorder_of_others_with_hikvisions_methods_and_dahuas_old_realm_is_at_most_a_question() -> None:
    """ivsec: a recorder NR16-9000 lists the methods in Hikvision's order and asks for a login as "device"."""
    methods = "OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
    found = identified(
        Trap(
            "ivsec",
            (
                ("OPTIONS", f"RTSP/1.0 200 OK\nCSeq: 1\nPublic: {methods}\n\n"),
                (
                    "DESCRIBE",
                    "RTSP/1.0 401 Unauthorized\nCSeq: 2\n"
                    'WWW-Authenticate: Digest realm="device", nonce="0123456789abcdef"\n\n',
                ),
            ),
        )
    )
    assert found.certainty not in SURE
    assert found.confidence < 0.6
