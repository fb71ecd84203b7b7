"""What one answer may and may not say of its maker: the guards of docs/house.md, "How sure is sure"."""

from __future__ import annotations

import pytest
from wire_text import shown

from camaudit.model import Certainty, Kind, Relation

SURE = (Certainty.PROBABLE, Certainty.CONFIRMED)
HIK_STREAM = (
    "v=0\no=- 1 1 IN IP4 192.0.2.7\ns=Media Presentation\ne=NONE\nb=AS:5100\nt=0 0\n"
    "a=Media_header:MEDIAINFO=494D4B48010200000400000101200110803E0000803E00000000000000;\na=appversion:1.0\n"
)


def test_three_fields_of_one_answer_that_agree_name_the_maker() -> None:
    found = shown(
        onvif__manufacturer="HIKVISION",
        onvif__model="DS-2CD2385G1-I",
        onvif__firmware="V5.6.1 build 190813",
    )
    assert (found.maker, found.certainty) == ("hikvision", Certainty.PROBABLE)
    assert found.confidence <= 0.94


@pytest.mark.parametrize(
    "fields",
    [
        {"onvif__manufacturer": "HIKVISION"},
        {"onvif__manufacturer": "HIKVISION", "onvif__model": "DS-2CD2385G1-I"},
        {"wsd__name": "HIKVISION", "wsd__mac_vendor": "Hangzhou Hikvision Digital Technology Co.,Ltd."},
        {"wsd__name": "IPC", "wsd__hardware": "DS-2CD2385G1-I", "wsd__scope": "MAC/58:50:ed:1f:e3:85"},
        {"mac__vendor": "Hangzhou Hikvision Digital Technology Co.,Ltd.", "port__open": "8000"},
        {"http__server": "App-webs/", "http__realm": "IP Camera(C2189)", "http__location": "/doc/page/login.asp"},
        {"rtsp__realm": "IP Camera(C2189)", "rtsp__sdp": HIK_STREAM},
    ],
)
def test_less_than_that_on_one_channel_stays_possible(fields: dict[str, str]) -> None:
    found = shown(**fields)
    assert found.certainty not in SURE
    assert found.confidence <= 0.92


def test_a_likely_maker_is_no_verdict_where_one_copied_answer_would_do() -> None:
    found = shown(isapi__realm="IP Camera(C2189)")
    assert (found.maker, found.certainty) == ("hikvision", Certainty.POSSIBLE)
    assert found.confidence >= 0.80


def test_a_server_that_passes_streams_on_is_not_the_camera_behind_it() -> None:
    """corpus: easydarwin-go-relay, whose description is that of a Hikvision camera elsewhere."""
    public = "DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, OPTIONS, ANNOUNCE, RECORD"
    found = shown(rtsp__public=public, rtsp__sdp=HIK_STREAM)
    assert found.confidence <= 0.5
    assert "passing on the stream" in found.contradictions[0]


def test_a_unit_that_names_a_brand_of_the_maker_is_the_makers() -> None:
    found = shown(onvif__manufacturer="EZVIZ", wsd__mac_vendor="Hangzhou Ezviz Software Co.,Ltd.")
    assert (found.maker, found.brand, found.relation) == ("hikvision", "ezviz", Relation.SUBSIDIARY)


def test_a_brand_that_was_sold_names_nobody() -> None:
    """Lorex was Dahua's until November 2022; who builds a later unit is not known from its label."""
    assert shown(onvif__manufacturer="Lorex").maker is None


@pytest.mark.parametrize("maker", ["Sony Corporation", "Panasonic", "TP-Link", "Canon"])
def test_the_name_of_a_house_that_makes_much_else_names_no_camera(maker: str) -> None:
    found = shown(upnp__manufacturer=maker, upnp__model_name="KDL-40W5500")
    assert found.maker is None


def test_a_specific_sign_of_a_rare_maker_is_not_outweighed_by_its_rarity() -> None:
    found = shown(rtsp__realm="Arecont Vision")
    assert (found.maker, found.certainty) == ("arecont", Certainty.POSSIBLE)
    assert found.confidence >= 0.7


def test_a_unit_without_a_name_and_with_a_model_of_others_is_made_for_others() -> None:
    found = shown(
        onvif__manufacturer="ONVIF",
        onvif__model="ENP1A14-IR/25X",
        onvif__serial="ENP1A14-IR/25X20190430AAWRD14878400W",
    )
    assert (found.maker, found.brand, found.relation) == ("hikvision", None, Relation.OEM)


def test_univiews_challenge_is_not_taken_for_hikvisions() -> None:
    """corpus: bluenviron/mediamtx 4660; only a space parts the two."""
    found = shown(
        rtsp__realm="c4790503a344",
        rtsp__auth='Digest realm="c4790503a344",nonce="d809bdf662f8362492f0e04dfeee1751", stale="FALSE"',
        rtsp__mac_vendor="Zhejiang Uniview Technologies Co.,Ltd.",
    )
    assert found.maker == "uniview"


def test_a_brand_that_one_maker_alone_builds_for_gives_a_question_and_no_more() -> None:
    found = shown(onvif__manufacturer="ANNKE", onvif__model="X")
    assert (found.maker, found.brand, found.relation) == ("hikvision", "annke", Relation.OEM)
    assert found.certainty is Certainty.POSSIBLE
    assert found.confidence <= 0.65
    counted = [item for item in found.evidence if item.counted and item.claim == "maker=hikvision"]
    assert [item.signature for item in counted] == ["annke:known-builder"]


@pytest.mark.parametrize("brand", ["Luma", "ALIBI", "Swann", "Honeywell", "Lorex", "Interlogix", "Safire"])
def test_a_brand_of_several_makers_or_of_none_we_know_names_nobody(brand: str) -> None:
    assert shown(onvif__manufacturer=brand, http__title=brand).maker is None


def test_one_label_on_two_channels_is_no_second_witness() -> None:
    found = shown(onvif__manufacturer="ANNKE", http__title="ANNKE", rtsp__realm="ANNKE")
    assert found.confidence <= 0.65


def test_a_makers_name_on_the_platform_of_another_is_a_label() -> None:
    scopes = (
        "onvif://www.onvif.org/location/country/japan onvif://www.onvif.org/name/Panasonic "
        "onvif://www.onvif.org/hardware/K-EW114L03E onvif://www.onvif.org/Profile/Streaming "
        "onvif://www.onvif.org/type/Network_Video_Transmitter onvif://www.onvif.org/extension/unique_identifier"
    )
    found = shown(wsd__scopes=scopes, wsd__name="Panasonic", wsd__hardware="K-EW114L03E")
    assert (found.maker, found.brand, found.relation) == ("dahua", "i-pro", Relation.OEM)
    assert found.certainty is Certainty.POSSIBLE


def test_a_name_before_the_model_is_a_label_and_an_owners_name_is_none() -> None:
    hik = "https://www.onvif.org/ type/video_encoder"
    labelled = shown(
        wsd__epr="urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385",
        wsd__name="Acme AC-1200",
        wsd__hardware="AC-1200",
        wsd__scopes=hik,
    )
    renamed = shown(
        wsd__epr="urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385",
        wsd__name="Front Door",
        wsd__hardware="DS-2CD2385G1-I",
        wsd__scopes=hik,
    )
    assert (labelled.brand, labelled.relation) == ("acme", Relation.OEM)
    assert renamed.brand == "hikvision"


def test_a_unit_of_a_maker_that_sells_through_others_is_a_rebadge_until_it_shows_the_makers_name() -> None:
    silent = shown(rtsp__server="H264DVR 1.0")
    labelled = shown(rtsp__server="H264DVR 1.0", onvif__manufacturer="Zosi")
    own = shown(rtsp__server="H264DVR 1.0", onvif__manufacturer="Xiongmai")
    assert (silent.maker, silent.brand, silent.relation) == ("xiongmai", None, Relation.OEM)
    assert (labelled.maker, labelled.brand, labelled.relation) == ("xiongmai", "zosi", Relation.OEM)
    assert (own.maker, own.brand, own.relation) == ("xiongmai", "xiongmai", Relation.OWN_BRAND)


def test_a_firmware_that_many_label_is_a_rebadge_and_another_of_the_same_maker_is_not() -> None:
    """TVT's web server was found under 70 labels; its newer software is sold under its own name as well."""
    web_server = shown(http__server="Cross Web Server")
    newer = shown(http__body='<config systemType="NVMS-9000">')
    assert (web_server.maker, web_server.relation) == ("tvt", Relation.OEM)
    assert (newer.maker, newer.relation) == ("tvt", Relation.UNKNOWN)


def test_a_unit_without_any_label_has_an_unknown_one() -> None:
    found = shown(rtsp__realm="IP Camera(C2189)", rtsp__sdp=HIK_STREAM)
    assert (found.maker, found.brand, found.relation) == ("hikvision", None, Relation.UNKNOWN)


@pytest.mark.parametrize(
    "fields",
    [
        {"sadp__reply": "ProbeMatch", "sadp__device_description": "IPC-B140", "sadp__oem_info": "N/A"},
        {"dhip__reply": "client.notifyDevInfo", "dhip__vendor": "General", "dhip__device_type": "IPC-XY12"},
        {"onvif__serial": "ENP1A14-IR/25X20190430AAWRD14878400W", "onvif__firmware": "V5.5.71 build 190430"},
    ],
)
def test_a_unit_that_says_it_is_built_for_others_is_a_rebadge_of_an_unknown_label(fields: dict[str, str]) -> None:
    found = shown(**fields)
    assert found.maker in ("hikvision", "dahua")
    assert (found.brand, found.relation) == (None, Relation.OEM)


@pytest.mark.parametrize(
    ("fields", "brand"),
    [
        ({"http__body": "<p>Copyright (c) 2016 Amcrest Technologies LLC. All rights reserved</p>"}, "amcrest"),
        ({"http__body": "&copy; 2014-2018 LT Security Inc."}, "lts"),
        ({"onvif__model": "Amcrest IP8M-X496E"}, "amcrest"),
        ({"tls__subject": "CN=192.0.2.1,O=Swann,C=AU"}, "swann"),
        ({"isapi__login_page": "<div>&copy;Hikvision Digital Technology Co., Ltd. All Rights</div>"}, "hikvision"),
        ({"upnp__friendly_name": "Luma 510 NVR"}, "luma"),
        ({"http__title": "Swann NVR"}, "swann"),
        ({"http__body": '<a href="http://www.lorex.com/support">Support</a>'}, "lorex"),
        ({"http__title": "Hunt Valley 12"}, None),
        ({"http__title": "Northern Lights Hotel 2"}, None),
        ({"wsd__name": "Northern gate"}, None),
        ({"http__body": "Call Lorex or Amcrest, 2016"}, None),
    ],
)
def test_a_known_brand_is_read_where_firmware_writes_it_and_not_out_of_an_owners_words(
    fields: dict[str, str], brand: str | None
) -> None:
    assert shown(**fields).brand == brand


@pytest.mark.parametrize("realm", ["Login to 3b1f8a4e5c6d7e8f90a1", "Hikvision", "IP Camera(C2189)"])
def test_one_challenge_on_every_path_is_one_fact(realm: str) -> None:
    """A server that asks for a login whatever is asked repeats its words under each maker's path."""
    challenge = f'Digest realm="{realm}", nonce="0123456789abcdef"'
    found = shown(
        http__realm=realm,
        http__auth=challenge,
        isapi__realm=realm,
        isapi__auth=challenge,
        dahua__realm=realm,
        dahua__auth=challenge,
    )
    assert found.certainty is Certainty.POSSIBLE
    assert found.confidence <= 0.92


@pytest.mark.parametrize("realm", ["Login to 1F006E4PAX00075", "IP Camera(C2189)"])
def test_the_challenge_that_the_onvif_service_repeats_is_no_second_fact(realm: str) -> None:
    challenge = f'Digest realm="{realm}", nonce="0123456789abcdef"'
    found = shown(isapi__realm=realm, isapi__auth=challenge, onvif__realm=realm, onvif__auth=challenge)
    assert found.certainty is Certainty.POSSIBLE


TERMINAL = {
    "isapi__model": "XY-T1",
    "isapi__serial": "DS-K1T341AMF20220311V030230ENJ70368704",
    "isapi__device_type": "ACS",
}
HIK_DECLARED = (
    "http://docs.oasis-open.org/wsn/bw-2 http://docs.oasis-open.org/wsrf/rw-2 "
    "http://www.w3.org/2006/05/addressing/wsdl http://docs.oasis-open.org/wsrf/r-2 "
    "http://www.onvif.org/ver10/recording/wsdl "
    "http://www.onvif.org/ver10/search/wsdl http://www.onvif.org/ver10/replay/wsdl "
    "http://www.eventextension.com/2011/event/topics http://www.onvifext.com/onvif/ext/ver10/wsdl"
)
DAHUA_DECLARED = (
    "http://www.w3.org/2003/05/soap-encoding http://www.w3.org/2003/05/soap-envelope "
    "http://www.onvif.org/ver10/device/wsdl"
)


@pytest.mark.parametrize(("declared", "maker"), [(HIK_DECLARED, "hikvision"), (DAHUA_DECLARED, "dahua")])
def test_the_head_of_an_answer_names_who_wrote_the_software_and_does_not_convict(
    declared: str, maker: str
) -> None:
    found = shown(onvif__declared=declared)
    assert (found.maker, found.certainty) == (maker, Certainty.POSSIBLE)


@pytest.mark.parametrize(
    ("fields", "maker"),
    [
        ({"http__title": "HikCentral Professional"}, "hikvision"),
        ({"http__title": "DSS Pro"}, "dahua"),
        ({"isapi__model": "DS-3E0109P-E/M", "isapi__root": "DeviceInfo"}, "hikvision"),
        (TERMINAL, "hikvision"),
    ],
)
def test_software_switches_and_terminals_of_a_camera_maker_are_no_cameras(
    fields: dict[str, str], maker: str
) -> None:
    found = shown(**fields)
    assert (found.maker, found.kind) == (maker, Kind.OTHER)


def test_a_recorder_with_a_model_of_its_label_is_told_by_its_type() -> None:
    assert shown(isapi__model="XY-8CH", isapi__device_type="Hybrid DVR").kind is Kind.RECORDER


def test_a_link_to_a_brand_is_a_label_at_most_and_names_no_builder() -> None:
    found = shown(http__body='<a href="https://www.annke.com">We install Annke</a>', http__server="nginx")
    assert found.maker is None


@pytest.mark.parametrize("channel", ["isapi", "dahua", "lapi", "onvif"])
def test_a_challenge_says_the_same_whatever_path_gave_it(channel: str) -> None:
    found = shown(**{f"{channel}__realm": "DCS-2530L"})
    assert (found.maker, found.certainty) == ("d-link", Certainty.POSSIBLE)


def test_one_challenge_of_two_paths_is_one_fact_though_the_front_page_is_open() -> None:
    found = shown(isapi__realm="IP Camera(C2189)", onvif__realm="IP Camera(C2189)")
    assert (found.maker, found.certainty) == ("hikvision", Certainty.POSSIBLE)
    assert shown(isapi__realm="IP Camera(C2189)", rtsp__realm="IP Camera(C2189)").certainty in SURE


def test_an_excerpt_begins_with_its_own_line() -> None:
    """A line before it, such as a date, would make two scans of one unit differ."""
    head = "HTTP/1.1 200 OK\nDate: Mon, 30 Nov 2026 00:53:53 GMT\nServer: webs\nX-Frame-Options: SAMEORIGIN\n"
    found = shown(http__server="webs", http__headers=f"{head}Content-Type: text/html\nX-Filler: {'a' * 100}")
    excerpts = [item.excerpt for item in found.evidence if item.field == "http.headers"]
    assert excerpts
    assert not any("2026" in excerpt for excerpt in excerpts)


def test_a_label_that_is_a_maker_elsewhere_does_not_hide_who_built_the_unit() -> None:
    """A serial number and a build are written by the platform; a name and a model number by whoever ordered it."""
    found = shown(
        onvif__manufacturer="GeoVision",
        onvif__model="GV-EBD4813",
        onvif__firmware="GIPC-B6203.9.3.220415",
        onvif__serial="210235CABC3223000044",
    )
    assert (found.maker, found.brand, found.relation) == ("uniview", "geovision", Relation.OEM)
    assert found.certainty not in SURE
    own = shown(onvif__manufacturer="GeoVision", onvif__model="GV-EBD4813", onvif__firmware="V1.05 2021-07-12")
    assert (own.maker, own.relation) == ("geovision", Relation.OWN_BRAND)


@pytest.mark.parametrize(
    ("fields", "maker", "brand", "relation"),
    [
        (
            {"http__body": "system_info_modelname='TVIP61550'\nsystem_info_firmwareversion='FD8134-ABUS-0100a'\n"},
            "vivotek",
            None,
            Relation.OEM,
        ),
        (
            {"http__body": "system_info_modelname='FD8134'\nsystem_info_firmwareversion='FD8134-VVTK-0100a'\n"},
            "vivotek",
            "vivotek",
            Relation.OWN_BRAND,
        ),
        (
            {
                "http__body": '<config version="1.7" xmlns="http://www.ipc.com/ver10">'
                '<model type="string"><![CDATA[I5-340IPEN]]></model>'
                '<brand type="string"><![CDATA[PROVISION-ISR]]></brand>'
            },
            "tvt",
            "provision-isr",
            Relation.OEM,
        ),
        (
            {
                "http__body": '<config version="1.7" xmlns="http://www.ipc.com/ver10">'
                '<model type="string"><![CDATA[TD-9544E3B]]></model><brand type="string"><![CDATA[IPC]]></brand>'
            },
            "tvt",
            "tvt",
            Relation.OWN_BRAND,
        ),
    ],
)
def test_an_own_interface_tells_a_customers_unit_from_the_makers(
    fields: dict[str, str], maker: str, brand: str | None, relation: Relation
) -> None:
    found = shown(**fields)
    assert (found.maker, found.brand, found.relation) == (maker, brand, relation)


def test_names_on_another_makers_platform_are_no_more_than_possible() -> None:
    """retina, geovision_sdp: a GeoVision badge on a stream in the form of Uniview's."""
    stream = "v=0\no=- 1 1 IN IP4 192.0.2.7\ns=VCP IPC Realtime stream\nm=video 0 RTP/AVP 105\n"
    found = shown(wsd__name="GeoVision", http__title="GeoVision", rtsp__sdp=stream)
    assert found.certainty is Certainty.POSSIBLE
    assert found.brand == "geovision"
    assert any("Uniview" in line or "GeoVision" in line for line in found.contradictions)


@pytest.mark.parametrize(
    ("brand", "model", "maker"),
    [("ABUS", "IPCB42510A", "hikvision"), ("ABUS", "TVIP62510", None), ("TRENDnet", "TV-IP310PI", "hikvision")],
)
def test_a_label_with_several_builders_points_to_the_one_of_its_line(
    brand: str, model: str, maker: str | None
) -> None:
    found = shown(onvif__manufacturer=brand, onvif__model=model)
    assert found.maker == maker
    assert found.confidence <= 0.65
