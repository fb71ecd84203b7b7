"""``camaudit listen`` on a LAN of our own: what is announced is heard, and not one frame leaves the listener."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from camaudit.store import Store
from lan.lab import Lab, why_not

CAMERA, MAC = "198.51.100.17", "28:57:be:00:00:11"
SADP = (
    '<?xml version="1.0" encoding="UTF-8" ?><ProbeMatch><DeviceDescription>DS-2CD2032F-I</DeviceDescription>'
    "<DeviceSN>DS-2CD2032F-I20150126CCCH502126167</DeviceSN><MAC>28-57-be-00-00-11</MAC></ProbeMatch>"
)
ANNOUNCE = f"""
import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("{CAMERA}", 37020))
sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("{CAMERA}"))
sock.sendto({SADP!r}.encode(), ("239.255.255.250", 37020))
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab() as made:
        made.host(CAMERA, MAC)
        yield made


def listening(lab: Lab, folder: Path, *options: str, privileged: bool = True) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "camaudit", "listen", *options, "--store", f"sqlite:///{folder / 's'}"]
    return subprocess.Popen(
        lab.scanning(*command, privileged=privileged),
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_an_announcement_is_heard_and_nothing_is_sent(lab: Lab, tmp_path: Path) -> None:
    with lab.tapped("probes") as sent:
        ear = listening(lab, tmp_path, "--interface", "eth0", "--for", "60")
        assert ear.stdout is not None
        assert ear.stdout.readline() == "listening on eth0 for 60 s; nothing is sent\n"
        lab.inside(1, sys.executable, "-c", ANNOUNCE)
        assert ear.stdout.readline() == f"heard {CAMERA}\n"
        ear.terminate()
        _, wrong = ear.communicate(timeout=30)
    assert (ear.returncode, wrong) == (0, "")
    assert sent == []
    command = [
        sys.executable,
        "-m",
        "camaudit",
        "report",
        "--store",
        f"sqlite:///{tmp_path / 's'}",
        "--format",
        "json",
    ]
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, timeout=60)
    told = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))
    (device,) = told["devices"]
    assert (device["address"], device["mac"], device["maker"]["id"]) == (CAMERA, MAC, "hikvision")
    assert (told["run"]["origin"], told["coverage"]["silent"]) == ("listen", 0)


def test_it_ends_by_itself_and_says_where_nobody_spoke(lab: Lab, tmp_path: Path) -> None:
    ear = listening(lab, tmp_path, "--interface", "eth0", "--for", "1")
    said, wrong = ear.communicate(timeout=30)
    assert (ear.returncode, wrong) == (4, "")
    assert "0 units heard" in said


@pytest.mark.parametrize("privileged", [True, False])
def test_what_cannot_be_listened_to_is_one_line(lab: Lab, tmp_path: Path, privileged: bool) -> None:
    name = "nothing0" if privileged else "eth0"
    ear = listening(lab, tmp_path, "--interface", name, "--for", "5", privileged=privileged)
    _, wrong = ear.communicate(timeout=30)
    assert ear.returncode == 3
    assert wrong.count("\n") == 1
    assert ("nothing0: no interface" if privileged else "raw-socket privilege") in wrong


def test_what_was_heard_survives_a_killed_listener(lab: Lab, tmp_path: Path) -> None:
    ear = listening(lab, tmp_path, "--interface", "eth0", "--for", "60")
    assert ear.stdout is not None
    ear.stdout.readline()
    lab.inside(1, sys.executable, "-c", ANNOUNCE)
    assert ear.stdout.readline() == f"heard {CAMERA}\n"
    # The announcement's own row, too, is stored before the listener waits for the next packet.
    for _ in range(100):
        time.sleep(0.05)
        if any(item.probe == "sadp" for item in Store(f"sqlite:///{tmp_path / 's'}").run().observations[CAMERA]):
            break
    ear.kill()
    ear.communicate(timeout=30)
    command = [sys.executable, "-m", "camaudit", "report", "--store", f"sqlite:///{tmp_path / 's'}"]
    subprocess.run([*command, "--format", "json"], cwd=tmp_path, check=False, capture_output=True, timeout=60)
    told = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))
    assert [device["maker"]["id"] for device in told["devices"]] == ["hikvision"]
    assert told["run"]["finished"] is None
    assert any("before it was complete" in notice for notice in told["notices"])
