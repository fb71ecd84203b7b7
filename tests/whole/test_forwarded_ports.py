"""A router that forwards one port to a Hikvision and another to a Dahua: both are found, each asked by itself."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from killing import command

ROUTER = "127.77.210.1"
PORTS = {"hikvision": 28080, "dahua": 28081}

INFO = """<?xml version="1.0" encoding="UTF-8"?>
<DeviceInfo version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<deviceName>Yard</deviceName><manufacturer>hikvision</manufacturer><model>DS-2CD2143G2-I</model>
<serialNumber>DS-2CD2143G2-I20230411AAWRAB1234567</serialNumber><firmwareVersion>V5.7.12</firmwareVersion>
<firmwareReleasedDate>build 230410</firmwareReleasedDate><deviceType>IPCamera</deviceType></DeviceInfo>"""
LOGIN = "<html><script>window.location.href='/doc/page/login.asp?_'+Date.now()</script></html>"
WEB = """<!DOCTYPE html><html class="ui-root"><head><title>WEB SERVICE</title></head><body></body></html>"""
REALM = 'Digest realm="Login to 5K03C7EPAZ31B5F", qop="auth", nonce="1740934123", opaque="7f"'

ANSWERS: dict[str, dict[str, tuple[int, dict[str, str], str]]] = {
    "hikvision": {
        "/": (200, {"Server": "App-webs/", "Content-Type": "text/html"}, LOGIN),
        "/ISAPI/System/deviceInfo": (200, {"Server": "App-webs/", "Content-Type": "application/xml"}, INFO),
    },
    "dahua": {
        "/": (200, {"Content-Type": "text/html"}, WEB),
        "/cgi-bin/magicBox.cgi?action=getSystemInfo": (401, {"WWW-Authenticate": REALM}, ""),
    },
}


Audited = tuple[dict[str, Any], list[tuple[str, str]]]
"""The report, and who was asked what."""


def serve(maker: str, asked: list[tuple[str, str]]) -> ThreadingHTTPServer:
    class Unit(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((maker, self.path))
            status, headers, body = ANSWERS[maker].get(self.path, (404, {}, ""))
            self.send_response_only(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((ROUTER, PORTS[maker]), Unit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    folder: Path = tmp_path_factory.mktemp("forwarded")
    asked: list[tuple[str, str]] = []
    servers = [serve(maker, asked) for maker in PORTS]
    ports = ",".join(map(str, PORTS.values()))
    store, out = f"sqlite:///{folder / 'store.db'}", folder / "report"
    told = command("audit", ROUTER, "--ports", ports, "--store", store, "--output", str(out), "--fail-on", "never")
    ended = subprocess.run([*told, "--yes"], capture_output=True, text=True, timeout=120, check=False)
    for server in servers:
        server.shutdown()
        server.server_close()
    assert ended.returncode == 0, ended.stderr
    return json.loads((out / "report.json").read_text("utf-8")), asked


def test_both_units_are_in_the_report_and_named_surely(audited: Audited) -> None:
    found = {device["address"]: device["maker"] for device in audited[0]["devices"]}
    assert {address: maker["id"] for address, maker in found.items()} == {
        ROUTER: "hikvision",
        f"{ROUTER}:{PORTS['dahua']}": "dahua",
    }
    assert {maker["certainty"] for maker in found.values()} <= {"confirmed", "probable"}


def test_the_second_is_asked_for_what_only_its_maker_answers(audited: Audited) -> None:
    assert ("dahua", "/cgi-bin/magicBox.cgi?action=getSystemInfo") in audited[1]


def test_none_is_asked_twice_for_what_may_count_as_a_failed_login(audited: Audited) -> None:
    for maker in PORTS:
        edges = [path for who, path in audited[1] if who == maker and path.startswith(("/ISAPI", "/cgi-bin"))]
        assert len(edges) == len(set(edges)), edges
