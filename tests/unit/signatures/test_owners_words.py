"""Names that owners, shops and programs write: they may be of anybody, so they name nobody surely."""

from __future__ import annotations

import pytest
from wire_text import shown

from camaudit.model import Certainty

SERIAL = "Login to 1F006E4PAX00075"


@pytest.mark.parametrize(
    "title",
    [
        "Hikvision cameras - Grafana",
        "hikvision-firmware-build [Jenkins]",
        "Hikvision Store - buy Hikvision cameras online",
        "Dahua NVR status",
        "dahua-ftp",
        "Hikvision replaced by Axis",
        "Index of /Hikvision",
    ],
)
def test_a_page_that_speaks_of_a_maker_is_not_the_makers(title: str) -> None:
    assert shown(http__title=title).maker is None


@pytest.mark.parametrize(("title", "maker"), [("HIKVISION", "hikvision"), ("Dahua - IP Camera", "dahua")])
def test_a_page_that_is_called_by_a_maker_alone_may_be_its(title: str, maker: str) -> None:
    found = shown(http__title=title)
    assert (found.maker, found.certainty) == (maker, Certainty.POSSIBLE)


@pytest.mark.parametrize(
    "server", ["Kestrel", "Werkzeug/3.0.1 Python/3.12.1", "motionEye/0.42.1", "BlueServer/5.7.9"]
)
def test_a_title_on_the_server_of_a_program_names_nobody(server: str) -> None:
    assert shown(http__server=server, http__title="HIKVISION").maker is None


def test_what_a_program_shows_of_a_makers_pages_is_no_more_than_possible() -> None:
    """A test server, or bait, gives out the pages and answers of a camera word by word."""
    found = shown(
        http__server="Werkzeug/3.0.1 Python/3.12.1",
        http__title="WEB SERVICE",
        http__realm=SERIAL,
        dahua__realm=SERIAL,
    )
    assert found.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)
    assert found.confidence <= 0.5
    assert "a program that no camera runs" in found.contradictions[0]


def test_a_camera_whose_own_web_server_answers_beside_a_program_stays_a_camera() -> None:
    """Two ports of one address: a router passes one on to a computer and the other to a camera."""
    found = shown(
        http__server=("App-webs/", "Kestrel"), isapi__namespace="http://www.hikvision.com/ver20/XMLSchema"
    )
    assert found.maker == "hikvision"


def test_names_in_two_places_that_owners_write_are_one_owners_word() -> None:
    found = shown(http__title="Dahua", wsd__name="Dahua", upnp__friendly_name="Dahua")
    assert found.certainty is Certainty.POSSIBLE


def test_a_model_behind_the_name_is_the_firmwares_own() -> None:
    found = shown(wsd__name="HIKVISION DS-2CD2385G1-I", http__server="App-webs/")
    assert (found.maker, found.certainty) == ("hikvision", Certainty.CONFIRMED)


def test_the_bare_form_of_anothers_model_makes_the_name_beside_it_a_label() -> None:
    assert shown(wsd__name="Dahua", wsd__hardware="P3245-LVE").confidence <= 0.5


def test_pages_of_three_makers_at_once_are_bait() -> None:
    found = shown(http__server=("App-webs/", "uc-httpd 1.0.0"), http__title="WEB SERVICE")
    assert found.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)
    assert found.confidence <= 0.5


def test_a_server_of_streams_that_no_camera_runs_makes_its_onvif_a_stand_in() -> None:
    found = shown(
        rtsp__server="gortsplib",
        onvif__manufacturer="HIKVISION",
        onvif__model="DS-2CD2143G0-I",
        wsd__name="HIKVISION",
    )
    assert found.maker is None


def test_a_small_computer_that_calls_itself_a_camera_is_a_stand_in() -> None:
    found = shown(onvif__manufacturer="Dahua", wsd__name="Dahua", wsd__hardware="RaspberryPI")
    assert found.confidence <= 0.5


def test_another_makers_stream_by_name_outweighs_hints_beside_it() -> None:
    found = shown(
        rtsp__sdp="v=0\ns=RTSP/RTP stream from anjvision ipcamera\na=Media_header:MEDIAINFO=494D4B48\n",
        rtsp__public="OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER",
        wsd__scope="location/city/hangzhou",
    )
    assert found.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)
