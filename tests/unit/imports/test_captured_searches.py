"""Makers' own searches in captures: whoever asked, and by whichever of two shared ports, the answer is read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "probes"))

from benchmarks.packets import ethernet, pcap, udp
from test_probe_makers import (
    BOSCH,
    BOSCH_XML,
    FOSCAM,
    HANWHA,
    HANWHA_LONG,
    IPRO,
    KASA,
    REOLINK,
    SONY,
    UBIQUITI,
    VIVOTEK,
    VSTARCAM,
)
from test_probe_searches import TIANDY

from camaudit.imports import Imported, read_file

CAMERA, MAC, CLIENT = "192.0.2.10", "00:09:18:00:00:10", "192.0.2.200"
EVERYBODY = "255.255.255.255"


def read(folder: Path, *frames: bytes) -> Imported:
    path = folder / "seen.pcap"
    path.write_bytes(b"".join(pcap(frames)))
    return read_file(path, "", {})


def told(found: Imported) -> list[tuple[str, str, int | None]]:
    return [(entry.probe, entry.address, entry.port) for entry in found.entries if entry.probe != "mac"]


@pytest.mark.parametrize(
    ("answer", "to", "ports", "probe", "port"),
    [
        (HANWHA, CLIENT, (7701, 7711), "hanwha", 7701),
        (HANWHA_LONG, EVERYBODY, (40000, 7711), "hanwha", 7701),
        (BOSCH, CLIENT, (1757, 1758), "bosch", 1757),
        (BOSCH_XML, CLIENT, (50000, 1758), "bosch", 1757),
        (IPRO, EVERYBODY, (10669, 10669), "ipro", 10670),
        (VIVOTEK, CLIENT, (10000, 40000), "vivotek", 10000),
        (FOSCAM, CLIENT, (10000, 40000), "foscam", 10000),
        (SONY, CLIENT, (2380, 40000), "sony", 2380),
        (REOLINK, EVERYBODY, (2000, 3000), "reolink", 2000),
        (TIANDY, CLIENT, (3000, 6001), "tiandy", 3000),
        (VSTARCAM, EVERYBODY, (8600, 8601), "vstarcam", 8600),
        (UBIQUITI, EVERYBODY, (50001, 10001), "ubiquiti", 10001),
        (KASA, CLIENT, (9999, 40000), "kasa", 9999),
    ],
)
def test_an_answer_to_somebody_else_is_read(
    tmp_path: Path, answer: bytes, to: str, ports: tuple[int, int], probe: str, port: int
) -> None:
    assert told(read(tmp_path, ethernet(udp(answer, CAMERA, to, ports), MAC))) == [(probe, CAMERA, port)]


def test_an_answer_from_any_port_is_known_by_the_search_before_it(tmp_path: Path) -> None:
    asked = ethernet(udp(b"\x02ENQ:allinfo\xff\x03", CLIENT, EVERYBODY, (40000, 2380)), "02:00:00:00:00:01")
    answered = ethernet(udp(SONY, CAMERA, CLIENT, (50000, 40000)), MAC)
    assert told(read(tmp_path, asked, answered)) == [("sony", CAMERA, 2380)]
    assert told(read(tmp_path, answered)) == []


def test_other_traffic_on_these_ports_tells_nothing(tmp_path: Path) -> None:
    noise = [bytes(400), b"\x0b" * 334, b"GET / HTTP/1.1\r\n\r\n", b"MO_V" + bytes(200), b"\x02\x00\x00"]
    frames = [
        ethernet(udp(data, CAMERA, CLIENT, (port, 40000)), MAC)
        for data in noise
        for port in (1757, 2000, 2380, 3000, 7701, 8600, 9999, 10000, 10001, 10670)
    ]
    assert told(read(tmp_path, *frames)) == []
