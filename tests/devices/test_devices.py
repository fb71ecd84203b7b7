"""Servers that others wrote: each is found, none is misnamed, and none was asked to change anything."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import camaudit
from camaudit.simulator import searches
from devices.audited import NETWORK, Audited, address_of, audit_once
from devices.capture import Request
from devices.lab import why_not
from devices.servers import SERVERS

pytestmark = pytest.mark.devices

CAMERAS = {"onvif-mock"}
PROGRAMS = {"ipycam", "ipycam-locked"}
"""Programs that play a camera, known by name: no camera of this maker or that, so nobody is asked who built it."""
UNSEEN = {"wsdd"}
"""Alive, but nothing of them is at a port that camaudit knocks at, and they are no ONVIF device."""
SEEN = [server.name for server in SERVERS if server.name not in UNSEEN]
NO_VIDEO = ("cups", "nginx", "lighttpd")
STREAMS = ("gstreamer-open", "gstreamer-digest", "gstreamer-basic", "vlc", "rtsp-rs")

ONVIF = "/onvif/device_service"
READS = {"GET", "OPTIONS", "DESCRIBE", "TEARDOWN"}
DATAGRAMS = {
    9: re.compile(rb"^\Z"),  # empty: without the raw-socket privilege it makes the kernel ask by ARP
    1900: re.compile(
        rb'M-SEARCH \* HTTP/1\.1\r\nHOST: 239\.255\.255\.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n'
    ),
    5353: re.compile(rb"\0{4}\0.\0{6}(?:(?:[\x01-\x3f][\w-]+)+\0\0\x0c\x80\x01)+\Z"),
    3702: re.compile(rb"<\w+:Action[^>]*>http://schemas\.xmlsoap\.org/ws/2005/04/discovery/Probe</"),
    37020: re.compile(rb"<Probe><Uuid>[0-9A-F-]{36}</Uuid><Types>inquiry</Types></Probe>\Z"),
    37810: re.compile(rb'\{"method":"DHDiscover\.search","params":\{"mac":"","uni":1\}\}\s*\Z'),
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return one audit of all installed servers; skip where there is none, or no network namespace."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    if all(server.lacking() for server in SERVERS):
        pytest.skip("no server is installed; tests/devices/install.sh FOLDER installs them")
    mine = tmp_path_factory.getbasetemp()
    return audit_once(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)


def installed(servers: Audited, name: str) -> None:
    """Skip where a server is not installed; fail where it is and did not start."""
    server = next(server for server in SERVERS if server.name == name)
    reason = server.lacking()
    if reason:
        pytest.skip(f"{name}: {reason}")
    assert name not in servers.failed, f"{name} did not start: {servers.failed[name]}"


def found(servers: Audited, name: str) -> dict[str, Any]:
    """Return the device of an installed server."""
    installed(servers, name)
    device = servers.device(name)
    assert device is not None, f"{name} is not in the report"
    return device


def asked(servers: Audited, name: str) -> list[Request]:
    """Return the requests that a server got."""
    return [request for request in servers.sent.requests if request.to == address_of(name)]


def operation(request: Request) -> str:
    """Return the name of the operation that a SOAP request calls."""
    called = re.findall(rb"<s:Body[^>]*><(\w+) xmlns=", request.body)
    assert len(called) == 1, request
    return str(called[0], "ascii")


@pytest.mark.parametrize("name", SEEN)
def test_it_is_found_and_nobody_is_named(servers: Audited, name: str) -> None:
    maker = found(servers, name)["maker"]
    assert (maker["id"], maker["certainty"]) == (None, "unknown")
    host = servers.host(name)
    assert host is not None
    assert host["outcome"] == "answered"


@pytest.mark.parametrize("name", SEEN)
def test_it_is_a_camera_only_where_it_says_so(servers: Audited, name: str) -> None:
    kind = found(servers, name)["kind"]
    assert kind in ({"camera"} if name in CAMERAS else {"other", "unknown"})


@pytest.mark.parametrize("name", SEEN)
def test_its_mac_address_is_read(servers: Audited, name: str) -> None:
    """Every server is on the scanner's own subnet, where the kernel has each address it talked to."""
    last = int(address_of(name).rpartition(".")[2])
    assert found(servers, name)["mac"] == f"02:00:00:00:64:{last:02x}"


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_it_is_alive_in_coverage_and_no_camera(servers: Audited, name: str) -> None:
    installed(servers, name)
    host = servers.host(name)
    assert host is not None
    device = servers.device(name)
    # It greets the network when it starts; whether that is overheard depends on who was quicker.
    if host["probes"].get("wsd") == "answered":
        assert device is not None
        assert (device["kind"], device["maker"]["id"]) in {("other", None), ("unknown", None)}
    else:
        assert (host["outcome"], device) == ("refused", None)


def test_an_open_program_says_what_it_is(servers: Audited) -> None:
    device = found(servers, "ipycam")
    assert (device["kind"], device["brand"], device["model"]) == ("other", None, "VirtualCam-1")
    assert (device["firmware"], device["serial"]) == ("1.3.0", "PY-000001")


def test_an_onvif_mock_keeps_the_name_it_gives(servers: Audited) -> None:
    device = found(servers, "onvif-mock")
    assert (device["brand"]["name"], device["model"]) == ("Mockup", "Mockup Model")


@pytest.mark.parametrize("name", ["ipycam", "ipycam-locked"])
def test_the_stream_of_a_locked_camera_is_seen_too(servers: Audited, name: str) -> None:
    """With a password its web and ONVIF are locked, and its RTSP answers as before."""
    found(servers, name)
    host = servers.host(name)
    assert host is not None
    assert host["probes"]["rtsp"] == "answered"
    wanted = "answered" if name == "ipycam" else "refused"
    assert (host["probes"]["wsd"], host["probes"]["onvif"]) == ("answered", wanted)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_server_answers_as_one(servers: Audited, name: str) -> None:
    found(servers, name)
    host = servers.host(name)
    assert host is not None
    assert host["probes"]["rtsp"] == "answered"


@pytest.mark.parametrize("name", [*NO_VIDEO, *sorted(PROGRAMS)])
def test_no_question_is_asked_about_what_is_no_video(servers: Audited, name: str) -> None:
    device = found(servers, name)
    verdicts = {f["verdict"] for f in servers.report["findings"] if f["device"] == device["id"]}
    assert verdicts <= {"compliant", "not_applicable"}


@pytest.mark.parametrize("name", sorted(CAMERAS))
def test_an_unknown_camera_is_a_question(servers: Audited, name: str) -> None:
    device = found(servers, name)
    mine = [finding for finding in servers.report["findings"] if finding["device"] == device["id"]]
    assert "review" in {finding["verdict"] for finding in mine}
    assert all(finding["question"] for finding in mine if finding["verdict"] == "review")


def test_nobody_is_accused(servers: Audited, tmp_path: Path) -> None:
    assert "violation" not in {finding["verdict"] for finding in servers.report["findings"]}
    assert servers.code == 0
    store = f"sqlite:///{servers.folder / 'runs.sqlite3'}"
    site = str(servers.folder / "site.yaml")
    judged = camaudit("check", "--site", site, "--store", store, "--fail-on", "review", cwd=tmp_path)
    open_questions = any(finding["verdict"] == "review" for finding in servers.report["findings"])
    assert judged.returncode == (1 if open_questions else 0), judged.stderr


def test_the_capture_is_whole(servers: Audited) -> None:
    sent = servers.sent
    assert sent.dropped == 0
    assert [request for request in sent.requests if request.broken] == []
    started = {s.name for s in SERVERS if not s.lacking()} - UNSEEN - set(servers.failed)
    assert {name for name in started if not asked(servers, name)} == set()


def test_only_the_scope_was_asked(servers: Audited) -> None:
    network = ipaddress.ip_network(NETWORK)
    beyond = {to for to in servers.sent.destinations if ipaddress.ip_address(to) not in network}
    # The groups of SSDP and WS-Discovery, of DHIP, and of mDNS; makers' own searches go to everybody on the link.
    assert beyond <= {"239.255.255.250", "239.255.255.251", "224.0.0.251", "255.255.255.255"}


def test_only_reads_were_sent(servers: Audited) -> None:
    for request in servers.sent.requests:
        if request.method == "POST":
            assert request.path == ONVIF
            assert operation(request).startswith("Get")
        else:
            assert request.method in READS
            assert request.body == b""


def test_no_login_was_tried(servers: Audited) -> None:
    for request in servers.sent.requests:
        assert not {"authorization", "proxy-authorization", "cookie"} & set(request.headers or {})
        assert not re.search(rb"(?i)security|username|password", request.body)
        assert not re.search(r"(?i)[?&](auth|usr|user|pwd|pass)|@", request.path)


def test_datagrams_only_search(servers: Audited) -> None:
    assert servers.sent.datagrams
    for datagram in servers.sent.datagrams:
        if datagram.port in searches.PORTS:
            assert searches.is_search(datagram.port, datagram.payload), datagram
            continue
        assert datagram.port in DATAGRAMS, datagram
        assert DATAGRAMS[datagram.port].search(datagram.payload), datagram


@pytest.mark.parametrize("name", NO_VIDEO)
def test_its_own_log_agrees(servers: Audited, name: str) -> None:
    installed(servers, name)
    log = (servers.folder / name / "access.log").read_text("utf-8")
    logged = re.findall(r'"([A-Z]+) (\S+) HTTP/1\.1"', log)
    assert logged
    assert sorted(logged) == sorted((request.method, request.path) for request in asked(servers, name))
    assert {call for call in logged if call[0] != "GET"} <= {("POST", ONVIF)}


def test_the_onvif_mock_heard_only_reads(servers: Audited) -> None:
    installed(servers, "onvif-mock")
    log = (servers.folder / "onvif-mock" / "output.log").read_text("utf-8")
    heard = re.findall(r"^received \S* (\w+)$", log, re.MULTILINE)
    assert heard == [operation(request) for request in asked(servers, "onvif-mock") if request.method == "POST"]
    assert "GetDeviceInformation" in heard
    assert all(name.startswith("Get") for name in heard)
