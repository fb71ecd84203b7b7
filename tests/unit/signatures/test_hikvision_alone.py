"""One reply of a unit that Hikvision builds, and replies like it that are of somebody else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_text import shown

from camaudit.model import Kind, Relation

SESSION = (
    "v=0\no=- 1 1 IN IP4 192.0.2.64\ns={name}\ne=NONE\nt=0 0\na=control:rtsp://192.0.2.64:554/{path}\nm=video 0"
)


def challenge(realm: str, nonce: str) -> str:
    return f'Digest qop="auth", realm="{realm}", nonce="{nonce}"'


@given(st.integers(min_value=10_000, max_value=10**9), st.integers(min_value=10**8, max_value=10**10))
def test_a_nonce_of_base64_in_hexadecimal_tells_the_maker_without_stale(first: int, second: int) -> None:
    nonce = base64.b64encode(f"{first}:{second}".encode()).hex()
    assert shown(http__auth=challenge("camera", nonce)).maker == "hikvision"


@pytest.mark.parametrize("nonce", ["MDQ1ZTpleGFtcGxlLmNvbTo2NWY6MQ==", "fd4d2a8a2b5a1d2b", "1739884596"])
def test_a_domain_of_two_colons_tells_nobody_behind_a_realm(nonce: str) -> None:
    """GoAhead and Appweb write the name of their host there, and listen on all addresses."""
    said = f'Digest realm="example.com", domain="::", qop="auth", nonce="{nonce}", opaque="", algorithm="MD5"'
    assert shown(http__auth=said).maker is None


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_a_decimal_nonce_behind_qop_tells_nobody(number: int) -> None:
    """Mongoose and CivetWeb begin with qop as well."""
    assert shown(http__auth=challenge("camera", str(number))).maker is None


@pytest.mark.parametrize(
    ("realm", "brand"), [("I21AE", "annke"), ("CMIP9342W-28M", "lts"), ("DS-I200(D)", "hiwatch")]
)
def test_a_label_is_read_from_the_realm_of_such_a_challenge(realm: str, brand: str) -> None:
    found = shown(
        isapi__realm=realm,
        isapi__auth=challenge(realm, "4e445244524446424d5463365a445930596a5978597a453d"),
    )
    assert (found.maker, found.brand) == ("hikvision", brand)


@pytest.mark.parametrize(
    "path", ["Streaming/Channels/101/", "ISAPI/streaming/channels/1", "h264/ch1/sub/av_stream"]
)
def test_a_path_counts_under_the_name_of_the_session_only(path: str) -> None:
    assert shown(rtsp__sdp=SESSION.format(name="Media Presentation", path=path)).maker == "hikvision"
    assert shown(rtsp__sdp=SESSION.format(name="Session", path=path)).maker is None


def test_media_presentations_of_others_keep_their_paths() -> None:
    found = shown(rtsp__sdp=SESSION.format(name="Media Presentation", path="axis-media/media.amp"))
    assert found.maker != "hikvision"


def test_a_turret_of_truvision_is_not_taken_for_tvt() -> None:
    told = shown(wsd__hardware="TVT-5602", wsd__scope="location/city/hangzhou")
    assert (told.maker, told.brand, told.relation) == ("hikvision", "interlogix", Relation.OEM)
    assert shown(onvif__model="TVT-5602").maker is None
    assert shown(onvif__model="TVT TD-9421").maker == "tvt"


def test_terminals_and_recorders_are_told_by_the_model_in_their_realm() -> None:
    assert shown(http__realm="DS-K1T320EFWX").maker == "hikvision"
    recorder = shown(rtsp__realm="DS-7608NI-I2")
    assert (recorder.maker, recorder.kind) == ("hikvision", Kind.RECORDER)


@pytest.mark.parametrize(
    ("model", "name", "brand"),
    [("IPC", "LaView", "laview"), ("DS-2CD2032-I", "Matrix", None), ("IPC", "Gate", None)],
)
def test_a_device_name_is_a_label_where_the_model_says_no_more_than_its_sort(
    model: str, name: str, brand: str | None
) -> None:
    body = f"<DeviceInfo><deviceName>{name}</deviceName><model>{model}</model></DeviceInfo>"
    found = shown(
        isapi__body=body,
        isapi__model=model,
        isapi__namespace="http://www.isapi.org/ver20/XMLSchema",
        isapi__root="DeviceInfo",
    )
    assert found.maker == "hikvision"
    assert found.brand in (brand, "hikvision" if brand is None else brand)


@pytest.mark.parametrize("title", ["Hikvision integration - Home Assistant", "海康威视摄像头对接文档"])
def test_a_program_for_its_cameras_is_none_of_them(title: str) -> None:
    assert shown(http__title=title).maker is None


@pytest.mark.parametrize(
    "fields",
    [
        {"http__title": "海康威视"},
        {"http__location": "/doc/page/preview.asp"},
        {"isapi__login_page": '<span ng-bind="oLan.login"></span>'},
        {"http__body": '<embed type="application/hwp-webvideo-plugin">'},
        {"onvif__serial": "PT-NC163D3-WNM(D2)GL870390520251210"},
    ],
)
def test_what_its_pages_and_serial_numbers_say_is_possible_and_no_more(fields: dict[str, str]) -> None:
    found = shown(**fields)
    assert (found.maker, found.certainty.value) == ("hikvision", "possible")
