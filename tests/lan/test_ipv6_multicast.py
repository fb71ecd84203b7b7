"""Multicast discovery by IPv6 on a LAN of our own: who answers no port is found, two addresses are one unit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lan.lab import NETWORK, Lab, why_not

HOST4, HOST6, MAC = "198.51.100.17", "2001:db8:64::17", "28:57:be:00:00:17"
ENDPOINT = "urn:uuid:1419d68a-1dd2-11b2-a105-2857be000017"
# A camera that speaks only WS-Discovery, to the groups of IPv4 and of IPv6, from whichever address was asked.
CAMERA = f"""
import socket, struct, select, re
def v4():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", 3702))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                 socket.inet_aton("239.255.255.250") + socket.inet_aton("{HOST4}"))
    return s
def v6():
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind(("::", 3702))
    index = socket.if_nametoindex("eth0")
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(socket.AF_INET6, "ff02::c")
                 + struct.pack("@I", index))
    return s
socks = [v4(), v6()]
print("ready", flush=True)
while True:
    for s in select.select(socks, [], [])[0]:
        data, who = s.recvfrom(65535)
        if b"Probe" not in data:
            continue
        scopes = "onvif://www.onvif.org/name/HIKVISION%20DS-2CD2143G0-I onvif://www.onvif.org/hardware/DS-2CD2143G0-I"
        said = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><ProbeMatches><ProbeMatch>'
                '<EndpointReference><Address>{ENDPOINT}</Address></EndpointReference>'
                '<Types>dn:NetworkVideoTransmitter</Types><Scopes>' + scopes + '</Scopes>'
                '</ProbeMatch></ProbeMatches></s:Body></s:Envelope>')
        s.sendto(said.encode(), who)
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab(ipv6=True) as made:
        made.host(HOST4, MAC)
        made.inside(1, "ip", "addr", "add", f"{HOST6}/64", "dev", "eth0", "nodad")
        process = made.serve(1, sys.executable, "-c", CAMERA)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield made
        finally:
            process.kill()
            process.communicate()


def audit(lab: Lab, folder: Path, *targets: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "camaudit", "audit", *targets, "--yes", "--format", "json"]
    store = ["--store", f"sqlite:///{folder / 'runs.sqlite3'}", "--output", str(folder / "out")]
    done = subprocess.run(lab.scanning(*command, *store), cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


def test_a_unit_that_answers_only_ipv6_multicast_is_found(lab: Lab, tmp_path: Path) -> None:
    (unit,) = audit(lab, tmp_path, "2001:db8:64::/64")["devices"]
    assert (unit["address"], unit["model"], unit["mac"]) == (HOST6, "DS-2CD2143G0-I", MAC)


def test_its_link_local_address_is_asked_by_multicast_too(lab: Lab, tmp_path: Path) -> None:
    (unit,) = audit(lab, tmp_path, "fe80::%eth0/64")["devices"]
    assert unit["address"].startswith("fe80::2a57:beff:fe00:17%eth0")


def test_one_unit_at_an_ipv4_and_two_ipv6_addresses_stays_one(lab: Lab, tmp_path: Path) -> None:
    devices = audit(lab, tmp_path, NETWORK, "2001:db8:64::/64", "fe80::%eth0/64")["devices"]
    assert [device["address"] for device in devices] == [HOST4]
    assert sorted(devices[0]["also_at"]) == sorted([HOST6, "fe80::2a57:beff:fe00:17%eth0"])
