"""Ports of one address that are other machines' ports: each unit behind the address is a device of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camaudit.devices import devices_of
from camaudit.forwarding import address_of, key_of
from camaudit.model import Device, Kind, Observation, Outcome, Target
from known import CATALOGUE

AT = datetime(2026, 12, 1, tzinfo=UTC)
WAY_OUT = "198.51.100.7"

HIKVISION = {
    "http.server": ("App-webs/",),
    "http.redirect": ("/doc/page/login.asp",),
    "http.body": ("<html><script>window.location.href='/doc/page/login.asp?_'</script></html>",),
}
HIKVISION_INFO = {
    "isapi.status": ("200",),
    "isapi.root": ("DeviceInfo",),
    "isapi.namespace": ("http://www.hikvision.com/ver20/XMLSchema",),
    "isapi.manufacturer": ("hikvision",),
    "isapi.model": ("DS-2CD2143G2-I",),
    "isapi.firmware": ("V5.7.12 build 230410",),
    "isapi.serial": ("DS-2CD2143G2-I20230411AAWRAB1234567",),
}
DAHUA_STREAM = {
    "rtsp.status": ("401",),
    "rtsp.server": ("Rtsp Server/3.0",),
    "rtsp.realm": ("Login to 5K03C7EPAZ31B5F",),
    "rtsp.auth": ('Digest realm="Login to 5K03C7EPAZ31B5F", nonce="x"',),
}
DAHUA_INFO = {
    "dahua.device_type": ("IPC-HFW5442E-ZE",),
    "dahua.serial": ("5K03C7EPAZ31B5F",),
    "dahua.reply": ("deviceType=IPC-HFW5442E-ZE serialNumber=5K03C7EPAZ31B5F",),
    "dahua.realm": ("Login to 5K03C7EPAZ31B5F",),
}


def said(probe: str, port: int | None, fields: dict[str, tuple[str, ...]], at: str = WAY_OUT) -> Observation:
    return Observation(Target(at, port), probe, Outcome.ANSWERED, fields, AT)


def devices(*observations: Observation) -> tuple[Device, ...]:
    by_address: dict[str, tuple[Observation, ...]] = {}
    for one in observations:
        by_address[one.target.address] = (*by_address.get(one.target.address, ()), one)
    return devices_of(by_address, CATALOGUE.knowledge, CATALOGUE.oui)


def made(found: tuple[Device, ...]) -> dict[str, str | None]:
    return {device.address: device.identification.maker for device in found}


def test_two_makers_behind_one_address_are_two_units() -> None:
    found = devices(
        said("port", None, {"port.open": ("80", "8081")}),
        said("http", 80, HIKVISION),
        said("isapi", 80, HIKVISION_INFO),
        said("http", 8081, {"http.title": ("WEB SERVICE",)}),
        said("dahua", 8081, DAHUA_INFO),
    )
    assert made(found) == {WAY_OUT: "hikvision", f"{WAY_OUT}:8081": "dahua"}
    assert found[0].id != found[1].id
    # Each is judged by its own answers, and the second says where it is to be looked for.
    assert found[0].identification.contradictions == ()
    assert f"at {WAY_OUT}:8081" in found[1].identification.next_step


def test_a_stream_goes_to_the_unit_of_its_maker() -> None:
    found = devices(
        said("http", 80, HIKVISION),
        said("isapi", 80, HIKVISION_INFO),
        said("dahua", 8081, DAHUA_INFO),
        said("rtsp", 10554, DAHUA_STREAM),
    )
    evidence = {e.field for e in found[1].identification.evidence}
    assert made(found) == {WAY_OUT: "hikvision", f"{WAY_OUT}:8081": "dahua"}
    assert any(field.startswith("rtsp.") for field in evidence)


def test_two_units_of_one_maker_are_told_apart_by_their_logins() -> None:
    other = {**DAHUA_STREAM, "rtsp.realm": ("Login to 6C01E93PAG69A7D",)}
    other["rtsp.auth"] = ('Digest realm="Login to 6C01E93PAG69A7D", nonce="x"',)
    found = devices(said("rtsp", 554, DAHUA_STREAM), said("rtsp", 10554, other))
    assert made(found) == {WAY_OUT: "dahua", f"{WAY_OUT}:10554": "dahua"}


def test_a_unit_that_is_seen_directly_too_is_counted_once() -> None:
    found = devices(
        said("http", 80, HIKVISION),
        said("isapi", 80, HIKVISION_INFO),
        said("dahua", 8081, DAHUA_INFO),
        said("dahua", 80, DAHUA_INFO, at="192.0.2.40"),
    )
    assert [(device.address, device.also_at) for device in found] == [
        ("192.0.2.40", (f"{WAY_OUT}:8081",)),
        (WAY_OUT, ()),
    ]


def test_what_answers_a_search_keeps_the_address() -> None:
    search = {
        "dhip.reply": ("client.notifyDevInfo",),
        "dhip.device_type": ("IPC-HFW5442E-ZE",),
        "dhip.serial": ("5K03C7EPAZ31B5F",),
        "dhip.vendor": ("Dahua",),
    }
    found = devices(
        said("dhip", 37810, search),
        said("http", 80, HIKVISION),
        said("isapi", 80, HIKVISION_INFO),
        said("dahua", 8081, DAHUA_INFO),
    )
    assert made(found) == {WAY_OUT: "dahua", f"{WAY_OUT}:80": "hikvision"}


@pytest.mark.parametrize(
    "second",
    [
        said("http", 8080, HIKVISION),
        said("http", 8080, {"http.server": ("gSOAP/2.8",)}),
        said("tls", 443, {"tls.subject": ("CN=192.168.1.64",)}),
        said("rtsp", 554, {"rtsp.server": ("GStreamer RTSP server",)}),
        # The stream of another maker may be a program's, or the unit cross-flashed: one unit, and a contradiction.
        said("rtsp", 554, {"rtsp.server": ("Rtsp Server/3.0",)}),
        # A camera of another make whose ONVIF, on a port of its own, is copied from Hikvision's.
        said("onvif", 8080, {"onvif.manufacturer": ("Dahua",)}),
        # Some units give ONVIF their MAC address for a serial number.
        said("onvif", 8080, {"onvif.manufacturer": ("HIKVISION",), "onvif.serial": ("2857be8a1102",)}),
        # A name that somebody wrote.
        said("http", 8080, {"http.title": ("Dahua store",)}),
    ],
    ids=["same", "another server", "certificate", "program", "stream", "bought in", "serial", "name"],
)
def test_one_unit_stays_one(second: Observation) -> None:
    assert [
        d.address for d in devices(said("http", 80, HIKVISION), said("isapi", 80, HIKVISION_INFO), second)
    ] == [WAY_OUT]


def test_one_unit_that_gives_its_serial_number_with_and_without_its_model_stays_one() -> None:
    service = {"onvif.manufacturer": ("HIKVISION",), "onvif.serial": ("20230411AAWRAB1234567",)}
    found = devices(said("isapi", 80, HIKVISION_INFO), said("onvif", 8080, service))
    assert len(found) == 1


def test_a_router_is_not_called_after_the_camera_it_forwards_a_port_to() -> None:
    router = {
        "http.title": ("RouterOS router configuration page",),
        "http.body": ("<title>RouterOS</title>mikrotik",),
    }
    found = devices(said("http", 80, router), said("http", 8081, HIKVISION), said("isapi", 8081, HIKVISION_INFO))
    kinds = {device.address: (device.identification.maker, device.identification.kind) for device in found}
    assert kinds[f"{WAY_OUT}:8081"] == ("hikvision", Kind.CAMERA)
    assert kinds[WAY_OUT][0] == "mikrotik"


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", "28:57:be:00:00:18", "name.example"])
def test_a_name_is_read_as_it_is_written(address: str) -> None:
    assert address_of(address) == (address, 0)
    if "be" not in address and "name" not in address:
        assert address_of(key_of(address, 8081)) == (address, 8081)
