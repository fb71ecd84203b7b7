"""The fleet on loopback sockets: TCP, TLS, UDP, multicast, and the program itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from camaudit.errors import NetworkUnavailable
from camaudit.simulator import Fleet, FleetServer, Journal, serving

SHIFT = 20000 + os.getpid() % 7000  # so that tests that run at the same time do not meet
INQUIRY = b"<Probe><Uuid>1</Uuid><Types>inquiry</Types></Probe>"
SERVED = ("hik-ds-2cd2385g1-i", "hik-only-sadp", "dahua-ipc-hdw5421s", "hostile-drip", "hostile-endless-header")


@pytest.fixture(scope="module")
def server(fleet: Fleet) -> Iterator[FleetServer]:
    with serving(fleet.only(SERVED), Journal(), shift=SHIFT) as running:
        yield running


def connected(server: FleetServer, device: str, port: int) -> socket.socket:
    return socket.create_connection((server.fleet.device(device).address, port + SHIFT), timeout=5)


def received(sock: socket.socket, until: bytes) -> bytes:
    data = b""
    while until not in data:
        piece = sock.recv(4096)
        if not piece:
            break
        data += piece
    return data


def test_a_connection_is_kept_for_a_second_request(server: FleetServer) -> None:
    with connected(server, "hik-ds-2cd2385g1-i", 80) as sock:
        sock.sendall(
            b"GET /SDK/activateStatus HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        both = received(sock, b"Not Found</h2>")
    assert both.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 404 Not Found" in both


def test_dahua_closes_after_its_answer(server: FleetServer) -> None:
    with connected(server, "dahua-ipc-hdw5421s", 80) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"WEB SERVICE" in received(sock, b"never")


def test_tls_shows_the_makers_names(server: FleetServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with connected(server, "hik-ds-2cd2385g1-i", 443) as plain, context.wrap_socket(plain) as sock:
        certificate = sock.getpeercert(binary_form=True)
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"App-webs/" in received(sock, b"</html>")
    assert certificate is not None
    assert b"www.hikvision.com" in certificate


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_an_old_camera_speaks_tls_1_0_only(server: FleetServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    with connected(server, "dahua-ipc-hdw5421s", 443) as plain, context.wrap_socket(plain) as sock:
        assert sock.version() == "TLSv1"


def test_sadp_answers_multicast_from_each_address(server: FleetServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.settimeout(5)
        sock.sendto(INQUIRY, ("239.255.255.250", 37020 + SHIFT))
        peers = {sock.recvfrom(65535)[1] for _ in range(2)}
    assert peers == {("127.77.0.12", 37020 + SHIFT), ("127.77.0.21", 37020 + SHIFT)}


def test_sadp_answers_unicast(server: FleetServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(INQUIRY, ("127.77.0.21", 37020 + SHIFT))
        assert b"DS-2CD2347G2-LU" in sock.recv(65535)


def test_a_drip_comes_byte_by_byte(server: FleetServer) -> None:
    with connected(server, "hostile-drip", 80) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert len(sock.recv(4096)) == 1


def test_an_endless_header_has_no_end(server: FleetServer) -> None:
    with connected(server, "hostile-endless-header", 80) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        data = b""
        while len(data) < 20_000:
            data += sock.recv(4096)
        assert b"\r\n\r\n" not in data


def test_what_was_asked_is_counted(server: FleetServer) -> None:
    with connected(server, "hik-ds-2cd2385g1-i", 80) as sock:
        sock.sendall(b"PUT /ISAPI/System/reboot HTTP/1.1\r\nHost: x\r\n\r\n")
        received(sock, b"</html>")
    offences = [entry for entry in server.journal.violations if entry["device"] == "hik-ds-2cd2385g1-i"]
    assert offences[-1]["request"] == "PUT /ISAPI/System/reboot"
    assert offences[-1]["port"] == 80 + SHIFT
    assert server.journal.counts["hik-ds-2cd2385g1-i"].connections >= 1


def test_a_port_in_use_names_the_device_and_the_port(server: FleetServer) -> None:
    with (
        pytest.raises(NetworkUnavailable, match=r"^hik-ds-2cd2385g1-i: cannot listen on 127.77.0.12 tcp/"),
        serving(server.fleet.only(["hik-ds-2cd2385g1-i"]), shift=SHIFT),
    ):
        pass


def test_the_program_serves_logs_and_ends_on_a_signal(tmp_path: Path) -> None:
    truth, log = tmp_path / "truth.json", tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "camaudit.simulator", "--truth", str(truth), "--log", str(log)]
    command += ["--shift", str(SHIFT + 1), "--only", "hik-ds-2cd2385g1-i"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"ready 1 devices ")
        with socket.create_connection(("127.77.0.12", SHIFT + 81), timeout=5) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"App-webs/" in received(sock, b"never")
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
        assert time.monotonic() - started < 3
    assert json.loads(truth.read_text())["devices"][0]["ports"][0] == SHIFT + 81
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert lines[0]["request"] == "GET /"
    assert lines[-1]["summary"]["requests"] == 1


def test_the_program_ends_when_its_input_ends() -> None:
    command = [sys.executable, "-m", "camaudit.simulator", "--shift", str(SHIFT + 2), "--only", "hik-only-sadp"]
    ended = subprocess.run(command, input=b"", capture_output=True, timeout=20, check=False)
    assert ended.returncode == 0
    assert b"ready 1 devices 2 sockets" in ended.stdout
