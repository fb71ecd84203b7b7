"""Units of the other makers that some rule restricts, as they answer over several channels.

The texts follow the wire formats that ``signatures/sources.yaml`` names; serial numbers and addresses are made up.
"""

from __future__ import annotations

from wire_text import Device, describe, found_by, information, lapi, mac, options, scopes, web, wsd

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
