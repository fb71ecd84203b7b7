"""Makers' own searches on a LAN of our own: everybody is called once, and who answers is asked itself, once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lan.lab import NETWORK, Lab, why_not

HANWHA, BOSCH, OTHER = "198.51.100.17", "198.51.100.18", "198.51.100.19"
MACS = {HANWHA: "00:09:18:00:00:11", BOSCH: "00:04:63:00:00:12", OTHER: "02:00:00:00:00:13"}
PORTS = (1757, 2000, 2380, 7701, 8600, 9999, 10000, 10001, 10670)
CALLED = {1757: 1, 2000: 1, 2380: 1, 7701: 1, 8600: 1, 10000: 2, 10001: 1, 10670: 1}
"""How many searches everybody on the link hears at each port; two makers took the same one."""

DEVICE = f"""
import json, selectors, socket, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

address, answers, log, with_page = sys.argv[1], json.loads(sys.argv[2]), open(sys.argv[3], "a", 1), sys.argv[4]

class Page(BaseHTTPRequestHandler):
    server_version, sys_version = "nginx", ""
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "39"); self.end_headers()
        self.wfile.write(b"<html><title>Login</title></html>      ")
    def log_message(self, *_): pass

if with_page:
    threading.Thread(target=HTTPServer((address, 80), Page).serve_forever, daemon=True).start()
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
out.bind((address, 0))
waiting = selectors.DefaultSelector()
for port in {PORTS!r}:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.bind(("", port))
    waiting.register(sock, selectors.EVENT_READ, port)
print("ready", flush=True)
while True:
    for key, _ in waiting.select():
        data, asker = key.fileobj.recvfrom(2048)
        log.write(json.dumps([key.data, data.hex()]) + "\\n")
        if str(key.data) in answers:
            answer, reply_port, to = answers[str(key.data)]
            out.sendto(bytes.fromhex(answer), (to or asker[0], reply_port or asker[1]))
"""
HOLD = """
import socket, subprocess, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 7711))
sys.exit(subprocess.call(sys.argv[1:]))
"""


def hanwha(address: str) -> bytes:
    whole = bytearray(262)
    for at, part in ((0, b"\x0b"), (0x13, MACS[HANWHA].encode()), (0x25, address.encode()), (0x6D, b"XNV-8080R")):
        whole[at : at + len(part)] = part
    return bytes(whole)


def bosch(address: str) -> bytes:
    octets = bytes(map(int, address.split(".")))
    mac = bytes.fromhex(MACS[BOSCH].replace(":", ""))
    return bytes.fromhex("9939a4276008ad0a") + mac + bytes(2) + octets + bytes(12)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab() as made:
        for address, mac in MACS.items():
            made.host(address, mac)
        yield made


@pytest.fixture
def logs(lab: Lab, tmp_path: Path) -> Iterator[dict[str, Path]]:
    """The devices: one answers whoever asks, one everybody, and one only listens."""
    answers = {
        HANWHA: {"7701": [hanwha(HANWHA).hex(), 7711, ""]},
        BOSCH: {"1757": [bosch(BOSCH).hex(), 1758, "255.255.255.255"]},
        OTHER: {},
    }
    files = {address: tmp_path / f"{address}.jsonl" for address in MACS}
    served = [
        lab.serve(
            number, sys.executable, "-u", "-c", DEVICE, address, json.dumps(answers[address]), str(files[address]),
            "page" if address == BOSCH else "",
        )
        for number, address in enumerate(MACS, 1)
    ]  # fmt: skip
    time.sleep(1.0)
    yield files
    for process in served:
        process.kill()
        process.wait()


def audit(lab: Lab, folder: Path, *before: str, privileged: bool = True) -> dict[str, Any]:
    folder.chmod(0o777)
    store = ["--store", f"sqlite:///{folder / 'runs.sqlite3'}"]
    command = [*before, sys.executable, "-m", "camaudit", "audit", NETWORK, "--yes", *store, "--output", "out"]
    done = subprocess.run(
        lab.scanning(*command, privileged=privileged), cwd=folder, capture_output=True, text=True, timeout=90
    )
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


def heard(file: Path) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        port, data = json.loads(line)
        found.setdefault(port, []).append(data)
    return found


@pytest.mark.parametrize("privileged", [True, False])
def test_a_unit_behind_a_plain_page_is_named(
    lab: Lab, logs: dict[str, Path], tmp_path: Path, privileged: bool
) -> None:
    report = audit(lab, tmp_path, privileged=privileged)
    named = {d["address"]: (d["maker"]["id"], d["maker"]["certainty"]) for d in report["devices"]}
    assert named[HANWHA][0] == "hanwha"
    assert named[BOSCH][0] == "bosch"
    assert {named[HANWHA][1], named[BOSCH][1]} <= {"probable", "confirmed"}
    by_address = {d["address"]: d for d in report["devices"]}
    assert by_address[HANWHA]["model"] == "XNV-8080R"
    # Everybody heard each call once; whoever answered one was asked that once more, at its own address.
    counted = {address: {port: len(data) for port, data in heard(file).items()} for address, file in logs.items()}
    assert counted[OTHER] == CALLED
    assert counted[HANWHA] == {**CALLED, 7701: 2}
    assert counted[BOSCH] == {**CALLED, 1757: 2}
    assert set(heard(logs[HANWHA])[7701]) == {"01" + "00" * 261}
    assert set(heard(logs[BOSCH])[1757]) == {"9939a4276008ad0aff0006de"}
    (ipro,) = heard(logs[OTHER])[10670]
    assert bytes.fromhex(ipro)[12:22] == bytes.fromhex("0200000064fd") + bytes([198, 51, 100, 253])


def test_a_port_that_another_program_holds_is_said_in_the_coverage(
    lab: Lab, logs: dict[str, Path], tmp_path: Path
) -> None:
    report = audit(lab, tmp_path, sys.executable, "-c", HOLD)
    assert any("UDP port 7711" in limit and "another program" in limit for limit in report["coverage"]["limits"])
    # Where no answer could be heard, nothing is asked; the other makers are.
    assert 7701 not in heard(logs[HANWHA])
    assert {d["address"]: d["maker"]["id"] for d in report["devices"]}[BOSCH] == "bosch"
