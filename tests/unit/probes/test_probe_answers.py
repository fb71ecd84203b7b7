"""Answers of Dahua's and Hikvision's interfaces by their form: what is told of them, and what is never kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import is_bounded, mangled, page

from camaudit.probes import dahua_answers, isapi_answers
from camaudit.probes.message import Message, read
from camaudit.probes.text import bounded

BOX, CONFIG = "/cgi-bin/magicBox.cgi?action=", "/cgi-bin/configManager.cgi?action=getConfig&name="
CHALLENGE = (
    '{"error":{"code":268632079,"message":"Component error: login challenge!"},"id":1,"params":{"encryption":'
    '"Default","random":"1","realm":"Login to 5bb0c1a2"},"result":false,"session":7}'
)
ALERT = (
    '--b\nContent-Type: x\n\n<EventNotificationAlert xmlns="http://www.isapi.org/ver20/XMLSchema">'
    "<macAddress>28:57:be:00:00:10</macAddress></EventNotificationAlert>\n--b"
)


def message(body: str, status: str = "200 OK", *headers: str) -> Message:
    found = read(page(status, body.encode(), *headers))
    assert found is not None
    return found


def dahua(target: str, body: str, status: str = "200 OK") -> dict[str, tuple[str, ...]]:
    return dict(dahua_answers.answer_fields(target, message(body, status)))


@pytest.mark.parametrize(
    ("target", "body", "form"),
    [
        (f"{BOX}getDeviceType", "type=NVD 1404\r\n", "magicBox getDeviceType: keys type"),
        (
            f"{CONFIG}Encode&x=1",
            "table.Encode[0].A=1\ntable.Encode[1].A=1\n",
            "configManager getConfig Encode: keys table.Encode[].A",
        ),
        (
            "/cgi-bin/eventManager.cgi?action=attach&codes=[All]",
            "--b\nX: y\n\nCode=VideoMotion;action=Start;index=0\n",
            "eventManager attach: event VideoMotion Start",
        ),
        (
            "/cgi-bin/recordFinder.cgi?action=find&name=Any",
            '{"code":285278242,"message":""}',
            "recordFinder find Any: code 285278242",
        ),
        ("/RPC2", '{"error":{"code":287637505},"id":3,"result":false}', "RPC2: code 287637505"),
        (
            "/cgi-bin/api/LogicDeviceManager/getCameraState",
            '{"states":[{"channel":0,"connectionState":"Connected"}]}',
            "api/LogicDeviceManager/getCameraState: keys states",
        ),
        (
            "/cgi-bin/wlan.cgi?action=scanWlanDevices",
            "Found Num:1\r\nwlanDevice[0].SSID=home\r\nwlanDevice[0].AuthMode=7\r\n",
            "wlan scanWlanDevices: keys wlanDevice[].SSID wlanDevice[].AuthMode",
        ),
        (
            "/cgi-bin/recordFinder.cgi?action=find",
            "Error\nNot Implemented!\n",
            "recordFinder find: Error Not Implemented!",
        ),
        (
            f"{CONFIG}Lighting",
            "Error: Error -1 getting param in name=Lighting[0][0]",
            "configManager getConfig Lighting: Error Error -1",
        ),
        ("/RPC2_Login", CHALLENGE, "RPC2_Login: code 268632079"),
        ("/RPC2", '{"id":2,"params":{"a":1},"result":true,"session":7}', "RPC2: rpc id params result session"),
        ("/RPC2", '{"method":"client.notifyEventStream","params":{"eventList":[]}}', "RPC2: notifyEventStream"),
        (
            f"{BOX}getSoftwareVersion",
            "version=2.800.0.1.R\nbuild:2021-06-01",
            "magicBox getSoftwareVersion: keys version",
        ),
        (f"{BOX}getDeviceType", "type = IPC-HF3300", "magicBox getDeviceType: keys type"),
        (f"{BOX}getDeviceType", "Error\nAuthority:check failure.", "magicBox getDeviceType: Error Authority"),
        ("/cgi-bin/mediaFileFind.cgi?action=factory.create", "result=08137", "mediaFileFind factory: keys result"),
        ("/cgi-bin/accessControl.cgi?action=openDoor&channel=1", "OK\r\n", "accessControl openDoor: done"),
    ],
)
def test_the_form_of_an_answer_of_dahuas_interface(target: str, body: str, form: str) -> None:
    assert dahua(target, body)["dahua.answer"] == (form,)


@pytest.mark.parametrize(
    ("target", "body"),
    [
        (f"{BOX}getDeviceType", "<html><body>type=x</body></html>"),
        (f"{BOX}getDeviceType", '{"error":"not found"}'),
        (f"{BOX}getDeviceType", "not found"),
        ("/cgi-bin/audio.cgi?action=getAudio", "type=x"),
        ("/cgi-bin/else.cgi?action=getDeviceType", "type=x"),
        ("/cgi-bin/ptz.cgi?action=start", "OK"),
        ("/RPC2", '{"method":"client.notify","params":[]}'),
        ("/", "type=x"),
    ],
)
def test_pages_errors_and_other_paths_have_no_form(target: str, body: str) -> None:
    assert dahua(target, body) == {}


def test_the_challenge_of_the_second_interface_is_the_realm() -> None:
    assert dahua("/RPC2_Login", CHALLENGE)["dahua.realm"] == ("Login to 5bb0c1a2",)


def test_the_second_interface_shows_its_own_words_and_what_tells_the_unit() -> None:
    version = '{"Build":"","BuildDate":"2020-12-02","Version":"2.800.00AC002.0.R","WebVersion":"V3.2.1.948164"}'
    found = dahua("/RPC2", f'{{"id":6,"params":{{"version":{version}}},"result":true}}')
    assert found["dahua.answer"] == ("RPC2: rpc id params result", "RPC2: rpc of BuildDate WebVersion")
    assert found["dahua.firmware"] == ("2.800.00AC002.0.R",)
    assert dahua("/RPC2", '{"id":1,"params":{"Vendor":"Lorex"},"result":true}')["dahua.vendor"] == ("Lorex",)


@pytest.mark.parametrize(
    ("told", "field"),
    [("IPC", "dahua.device_class"), ("IP4M-1051EW", "dahua.model"), ("alarm", ""), ("31", "")],
)
def test_one_name_of_the_second_interface_is_the_class_or_the_model(told: str, field: str) -> None:
    found = dahua("/RPC2", f'{{"id":7,"params":{{"type":"{told}"}},"result":true,"session":1}}')
    assert {name: value for name, value in found.items() if name != "dahua.answer"} == (
        {field: (told,)} if field else {}
    )


@pytest.mark.parametrize("params", ["null", "[1]", '{"Vendor":5}', '{"info":[]}', '{"version":"1.00"}'])
def test_what_the_second_interface_says_in_another_form_is_not_kept(params: str) -> None:
    assert set(dahua("/RPC2", f'{{"id":7,"params":{params},"result":true}}')) == {"dahua.answer"}


def test_nothing_of_a_refusal_or_of_an_owner_is_kept_of_the_second_interface() -> None:
    refused = '{"id":7,"params":{"Vendor":"Lorex","MachineName":"Anna"},"result":false,"session":1}'
    found = dahua("/RPC2", refused)
    assert set(found) == {"dahua.answer"}
    assert "Anna" not in repr(found)


def test_a_version_of_the_board_is_not_one_of_the_program() -> None:
    assert dahua(f"{BOX}getHardwareVersion", "version=1.00")["dahua.hardware"] == ("1.00",)
    assert "dahua.firmware" not in dahua(f"{BOX}getHardwareVersion", "version=1.00")
    assert "dahua.firmware" not in dahua("/cgi-bin/IntervideoManager.cgi?action=getVersion", "version=3.59")


def test_the_number_of_a_recorders_platform_is_no_model() -> None:
    assert "dahua.model" not in dahua(f"{BOX}getSystemInfo", "deviceType=31\nserialNumber=ND0219110000000")
    assert dahua(f"{BOX}getSystemInfo", "deviceType=MHDX 1\nprocessor=x")["dahua.model"] == ("MHDX 1",)


def test_of_settings_only_what_tells_the_unit_is_kept() -> None:
    found = dahua(f"{CONFIG}T2UServer", "table.T2UServer.Address=p2p.example.net\ntable.T2UServer.Key=hunter2\n")
    assert found["dahua.cloud_host"] == ("p2p.example.net",)
    assert "hunter2" not in repr(found)


def test_a_request_is_kept_without_anything_secret_in_it() -> None:
    whole = f"{CONFIG}Network&user=admin&password=hunter2"
    assert dahua_answers.plain_target(whole) == f"{CONFIG}Network"


@pytest.mark.parametrize(
    ("path", "body", "form"),
    [
        (
            "/ISAPI/SecurityCP/status/zones?format=json",
            '{"ZoneList": [{"Zone": {"id": 0}}]}',
            "/ISAPI/SecurityCP/status: json ZoneList",
        ),
        (
            "/ISAPI/Event/notification/alertStream",
            ALERT,
            "/ISAPI/Event/notification: xml EventNotificationAlert www.isapi.org",
        ),
        ("/ISAPI/System/time", "<Time><localTime>x</localTime></Time>", "/ISAPI/System/time: xml Time"),
        (
            "/PSIA/Streaming/channels",
            '<StreamingChannelList xmlns="urn:psialliance-org"/>',
            "/PSIA/Streaming/channels: xml StreamingChannelList urn:psialliance-org",
        ),
    ],
)
def test_the_form_of_a_document_of_isapi(path: str, body: str, form: str) -> None:
    assert isapi_answers.answer_fields(path, message(body))["isapi.answer"] == (form,)


@pytest.mark.parametrize("body", ["<html><body/></html>", "", "[1]", "{", '{"<b>": 1}', "not found", "{" * 5000])
def test_what_is_no_document_has_no_form(body: str) -> None:
    assert isapi_answers.answer_fields("/ISAPI/System/status", message(body)) == {}


def test_a_refusal_with_a_document_keeps_its_challenge_and_names_of_people_stay_out() -> None:
    body = "<userCheck><userName>mallory</userName><macAddress>28:57:be:00:00:10</macAddress></userCheck>"
    found = isapi_answers.answer_fields(
        "/ISAPI/Security/users/1", message(body, "401 No", 'WWW-Authenticate: Digest realm="IP Camera(1)"')
    )
    assert found["isapi.realm"] == ("IP Camera(1)",)
    assert found["isapi.mac"] == ("28:57:be:00:00:10",)
    assert "mallory" not in repr(found)


@given(
    mangled(page("200 OK", b"type=NVD 1404\r\n"), page("401 No", CHALLENGE.encode()), page("200 OK", b"<Time/>"))
)
def test_no_answer_breaks_the_readers(data: bytes) -> None:
    found = read(data)
    if found is not None:
        for target in (f"{BOX}getDeviceType", f"{CONFIG}T2UServer", "/RPC2"):
            assert is_bounded(bounded(dahua_answers.answer_fields(target, found)))
        assert is_bounded(bounded(isapi_answers.answer_fields("/ISAPI/System/time", found)))


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers(text: str) -> None:
    dahua_answers.form_of(text)
    dahua_answers.plain_target(text)
    isapi_answers.answer_fields("/ISAPI/System/time", message(text))
