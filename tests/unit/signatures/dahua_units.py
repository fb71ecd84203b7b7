"""Dahua's units, as they answer over several channels, in variants that firmware has.

The texts follow the wire formats that ``signatures/sources.yaml`` names; serial numbers and addresses are made up.
"""

from __future__ import annotations

from wire_text import (
    Device,
    dahua_cgi,
    describe,
    dhip,
    information,
    mac,
    options,
    refused,
    scopes,
    web,
    wsd,
)

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
