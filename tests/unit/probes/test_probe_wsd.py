from __future__ import annotations

from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import wsd
from camaudit.probes.text import bounded

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope '
    'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
    "<SOAP-ENV:Header><wsa:MessageID>urn:uuid:1</wsa:MessageID><wsa:ReplyTo><wsa:Address>nowhere</wsa:Address>"
    "</wsa:ReplyTo></SOAP-ENV:Header><SOAP-ENV:Body>"
)
TAIL = "</SOAP-ENV:Body></SOAP-ENV:Envelope>"
HIKVISION_SCOPES = (
    "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/Profile/Streaming "
    "onvif://www.onvif.org/MAC/58:50:ed:1f:e3:85 onvif://www.onvif.org/hardware/DS-2CD2385G1-I "
    "onvif://www.onvif.org/name/HIKVISION%20DS-2CD2385G1-I onvif://www.onvif.org/location/city/hangzhou"
)
UNIVIEW_SCOPES = (
    "onvif://www.onvif.org/manufacturer/NONE onvif://www.onvif.org/version/GIPC-B6215.5.1 "
    "onvif://www.onvif.org/serial/210235T0000000000001 onvif://www.onvif.org/macaddr/48ea63000001"
)


def match(scopes: str, endpoint: str, types: str = "dn:NetworkVideoTransmitter tds:Device") -> str:
    return (
        f"<d:ProbeMatch><wsa:EndpointReference><wsa:Address>{endpoint}</wsa:Address></wsa:EndpointReference>"
        f"<d:Types>{types}</d:Types><d:Scopes>\n {scopes} </d:Scopes>"
        "<d:XAddrs>http://192.0.2.10/onvif/device_service http://[fe80::1]/onvif/device_service</d:XAddrs>"
        "<d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch>"
    )


def reply(*matches: str) -> bytes:
    return f"{HEAD}<d:ProbeMatches>{''.join(matches)}</d:ProbeMatches>{TAIL}".encode()


HIKVISION = reply(match(HIKVISION_SCOPES, "urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385"))
# ipycam 1.3.0: no ProbeMatches, EndpointReference in another namespace, a raw space in a scope.
IPYCAM = (
    f"{HEAD}<d:ProbeMatch><d:EndpointReference><d:Address>urn:uuid:7a3c</d:Address></d:EndpointReference>"
    "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
    "<d:Scopes>onvif://www.onvif.org/name/IPyCam Virtual onvif://www.onvif.org/hardware/PythonCam</d:Scopes>"
    f"<d:XAddrs>http://192.0.2.10:8080/onvif/device_service</d:XAddrs></d:ProbeMatch>{TAIL}"
).encode()


def test_two_probes_with_fresh_identifiers() -> None:
    first, second = wsd.requests(iter(["urn:uuid:a", "urn:uuid:b"]).__next__)
    assert b"<a:MessageID>urn:uuid:a</a:MessageID>" in first
    assert b"<d:Types>dn:NetworkVideoTransmitter</d:Types>" in first
    assert b"<a:MessageID>urn:uuid:b</a:MessageID>" in second
    assert b"<d:Types>tds:Device</d:Types>" in second
    assert b"http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe<" in first
    assert wsd.requests()[0] != wsd.requests()[0]
    assert wsd.parse(first) is None


def test_a_hikvision_answer() -> None:
    fields = wsd.parse(HIKVISION)
    assert fields is not None
    assert fields["wsd.types"] == ("NetworkVideoTransmitter", "Device")
    assert fields["wsd.scope"][-2:] == ("name/HIKVISION DS-2CD2385G1-I", "location/city/hangzhou")
    assert fields["wsd.scopes"] == (HIKVISION_SCOPES,)
    assert fields["wsd.name"] == ("HIKVISION DS-2CD2385G1-I",)
    assert fields["wsd.hardware"] == ("DS-2CD2385G1-I",)
    assert fields["wsd.mac"] == ("58:50:ed:1f:e3:85",)
    assert fields["wsd.epr"] == ("urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385",)
    assert len(fields["wsd.xaddr"]) == 2
    assert fields["wsd.metadata_version"] == ("10",)
    assert "http://www.onvif.org/ver10/network/wsdl" in fields["wsd.namespace"]
    assert fields["wsd.declared"] == (" ".join(fields["wsd.namespace"]),)


def test_a_uniview_answer() -> None:
    fields = wsd.parse(reply(match(UNIVIEW_SCOPES, "urn:uuid:00010010-0001-1020-8000-48ea63000001")))
    assert fields is not None
    assert fields["wsd.manufacturer"] == ("NONE",)
    assert fields["wsd.firmware"] == ("GIPC-B6215.5.1",)
    assert fields["wsd.serial"] == ("210235T0000000000001",)
    assert fields["wsd.mac"] == ("48:ea:63:00:00:01",)


def test_a_random_endpoint_gives_no_mac_address() -> None:
    fields = wsd.parse(
        reply(match("onvif://www.onvif.org/name/Dahua", "uuid:2728e569-353c-49a9-b632-68c7e6e31d9c"))
    )
    assert fields is not None
    assert "wsd.mac" not in fields


def test_ipycam_is_read_although_its_answer_is_wrong_in_three_ways() -> None:
    fields = wsd.parse(IPYCAM)
    assert fields is not None
    assert fields["wsd.name"] == ("IPyCam Virtual",)
    assert fields["wsd.scope"] == ("name/IPyCam Virtual", "hardware/PythonCam")
    assert fields["wsd.epr"] == ("urn:uuid:7a3c",)


def test_two_manufacturer_scopes_with_spaces_are_both_kept() -> None:
    scopes = "onvif://www.onvif.org/mfr/FLIR%20Systems onvif://www.onvif.org/manufacturer/DVTel"
    fields = wsd.parse(reply(match(scopes, "urn:uuid:x")))
    assert fields is not None
    assert fields["wsd.manufacturer"] == ("FLIR Systems", "DVTel")


def test_several_matches_in_one_datagram_are_all_read() -> None:
    fields = wsd.parse(reply(match(HIKVISION_SCOPES, "urn:uuid:1"), match(UNIVIEW_SCOPES, "urn:uuid:2")))
    assert fields is not None
    assert fields["wsd.epr"] == ("urn:uuid:1", "urn:uuid:2")
    assert len(fields["wsd.scopes"]) == 2


def test_a_windows_host_answers_without_addresses_and_its_type_says_what_it_is() -> None:
    body = (
        f"{HEAD}<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:3</wsa:Address>"
        "</wsa:EndpointReference><d:Types>wsdp:Device pub:Computer</d:Types>"
        "<d:MetadataVersion>2</d:MetadataVersion>"
        f"</d:ProbeMatch></d:ProbeMatches>{TAIL}"
    ).encode()
    fields = wsd.parse(body)
    assert fields is not None
    assert fields["wsd.types"] == ("Device", "Computer")
    assert "wsd.xaddr" not in fields


def test_the_same_answer_twice_and_a_wrong_one_beside_it_are_one_device() -> None:
    host = FakeHost(udp=[(b"lollipop", HIKVISION, HIKVISION)])
    seen = only(run(wsd.ask(host, now)))
    assert (seen.outcome, seen.probe, seen.target.port) == (Outcome.ANSWERED, "wsd", 3702)
    assert seen.fields["wsd.epr"] == ("urn:uuid:aa85c000-6324-11b3-819e-5850ed1fe385",)
    assert len(host.asked) == 1


def test_the_second_probe_goes_where_the_first_stays_unanswered() -> None:
    host = FakeHost(udp=[Stopped(Outcome.SILENT, "no answer in time"), (HIKVISION,)])
    assert only(run(wsd.ask(host, now))).outcome is Outcome.ANSWERED
    assert b"tds:Device</d:Types>" in host.asked[1]


def test_a_closed_port_is_asked_once() -> None:
    host = FakeHost(udp=[Stopped(Outcome.REFUSED, "the UDP port is closed")])
    assert only(run(wsd.ask(host, now))).outcome is Outcome.REFUSED
    assert len(host.asked) == 1


def test_an_answer_of_another_protocol_is_malformed_also_when_silence_follows() -> None:
    host = FakeHost(udp=[(b"lollipop",)])
    assert only(run(wsd.ask(host, now))).outcome is Outcome.MALFORMED


@given(mangled(HIKVISION, IPYCAM))
def test_no_datagram_makes_it_raise(data: bytes) -> None:
    fields = wsd.parse(data)
    if fields is not None:
        assert is_bounded(bounded(fields))
