"""Makers that no rule restricts, and units that tell nothing of theirs: none may come out as a restricted one.

The texts follow what ``signatures/sources.yaml`` names and the makers' public manuals; serial numbers are made up.
"""

from __future__ import annotations

import pytest
from wire_text import (
    SURE,
    Device,
    dahua_cgi,
    describe,
    identified,
    information,
    isapi,
    mac,
    options,
    refused,
    scopes,
    stream,
    upnp,
    web,
    wsd,
)

from camaudit.identify import CONFIRMED
from camaudit.model import Certainty, Kind
from camaudit.signatures.naming import plain_name

RESTRICTED = frozenset(
    (
        *("hikvision", "dahua", "huawei", "hisilicon", "zte", "hytera", "uniview", "tiandy", "tvt", "xiongmai"),
        *("longse", "kedacom", "sunell", "jovision"),
    )
)
HIK_PUBLIC = options("Public: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER")
DH_PUBLIC = (
    "Public: OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
)
NVT = ("type/Network_Video_Transmitter", "Profile/Streaming", "Profile/T")

UNAFFECTED = {
    "Axis": Device(
        "axis",
        (
            mac("b8:a4:4f:01:02:03"),
            wsd("name/AXIS%20P3245-V", "hardware/P3245-V", *NVT),
            describe("AXIS_B8A44F010203"),
            upnp(manufacturer="AXIS", modelName="AXIS P3245-V"),
        ),
        "axis",
    ),
    "Axis answers its stream with GStreamer": Device(
        "axis",
        (mac("b8:a4:4f:01:02:03"), options("Server: GStreamer RTSP server"), describe("AXIS_WS_B8A44F010203")),
        sure=False,
    ),
    "Hanwha": Device(
        "hanwha",
        (
            mac("00:09:18:01:02:03"),
            wsd("name/Hanwha%20Vision", "hardware/XND-6080R", "MAC/00:09:18:01:02:03", *NVT),
            describe("iPolis_00:09:18:01:02:03"),
            web("<title>Wisenet WEBVIEWER</title>"),
        ),
        "hanwha",
    ),
    "Hanwha, older, media presentation in the SDP": Device(
        "hanwha",
        (
            refused("iPolis_00-09-18-52-39-00"),
            stream("s=Media Presentation", "i=samsung", "c=IN IP4 0.0.0.0", "b=AS:2632"),
            information("Samsung Techwin", "SND-5084"),
        ),
        "hanwha",
    ),
    "Hanwha behind a router": Device(
        "hanwha",
        (
            scopes("name/Hanwha%20Vision", "hardware/XND-6080R", "MAC/00:09:18:01:02:03", *NVT),
            describe("iPolis_00:09:18:01:02:03"),
        ),
        "hanwha",
    ),
    "Bosch": Device(
        "bosch",
        (
            mac("00:07:5f:01:02:03"),
            web("", "Server: VCS-VideoJet-Webserver"),
            wsd("name/Bosch", "hardware/F0004D43", *NVT),
            information("Bosch Security Systems B.V.", "FLEXIDOME"),
        ),
        "bosch",
        "own_brand",
    ),
    "i-PRO": Device(
        "i-pro", (mac("bc:c3:42:01:02:03"), information("i-PRO", "WV-S1531LN"), wsd("name/i-PRO", *NVT)), "i-pro"
    ),
    "Panasonic": Device(
        "i-pro",
        (
            mac("00:80:f0:01:02:03"),
            web("<title>WV-SW355 Network Camera</title>"),
            information("Panasonic", "WV-SW355"),
        ),
        "i-pro",
    ),
    "Vivotek": Device(
        "vivotek",
        (
            mac("00:02:d1:01:02:03"),
            web("", "Server: Vivotek Network Camera"),
            wsd("name/VIVOTEK%20FD9187-HT", "hardware/FD9187-HT", *NVT),
        ),
        "vivotek",
    ),
    "Mobotix": Device(
        "mobotix",
        (
            web("", "Location: /control/userimage.html", status="302 Found"),
            information("MOBOTIX AG", "MX-S15"),
            mac("00:03:c5:01:02:03"),
        ),
        "mobotix",
        "own_brand",
    ),
    "Avigilon": Device(
        "avigilon",
        (
            mac("00:18:85:01:02:03"),
            web("", "Server: AvigilonServer/1.0"),
            information("Avigilon Corporation", "2.0C-H4A"),
        ),
        "avigilon",
        "own_brand",
    ),
    "Pelco": Device(
        "pelco",
        (information("Pelco by Schneider Electric", "IMP1110"), wsd("name/Pelco", "hardware/IMP1110", *NVT)),
        "pelco",
    ),
    "Arecont": Device("arecont", (refused("Arecont Vision"), describe("Arecont Vision")), "arecont"),
    "Sony": Device(
        "sony",
        (web("", "Server: gen6th/1.10.00"), information("Sony", "SNC-VB640"), wsd("name/Sony", *NVT)),
        "sony",
    ),
    "Canon": Device(
        "canon",
        (web("<title>Network Camera VB-H43</title>", "Server: VB"), information("Canon Inc.", "VB-H43")),
        "canon",
        "own_brand",
    ),
    "Ubiquiti": Device("ubiquiti", (mac("24:a4:3c:01:02:03"), information("Ubiquiti", "UVC G3")), "ubiquiti"),
    "D-Link": Device(
        "d-link", (refused("DCS-932L", "Server: alphapd/2.1.7"), information("D-Link", "DCS-932L")), "d-link"
    ),
    "GeoVision": Device(
        "geovision",
        (information("GeoVision", "GV-EBD4704"), wsd("name/GeoVision", "hardware/gv-ebd4704", *NVT)),
        "geovision",
    ),
    "ACTi": Device(
        "acti", (information("ACTi Corporation", "E32"), web("<title>Web Configurator</title>")), "acti"
    ),
    "Milesight": Device(
        "milesight",
        (mac("1c:c3:16:01:02:03"), information("Milesight Technology Co.,Ltd.", "MS-C2962")),
        "milesight",
        "own_brand",
    ),
    "Grandstream": Device(
        "grandstream",
        (mac("00:0b:82:01:02:03"), information("Grandstream Networks, Inc.", "GXV3610")),
        "grandstream",
        "own_brand",
    ),
    "Dynacolor": Device("dynacolor", (mac("00:d0:89:01:02:03"), information("Dynacolor", "W5")), "dynacolor"),
    "IDIS": Device("idis", (mac("00:03:22:01:02:03"), information("IDIS", "DC-D4213RX")), "idis"),
    "INSTAR": Device("instar", (mac("10:d1:dc:01:02:03"), information("INSTAR", "IN-9008")), "instar"),
}

NOBODY = {
    "Server: webs and a plain login": (web("", "Server: webs"), refused("IPCAM")),
    "GoAhead": (web("<title>IPCAM</title>", "Server: GoAhead-Webs"), refused("GoAhead")),
    "a router's login": (refused("Login to the Router Web Configurator"), dahua_cgi("Login to the Router")),
    "words after Login to": (refused("Login to administration"), dahua_cgi("Login to camera")),
    "a login for every path": (isapi("IPCAM"), dahua_cgi("IPCAM"), web("", "Server: Boa/0.94.14rc21")),
    "a page for every path": (web("<html>Home</html>", "Server: lighttpd/1.4.35"),),
    "IP Camera without its tail": (
        options("Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY"),
        describe("IP Camera"),
    ),
    "Rtsp Server/2.0": (options("Server: Rtsp Server/2.0"), web("", "Server: webs")),
    "Hikvision's redirect in a manual": (web("Open /doc/page/login.asp in your browser", "Server: Apache"),),
    "a documentation page": (web("", "Location: /doc/index.html", status="302 Found"),),
    "gSOAP's sample scopes": (
        wsd("type/video_encoder", "type/audio_encoder", "hardware/IPC-model", "name/IPC-model"),
    ),
    "scopes with a foreign city": (wsd("type/video_encoder", "location/city/guangzhou", "hardware/IP%20Camera"),),
    "DS in another maker's model": (information("", "DS-218"), refused("DS-Lite")),
    "mDNS printer's page": (web("<title>HP Color LaserJet 2840</title>", "Server: Virata-EmWeb/R6_0_1"),),
}


@pytest.mark.parametrize("name", UNAFFECTED)
def test_the_maker_is_named(name: str) -> None:
    device = UNAFFECTED[name]
    found = identified(*device.replies)
    assert found.maker == device.maker
    assert not device.sure or found.certainty in SURE
    assert device.brand is None or found.brand == device.brand
    assert device.relation is None or found.relation == device.relation


@pytest.mark.parametrize("name", UNAFFECTED)
def test_no_part_of_its_replies_accuses_a_restricted_maker(name: str) -> None:
    replies = UNAFFECTED[name].replies
    for at, reply in enumerate(replies):
        for part in ((reply,), (*replies[:at], *replies[at + 1 :])):
            assert identified(*part).maker not in RESTRICTED


@pytest.mark.parametrize("name", NOBODY)
def test_what_names_nobody_stays_unknown(name: str) -> None:
    found = identified(*NOBODY[name])
    assert found.maker is None


COPIED = {
    "an Axis that copies Hikvision's methods": (
        "axis",
        (mac("b8:a4:4f:01:02:03"), describe("AXIS_B8A44F010203"), HIK_PUBLIC, web("", "Server: App-webs/")),
    ),
    "a Reolink that copies Dahua's stream": (
        "reolink",
        (
            mac("ec:71:db:01:02:03"),
            options("Server: Rtsp Server/3.0", DH_PUBLIC),
            describe("BC Streaming Media"),
            information("Reolink", "RLC-810A"),
        ),
    ),
    "a printer with Dahua's header style": (
        None,
        (web("<title>EpsonNet Config</title>", "CONNECTION: close", "Server: EPSON_Linux UPnP/1.0"),),
    ),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_copied_banner_accuses_nobody_surely(name: str) -> None:
    maker, replies = COPIED[name]
    found = identified(*replies)
    assert found.maker == maker or found.certainty not in SURE
    assert found.maker not in RESTRICTED or found.certainty not in SURE


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Zhejiang Dahua Technology Co., Ltd.", "Dahua"),
        ("MOBOTIX AG", "MOBOTIX"),
        ("Milesight Technology Co.,Ltd.", "Milesight"),
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "Hikvision"),
        ("Bosch Security Systems B.V.", "Bosch Security"),
        ("VIVOTEK INC.", "VIVOTEK"),
        ("Digital Watchdog", "Digital Watchdog"),
        ("Co", "Co"),
        ("Shenzhen", "Shenzhen"),
    ],
)
def test_a_company_is_known_by_the_name_people_use(written: str, plain: str) -> None:
    assert plain_name(written) == plain


def test_a_printer_is_no_camera() -> None:
    assert identified(*COPIED["a printer with Dahua's header style"][1]).kind is Kind.OTHER


def test_an_address_that_is_repeated_counts_once() -> None:
    """A Hikvision prefix in frames and in the endpoint is one fact, and a prefix alone convicts nobody."""
    unit = (mac("44:19:b6:01:02:03"), wsd("name/Door", endpoint="urn:uuid:0f5d2c1e-7c11-1b7e-9d53-4419b6010203"))
    found = identified(*unit)
    assert (found.maker, found.certainty in SURE) == ("hikvision", False)


def test_scopes_that_come_by_two_ways_are_one_witness() -> None:
    """What a unit says in its search it repeats to GetScopes: whoever copied the one has copied the other."""
    said = (
        *("type/video_encoder", "Profile/Streaming", "MAC/02:00:00:01:02:03", "hardware/DS-2CD2385G1-I"),
        *("name/HIKVISION%20DS-2CD2385G1-I", "location/city/hangzhou"),
    )
    once, twice = identified(wsd(*said)), identified(wsd(*said), scopes(*said))
    assert once.maker == twice.maker == "hikvision"
    assert twice.confidence <= once.confidence < CONFIRMED


NAMED_BY_THEIR_SEARCH = {
    "Tapo, whose name says nothing": (
        wsd("name/C200", "hardware/1.0", endpoint="urn:uuid:3fa1fe68-b915-4053-a3e1-54af97010203"),
        "tp-link",
    ),
    "Xiongmai, whose name says nothing": (
        wsd("name/IPC", "hardware/00001", endpoint="urn:uuid:00000000-5566-7788-99aa-001217010203"),
        "xiongmai",
    ),
    "Bosch, whose address is mirrored in the reference": (
        wsd("name/Yard", endpoint="urn:uuid:00075fc4-23b6-b623-c45f-0700075fc45f"),
        "bosch",
    ),
    "Hanwha, whose serial number is the reference": (
        wsd("name/Gate", endpoint="urn:uuid:5a4d5857-3656-3452-3330-3032304d4100"),
        "hanwha",
    ),
    "i-PRO, whose reference begins with MEI": (
        wsd("name/Gate", endpoint="urn:uuid:4d454930-0000-1000-8000-bcc34217e292"),
        "i-pro",
    ),
    "Reolink, whose reference has colons": (
        wsd("name/Gate", endpoint="urn:uuid:2419d68a-2dd2-21b2-a205-ec:71:db:01:02:03"),
        "reolink",
    ),
    "CamHi, whose model tells its parts": (
        wsd("name/IPCAM", "hardware/C6F0SgZ3N0P6L2", endpoint="urn:uuid:5f5a69c2-e0ae-504f-829b-00e04c010203"),
        "hipcam",
    ),
}


@pytest.mark.parametrize("name", NAMED_BY_THEIR_SEARCH)
def test_one_answer_to_a_search_names_the_maker_and_is_no_proof(name: str) -> None:
    answer, maker = NAMED_BY_THEIR_SEARCH[name]
    found = identified(answer)
    assert (found.maker, found.certainty, found.video) == (maker, Certainty.POSSIBLE, True)


def test_the_device_document_of_tiandys_platform_is_not_hikvisions() -> None:
    """Recorders of Tiandy serve /ISAPI with a document of their own: no namespace, and a factory's number."""
    document = (
        '<?xml version="1.0"?><DeviceInfo><deviceName>IPC</deviceName><deviceID>1</deviceID><model>SP-C2QN</model>'
        "<serialNumber>1</serialNumber><firmwareVersion>V15.2.0</firmwareVersion><factoryNumber>1</factoryNumber>"
        "</DeviceInfo>"
    )
    found = identified(
        web(document, "Content-Type: application/xml", path="/ISAPI/System/deviceInfo"),
        web("<title>Net Video Browser</title>"),
    )
    assert found.maker == "tiandy"


def test_firmware_of_anjvision_without_a_label_names_its_maker() -> None:
    """Where no label is set its firmware calls itself ONVIF_ICAMERA and puts the reference into HardwareId."""
    found = identified(
        wsd("name/ONVIF_ICAMERA", endpoint="urn:uuid:1419d68a-1dd2-11b2-a105-F00000010203"),
        information(
            *("ONVIF_ICAMERA", "MSJ10_AF", "V3.0.2.9 build 2020-12-22 16:27:00", "EF00000000010203"),
            hardware="1419d68a-1dd2-11b2-a105-F00000010203",
        ),
    )
    assert found.maker == "anjvision"
    assert found.certainty in SURE


def test_a_vstarcam_with_a_reference_copied_from_another_maker_is_a_vstarcam() -> None:
    """Its reference is that of a camera of Hikvision, MAC address and all; servers of others copied it too."""
    found = identified(
        wsd("name/Vstarcam", endpoint="urn:uuid:812b12f7-45a0-11b5-8404-c056e3a2e020", port=":10080")
    )
    assert found.maker == "vstarcam"
