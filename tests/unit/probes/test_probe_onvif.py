from __future__ import annotations

import re

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, page, run

from camaudit.model import Outcome
from camaudit.probes import onvif
from camaudit.probes.message import read
from camaudit.probes.text import bounded


def soap(inner: str, status: str = "200 OK", *headers: str) -> bytes:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
        f'xmlns:ter="http://www.onvif.org/ver10/error"><env:Body>{inner}</env:Body></env:Envelope>'
    )
    return page(status, text.encode(), *headers)


DENIED = (
    "<env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>ter:NotAuthorized</env:Value>"
    "</env:Subcode></env:Code><env:Reason><env:Text>no</env:Text></env:Reason></env:Fault>"
)
CLOCK = (
    "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time><tt:Hour>7</tt:Hour>"
    "<tt:Minute>5</tt:Minute><tt:Second>9</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>11</tt:Month>"
    "<tt:Day>25</tt:Day></tt:Date></tt:UTCDateTime><tt:LocalDateTime><tt:Time><tt:Hour>8</tt:Hour></tt:Time>"
    "</tt:LocalDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
)
ANSWERS = {
    "GetSystemDateAndTime": soap(CLOCK, "200 OK", "Server: gSOAP/2.8"),
    "GetServices": soap(
        "<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/device/wsdl</tds:Namespace>"
        "<tds:XAddr>http://203.0.113.9/onvif/device_service</tds:XAddr></tds:Service></tds:GetServicesResponse>"
    ),
    "GetHostname": soap(
        "<tds:GetHostnameResponse><tds:HostnameInformation><tt:Name>IP CAMERA</tt:Name></tds:HostnameInformation>"
        "</tds:GetHostnameResponse>"
    ),
    "GetEndpointReference": soap(
        "<tds:GetEndpointReferenceResponse><tds:GUID>urn:uuid:aa85c000</tds:GUID></tds:GetEndpointReferenceResponse>"
    ),
    "GetDeviceInformation": soap(DENIED, "400 Bad Request"),
    "GetScopes": soap(DENIED, "401 Unauthorized"),
}


class Camera(FakeHost):
    """Answers by the operation in the body, as the table says; what is not there is not supported."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        super().__init__(tcp=_ByOperation(answers))


class _ByOperation(dict[bytes, bytes]):
    def __init__(self, answers: dict[str, bytes]) -> None:
        super().__init__({_request(name): answer for name, answer in answers.items()})


def _request(operation: str) -> bytes:
    return onvif.request(operation, "192.0.2.10:80", onvif.PATH)


def operations(host: FakeHost) -> list[str]:
    return [
        found[1].decode()
        for found in (re.search(rb"<s:Body[^>]*><(\w+) ", asked) for asked in host.asked)
        if found
    ]


def test_a_camera_answers_what_the_specification_lets_it() -> None:
    host = Camera(ANSWERS)
    seen = only(run(onvif.service(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.probe, host.connections) == (Outcome.ANSWERED, "onvif", 1)
    assert operations(host) == [onvif.FIRST, onvif.SERVICES, *onvif.OTHERS]
    assert seen.fields["onvif.answered"] == (onvif.FIRST, onvif.SERVICES, "GetHostname", "GetEndpointReference")
    assert seen.fields["onvif.utc"] == ("2026-11-25T07:05:09+00:00",)
    assert seen.fields["onvif.hostname"] == ("IP CAMERA",)
    assert seen.fields["onvif.endpoint_reference"] == ("urn:uuid:aa85c000",)
    assert seen.fields["onvif.xaddr"] == ("http://203.0.113.9/onvif/device_service",)
    assert seen.fields["onvif.fault"] == ("ter:NotAuthorized",)
    assert seen.fields["onvif.server"] == ("gSOAP/2.8",)
    assert "onvif.model" not in seen.fields


def test_an_open_camera_tells_its_model_and_scopes() -> None:
    information = (
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>HIKVISION</tds:Manufacturer><tds:Model>DS-2CD2042WD-I"
        "</tds:Model><tds:FirmwareVersion>V5.4.5 build 170124</tds:FirmwareVersion>"
        "<tds:SerialNumber>1</tds:SerialNumber>"
        "<tds:HardwareId>88</tds:HardwareId></tds:GetDeviceInformationResponse>"
    )
    scopes = (
        "<tds:GetScopesResponse><tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>onvif://a</tt:ScopeItem>"
        "</tds:Scopes><tds:Scopes><tt:ScopeItem>onvif://b</tt:ScopeItem></tds:Scopes></tds:GetScopesResponse>"
    )
    host = Camera({**ANSWERS, "GetDeviceInformation": soap(information), "GetScopes": soap(scopes)})
    seen = only(run(onvif.service(host, 80, tls=False, now=now)))
    assert seen.fields["onvif.manufacturer"] == ("HIKVISION",)
    assert seen.fields["onvif.hardware"] == ("88",)
    assert seen.fields["onvif.scope"] == ("onvif://a", "onvif://b")


def test_capabilities_are_asked_where_services_are_not_known() -> None:
    capabilities = (
        "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://192.0.2.10/onvif/media</tt:XAddr>"
        "</tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>"
    )
    host = Camera({**ANSWERS, "GetServices": soap(DENIED, "500 Error"), "GetCapabilities": soap(capabilities)})
    seen = only(run(onvif.service(host, 80, tls=False, now=now)))
    assert onvif.CAPABILITIES in operations(host)
    assert seen.fields["onvif.service"] == ("http://www.onvif.org/ver10/media/wsdl",)
    assert seen.fields["onvif.xaddr"] == ("http://192.0.2.10/onvif/media",)


def test_a_challenge_of_the_web_server_is_kept_where_the_service_told_its_clock() -> None:
    refusal = (
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="TV-IP318PI", nonce="4f6e"\r\n'
        b"Content-Length: 0\r\n\r\n"
    )
    seen = only(run(onvif.service(Camera({**ANSWERS, "GetDeviceInformation": refusal}), 80, tls=False, now=now)))
    assert seen.fields["onvif.realm"] == ("TV-IP318PI",)
    assert seen.fields["onvif.auth"] == ('Digest realm="TV-IP318PI", nonce="4f6e"',)


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "500 Internal Server Error"])
def test_a_camera_that_wants_a_login_even_for_its_clock_is_still_onvif(status: str) -> None:
    every = dict.fromkeys((onvif.FIRST, onvif.SERVICES, onvif.CAPABILITIES, *onvif.OTHERS), soap(DENIED, status))
    seen = only(run(onvif.service(Camera(every), 80, tls=False, now=now)))
    assert (seen.outcome, seen.fields["onvif.fault"]) == (Outcome.ANSWERED, ("ter:NotAuthorized",))
    assert "onvif.answered" not in seen.fields


def test_namespaces_are_kept_in_the_order_in_which_an_answer_declares_them() -> None:
    """Writers of ONVIF software declare the same names, each in an order of its own."""
    seen = only(run(onvif.service(Camera(ANSWERS), 80, tls=False, now=now)))
    assert seen.fields["onvif.declared"] == (
        "http://www.w3.org/2003/05/soap-envelope http://www.onvif.org/ver10/device/wsdl "
        "http://www.onvif.org/ver10/schema http://www.onvif.org/ver10/error",
    )


@pytest.mark.parametrize("body", [DENIED, ""])
def test_the_challenge_of_an_operation_is_kept_with_or_without_a_document(body: str) -> None:
    challenge = 'Digest realm="Login to 1F006E4PAX00075", qop="auth", nonce="b252aWYtZGlnZXN0OjE="'
    header = f"WWW-Authenticate: {challenge}"
    refused = soap(body, "401 Unauthorized", header) if body else page("401 Unauthorized", b"", header)
    seen = only(run(onvif.service(Camera({**ANSWERS, "GetDeviceInformation": refused}), 80, tls=False, now=now)))
    assert seen.outcome is Outcome.ANSWERED
    assert seen.fields["onvif.auth"] == (challenge,)
    assert seen.fields["onvif.realm"] == ("Login to 1F006E4PAX00075",)


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (page("404 Not Found", b"<html>nginx</html>"), "404: no ONVIF here"),
        (page("200 OK", b"<!doctype html><html></html>"), "200: no ONVIF here"),
        (page("200 OK", b"<s:Envelope xmlns:s='urn:soap'><s:Body/></s:Envelope>"), "200: no ONVIF here"),
        (page("405 Not Allowed", b""), "405: no ONVIF here"),
        (page("401 Unauthorized", b""), "asks for a login"),
    ],
)
def test_a_web_server_is_not_called_onvif_and_is_asked_once(answer: bytes, note: str) -> None:
    host = FakeHost({b"POST": answer})
    seen = only(run(onvif.service(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.note, seen.fields) == (Outcome.REFUSED, note, {})
    assert len(host.asked) == 1


def test_the_body_is_written_as_the_npm_mock_wants_it() -> None:
    body = re.compile(
        r'<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        r'xmlns:xsd="http://www.w3.org/2001/XMLSchema">(.*)</s:Body>'
    )
    for operation in (onvif.FIRST, onvif.SERVICES, onvif.CAPABILITIES, *onvif.OTHERS):
        found = body.search(onvif.request(operation, "192.0.2.10:80", onvif.PATH).decode())
        assert found is not None
        assert re.findall(r"<(\S*) ", found[1])[0] == operation
        assert re.search(r'xmlns="http://www.onvif.org/\S*/(\S*)/wsdl"', found[1])


@pytest.mark.parametrize("path", ["", "onvif", "/a b", "/a\r\nX: y", "/\u00e9", "/" + "a" * 3000])
def test_a_path_that_is_no_path_is_not_asked(path: str) -> None:
    host = FakeHost({b"POST": ANSWERS[onvif.FIRST]})
    seen = only(run(onvif.service(host, 80, tls=False, path=path, now=now)))
    assert (seen.outcome, host.asked) == (Outcome.NOT_ASKED, [])


def test_a_clock_that_is_no_time_is_left_out() -> None:
    message = read(soap(CLOCK.replace("2026", "99999").replace("<tt:Month>11", "<tt:Month>13")))
    assert message is not None
    assert onvif.answer_fields(onvif.FIRST, message)["onvif.utc"] == ()


def test_a_day_that_no_calendar_has_is_left_out() -> None:
    message = read(soap(CLOCK.replace("<tt:Month>11", "<tt:Month>13")))
    assert message is not None
    assert onvif.answer_fields(onvif.FIRST, message)["onvif.utc"] == ()


def test_what_was_read_before_the_camera_stopped_is_kept() -> None:
    seen = only(run(onvif.service(Camera({onvif.FIRST: ANSWERS[onvif.FIRST]}), 80, tls=False, now=now)))
    assert (seen.outcome, seen.fields["onvif.answered"]) == (Outcome.ANSWERED, (onvif.FIRST,))
    assert seen.note.startswith("stopped before the end")


@given(mangled(*ANSWERS.values()))
def test_no_answer_makes_the_probe_raise(data: bytes) -> None:
    message = read(data)
    for operation in ANSWERS if message is not None else ():
        assert message is not None
        assert is_bounded(bounded(onvif.answer_fields(operation, message)))
    run(onvif.service(FakeHost({b"POST": data}), 80, tls=False, now=now))


def test_scopes_without_a_login_tell_what_a_search_would() -> None:
    items = (
        "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/MAC/44:19:b6:01:02:03 "
        "onvif://www.onvif.org/hardware/DS-2CD2385G1-I onvif://www.onvif.org/name/HIKVISION%20DS-2CD2385G1-I "
        "onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/location/city/hangzhou"
    )
    listed = "".join(f"<tds:Scopes><tt:ScopeItem>{item}</tt:ScopeItem></tds:Scopes>" for item in items.split())
    answer = read(soap(f"<tds:GetScopesResponse>{listed}</tds:GetScopesResponse>"))
    assert answer is not None
    fields = onvif.answer_fields("GetScopes", answer)
    assert fields["wsd.scopes"] == (items,)
    assert fields["wsd.name"] == ("HIKVISION DS-2CD2385G1-I",)
    assert fields["wsd.hardware"] == ("DS-2CD2385G1-I",)
    assert fields["wsd.mac"] == ("44:19:b6:01:02:03",)
