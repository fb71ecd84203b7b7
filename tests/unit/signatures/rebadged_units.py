"""Units under another label than their maker's, as they answer over several channels.

The texts follow the wire formats and grammars that ``signatures/sources.yaml`` names. Serial numbers, addresses
and most model numbers are made up, so that nothing here is a device which signatures were written for.
"""

from __future__ import annotations

from collections.abc import Iterable

from wire_text import (
    Device,
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
    upnp,
    web,
    wsd,
)

HIK_PUBLIC = options("Public: OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER")
DH_PUBLIC = options(
    "Server: Rtsp Server/3.0",
    "Public: OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER",
)
HIK_PAGE = web(
    '<html><script>window.location.href = "/doc/page/login.asp?_1";</script></html>', "Server: App-webs/"
)
DH_PAGE = web("<html><title>WEB SERVICE</title><div class='ui-dialog-content'></div></html>")
UNV_EPR = "urn:uuid:00010010-0001-1020-8000-48ea63010203"


def hik(brand: str, label: str, model: str, *, relation: str = "oem", info: str = "") -> Device:
    """A camera of Hikvision's under ``label``; ``info`` is the manufacturer that it gives by ONVIF, if another."""
    serial = f"{model}20210511AAWRF68123456"
    return Device(
        "hikvision",
        (
            HIK_PAGE,
            isapi("IP Camera(F1234)"),
            activated(namespace="http://www.std-cgi.com/ver20/XMLSchema"),
            HIK_PUBLIC,
            describe("IP Camera(F1234)"),
            wsd(
                *("type/video_encoder", "Profile/Streaming", "MAC/58:03:fb:01:02:03", f"hardware/{model}"),
                *(f"name/{label.replace(' ', '%20')}%20{model}", "location/city/hangzhou"),
                endpoint="urn:uuid:aa85c000-6324-11b3-819e-5803fb010203",
            ),
            information(info or label, model, "V5.5.82 build 190909", serial, "88"),
            sadp(
                DeviceType="141574",
                DeviceDescription=model,
                DeviceSN=serial,
                SoftwareVersion="V5.5.82build 190909",
                OEMInfo=label,
                SpecificDeviceType="Neutral",
            ),
            upnp(manufacturer=label, modelName=model, serialNumber=serial),
        ),
        brand,
        relation,
    )


def dahua(brand: str | None, label: str, model: str, serial: str, firmware: str, kind: str = "IPC") -> Device:
    """A unit of Dahua's under ``label``."""
    return Device(
        "dahua",
        (
            DH_PAGE,
            dahua_cgi("Login to 3b1f8a4e5c6d7e8f90a1b2c3d4e5f607"),
            DH_PUBLIC,
            describe("Login to 3b1f8a4e5c6d7e8f90a1b2c3d4e5f607"),
            wsd(
                *("location/country/china", f"name/{label.replace(' ', '%20')}", f"hardware/{model}"),
                *("Profile/Streaming", "type/Network_Video_Transmitter", "extension/unique_identifier/1"),
                endpoint="uuid:6f5c1b1e-8f4e-4d1f-9a3b-2b1c54010203",
            ),
            information(label, model, f"{firmware}, Build Date 2021-07-01", serial, "1.00"),
            dhip(
                DeviceClass=kind, DeviceType=model, Manufacturer="Private", SerialNo=serial, Vendor=label,
                Version=firmware,
            ),
        ),
        brand,
        "oem",
    )  # fmt: skip


def uniview(brand: str | None, label: str, model: str) -> Device:
    """A camera of Uniview's under ``label``."""
    serial, firmware = "210235C3ABC123456789", "QIPC-B1201.3.10.210917"
    return Device(
        "uniview",
        (
            lapi("c4790501a2b3"),
            wsd(
                *("register_status/offline", "register_server/0.0.0.0:5060", "regist_id/34", "type/IPC"),
                *(f"manufacturer/{label}", f"version/{firmware}", f"serial/{serial}", "macaddr/48ea63010203"),
                *(f"hardware/{model}", f"name/{model}"),
                endpoint=UNV_EPR,
            ),
            information(label, model, firmware, serial, "A"),
        ),
        brand,
        "oem",
    )


def _only(asks: Iterable[str], unit: Device) -> Device:
    """The same unit where everything but some protocols is switched off."""
    kept: tuple[Said, ...] = tuple(said for said in unit.replies if said[0] in asks)
    return Device(unit.maker, kept, unit.brand, unit.relation, sure=False)


WHOLE = {
    "LTS": hik("lts", "LTS", "CMIP3C42W-28M"),
    "Annke": hik("annke", "ANNKE", "I91BX"),
    "ABUS": hik("abus", "ABUS", "IPCB44515X"),
    "TruVision": hik("interlogix", "TruVision", "TVGP-X01"),
    "LaView": hik("laview", "LaView", "LV-PB9340"),
    "Nelly's": hik("nellys", "Nelly's Security", "NSC-X284"),
    "W Box": hik("w-box", "W Box", "0E-X3BF28"),
    "Northern": hik("northern-video", "Northern Video", "NTHIPX1"),
    "Alibi": hik("alibi", "ALIBI", "ALI-XS1014"),
    "Luma": hik("luma", "Luma", "LUM-X10-IP"),
    "Hunt": hik("hunt", "Hunt", "HLC-X7AAD"),
    "TRENDnet": hik("trendnet", "TRENDnet", "TV-IPX314"),
    "Honeywell, built by Hikvision": hik("honeywell", "Honeywell", "HRGX161"),
    "Safire": hik("safire", "SAFIRE", "SF-IPCX788-4"),
    "Hyundai": hik("hyundai", "HYUNDAI", "HYU-X04"),
    "Clare, a doorbell": hik("clare", "Clare Controls", "CVP-B2DB50-X"),
    "TruVision, a camera": hik("interlogix", "Interlogix", "TVB-X401"),
    "Prama": hik("prama", "PRAMA", "PT-XC140D3", relation="subsidiary"),
    "EZVIZ": hik("ezviz", "EZVIZ", "CS-X3WN-1", relation="subsidiary"),
    "HiLook": hik("hilook", "HiLook", "IPC-X140H", relation="own_brand", info="HIKVISION"),
    "HiLook, a recorder": hik("hilook", "HiLook", "NVR-104MH-X", relation="own_brand", info="HIKVISION"),
    "HiWatch, numbered as Hikvision's": hik("hiwatch", "HiWatch", "DS-I114X", relation="own_brand"),
    "HiWatch": hik("hiwatch", "HiWatch", "HWI-X120H", relation="own_brand"),
    "a label of nobody known, on Hikvision's": hik("novatec", "Novatec", "NV-4000X"),
    "Amcrest": dahua("amcrest", "Amcrest", "IP9M-X1277EW", "AMC0AAB09882D5F152", "2.800.00AC003.0.R"),
    "Lorex": dahua("lorex", "Lorex", "LNX8111", "ND011908012345", "2.622.00LR000.10.R"),
    "CP Plus": dahua("cp-plus", "CPPLUS", "CP-XNC-TA41", "7A0B12CPAG12345", "2.800.0000000.8.R"),
    "Intelbras": dahua("intelbras", "Intelbras", "VIX-1230-D", "7A0B12CPAG12346", "2.820.00IB003.0.R"),
    "KBVision": dahua("kbvision", "KBVISION", "KX-X2012AN3", "7A0B12CPAG12347", "2.820.0000000.5.R"),
    "Honeywell, built by Dahua": dahua(
        "honeywell", "Honeywell", "HXW2PER1", "4K0477EPAZ1D284", "2.460.HW00.1.R"
    ),
    "IC Realtime": dahua("ic-realtime", "ICRealtime", "ICX-B2732", "2J01018PAA00813", "2.460.0000.1.R"),
    "Q-See": dahua("q-see", "Q-See", "QXN8004B", "2J01018PAA00814", "2.420.0000.1.R"),
    "Montavue": dahua("montavue", "Montavue", "MXB8095", "8A0B12CPAG12345", "2.840.0000000.8.R"),
    "EmpireTech": dahua("empiretech", "EmpireTech", "IPX-B54", "8A0B12CPAG12346", "2.840.0000000.9.R"),
    "EmpireTech, a build for all countries": dahua(
        "empiretech", "EmpireTech", "IPX-T54", "AB0B12CPAG12351", "2.840.15OG00D.0.R"
    ),
    "RVi": dahua("rvi", "RVi", "RVi-IPC43X", "7A0B12CPAG12350", "2.400.RV00.16.R"),
    "X-Security": dahua("x-security", "X-Security", "XS-IPCX830", "8A0B12CPAG12352", "2.840.0000000.9.R"),
    "Speco": dahua("speco", "Speco", "O8X8", "8A0B12CPAG12353", "2.840.0000000.9.R"),
    "Panasonic, built by Dahua": dahua("i-pro", "Panasonic", "K-XW114L", "8A0B12CPAG12347", "2.840.0000000.9.R"),
    "a build without a label, on Dahua's": dahua(None, "General", "XPC-1", "8A0B12CPAG12348", "2.840.0000000.9.R"),
    "a label of nobody known, on Dahua's": dahua(
        "novatec", "Novatec", "NV-4000X", "8A0B12CPAG12349", "2.840.0000000.9.R"
    ),
    "Alibi Vigilant": uniview("alibi", "ALIBI", "ALI-XT41"),
    "a label of nobody known, on Uniview's": uniview("novatec", "NOVATEC", "NV-4000X"),
    "a build without a label, on Uniview's": uniview(None, "NONE", "NV-4000X"),
}  # fmt: skip
"""By name: the unit with every channel open."""

NARROW = {
    f"{name}, {' and '.join(asks)} alone": _only(asks, unit)
    for name, unit in WHOLE.items()
    for asks in (("wsd",), ("GetDeviceInformation",), ("sadp",), ("dhip",), ("wsd", "DESCRIBE"))
    if set(asks) <= {said[0] for said in unit.replies}
}
NARROW["Sannce, built by Tiandy"] = Device(
    "tiandy",
    (
        found_by(
            "tiandy",
            "\t".join(["IP", "IP", "NEWM4V00", "CMD", "NVSS", *[""] * 20, "I41ET", "", "T4A12345678\n\n\n"]),
        ),
        information("SANNCE", "I41ET"),
    ),
    "sannce",
    "oem",
)
"""The same units with nearly everything switched off, each channel that carries a label by itself."""
