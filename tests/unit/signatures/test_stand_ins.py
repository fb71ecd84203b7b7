"""Programs that answer for cameras elsewhere, and firmware that names no maker but has a form of its own.

The texts are those of ``signatures/sources.yaml``: relay-programs, easydarwin, ppstrong, gwell-onvif, securus-xm
and ivsec.
"""

from __future__ import annotations

import pytest
from wire_text import shown

from camaudit.model import Certainty, Kind, Relation

HIK_STREAM = (
    "v=0\ns=Media Presentation\na=Media_header:MEDIAINFO=494D4B48010200000400000101200110\na=appversion:1.0"
)
RELAY_METHODS = "DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, OPTIONS, ANNOUNCE, RECORD"


@pytest.mark.parametrize(
    "name", ["Wyze Bridge", "RTSP-Proxy", "Hikvision Proxy", "Dahua ONVIF Server", "Axis Emulator"]
)
def test_a_program_that_holds_a_makers_name_is_not_the_makers(name: str) -> None:
    found = shown(onvif__manufacturer=name)
    assert (found.maker, found.brand, found.kind) == (None, None, Kind.OTHER)


@pytest.mark.parametrize("name", ["Wyze", "HIKVISION", "Axis Communications", "Bosch Security Systems"])
def test_the_name_of_a_maker_alone_still_names_it(name: str) -> None:
    assert shown(onvif__manufacturer=name).maker is not None


def test_what_a_program_passes_on_is_shown_and_names_nobody() -> None:
    found = shown(
        onvif__manufacturer="RTSP-Proxy",
        onvif__model="Virtual-Front",
        wsd__hardware="DS-2CD2385G1-I",
        rtsp__sdp=HIK_STREAM,
    )
    assert found.maker is None
    assert found.kind is Kind.OTHER
    assert "standing in for a Hikvision unit" in found.contradictions[0]


def test_a_relay_known_by_name_leaves_less_than_possible_of_the_stream_behind_it() -> None:
    headers = f"CSeq: 1\nSession: EFKONhgMR\nPublic: {RELAY_METHODS}"
    found = shown(rtsp__headers=headers, rtsp__public=RELAY_METHODS, rtsp__sdp=HIK_STREAM)
    assert (found.maker, found.kind) == (None, Kind.OTHER)
    assert found.candidates[0].maker == "hikvision"
    assert "passing on the stream" in found.contradictions[0]


def test_a_unit_that_speaks_its_makers_own_protocol_is_no_relay() -> None:
    """A relay cannot answer SADP: what the unit says there stands, whatever its ONVIF server calls itself."""
    found = shown(
        onvif__model="Virtual-Front",
        sadp__reply="ProbeMatch",
        sadp__software_version="V5.6.1build 190813",
        sadp__device_description="DS-2CD2385G1-I",
    )
    assert found.maker == "hikvision"
    assert found.confidence > 0.5


def test_an_onvif_server_that_names_unifi_is_a_question() -> None:
    """Cameras of UniFi speak no ONVIF; with an address or a page of Ubiquiti's own the unit is Ubiquiti's."""
    alone = shown(onvif__manufacturer="Ubiquiti", onvif__model="UVC G3", wsd__hardware="UVC G3")
    assert alone.confidence <= 0.5
    owned = shown(onvif__manufacturer="Ubiquiti", onvif__model="UVC G3", mac__vendor="Ubiquiti Inc")
    assert owned.maker == "ubiquiti"
    assert owned.confidence > 0.5


def test_a_name_that_the_owner_gave_makes_no_relay_of_a_camera() -> None:
    found = shown(wsd__name="Bridge over the river", wsd__hardware="DS-2CD2385G1-I", wsd__mac="58:50:ed:1f:e3:85")
    assert found.kind is not Kind.OTHER


@pytest.mark.parametrize(
    ("fields", "maker"),
    [
        ({"onvif__firmware": "ppstrong-c93-tuya2_general-5.5.2.20230531"}, "meari"),
        ({"onvif__manufacturer": "PPS IPC based on ONVIF", "onvif__model": "Bullet 7Q"}, "meari"),
        ({"onvif__manufacturer": "Technology", "onvif__firmware": "14.00.00.75"}, "gwell"),
        (
            {"onvif__manufacturer": "ACME", "onvif__firmware": "V1.00.T01.J21889S3.10010.140f00.S.ONVIF 21.06"},
            "xiongmai",
        ),
    ],
)
def test_firmware_of_others_is_told_by_its_form(fields: dict[str, str], maker: str) -> None:
    found = shown(**fields)
    assert (found.maker, found.relation) == (maker, Relation.OEM)
    assert found.certainty is Certainty.POSSIBLE
    assert found.confidence <= 0.92


def test_a_recorder_with_raysharps_interface_is_no_hikvision() -> None:
    """Its methods stand in the order of Hikvision's, and left alone made it a question about Hikvision."""
    found = shown(
        http__body='{"version":"1.0","error_code":"not_found"}',
        rtsp__realm="device",
        rtsp__public="OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER",
    )
    assert found.maker in ("raysharp", None)


@pytest.mark.parametrize(
    "body",
    [
        "root.Brand.Brand=AXIS\nroot.Brand.ProdNbr=M3215-LVE\nroot.Brand.ProdType=Dome Camera\n",
        "Brand=AXIS\nProdNbr=M3215-LVE\nProdType=Dome Camera\n",
    ],
)
def test_the_parameters_of_an_axis_camera_are_read_in_both_forms(body: str) -> None:
    found = shown(http__body=body)
    assert (found.maker, found.brand, found.model, found.kind) == ("axis", "axis", "M3215-LVE", Kind.CAMERA)
