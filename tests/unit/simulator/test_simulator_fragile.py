"""A fragile device falls over each limit it has, stays down, and gets up again."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.simulator import load_fleet
from camaudit.simulator.device import Fragile
from camaudit.simulator.fragile import Endurance, parse_limits
from camaudit.simulator.section import Section
from live_fleet import beside, exclusively

LIMITS = Fragile(2, 5, 4, 10.0, 100, ("GET", "OPTIONS"), 0.05, 60.0)
GET = b"GET / HTTP/1.1\r\n\r\n"


def cut() -> None:
    pass


def test_what_it_bears_does_it_no_harm() -> None:
    device = Endurance(LIMITS)
    for number in range(20):
        now_s = number * 1.0
        assert device.opened(number, now_s, cut) == ""
        assert device.asked(GET, now_s) == ""
        assert device.closed(number, now_s + 0.5) == ""


def test_it_falls_over_too_many_connections_at_once_and_cuts_them_all() -> None:
    device, cuts = Endurance(LIMITS), []
    assert device.opened(1, 0.0, lambda: cuts.append(1)) == ""
    assert device.opened(2, 5.0, lambda: cuts.append(2)) == ""
    assert device.opened(3, 6.0, lambda: cuts.append(3)) == "3 connections at once"
    assert cuts == [1, 2, 3]
    assert device.is_down(65.9)
    assert not device.is_down(66.0)


def test_it_falls_over_too_many_connections_within_a_second() -> None:
    device = Endurance(LIMITS)
    said = []
    for number in range(6):
        said.append(device.opened(number, number * 0.1, cut))
        device.closed(number, number * 0.1)
    assert said == ["", "", "", "", "", "6 connections within a second"]


@pytest.mark.parametrize(
    ("requests", "why"),
    [
        ([GET] * 5, "5 requests within a second"),
        ([b"PUT / HTTP/1.1\r\n\r\n"], "a request of an unknown kind (PUT)"),
        ([b"\x00\x01"], "a request of an unknown kind (no method)"),
        ([b"GET / HTTP/1.1\r\nX: " + b"x" * 100 + b"\r\n\r\n"], "a request head of 119 bytes"),
    ],
)
def test_it_falls_over_requests_that_it_does_not_bear(requests: list[bytes], why: str) -> None:
    device = Endurance(LIMITS)
    said = [device.asked(payload, 0.1 * number) for number, payload in enumerate(requests)]
    assert said[-1] == why
    assert not any(said[:-1])
    assert device.is_down(30.0)
    assert device.asked(GET, 31.0) == "", "one that is down cannot fall"


def test_it_falls_over_a_connection_that_is_held_too_long() -> None:
    device = Endurance(LIMITS)
    device.opened(1, 0.0, cut)
    assert device.closed(1, 12.0) == "a connection held for 12 seconds"


def test_it_works_on_one_answer_at_a_time() -> None:
    device = Endurance(LIMITS)
    assert [round(device.thinks_s(0.0), 3) for _ in range(3)] == [0.05, 0.1, 0.15]
    assert device.thinks_s(10.0) == pytest.approx(0.05)


def test_a_limit_that_is_missing_is_an_error_of_the_file() -> None:
    with pytest.raises(DataFileError, match="connections"):
        parse_limits(Section({"opened_a_second": 1}, "x.yaml"))


def test_a_rude_client_brings_it_down_and_it_answers_nobody_then(tmp_path: Path) -> None:
    """The recorder that our scans never bring down does fall: the test of them could fail."""
    limits = load_fleet(name="fragile").device("dvr-2012").spec.fragile
    assert limits is not None
    with (
        exclusively("fragile"),
        beside(tmp_path, "--fleet", "fragile", "--shift", "20000", "--only", "dvr-2012") as live,
    ):
        rude = [socket.create_connection(("127.79.0.11", 20080), 5) for _ in range(limits.connections + 1)]
        time.sleep(0.3)
        with socket.create_connection(("127.79.0.11", 20080), 5) as late:
            late.settimeout(0.5)
            late.sendall(GET)
            with pytest.raises(TimeoutError):
                late.recv(1)
        for each in rude:
            each.close()
    log = [json.loads(line) for line in live.log.read_text("utf-8").splitlines()]
    assert [entry["broken"] for entry in log if "broken" in entry] == ["5 connections at once"]
