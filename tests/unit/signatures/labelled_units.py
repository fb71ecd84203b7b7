"""Made-up units that show a label in one single place, and nothing of it anywhere else.

Each place is a field of a protocol into which firmware writes the name or the model of whoever had the unit built;
all else that a unit answers is its platform alone. The texts follow the protocols, not our rules: labels and
models are handed in by the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from wire_text import (
    Said,
    activated,
    dahua_cgi,
    describe,
    dhip,
    found_by,
    information,
    isapi,
    lapi,
    options,
    sadp,
    stream,
    upnp,
    web,
    wsd,
)

NAME, MODEL, BOTH = "name", "model", "both"
Write = Callable[[str, str], tuple[Said, ...]]
"""Label and model to the replies that show them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One field of one platform. ``shows``: the label's name, its model, or both."""

    maker: str
    field: str
    shows: str
    write: Write
    given: bool = False
    """Whether an owner may have written there: what nobody knows then tells that the unit is another's at most."""

    def __str__(self) -> str:
        return f"{self.maker}, {self.field}"


def _scoped(text: str) -> str:
    return text.replace(" ", "%20")


def _page(title: str = "", body: str = "", script: str = "") -> Said:
    return web(f"<html><head><title>{title}</title><script>{script}</script></head><body>{body}</body></html>")


_HIK = (
    web('<html><script>window.location.href = "/doc/page/login.asp?_1";</script></html>', "Server: App-webs/"),
    isapi("IP Camera(K2071)"),
    activated(namespace="http://www.std-cgi.com/ver20/XMLSchema"),
    options("Public: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER"),
    describe("IP Camera(K2071)"),
)
_HIK_SERIAL = "20220318AAWRJ81234567"
_HIK_FIRMWARE = "V5.6.5 build 211203"


def _asked(realm: str, path: str) -> Said:
    nonce = "4e4455324e7a45774d6a6f7a4d6d55314d4452684f513d3d"
    challenge = f'WWW-Authenticate: Digest qop="auth", realm="{realm}", nonce="{nonce}", stale="FALSE"'
    return web("", challenge, status="401 Unauthorized", path=path)


def _hik_scopes(name: str, hardware: str) -> Said:
    return wsd(
        *("type/video_encoder", "Profile/Streaming", "MAC/44:19:b6:01:02:03", f"hardware/{_scoped(hardware)}"),
        *(f"name/{_scoped(name)}", "location/city/hangzhou"),
        endpoint="urn:uuid:a1b2c000-6324-11b3-819e-4419b6010203",
    )


def _hik_info(**elements: str) -> Said:
    told = {"deviceName": "IP CAMERA", "deviceID": "88a1", "deviceDescription": "IPCamera", **elements}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
    body = f'<DeviceInfo version="2.0" xmlns="http://www.std-cgi.com/ver20/XMLSchema">{inside}</DeviceInfo>'
    return web(body, "Content-Type: application/xml", path="/ISAPI/System/deviceInfo")


def _hik_sadp(**elements: str) -> Said:
    return sadp(
        **{"DeviceType": "141574", "SoftwareVersion": _HIK_FIRMWARE.replace(" build", "build"), **elements}
    )


def _hik_page(title: str = "", body: str = "", script: str = "") -> tuple[Said, ...]:
    page = f'<a href="doc/page/login.asp">{body}</a>'
    return (_page(title, page, script), *_HIK[1:])


_HIKVISION = {
    ("ONVIF Manufacturer", NAME): lambda b, m: (
        *_HIK,
        information(b, "IPCamera", _HIK_FIRMWARE, f"0000000001{_HIK_SERIAL}", "88"),
    ),
    ("ONVIF Model", MODEL): lambda b, m: (
        *_HIK,
        information("ONVIF", m, _HIK_FIRMWARE, f"{m}{_HIK_SERIAL}", "88"),
    ),
    ("ONVIF Model with the name", BOTH): lambda b, m: (*_HIK, information("ONVIF", f"{b} {m}", _HIK_FIRMWARE)),
    ("scope name before the model", BOTH): lambda b, m: (*_HIK, _hik_scopes(f"{b} {m}", m)),
    ("scope name", BOTH): lambda b, m: (*_HIK, _hik_scopes(b, m)),
    ("scope hardware", MODEL): lambda b, m: (*_HIK, _hik_scopes("IP CAMERA", m)),
    ("ISAPI manufacturer", NAME): lambda b, m: (*_HIK, _hik_info(manufacturer=b, model="IPC")),
    ("ISAPI model", MODEL): lambda b, m: (*_HIK, _hik_info(model=m, serialNumber=f"{m}{_HIK_SERIAL}")),
    ("ISAPI deviceName before the model", BOTH): lambda b, m: (*_HIK, _hik_info(deviceName=f"{b} {m}", model=m)),
    ("ISAPI deviceDescription", BOTH): lambda b, m: (*_HIK, _hik_info(deviceDescription=f"{b} {m}", model=m)),
    ("SADP DeviceDescription", MODEL): lambda b, m: (*_HIK, _hik_sadp(DeviceDescription=m)),
    ("SADP OEMInfo", NAME): lambda b, m: (*_HIK, _hik_sadp(DeviceDescription="IPCamera", OEMInfo=b)),
    ("SADP DeviceSN", MODEL): lambda b, m: (*_HIK, _hik_sadp(DeviceSN=f"{m}{_HIK_SERIAL}")),
    ("page title", NAME): lambda b, m: _hik_page(title=b),
    ("page title with the sort", NAME): lambda b, m: _hik_page(title=f"{b} NVR"),
    ("line of rights", NAME): lambda b, m: _hik_page(body=f"<p>&copy; 2021 {b}. All Rights Reserved.</p>"),
    ("variable of the page", NAME): lambda b, m: _hik_page(script=f'var g_szOemName = "{b}";'),
    ("logo of the page", NAME): lambda b, m: _hik_page(
        body=f'<img class="logo" src="../images/logo.png" alt="{b}">'
    ),
    ("UPnP manufacturer", NAME): lambda b, m: (*_HIK, upnp(manufacturer=b, modelName="IPCamera")),
    ("UPnP modelName", MODEL): lambda b, m: (*_HIK, upnp(manufacturer="IPCamera", modelName=m)),
    ("UPnP friendlyName before the model", BOTH): lambda b, m: (
        *_HIK,
        upnp(friendlyName=f"{b} {m} - 181234567", modelName=m),
    ),
    ("realm with the model", MODEL): lambda b, m: (
        _asked(m, "/"),
        _asked(m, "/ISAPI/System/deviceInfo"),
        *_HIK[2:4],
        describe(m),
    ),
}

_DH_REALM = "Login to 7c2f8a4e5c6d7e8f90a1b2c3d4e5f601"
_DH_PAGE = "<div class='ui-dialog-content'></div>"
_DH = (
    web(f"<html><title>WEB SERVICE</title>{_DH_PAGE}</html>"),
    dahua_cgi(_DH_REALM),
    options(
        "Server: Rtsp Server/3.0",
        "Public: OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER",
    ),
    describe(_DH_REALM),
)
_DH_FIRMWARE, _DH_SERIAL = "2.840.0000000.21.R", "8F0B12CPAG54321"


def _dh_scopes(name: str, hardware: str) -> Said:
    return wsd(
        *("location/country/china", f"name/{_scoped(name)}", f"hardware/{_scoped(hardware)}", "Profile/Streaming"),
        *("type/Network_Video_Transmitter", "extension/unique_identifier/1"),
        endpoint="uuid:7a5c1b1e-8f4e-4d1f-9a3b-2b1c54010204",
    )


def _dh_dhip(**info: str) -> Said:
    told = {"DeviceClass": "IPC", "Manufacturer": "Private", "MachineName": _DH_SERIAL, "SerialNo": _DH_SERIAL}
    return dhip(**{**told, "Vendor": "Private", "DeviceType": "IPC", "Version": _DH_FIRMWARE, **info})


def _dh_told(action: str, text: str) -> Said:
    return web(text, path=f"/cgi-bin/magicBox.cgi?action={action}")


def _dh_page(title: str = "WEB SERVICE", body: str = "", script: str = "") -> tuple[Said, ...]:
    return (_page(title, f"{_DH_PAGE}{body}", script), *_DH[1:])


_DAHUA = {
    ("ONVIF Manufacturer", NAME): lambda b, m: (*_DH, information(b, "IPC", _DH_FIRMWARE, _DH_SERIAL, "1.00")),
    ("ONVIF Model", MODEL): lambda b, m: (*_DH, information("Private", m, _DH_FIRMWARE, _DH_SERIAL, "1.00")),
    ("ONVIF Model with the name", BOTH): lambda b, m: (*_DH, information("Private", f"{b} {m}", _DH_FIRMWARE)),
    ("scope name", BOTH): lambda b, m: (*_DH, _dh_scopes(b, m)),
    ("scope name on a general model", NAME): lambda b, m: (*_DH, _dh_scopes(b, "IPC-MODEL")),
    ("scope hardware", MODEL): lambda b, m: (*_DH, _dh_scopes("General", m)),
    ("DHIP Vendor", NAME): lambda b, m: (*_DH, _dh_dhip(Vendor=b)),
    ("DHIP Manufacturer", NAME): lambda b, m: (*_DH, _dh_dhip(Manufacturer=b)),
    ("DHIP DeviceType", MODEL): lambda b, m: (*_DH, _dh_dhip(DeviceType=m)),
    ("getVendor", NAME): lambda b, m: (*_DH, _dh_told("getVendor", f"vendor={b}")),
    ("getDeviceType", MODEL): lambda b, m: (*_DH, _dh_told("getDeviceType", f"type={m}")),
    ("page title", NAME): lambda b, m: _dh_page(title=b),
    ("page title with the sort", NAME): lambda b, m: _dh_page(title=f"{b} - WEB SERVICE"),
    ("line of rights", NAME): lambda b, m: _dh_page(body=f"<p>Copyright 2021 {b}, All Rights Reserved</p>"),
    ("variable of the page", NAME): lambda b, m: _dh_page(script=f'window.oem = {{"vendor": "{b}"}};'),
    ("logo of the page", NAME): lambda b, m: _dh_page(
        body=f'<div id="logo"><img src="i/logo.gif" alt="{b} logo">'
    ),
    ("UPnP manufacturer", NAME): lambda b, m: (*_DH, upnp(manufacturer=b, modelName="IPC")),
    ("UPnP modelName", MODEL): lambda b, m: (*_DH, upnp(manufacturer="General", modelName=m)),
    ("realm", NAME): lambda b, m: (_DH[0], *_DH[2:3], describe(f"Login to {b}"), dahua_cgi(f"Login to {b}")),
}

_UNV_FIRMWARE, _UNV_SERIAL = "QIPC-B1203.6.20.220115", "210235C4XY1234567890"
_UNV = (lapi("c4790502b3c4"), describe("48ea63020304"))


def _unv_scopes(maker: str, hardware: str, name: str) -> Said:
    return wsd(
        *("register_status/offline", "register_server/0.0.0.0:5060", "regist_id/34", "type/IPC"),
        *(f"manufacturer/{_scoped(maker)}", f"version/{_UNV_FIRMWARE}", f"serial/{_UNV_SERIAL}"),
        *("macaddr/48ea63020304", f"hardware/{_scoped(hardware)}", f"name/{_scoped(name)}"),
        endpoint="urn:uuid:00010010-0001-1020-8000-48ea63020304",
    )


_UNIVIEW = {
    ("ONVIF Manufacturer", NAME): lambda b, m: (*_UNV, information(b, "IPC", _UNV_FIRMWARE, _UNV_SERIAL)),
    ("scope manufacturer", BOTH): lambda b, m: (*_UNV, _unv_scopes(b, m, m)),
    ("scope name before the model", BOTH): lambda b, m: (*_UNV, _unv_scopes("NONE", m, f"{b} {m}")),
    ("scope hardware", MODEL): lambda b, m: (*_UNV, _unv_scopes("NONE", m, "IPC")),
    ("variable of the page", NAME): lambda b, m: (*_UNV, _page(script=f'var gjs_oemtype = "{b}";')),
    ("page title", NAME): lambda b, m: (*_UNV, _page(title=b)),
    ("UPnP manufacturer", NAME): lambda b, m: (*_UNV, upnp(manufacturer=b, modelName="IPC")),
}  # fmt: skip

_TVT = (web("<html></html>", "Server: Cross Web Server"), describe("RTSP SERVER"))
_XM = (
    web("<html><title>NETSurveillance WEB</title></html>", "Server: uc-httpd 1.0.0"),
    options("Server: H264DVR 1.0"),
)
_TIANDY = (
    found_by(
        "tiandy", "\t".join(["IP", "IP", "NEWM4V00", "CMD", "NVSS", *[""] * 20, "IPC", "", "T4A12345678\n\n\n"])
    ),
)
_LONGSE = (options("Server: Rtsp Server 960*480*25*2048"), describe("Surveillance Server"))
_RAYSHARP = (web('<html><object id="RSVideoOcx"></object><script>"/API/Web/Login"</script></html>'),)


def _anywhere(platform: tuple[Said, ...]) -> dict[tuple[str, str], Write]:
    """Return the places that ONVIF and UPnP give to the firmware of every maker."""
    return {
        ("ONVIF Manufacturer", NAME): lambda b, m: (*platform, information(b, "IPCAM", "1.0.1")),
        ("ONVIF Manufacturer and Model", BOTH): lambda b, m: (*platform, information(b, m, "1.0.1")),
        ("scope name before the model", BOTH): lambda b, m: (
            *platform,
            wsd("type/video_encoder", f"hardware/{_scoped(m)}", f"name/{_scoped(f'{b} {m}')}"),
        ),
        ("UPnP manufacturer", NAME): lambda b, m: (*platform, upnp(manufacturer=b, modelName="IPCAM")),
    }


_GIVEN = ("scope name", "scope name on a general model", "realm")


def _places(maker: str, written: dict[tuple[str, str], Write]) -> list[Place]:
    return [Place(maker, field, shows, write, field in _GIVEN) for (field, shows), write in written.items()]


def units(place: Place, label: str, model: str) -> tuple[Said, ...]:
    """Return what a unit answers that shows ``label`` and ``model`` in that place, escaped as in documents."""
    return place.write(escape(label), escape(model))


PLACES = (
    *_places("hikvision", _HIKVISION),
    *_places("dahua", _DAHUA),
    *_places("uniview", _UNIVIEW),
    *(
        place
        for maker, platform in {
            "tvt": _TVT, "xiongmai": _XM, "tiandy": _TIANDY, "longse": _LONGSE, "raysharp": _RAYSHARP,
        }.items()
        for place in _places(maker, _anywhere(platform))
    ),
)  # fmt: skip


def _hik_own(name: str) -> tuple[Said, ...]:
    model, serial = "DS-2CD2143G2-I", f"DS-2CD2143G2-I{_HIK_SERIAL}"
    return (
        *_HIK,
        _hik_scopes(name, model),
        information("HIKVISION", model, _HIK_FIRMWARE, serial, "88"),
        _hik_info(deviceName=name, model=model, serialNumber=serial),
        _hik_sadp(DeviceDescription=model, DeviceSN=serial),
        upnp(friendlyName=name, manufacturer="HIKVISION", modelName=model, serialNumber=serial),
    )


def _dh_own(name: str) -> tuple[Said, ...]:
    model = "IPC-HDW2431T-AS-S2"
    return (
        *_DH,
        _dh_scopes("Dahua", model),
        information("Dahua", model, _DH_FIRMWARE, _DH_SERIAL, "1.00"),
        _dh_dhip(Vendor="Dahua", Manufacturer="Dahua", DeviceType=model, MachineName=name),
        upnp(friendlyName=name, manufacturer="Dahua", modelName=model, serialNumber=_DH_SERIAL),
        _dh_told("getMachineName", f"name={name}"),
        stream("s=Media Server", f"i={name}"),
    )


def _unv_own(name: str) -> tuple[Said, ...]:
    model = "IPC2122LB-SF28-A"
    return (
        *_UNV,
        _unv_scopes("UNV", model, name),
        information("UNIVIEW", model, _UNV_FIRMWARE, _UNV_SERIAL),
        upnp(friendlyName=name, manufacturer="UNIVIEW", modelName=model),
    )


def _tvt_own(name: str) -> tuple[Said, ...]:
    model = "TD-9442S4"
    return (
        describe("RTSP SERVER"),
        wsd("type/video_encoder", "Profile/T", f"hardware/{model}", f"name/{_scoped(name)}"),
        information("TVT", model, "4.2.1.0B190612", "N3A1B2C3D4E5"),
        upnp(friendlyName=name, manufacturer="TVT", modelName=model),
    )


def _tiandy_own(name: str) -> tuple[Said, ...]:
    model = "TC-C32XN"
    return (
        *_TIANDY,
        wsd("type/video_encoder", f"hardware/{model}", f"name/{_scoped(name)}"),
        information("Tiandy", model, "1.0.1"),
        upnp(friendlyName=name, manufacturer="Tiandy", modelName=model),
    )


OWN: dict[str, Callable[[str], tuple[Said, ...]]] = {
    "hikvision": _hik_own,
    "dahua": _dh_own,
    "uniview": _unv_own,
    "tvt": _tvt_own,
    "tiandy": _tiandy_own,
}
"""By maker: a unit under its maker's own name, with the name that its owner gave to it."""
