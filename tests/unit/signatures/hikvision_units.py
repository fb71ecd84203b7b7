"""Units of Hikvision and of its group, as they answer over several channels, in variants that firmware has.

The texts follow the wire formats that ``signatures/sources.yaml`` names; serial numbers and addresses are made up.
"""

from __future__ import annotations

from wire_text import (
    Device,
    activated,
    describe,
    information,
    isapi,
    mac,
    options,
    sadp,
    scopes,
    stream,
    upnp,
    web,
    wsd,
)

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
