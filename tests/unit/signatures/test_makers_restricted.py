"""Makers that some rule restricts, as their units answer over several channels, in variants that firmware has.

The texts follow the wire formats that ``signatures/sources.yaml`` names; serial numbers and addresses are made up.
"""

from __future__ import annotations

import pytest
from wire_text import (
    SURE,
    Device,
    activated,
    dahua_cgi,
    describe,
    dhip,
    found_by,
    identified,
    information,
    isapi,
    lapi,
    mac,
    options,
    refused,
    sadp,
    scopes,
    stream,
    upnp,
    web,
    wsd,
)

from camaudit.model import Certainty

HIK_PUBLIC = options(
    "Public: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER",
    "Date:  Mon, Jan 01 2024 10:00:00 GMT",
)
HIK_REDIRECT = (
    "<!doctype html>\n<html><head><title></title></head><body></body>\n<script>\n"
    '\twindow.location.href = "{}" + (new Date()).getTime();\n</script></html>'
)
HIK_USER_CHECK = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<userCheck>\n<statusValue>401</statusValue>\n'
    "<statusString>Unauthorized</statusString><isActivated>true</isActivated>"
    "<lockStatus>unlock</lockStatus><retryLoginTime>7</retryLoginTime></userCheck>"
)
HIK_NOT_ACTIVATED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ResponseStatus version="2.0" '
    'xmlns="http://www.isapi.org/ver20/XMLSchema"><requestURL>/ISAPI/System/deviceInfo</requestURL>'
    "<statusCode>4</statusCode><subStatusCode>notActivated</subStatusCode></ResponseStatus>"
)
HIK_SCOPES = ("type/video_encoder", "Profile/Streaming", "MAC/44:19:b6:01:02:03")
HIK_EPR = "urn:uuid:aa85c000-6324-11b3-819e-4419b6010203"
HIK_MAC = mac("44:19:b6:01:02:03")
ACCESSORIES = {"IPv4Address": "192.0.2.1", "HttpPort": "80", "CommandPort": "8000", "DHCP": "true"}


def hik_sadp(model: str, serial: str = "", firmware: str = "V5.7.3build 220112", **more: str) -> tuple[str, str]:
    named = serial or f"{model}20220101AAWRJ12345678"
    return sadp(
        DeviceType="38930",
        DeviceDescription=model,
        DeviceSN=named,
        SoftwareVersion=firmware,
        **ACCESSORIES,
        **more,
    )


HIKVISION = {
    "camera, firmware 5.7, every channel": Device(
        "hikvision",
        (
            HIK_MAC,
            web(HIK_REDIRECT.format("/doc/page/login.asp?_"), "Server: webs", "X-Frame-Options: SAMEORIGIN"),
            isapi("IP Camera(J1234)", HIK_USER_CHECK),
            activated(),
            HIK_PUBLIC,
            describe("IP Camera(J1234)"),
            wsd(
                *HIK_SCOPES, "hardware/DS-2CD2143G2-I", "name/HIKVISION%20DS-2CD2143G2-I", "location/city/hangzhou"
            ),
            hik_sadp("DS-2CD2143G2-I", Activated="true", OEMInfo="N/A"),
        ),
        "hikvision",
        "own_brand",
    ),
    "page relative to itself, server in small letters": Device(
        "hikvision",
        (
            web(HIK_REDIRECT.format("./doc/page/login.asp?_"), "server: webs"),
            HIK_PUBLIC,
            describe("IP CAMERA(K1234)"),
        ),
    ),
    "web interface of version 5": Device(
        "hikvision",
        (
            web(HIK_REDIRECT.format("/doc/index.html#/portal/login?_"), "Server: webserver"),
            HIK_PUBLIC,
            describe("DS-2CD2347G2P-LSU/SL"),
        ),
    ),
    "recorder with its own realm and no page": Device(
        "hikvision", (isapi("Embedded Net DVR"), HIK_PUBLIC, describe("Embedded Net DVR"))
    ),
    "recorder of 2015": Device("hikvision", (web("", "Server: DNVRS-Webs"), describe("DVRNVRDVS"))),
    "encoder behind App-webs": Device("hikvision", (web("", "Server: App-webs/"), HIK_PUBLIC)),
    "server that names a version": Device(
        "hikvision", (web("", "Server: Hikvision-Webs/1.0"), describe("Hikvision")), "hikvision", "own_brand"
    ),
    "model as realm, MAC address as realm": Device(
        "hikvision", (isapi("DS-7608NI-I2", HIK_USER_CHECK), HIK_PUBLIC, describe("4419b6010203"))
    ),
    "not activated, refuses all": Device(
        "hikvision", (isapi("DS-2CD2143G2-I", HIK_NOT_ACTIVATED), activated("false"), HIK_PUBLIC)
    ),
    "activation written flase": Device(
        "hikvision", (HIK_MAC, hik_sadp("DS-2CD2032-I", Activated="flase")), "hikvision", "own_brand"
    ),
    "search and description only": Device(
        "hikvision",
        (
            hik_sadp("DS-7616NI-K2", "DS-7616NI-K21620190822CCWRD53257168WCVU", "V4.30.085build 210419"),
            upnp(manufacturer="HIKVISION", modelName="DS-7616NI-K2", friendlyName="NVR"),
        ),
        "hikvision",
        "own_brand",
    ),
    "device information open": Device(
        "hikvision",
        (
            information(
                "HIKVISION", "DS-2DE4225IW-DE", "V5.5.82 build 190910", "DS-2DE4225IW-DE20190822CCWRD53257168"
            ),
            wsd(*HIK_SCOPES, "hardware/DS-2DE4225IW-DE", "name/Yard", "location/city/hangzhou", endpoint=HIK_EPR),
        ),
        "hikvision",
        "own_brand",
    ),
    "stream open": Device(
        "hikvision",
        (
            web(HIK_REDIRECT.format("/doc/page/login.asp?_"), "Server: App-webs/"),
            HIK_PUBLIC,
            stream("s=Media Presentation", "e=NONE", "b=AS:5050", "t=0 0", "a=Media_header:MEDIAINFO=494D4B48010"),
        ),
    ),
    "scopes changed by the installer": Device(
        "hikvision",
        (
            HIK_MAC,
            wsd(*HIK_SCOPES, "hardware/DS-2CD2385G1-I", "name/Front", "location/city/leeds", endpoint=HIK_EPR),
        ),
        "hikvision",
        "own_brand",
    ),
    "scopes of another form": Device(
        "hikvision", (wsd("name/Front", "manufacturer/Hikvision", "model/DS-2CD2043G0-I"), HIK_PUBLIC), "hikvision"
    ),
    "behind a router, scopes open": Device(
        "hikvision",
        (
            scopes(
                *HIK_SCOPES, "hardware/DS-2CD2385G1-I", "name/HIKVISION%20DS-2CD2385G1-I", "location/city/hangzhou"
            ),
            HIK_PUBLIC,
        ),
        "hikvision",
        "own_brand",
    ),
    "only OPTIONS of one stream": Device("hikvision", (HIK_PUBLIC,), sure=False),
}

GROUP = {
    "HiLook": Device("hikvision", (HIK_MAC, hik_sadp("IPC-B140H")), "hilook", "own_brand"),
    "HiWatch": Device(
        "hikvision",
        (
            wsd(*HIK_SCOPES, "hardware/HWI-B140H", "name/HIKVISION%20HWI-B140H", "location/city/hangzhou"),
            HIK_PUBLIC,
        ),
        "hiwatch",
        "own_brand",
    ),
    "HiWatch by name": Device(
        "hikvision",
        (wsd(*HIK_SCOPES, "hardware/DS-I200", "name/HiWatch%20DS-I200", "location/city/hangzhou"), HIK_PUBLIC),
        "hiwatch",
        "own_brand",
    ),
    "Hikmicro": Device(
        "hikvision", (HIK_MAC, hik_sadp("HM-TD2037T-15/X", OEMInfo="HIKMICRO")), "hikmicro", "subsidiary"
    ),
    "EZVIZ": Device("hikvision", (HIK_MAC, hik_sadp("CS-C6N-A0-1C2WFR", EZVIZCode="1")), "ezviz", "subsidiary"),
    "LTS": Device(
        "hikvision",
        (mac("14:2f:fd:01:02:03"), web("", "Server: DNVRS-Webs"), hik_sadp("CMIP3432", OEMInfo="LTS")),
        "lts",
        "oem",
    ),
    "TruVision": Device(
        "hikvision",
        (web("<title>TruVision</title>", "Server: Interlogix-Webs"), isapi("DVRNVRDVS", HIK_USER_CHECK)),
        "interlogix",
        "oem",
    ),
    "a label that nobody here knows": Device(
        "hikvision",
        (
            information("SAFIRE", "SF-IPCV", "V5.4.5 build 170124", "SF-IPCV20170124AAWR712345678"),
            HIK_PUBLIC,
            isapi("IP Camera(12345)"),
        ),
        "safire",
        "oem",
    ),
    "neutral, as a public capture shows it": Device(
        "hikvision",
        (
            mac("68:6d:bc:5c:b1:5d"),
            wsd(
                *("type/video_encoder", "Profile/Streaming", "MAC/68:6d:bc:5c:b1:5d", "hardware/DFI6256TE"),
                endpoint="urn:uuid:cea94000-fb96-11b3-8260-686dbc5cb15d",
            ),
        ),
    ),
    "Annke by its search": Device("hikvision", (hik_sadp("NC400", OEMInfo="ANNKE"), HIK_PUBLIC), "annke", "oem"),
}

DH_PUBLIC = (
    "Public: OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
)
DH_STREAM = options("Server: Rtsp Server/3.0", DH_PUBLIC)
DH_SERIAL = "4M0747EPAA1D284"
DH_SCOPES = ("Profile/Streaming", "type/Network_Video_Transmitter", "extension/unique_identifier")
DH_EPR = "uuid:6d8e4a00-1234-4234-9234-0123456789ab"
DH_MAC = mac("4c:11:bf:01:02:03")

DAHUA = {
    "camera, every channel": Device(
        "dahua",
        (
            DH_MAC,
            web(
                "<title>WEB SERVICE</title><div class=ui-dialog-content>", "CONNECTION: close", "CONTENT-LENGTH: 9"
            ),
            dahua_cgi("Login to 8c1f2a7bd0e94c55a1b2c3d4e5f60718"),
            DH_STREAM,
            describe(f"Login to {DH_SERIAL}"),
            wsd("location/country/china", "name/Dahua", "hardware/DH-IPC-HDW2431T", *DH_SCOPES, endpoint=DH_EPR),
            dhip(
                Vendor="Dahua",
                Manufacturer="Private",
                DeviceClass="IPC",
                DeviceType="IPC-HDW2431T",
                SerialNo=DH_SERIAL,
                Version="2.800.0000000.16.R",
            ),
        ),
        "dahua",
        "own_brand",
    ),
    "stream and CGI in small letters": Device(
        "dahua",
        (
            dahua_cgi(f"login to {DH_SERIAL}"),
            options("server: rtsp server/3.0", DH_PUBLIC.replace(", ", ",")),
            describe(f"login to {DH_SERIAL}"),
        ),
    ),
    "title in another case": Device("dahua", (web("<html><title>Web Service</title>"), DH_STREAM)),
    "recorder with a name of its own": Device(
        "dahua",
        (wsd("name/NVR", "hardware/DHI-NVR4216-4KS2", *DH_SCOPES), dahua_cgi(f"Login to {DH_SERIAL}")),
    ),
    "search and description": Device(
        "dahua",
        (dhip(Vendor="Dahua", DeviceType="DHI-NVR4216", SerialNo=DH_SERIAL), DH_STREAM),
        "dahua",
        "own_brand",
    ),
    "device information open": Device(
        "dahua",
        (information("Dahua", "IPC-HFW4431R-Z", "2.800.0000000.16.R,build:2019-12-10", DH_SERIAL), DH_STREAM),
        "dahua",
        "own_brand",
    ),
    "the company's whole name": Device(
        "dahua",
        (information("Zhejiang Dahua Technology Co., Ltd.", "IPC-HFW1230S"), DH_STREAM),
        "dahua",
        "own_brand",
    ),
    "old camera with a Basic login": Device(
        "dahua", (refused(f"Login to {DH_SERIAL}"), options("Server: Rtsp Server/2.0", DH_PUBLIC))
    ),
    "behind a router, scopes open": Device(
        "dahua",
        (scopes("location/country/china", "name/Dahua", "hardware/IPC-HDW2431T", *DH_SCOPES), DH_STREAM),
        "dahua",
        "own_brand",
    ),
    "CP Plus behind a router": Device(
        "dahua", (scopes("name/CP%20PLUS", "hardware/CP-UNC-DA21PL3", *DH_SCOPES), DH_STREAM), "cp-plus", "oem"
    ),
    "only the stream": Device("dahua", (DH_STREAM, describe(f"Login to {DH_SERIAL}")), sure=False),
    "Imou": Device(
        "dahua",
        (mac("e0:2e:fe:01:02:03"), dhip(Vendor="IMOU", DeviceType="IPC-A22E", SerialNo=DH_SERIAL)),
        "imou",
        "subsidiary",
    ),
    "Amcrest": Device(
        "dahua",
        (web("<title>Amcrest</title>"), dahua_cgi("Login to AMC0167W3F0123456789"), DH_STREAM),
        "amcrest",
        "oem",
    ),
    "Lorex": Device(
        "dahua",
        (
            mac("00:1f:54:01:02:03"),
            dhip(Vendor="Lorex", DeviceType="W461ASC", SerialNo="ND012104012345", Version="2.800.00LR000.0.R"),
        ),
        "lorex",
        "oem",
    ),
    "CP Plus": Device(
        "dahua",
        (wsd("location/country/India", "name/CP_PLUS", "hardware/CP-UNC-DA21PL3", *DH_SCOPES), DH_STREAM),
        "cp-plus",
        "oem",
    ),
    "no label of anybody": Device(
        "dahua", (dhip(Vendor="General", Manufacturer="General", DeviceType="VTO2000A"), DH_STREAM)
    ),
}

UNV_SCOPES = (
    *("register_status/offline", "register_server/0.0.0.0:5060", "regist_id/34020000001320000001", "type/IPC"),
    *("VideoSourceNumber/1", "version/GIPC-B6215.5.6.220101", "serial/210235C3XX1234567890"),
    *("macaddr/48ea63010203", "hardware/IPC3612LR3-PF28", "name/IPC3612LR3-PF28"),
)
UNV_EPR = "urn:uuid:00010010-0001-1020-8000-48ea63010203"
UNV_CHALLENGE = (
    "DESCRIBE",
    'RTSP/1.0 401 Unauthorized\nCSeq: 2\nWWW-Authenticate: Digest realm="48ea63c2402b",'
    'nonce="08834db25099945d53645c8d458f37e0", stale="FALSE"\n\n',
)
OTHERS = {
    "Uniview": Device(
        "uniview",
        (mac("48:ea:63:01:02:03"), wsd("manufacturer/UNIVIEW", *UNV_SCOPES, endpoint=UNV_EPR), UNV_CHALLENGE),
        "uniview",
        "own_brand",
    ),
    "Uniview behind a router, without a name": Device(
        "uniview", (wsd("manufacturer/NONE", *UNV_SCOPES, endpoint=UNV_EPR), UNV_CHALLENGE)
    ),
    "Uniview's scopes by ONVIF": Device(
        "uniview", (scopes("manufacturer/UNIVIEW", *UNV_SCOPES), UNV_CHALLENGE), "uniview", "own_brand"
    ),
    "Uniview's web interface and stream": Device(
        "uniview", (web('<script>var g = "/LAPI/V1.0/System";</script>'), UNV_CHALLENGE)
    ),
    "Uniview without ONVIF, whatever its page is": Device(
        "uniview", (web("<title></title>"), lapi("c479050a0b0c"), UNV_CHALLENGE)
    ),
    "Uniview's interface behind a router": Device("uniview", (lapi("c479050a0b0c"),), sure=False),
    "Tiandy": Device(
        "tiandy",
        (mac("e4:e6:6c:01:02:03"), information("Tiandy", "TC-C32XN"), wsd("name/TIANDY", "hardware/TC-C32XN")),
        "tiandy",
        "own_brand",
    ),
    "TVT": Device(
        "tvt",
        (mac("00:18:ae:01:02:03"), information("TVT", "TD-9421E2", "1.3.4.22966B181219.D00.U1(4A21S)")),
        "tvt",
        "own_brand",
    ),
    "TVT recorder": Device(
        "tvt",
        (
            web('<config version="1.0" systemType="NVMS-9000">', "Server: Cross Web Server"),
            information("TVT", "TD-2708"),
        ),
        "tvt",
        "own_brand",
    ),
    "Xiongmai": Device(
        "xiongmai",
        (
            web("<title>NETSurveillance WEB</title>", "Server: uc-httpd/1.0.0"),
            options("Server: H264DVR 1.0", "Public: OPTIONS, DESCRIBE"),
            wsd("name/NVT", "hardware/IPC-model", "location/country/china", port=":8899"),
        ),
    ),
    "Xiongmai by its own search": Device(
        "xiongmai",
        (
            found_by("xm", '{"NetWork.NetCommon": {"SN": "41e6853ada5e9323", "MAC": "00:12:31:08:bb:97"}}'),
            web("<title>NETSurveillance WEB</title>"),
        ),
    ),
    "Longse": Device(
        "longse",
        (
            options("Server: Rtsp Server 1920*1080*20*2048"),
            describe("Surveillance Server"),
            information("LONGSE", "LIRDBAES200"),
        ),
        "longse",
        "own_brand",
    ),
    "Kedacom": Device(
        "kedacom",
        (mac("00:14:10:01:02:03"), information("Kedacom", "IPC2455"), wsd("name/KEDACOM", "hardware/IPC2455")),
        "kedacom",
        "own_brand",
    ),
    "Sunell": Device(
        "sunell", (mac("00:1c:27:01:02:03"), information("Sunell", "SN-IPR57")), "sunell", "own_brand"
    ),
    "Jovision": Device(
        "jovision", (mac("e0:62:90:01:02:03"), information("Jovision", "JVS-N71")), "jovision", "own_brand"
    ),
    "Raysharp": Device(
        "raysharp", (mac("00:23:63:01:02:03"), information("RaySharp", "RS-CH290")), "raysharp", "own_brand"
    ),
    "Huawei": Device(
        "huawei",
        (
            mac("48:00:31:01:02:03"),
            information("HUAWEI", "HWT-M2221-10-I", "SDC 8.0.2"),
            wsd("name/Huawei HoloSens"),
        ),
        "huawei",
        "own_brand",
    ),
    "Hytera": Device(
        "hytera",
        (mac("64:69:bc:01:02:03"), information("Hytera", "VM580"), web("<title>Hytera</title>")),
        "hytera",
        "own_brand",
    ),
    "ZTE": Device(
        "zte",
        (mac("00:19:c6:01:02:03"), information("ZTE Corporation", "ZXHN C320"), web("<title>ZTE Camera</title>")),
        "zte",
        "own_brand",
    ),
    "HiSilicon's sample server tells no maker": Device(
        None, (options("Server: HiIpcam/V100R003 VodServer/1.0.0"),)
    ),
    "Reolink": Device(
        "reolink",
        (
            mac("ec:71:db:01:02:03"),
            web("<title>Reolink</title>", "Server: nginx"),
            options("Server: Rtsp Server/2.0"),
            describe("BC Streaming Media"),
        ),
        "reolink",
        "own_brand",
    ),
    "Tapo": Device(
        "tp-link",
        (wsd("name/TAPO%20C200", "hardware/C200", port=":2020"), describe("TP-LINK IP-Camera")),
        "tp-link",
        "own_brand",
    ),
    "Tapo by its own search": Device(
        "tp-link",
        (found_by("tapo", '{"result": {"device_type": "SMART.IPCAMERA", "device_model": "C210(EU)"}}'),),
        "tp-link",
        "own_brand",
    ),
    "Foscam": Device(
        "foscam",
        (describe("Foscam IPCam Living Video"), wsd("name/Foscam%20FI9821W", "hardware/FI9821W")),
        "foscam",
        "own_brand",
    ),
    "Foscam's page": Device(
        "foscam",
        (web('<title>IPCam Client</title><script src="js/main.js">'), describe("Foscam IPCam Living Video")),
        "foscam",
    ),
}

ALL = {
    f"{group}: {name}": device
    for group, devices in (("Hikvision", HIKVISION), ("its group", GROUP), ("Dahua", DAHUA), ("others", OTHERS))
    for name, device in devices.items()
}


@pytest.mark.parametrize("name", ALL)
def test_the_maker_is_named(name: str) -> None:
    device = ALL[name]
    found = identified(*device.replies)
    assert found.maker == device.maker
    if device.maker is not None:
        assert found.certainty in SURE if device.sure else found.certainty is Certainty.POSSIBLE
    if device.brand is not None:
        assert found.brand == device.brand
    if device.relation is not None:
        assert found.relation == device.relation


@pytest.mark.parametrize(
    "name", [name for name, device in ALL.items() if device.maker and len(device.replies) > 2]
)
def test_a_channel_that_stays_silent_names_nobody_else(name: str) -> None:
    device = ALL[name]
    allowed = (device.maker,) if device.maker in ("hikvision", "dahua") else (device.maker, None)
    for left_out in range(len(device.replies)):
        found = identified(*(reply for at, reply in enumerate(device.replies) if at != left_out))
        assert found.maker in allowed, device.replies[left_out][0]


@pytest.mark.parametrize("name", ALL)
def test_no_channel_alone_names_another_maker_surely(name: str) -> None:
    device = ALL[name]
    for reply in device.replies:
        found = identified(reply)
        assert found.certainty not in SURE or found.maker == device.maker, reply[0]
