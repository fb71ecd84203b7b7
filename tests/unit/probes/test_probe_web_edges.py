from __future__ import annotations

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, page, paths, run

from camaudit.model import Outcome
from camaudit.probes import dahua, isapi
from camaudit.probes.message import read
from camaudit.probes.text import bounded

USER_CHECK = (
    b'<?xml version="1.0" encoding="UTF-8"?><userCheck version="2.0" '
    b'xmlns="http://www.hikvision.com/ver20/XMLSchema"><statusValue>401</statusValue>'
    b"<lockStatus>unlock</lockStatus><retryLoginTime>7</retryLoginTime></userCheck>"
)
ACTIVATED = (
    b'<ActivateStatus version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
    b"<Activated>true</Activated></ActivateStatus>"
)
DEVICE_INFO = (
    b'<DeviceInfo xmlns="http://www.hikvision.com/ver20/XMLSchema"><model>DS-2CD2385G1-I</model>'
    b"<serialNumber>DS-2CD2385G1-I20190614AAWRD31234512</serialNumber>"
    b"<firmwareVersion>V5.5.82</firmwareVersion><firmwareReleasedDate>build 190910</firmwareReleasedDate>"
    b"<deviceType>IPCamera</deviceType><manufacturer>hikvision</manufacturer></DeviceInfo>"
)
CHALLENGE = 'WWW-Authenticate: Digest qop="auth", realm="IP Camera(34512)", nonce="x", stale="FALSE"'
NOT_FOUND = page("404 Not Found", b"<html>no</html>")
INFO, ACTIVATE = f"GET {isapi.DEVICE_INFO}", f"GET {isapi.ACTIVATE_STATUS}"
LOGIN, CONFIG = f"GET {isapi.LOGIN_PAGE}", f"GET {isapi.WEB_CONFIG}"


def hikvision() -> FakeHost:
    return FakeHost(
        {
            INFO.encode(): page("401 Unauthorized", USER_CHECK, CHALLENGE),
            ACTIVATE.encode(): page("200 OK", ACTIVATED),
            LOGIN.encode(): page("200 OK", b"<html>login</html>"),
            CONFIG.encode(): page("200 OK", b'seajs.web_version = "V4.0.1build171121";'),
            b"GET / ": page("200 OK", b"<html>front</html>"),
        }
    )


def test_a_hikvision_gives_its_edges_on_one_connection() -> None:
    host = hikvision()
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.note) == (Outcome.ANSWERED, "")
    assert host.connections == 1
    assert paths(host) == [INFO, ACTIVATE, LOGIN, "GET /", CONFIG]
    assert seen.fields["isapi.status"] == ("401",)
    assert seen.fields["isapi.realm"] == ("IP Camera(34512)",)
    assert seen.fields["isapi.root"] == ("userCheck", "ActivateStatus")
    assert seen.fields["isapi.lock_status"] == ("unlock",)
    assert seen.fields["isapi.activated"] == ("true",)
    assert seen.fields["isapi.activate_namespace"] == ("http://www.isapi.org/ver20/XMLSchema",)
    assert seen.fields["isapi.web_version"] == ("V4.0.1build171121",)
    assert seen.fields["isapi.login_page"] == ("<html>login</html>",)
    assert seen.fields["isapi.prefix"] == ("ISAPI",)


def test_device_info_is_asked_once_even_where_the_connection_is_lost() -> None:
    host = FakeHost({b"GET /SDK": page("200 OK", ACTIVATED)})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert paths(host) == [INFO]
    assert seen.outcome is Outcome.REFUSED


def test_an_open_device_info_tells_model_and_firmware() -> None:
    host = FakeHost({INFO.encode(): page("200 OK", DEVICE_INFO), b"GET": NOT_FOUND})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert seen.fields["isapi.model"] == ("DS-2CD2385G1-I",)
    assert seen.fields["isapi.firmware"] == ("V5.5.82 build 190910",)
    assert seen.fields["isapi.manufacturer"] == ("hikvision",)
    assert seen.fields["isapi.device_type"] == ("IPCamera",)


def test_a_renamed_api_is_found() -> None:
    host = FakeHost(
        {
            ACTIVATE.encode(): page("200 OK", ACTIVATED),
            b"GET /pramaAPI/System/deviceInfo": page("401 Unauthorized", USER_CHECK, CHALLENGE),
            b"GET": NOT_FOUND,
        }
    )
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert seen.fields["isapi.prefix"] == ("pramaAPI",)
    assert seen.fields["isapi.status"] == ("401",)


@pytest.mark.parametrize("body", [USER_CHECK, b"<html>Access Error: 401</html>"])
def test_a_renamed_api_is_found_where_a_search_told_the_unit_already(body: bytes) -> None:
    """Who answers SADP is asked for its device information only; the name of its API tells its label."""
    renamed = page("401 Unauthorized", body, CHALLENGE)
    host = FakeHost({b"GET /pramaAPI/System/deviceInfo": renamed, b"GET": NOT_FOUND})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now, told=True)))
    assert paths(host) == [INFO, "GET /pramaAPI/System/deviceInfo"]
    assert seen.fields["isapi.prefix"] == ("pramaAPI",)


def test_a_server_without_isapi_is_asked_no_further() -> None:
    host = FakeHost({b"GET": NOT_FOUND})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.note) == (Outcome.REFUSED, "404: no ISAPI")
    assert paths(host) == [INFO, ACTIVATE]


@pytest.mark.parametrize(
    "body", [b"<!doctype html><html>app</html>", b"<html><root>x</root></html>", b"ok", b"{}"]
)
def test_a_server_that_answers_every_path_with_a_page_is_no_answer(body: bytes) -> None:
    host = FakeHost({b"GET": page("200 OK", body)})
    assert only(run(isapi.edges(host, 80, tls=False, now=now))).outcome is Outcome.MALFORMED
    assert only(run(dahua.edges(host, 80, tls=False, now=now))).outcome is Outcome.MALFORMED


def test_a_bare_401_is_recorded_and_said_to_be_bare() -> None:
    host = FakeHost({b"GET": page("401 No", b"", 'WWW-Authenticate: Basic realm="router"')})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.fields["isapi.realm"]) == (Outcome.ANSWERED, ("router",))
    assert "any server behind a login" in seen.note
    assert "isapi.prefix" not in seen.fields


def test_one_page_for_every_path_behind_isapi_is_no_login_page() -> None:
    host = FakeHost({INFO.encode(): page("401 No", USER_CHECK), b"GET": page("200 OK", b"<html>one</html>")})
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert "isapi.login_page" not in seen.fields


def test_dahua_is_told_by_its_challenge_in_one_request() -> None:
    data = page(
        "401 No", b"Error\nInvalid Authority!", 'WWW-Authenticate: Digest realm="Login to 4M0747EPAA1D284"'
    )
    host = FakeHost({b"GET": data})
    seen = only(run(dahua.edges(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.probe) == (Outcome.ANSWERED, "dahua")
    assert seen.fields["dahua.realm"] == ("Login to 4M0747EPAA1D284",)
    assert paths(host) == [f"GET {dahua.SYSTEM_INFO}"]


def test_an_open_dahua_is_answered_and_a_404_refused() -> None:
    data = page("200 OK", b"deviceType=IPC-HDW5421S\r\nserialNumber=1F006E4PAX00075\r\n")
    assert only(run(dahua.edges(FakeHost({b"GET": data}), 80, tls=False, now=now))).outcome is Outcome.ANSWERED
    assert only(run(dahua.edges(FakeHost({b"GET": NOT_FOUND}), 80, tls=False, now=now))).outcome is Outcome.REFUSED


def test_a_refusal_in_their_own_words_is_an_answer() -> None:
    words = page("400 Bad Request", b"Error\r\nBad Request!\r\n")
    seen = only(run(dahua.edges(FakeHost({b"GET": words}), 80, tls=False, now=now)))
    assert (seen.outcome, seen.fields["dahua.answer"]) == (
        Outcome.ANSWERED,
        ("magicBox getSystemInfo: Error Bad Request!",),
    )
    other = page("400 Bad Request", b"Error\r\nNo Such Thing!\r\n")
    assert only(run(dahua.edges(FakeHost({b"GET": other}), 80, tls=False, now=now))).outcome is Outcome.REFUSED
    said = page("403 Forbidden", b'{"statusCode":4,"statusString":"Invalid Operation","subStatusCode":"x"}')
    assert only(run(isapi.edges(FakeHost({b"GET": said}), 80, tls=False, now=now))).outcome is Outcome.ANSWERED
    json = page("403 Forbidden", b'{"statusCode":4,"message":"no"}')
    assert only(run(isapi.edges(FakeHost({b"GET": json}), 80, tls=False, now=now))).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ('seajs.web_version = "V4.0.1build171121"', "V4.0.1build171121"),
        ('web_version: "3.1.3.131126",', "3.1.3.131126"),
        ("nothing", ""),
    ],
)
def test_the_version_of_the_web_interface(script: str, version: str) -> None:
    assert isapi.web_version(script) == version


@given(mangled(page("401 No", USER_CHECK, CHALLENGE), page("200 OK", DEVICE_INFO), page("200 OK", ACTIVATED)))
def test_no_answer_makes_the_probes_raise(data: bytes) -> None:
    message = read(data)
    if message is not None:
        assert is_bounded(bounded(isapi.info_fields(message, "ISAPI")))
        assert is_bounded(bounded(isapi.activation_fields(message)))
        assert is_bounded(bounded(dahua.info_fields(message)))
    run(isapi.edges(FakeHost({b"GET": data}), 80, tls=False, now=now))
    run(dahua.edges(FakeHost({b"GET": data}), 80, tls=False, now=now))
