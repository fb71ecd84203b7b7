"""Terminals that open doors: those with a camera are told from those without by the makers' own model numbers.

The models are of the makers' manuals (``hik-terminal-manuals`` and the like) and of recorded units.
"""

from __future__ import annotations

import pytest
from wire_text import shown

from camaudit.model import Kind

WITH_CAMERA = [
    {"sadp.device_description": "DS-K1T605MF", "sadp.serial": "DS-K1T605MF20190312V010203ENC12345678"},
    {"onvif.model": "DS-K1T501SF", "onvif.manufacturer": "HIKVISION"},
    {"isapi.model": "DS-K1A340FWX", "isapi.serial": "DS-K1A340FWX20221110V030500ENK95444399"},
    {"http.realm": "DS-K1T320EFWX", "http.server": "App-webs/"},
    {"dhip.device_type": "ASI7214Y-V3", "dhip.vendor": "Dahua"},
    {"dhip.device_type": "SS 3530 MF FACE W", "dhip.vendor": "Intelbras"},
    {"onvif.model": "DHI-ASI6214S-D", "onvif.manufacturer": "Dahua"},
    {"http.realm": "Login to ASI3213S"},
    {"sadp.device_description": "DS-K5603-Z", "sadp.serial": "DS-K5603-Z20190312V010203ENC12345678"},
    {"onvif.model": "OET-213H-NB-WH", "onvif.manufacturer": "UNIVIEW"},
    {"onvif.model": "TD-E2123", "onvif.manufacturer": "TVT"},
]
WITHOUT = [
    {"sadp.device_description": "DS-K1T804MF", "sadp.serial": "DS-K1T804MF20190312V010203ENC12345678"},
    {"sadp.device_description": "DS-K2604T", "sadp.serial": "DS-K2604T20190312V010203ENC12345678"},
    {"sadp.device_description": "DS-K5033", "sadp.serial": "DS-K503320190312V010203ENC12345678"},
    {"dhip.device_type": "ASI2212H", "dhip.vendor": "Dahua"},
    {"onvif.model": "ASC2202B-D", "onvif.manufacturer": "Dahua"},
]
NO_TERMINAL = [
    {"sadp.device_description": "DS-KV6113-WPE1", "sadp.serial": "DS-KV6113-WPE120190312V010203ENC12345678"},
    {"onvif.model": "VTO2211G-WP", "onvif.manufacturer": "Dahua"},
    {"onvif.model": "DS-2CD2032-I", "onvif.manufacturer": "HIKVISION"},
]


@pytest.mark.parametrize("said", WITH_CAMERA, ids=lambda said: next(iter(said.values())))
def test_a_terminal_with_a_camera_is_a_door_station_whose_use_is_told(said: dict[str, str]) -> None:
    found = shown(**said)
    assert (found.kind, found.state.access_terminal, found.video) == (Kind.DOOR_STATION, True, True)


@pytest.mark.parametrize("said", WITHOUT, ids=lambda said: next(iter(said.values())))
def test_a_terminal_or_controller_without_one_is_no_video_equipment(said: dict[str, str]) -> None:
    found = shown(**said)
    assert (found.kind, found.state.access_terminal, found.video) == (Kind.OTHER, False, False)


@pytest.mark.parametrize("said", NO_TERMINAL, ids=lambda said: next(iter(said.values())))
def test_a_door_station_or_a_camera_is_no_terminal(said: dict[str, str]) -> None:
    assert not shown(**said).state.access_terminal


def test_a_number_that_two_labels_share_shows_neither_of_them() -> None:
    assert shown(**{"onvif.model": "OET-213H-NB-WH", "onvif.manufacturer": "UNIVIEW"}).brand == "uniview"
