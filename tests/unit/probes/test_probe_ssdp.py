"""SSDP and the UPnP description: byte-exact search, real answers, and no LOCATION followed away."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, page, paths, run

from camaudit.model import Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import ssdp, upnp
from camaudit.probes.message import read
from camaudit.probes.text import bounded

# SERVER and USN of an Axis M1065-LW as a public integration's tests quote them.
ANSWER = (
    b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nDATE: Thu, 26 Nov 2026 10:00:00 GMT\r\nEXT:\r\n"
    b"LOCATION: http://192.0.2.10:49152/rootdesc1.xml\r\n"
    b"SERVER: Linux/4.14.173-axis8, UPnP/1.0, Portable SDK for UPnP devices/1.8.7\r\n"
    b"ST: upnp:rootdevice\r\nUSN: uuid:Upnp-BasicDevice-1_0-00408C123456::upnp:rootdevice\r\n\r\n"
)
# After the description of an Axis M1014 in the tests of axis-js.
DESCRIPTION = (
    b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">'
    b"<specVersion><major>1</major><minor>0</minor></specVersion><device>"
    b"<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>"
    b"<friendlyName>AXIS M1014 - ACCC8E270AD8</friendlyName><manufacturer>AXIS</manufacturer>"
    b"<modelName>AXIS M1014</modelName><modelNumber>M1014</modelNumber>"
    b"<serialNumber>ACCC8E270AD8</serialNumber><UDN>uuid:Upnp-BasicDevice-1_0-ACCC8E270AD8</UDN>"
    b"<deviceList><device><deviceType>urn:x</deviceType><manufacturer>Hikvision</manufacturer></device>"
    b"</deviceList></device></root>"
)
LOCATION = "http://192.0.2.10:49152/rootdesc1.xml"


def test_the_search_is_byte_exact() -> None:
    assert ssdp.request() == (
        b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n'
        b"ST: upnp:rootdevice\r\n\r\n"
    )


def test_an_answer_is_kept_as_sent() -> None:
    assert ssdp.parse(ANSWER) == {
        "ssdp.server": ("Linux/4.14.173-axis8, UPnP/1.0, Portable SDK for UPnP devices/1.8.7",),
        "ssdp.usn": ("uuid:Upnp-BasicDevice-1_0-00408C123456::upnp:rootdevice",),
        "ssdp.st": ("upnp:rootdevice",),
        "ssdp.location": (LOCATION,),
    }


def test_the_same_answer_a_second_later_says_the_same() -> None:
    assert ssdp.parse(ANSWER.replace(b"10:00:00", b"10:00:01")) == ssdp.parse(ANSWER)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ssdp.request(),
        ANSWER.replace(b"HTTP/1.1 200 OK", b"NOTIFY * HTTP/1.1"),
        ANSWER.replace(b"200 OK", b"404 Not Found"),
        ANSWER.replace(b"HTTP", b"RTSP"),
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<html></html>",
    ],
)
def test_what_is_no_answer_to_a_search_is_none(data: bytes) -> None:
    assert ssdp.parse(data) is None


def test_a_hostile_answer_is_cut_to_size() -> None:
    long = ANSWER.replace(b"Linux", b"L" * 20000) + b"LOCATION: http://192.0.2.10/x\r\n" * 900
    fields = ssdp.parse(long)
    assert fields is None or is_bounded(fields)
    many = ssdp.parse(ANSWER.replace(b"EXT:\r\n", b"LOCATION: http://198.51.100.1/\r\n" * 50))
    assert many is not None
    assert len(many["ssdp.location"]) == 1


def test_a_description_gives_the_root_devices_own_words() -> None:
    host = FakeHost(tcp={b"GET /rootdesc1.xml ": page("200 OK", DESCRIPTION, "Content-Type: text/xml")})
    seen = run(upnp.description(host, LOCATION, now))
    assert (seen.probe, seen.outcome, seen.target.port) == ("upnp", Outcome.ANSWERED, 49152)
    assert seen.fields == {
        "upnp.device_type": ("urn:schemas-upnp-org:device:Basic:1",),
        "upnp.friendly_name": ("AXIS M1014 - ACCC8E270AD8",),
        "upnp.manufacturer": ("AXIS",),
        "upnp.model_name": ("AXIS M1014",),
        "upnp.model_number": ("M1014",),
        "upnp.serial": ("ACCC8E270AD8",),
        "upnp.udn": ("uuid:Upnp-BasicDevice-1_0-ACCC8E270AD8",),
    }
    assert paths(host) == ["GET /rootdesc1.xml"]


@pytest.mark.parametrize(
    "location",
    [
        "http://198.51.100.7:49152/rootdesc1.xml",
        "http://192.0.2.10.example.org/rootdesc1.xml",
        "http://192.0.2.10@198.51.100.7/rootdesc1.xml",
        "http://admin:admin@192.0.2.10/rootdesc1.xml",
        "https://192.0.2.10/rootdesc1.xml",
        "file:///etc/passwd",
        "http://192.0.2.10:0/a.xml",
        "http://192.0.2.10:99999/a.xml",
        "http://192.0.2.10/cgi-bin/audio.cgi",
        "http://192.0.2.10/System/deviceInfo?auth=YWRtaW46MTEK",
        "http://192.0.2.10/a b",
        "http://[::1/a",
        "http://localhost/a.xml",
        "",
    ],
)
def test_a_location_elsewhere_is_recorded_and_not_followed(location: str) -> None:
    host = FakeHost(tcp={b"GET ": page("200 OK", DESCRIPTION)})
    seen = run(upnp.description(host, location, now))
    assert seen.outcome is Outcome.OUT_OF_SCOPE
    assert seen.fields == {}
    assert host.connections == 0
    assert host.asked == []


def test_an_ipv6_location_is_known_in_any_spelling() -> None:
    assert upnp.place("fe80::1%eth0", "http://[fe80:0::1]:80/d.xml") == (80, "/d.xml")
    assert upnp.place("2001:db8::1", "http://[2001:db8::2]/d.xml") is None


@pytest.mark.parametrize(
    "answer",
    [
        page("404 Not Found", DESCRIPTION),
        page("200 OK", b"<html><body>login</body></html>"),
        page("200 OK", b"<!DOCTYPE r [<!ENTITY a 'b'>]>" + DESCRIPTION),
        page("200 OK", DESCRIPTION, "Content-Encoding: gzip"),
        page("200 OK", b"<root>" * 200),
        b"SSH-2.0-dropbear\r\n",
    ],
)
def test_what_is_no_description_is_malformed(answer: bytes) -> None:
    seen = run(upnp.description(FakeHost(tcp={b"GET ": answer}), LOCATION, now))
    assert (seen.outcome, seen.fields) == (Outcome.MALFORMED, {})


def test_a_closed_port_is_said_to_be_closed() -> None:
    host = FakeHost(refuses=Stopped(Outcome.REFUSED, "the port is closed"))
    assert run(upnp.description(host, LOCATION, now)).outcome is Outcome.REFUSED


@given(mangled(ANSWER))
def test_no_datagram_makes_ssdp_raise(data: bytes) -> None:
    fields = ssdp.parse(data)
    if fields is not None:
        assert is_bounded(fields)
        for location in fields.get("ssdp.location", ()):
            place = upnp.place("192.0.2.10", location)
            assert place is None or (urlsplit(location).hostname == "192.0.2.10" and 0 < place[0] < 65536)


@given(mangled(page("200 OK", DESCRIPTION)))
def test_no_description_raises(data: bytes) -> None:
    message = read(data)
    fields = upnp.description_fields(message) if message is not None else None
    if fields is not None:
        assert is_bounded(bounded(fields))
