"""Models that stand where no protocol has a place for them: read everywhere, and nobody is sure of one alone."""

from __future__ import annotations

import pytest
from wire_text import SURE, shown

from camaudit.model import Certainty

FIRMWARES = (
    *("http__title", "http__realm", "rtsp__realm", "dahua__realm", "isapi__realm", "onvif__realm"),
    *("snmp__model", "snmp__descr", "lldp__model", "lldp__description", "upnp__model_number", "upnp__model_name"),
)
OWNERS = (
    *("wsd__name", "mdns__instance", "mdns__hostname", "onvif__hostname", "dhcp__hostname"),
    *("upnp__friendly_name", "snmp__name", "lldp__name"),
)
MODELS = {
    "IPC-HDW4631C-A": "dahua",
    "DH-IPC-HFW2431T-ZS": "dahua",
    "NVR4216-16P-4KS2": "dahua",
    "DS-2CD2042WD-I": "hikvision",
    "iDS-7208HQHI-M1/S": "hikvision",
    "TD-9442S4": "tvt",
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("place", FIRMWARES)
def test_a_model_that_firmware_writes_names_its_maker(place: str, model: str) -> None:
    found = shown(**{place: model})
    assert found.maker == MODELS[model]
    assert found.certainty not in SURE


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("place", OWNERS)
def test_a_model_that_an_owner_may_have_written_is_a_hint(place: str, model: str) -> None:
    found = shown(**{place: model})
    assert found.maker == MODELS[model]
    assert found.certainty is Certainty.POSSIBLE


def test_it_is_found_among_other_words_and_in_the_name_of_a_stream() -> None:
    assert shown(http__title="Network Camera IPC-HDW4631C-A").maker == "dahua"
    assert shown(mdns__hostname="IPC-HDW4631C-A.local").maker == "dahua"
    assert shown(rtsp__sdp="v=0\r\ns=IPC-HDW4631C-A\r\nm=video 0 RTP/AVP 96\r\n").maker == "dahua"
    assert shown(rtsp__sdp="v=0\r\ns=live\r\na=x IPC-HDW4631C-A\r\n").maker is None


@pytest.mark.parametrize("place", ["mdns__hostname", "http__title", "snmp__descr", "http__realm"])
@pytest.mark.parametrize(
    "name",
    [
        *(
            "DESKTOP-7F3A2KD",
            "WIN-3KD83JD9A",
            "NPI3F2A1B",
            "BRN30055CAABBCC",
            "DS-218",
            "DS920PLUS",
            "DH-SERVER01",
        ),
        *(
            "IPC-01",
            "IPC-FRONT-1",
            "NVR4216",
            "NVR-MAIN-01",
            "CAM-02-EAST",
            "TL-SG108PE",
            "SG300-28PP",
            "DC01-FS02",
        ),
        *("WS-C2960X-24PS-L", "TS-453D-4G", "RT-AC68U", "MFC-L2710DW", "SM-G991B", "CP-8851-K9", "ESP32-CAM"),
        *("SD-WAN-01", "SD1000", "ITC-01", "TPC-200", "VTO-1", "DVR-16CH", "XVR-8", "S5735-L24T4X", "KD-55XH9005"),
    ],
)
def test_names_of_computers_and_models_of_other_things_name_nobody(place: str, name: str) -> None:
    assert shown(**{place: name}).maker is None
