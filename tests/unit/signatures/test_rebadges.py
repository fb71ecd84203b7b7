"""Rebadged units: maker, label and relation, and that no change which is none of the maker's makes them wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest
from corpus import form
from hypothesis import given, settings
from hypothesis import strategies as st
from rebadged_units import NARROW, WHOLE
from wire_text import SURE, Device, Said, catalogue, describe, identified, information, options, web

from camaudit.model import Certainty, Identification, Relation

UNITS = WHOLE | NARROW
CGI = "/cgi-bin/magicBox.cgi?action=getSystemInfo"
_HEADERS = re.compile(r"(?s)^([^\n]*\n)(.*?)(\n\n.*)$")


def wrong(found: Identification, unit: Device) -> str:
    """Say what is wrong where less was answered: a maker, label or relation that is not the unit's."""
    if found.maker not in (None, unit.maker):
        return f"maker {found.maker}"
    if found.maker is not None and found.relation is Relation.OWN_BRAND and unit.relation != "own_brand":
        return "relation own_brand"
    return ""


@pytest.mark.parametrize("name", UNITS)
def test_maker_label_and_relation_are_right(name: str) -> None:
    unit = UNITS[name]
    found = identified(*unit.replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation), found.candidates


@pytest.mark.parametrize("name", WHOLE)
def test_with_every_channel_open_the_maker_is_sure(name: str) -> None:
    assert identified(*WHOLE[name].replies).certainty is Certainty.CONFIRMED


@pytest.mark.parametrize("name", WHOLE)
def test_without_any_one_channel_the_maker_stays_and_the_label_is_not_taken_for_the_makers(name: str) -> None:
    unit = WHOLE[name]
    for left_out in range(len(unit.replies)):
        replies = [said for place, said in enumerate(unit.replies) if place != left_out]
        found = identified(*replies)
        assert (found.maker, found.certainty in SURE) == (unit.maker, True), unit.replies[left_out][0]
        assert not wrong(found, unit), unit.replies[left_out][0]


@pytest.mark.parametrize("name", WHOLE)
def test_any_one_channel_alone_is_never_confirmed_and_never_wrong(name: str) -> None:
    unit = WHOLE[name]
    for said in unit.replies:
        found = identified(said)
        assert found.certainty is not Certainty.CONFIRMED, said[0]
        assert not wrong(found, unit), (said[0], found.maker, found.brand, found.relation)


RECORDED = {
    one.id: (one.truth.maker, tuple((reply.ask, reply.reply) for reply in one.replies))
    for one in form.load(catalogue().knowledge)
    if one.part is form.Part.TUNE and one.truth.maker is not None and all(r.port is None for r in one.replies)
}
"""Real units of the part of the corpus that may be looked at: who made them, and what they answered."""


@pytest.mark.parametrize("name", [name for name, (_, replies) in RECORDED.items() if len(replies) > 1])
def test_a_recorded_unit_that_answers_less_is_named_rightly_or_not_at_all(name: str) -> None:
    maker, replies = RECORDED[name]
    if identified(*replies).maker == maker:
        for left_out in range(len(replies)):
            found = identified(*(said for place, said in enumerate(replies) if place != left_out))
            assert found.maker in (None, maker)


@st.composite
def _shaken(draw: st.DrawFn, text: str) -> str:
    """The same header lines in another order, other letters and other spaces.

    As what lies between may write them; nothing shouts, and capitals throughout are a mark of one maker's server.
    """
    found = _HEADERS.match(text)
    if found is None or not text.startswith(("HTTP/", "RTSP/")):
        return text
    lines = draw(st.permutations(found[2].split("\n")))
    shaken = []
    for line in lines:
        name, colon, value = line.partition(":")
        spelled = draw(st.sampled_from((name, name.lower(), name.title())))
        space = draw(st.sampled_from((" ", "", "  ", "\t")))
        shaken.append(f"{spelled}{colon}{space}{value.strip()}")
    return found[1] + "\n".join(shaken) + found[3]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_order_case_and_spaces_of_headers_change_no_maker(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    unit = WHOLE[name]
    replies: list[Said] = [(ask, data.draw(_shaken(text))) for ask, text in unit.replies]
    found = identified(*replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation)
    for said in replies:
        assert not wrong(identified(said), unit)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_another_version_of_the_firmware_changes_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    unit = WHOLE[name]
    number = st.integers(0, 9)
    hik = f"V{data.draw(number)}.{data.draw(number)}.{data.draw(st.integers(0, 999))}"
    day = data.draw(st.dates(date(2012, 1, 1), date(2035, 12, 31)))
    dahua = f"{data.draw(st.integers(2, 5))}.{data.draw(st.integers(100, 999))}"
    replies: list[Said] = []
    for ask, text in unit.replies:
        newer = re.sub(r"V5\.5\.82( ?)build 190909", rf"{hik}\1build {day:%y%m%d}", text)
        newer = re.sub(r"\b2\.\d{3}\.(?=[0-9A-Z]{4,7}\.)", f"{dahua}.", newer)
        replies.append((ask, newer.replace("2021-07-01", f"{day:%Y-%m-%d}")))
    found = identified(*replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_recorded_unit_with_shaken_headers_is_named_rightly_or_not_at_all(data: st.DataObject) -> None:
    maker, replies = RECORDED[data.draw(st.sampled_from(sorted(RECORDED)))]
    if identified(*replies).maker == maker:
        found = identified(*((ask, data.draw(_shaken(text))) for ask, text in replies))
        assert found.maker in (None, maker)


ORIGIN = "o=- 1109162014219182 1109162014219192 IN IP4 192.0.2.1"


def sdp(*lines: str) -> Said:
    text = "\n".join(("v=0", *lines))
    return ("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 2\nContent-Type: application/sdp\n\n{text}\n")


@pytest.mark.parametrize(
    "said",
    [
        sdp(ORIGIN, "s=Media Presentation", "e=NONE", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*"),
        sdp("o=- 1109162014219182 0 IN IP4 0.0.0.0", "s=HIK Media Server V4.30.085", "e=NONE", "t=0 0"),
        describe("DVRDVS"),
        web('<ResponseStatus version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">', path="/ISAPI/x"),
    ],
)
def test_a_platform_without_a_label_is_named_and_its_label_left_open(said: Said) -> None:
    found = identified(said)
    assert (found.maker, found.brand, found.relation) == ("hikvision", None, Relation.UNKNOWN)
    assert found.certainty is Certainty.POSSIBLE


def test_another_maker_that_copied_the_origin_of_the_stream_is_not_accused() -> None:
    """scottlamb/retina: a camera of Anjvision's."""
    found = identified(sdp(ORIGIN, "s=RTSP/RTP stream from anjvision ipcamera", "e=NONE", "c=IN IP4 0.0.0.0"))
    assert found.maker != "hikvision"


@pytest.mark.parametrize("model", ["XFI6256TE", "NV-4000X"])
def test_the_makers_name_on_a_model_of_others_is_no_word_on_the_label(model: str) -> None:
    serial = f"{model}20190608AAWRD26707311"
    found = identified(information("HIKVISION", model, "V5.5.80 build 190528", serial, "88"))
    assert (found.maker, found.relation) == ("hikvision", Relation.UNKNOWN)


def test_a_banner_that_names_the_maker_says_nothing_of_the_label() -> None:
    found = identified(options("Server: Dahua Rtsp Server"))
    assert (found.maker, found.brand, found.relation) == ("dahua", None, Relation.UNKNOWN)


@pytest.mark.parametrize(
    ("answer", "brand"),
    [
        ("serialNumber=ND021101234567\nupdateSerial=DHI-NVR4108HS-8P-4KS2", "lorex"),
        ("type=IP5M-X1179EW", "amcrest"),
        ("vendor=AC", "amcrest"),
        ("version=2.622.00AC000.0.R,build:2020-10-22", "amcrest"),
    ],
)
def test_what_dahuas_interface_tells_without_a_login_names_the_label(answer: str, brand: str) -> None:
    front = describe("Login to 3b1f8a4e5c6d7e8f90a1b2c3d4e5f607")
    found = identified(front, web(f"deviceType=31\n{answer}" if "serial" in answer else answer, path=CGI))
    assert (found.maker, found.brand, found.relation) == ("dahua", brand, Relation.OEM)


def test_a_serial_number_of_the_makers_own_range_is_no_label_of_others() -> None:
    found = identified(
        information("IPCAMERA", "IPCAMERA", "V5.2.0 build 140721", "DS-2CD2032-I20140801CCWR476543211", "88")
    )
    assert (found.maker, found.relation) == ("hikvision", Relation.UNKNOWN)


@pytest.mark.parametrize("answer", ["sn=4H01D66PAJ2FA61", "class=IPC", "vendor=Dahua", "type=IPC-HDW2431T"])
def test_one_answer_of_dahuas_interface_is_a_question_and_no_verdict(answer: str) -> None:
    found = identified(web(answer, path=CGI))
    assert (found.maker, found.certainty) == ("dahua", Certainty.POSSIBLE)


@pytest.mark.parametrize(
    "answer", ["class=button", "type=hidden", "version=2.0", "vendor=Acme Camera", "sn=12345"]
)
def test_lines_of_the_same_shape_from_anybody_else_name_nobody(answer: str) -> None:
    assert identified(web(answer, path=CGI)).maker is None


BOX = "/cgi-bin/magicBox.cgi?action="


@pytest.mark.parametrize(
    ("action", "answer", "brand"),
    [
        ("getDeviceType", "type=iMHDX 3132", "intelbras"),
        ("getDeviceType", "type=iNVD 9116 PE FT", "intelbras"),
        ("getDeviceType", "type=VIP-3230-B", "intelbras"),
        ("getDeviceType", "type=CP-UVR-0801E1-CV2", "cp-plus"),
        ("getDeviceType", "type=CP-UNR-108F1", "cp-plus"),
        ("getDeviceType", "type=NV4108E-HS", "amcrest"),
        ("getDeviceType", "type=XYZ-4404", None),
    ],
)
def test_the_interface_is_dahuas_whatever_model_it_gives(action: str, answer: str, brand: str | None) -> None:
    """Brands' own lines: PyIntelbras, public clients of CP Plus recorders, aiodahua."""
    found = identified(web(answer, path=BOX + action))
    assert (found.maker, found.brand, found.relation) == ("dahua", brand, Relation.OEM)
    assert found.certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    "said",
    [
        web("sn=DER0012345678", path=f"{BOX}getSerialNo"),
        web("Error\nBad Request!", status="400 Bad Request", path="/cgi-bin/devVideoAnalyse.cgi?action=getCaps"),
        web('{"code":285278242,"message":""}', path="/cgi-bin/recordFinder.cgi?action=find&name=AccessFace"),
        web(
            "channels[0]=1\nchannels[1]=6", path="/cgi-bin/eventManager.cgi?action=getEventIndexes&code=VideoLoss"
        ),
        web(
            "--b\nContent-Type: text/plain\n\nHeartbeat\n",
            path="/cgi-bin/eventManager.cgi?action=attach&codes=[All]",
        ),
        web("result=8", path="/cgi-bin/devVideoInput.cgi?action=getCollect"),
        web('{"id":2,"params":{"x":1},"result":true,"session":7}', path="/RPC2"),
        web("found=0", path="/cgi-bin/mediaFileFind.cgi?action=findNextFile&object=1&count=32"),
    ],
)
def test_an_answer_without_a_label_is_dahuas_and_its_label_unknown(said: Said) -> None:
    found = identified(said)
    assert (found.maker, found.brand, found.relation) == ("dahua", None, Relation.UNKNOWN)
    assert found.certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    "said",
    [
        web("<html><body>type=camera</body></html>", path=f"{BOX}getDeviceType"),
        web('{"error": {"code": 404, "message": "not found"}}', path=f"{BOX}getDeviceType"),
        web('{"path": "/cgi-bin/magicBox.cgi", "action": "getDeviceType"}', path=f"{BOX}getDeviceType"),
        web("action=getDeviceType", path=f"{BOX}getDeviceType"),
        web("Error\nNot Found!", status="404 Not Found", path=f"{BOX}getDeviceType"),
        web('{"id": 1, "result": "x", "jsonrpc": "2.0"}', path="/RPC2"),
        web('{"message": "not found", "status": 404}', path="/ISAPI/System/deviceInfo"),
        web('{"Error": "x"}', path="/ISAPI/SecurityCP/status/host"),
        web('<ResponseStatus xmlns="http://www.ginatex.com/ver10/XMLSchema"/>', path="/ISAPI/System/status"),
        web("<error>no</error>", path="/ISAPI/System/status"),
    ],
)
def test_a_server_that_echoes_or_errs_on_their_paths_is_neither(said: Said) -> None:
    assert identified(said).maker not in ("hikvision", "dahua")


@pytest.mark.parametrize(
    "said",
    [
        web('{"AlarmHostStatus": {"SubSysList": []}}', path="/ISAPI/SecurityCP/status/host?format=json"),
        web(
            '{"UserInfoSearch": {"responseStatusStrg": "OK"}}',
            path="/ISAPI/AccessControl/UserInfo/Search?format=json",
        ),
        web("<userCheck><statusValue>401</statusValue></userCheck>", status="401 No", path="/ISAPI/System/status"),
    ],
)
def test_one_document_of_isapi_is_a_question_and_no_verdict(said: Said) -> None:
    found = identified(said)
    assert (found.maker, found.certainty) == ("hikvision", Certainty.POSSIBLE)
    assert found.relation is Relation.UNKNOWN
