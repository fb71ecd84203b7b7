"""The helper process over its pipes, its client, and who is asked again. Sends nothing: loopback has no ARP."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import NetworkUnavailable
from camaudit.net.interfaces import Interface
from camaudit.net.pace import Pace
from camaudit.net.raw import client as clients
from camaudit.net.raw import helper as helpers
from camaudit.net.raw.client import RawHelper
from camaudit.net.raw.helper import Ceiling, Helper, Lines
from camaudit.net.raw.rounds import Rounds, neighbours_of
from camaudit.net.timing import RoundTrip

LAN = Interface("eth9", "198.51.100.253", ipaddress.IPv4Network("198.51.100.0/24"))
LOOPBACK = Interface("lo", "127.0.0.1", ipaddress.IPv4Network("127.0.0.0/8"))


def told(*lines: bytes) -> list[dict[str, Any]]:
    """Start the helper, say these lines, close its stdin, and return what it said."""
    command = [sys.executable, "-m", "camaudit.net.raw.helper"]
    done = subprocess.run(command, input=b"\n".join(lines) + b"\n", capture_output=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_hello_tells_whether_and_why() -> None:
    (ready,) = told(b'{"do":"hello","id":7}')
    assert (ready["said"], ready["id"]) == ("ready", 7)
    assert ready["raw"] is (ready["why"] == "")


def test_each_wrong_command_is_told_and_the_next_is_obeyed() -> None:
    arp = {"do": "arp", "id": 3, "interface": "no-such", "source": "198.51.100.1", "targets": []}
    wrong = [
        b"\xff\xfe",
        b"[" * 60000,
        b"3",
        b'{"do":"format"}',
        b'{"do":["arp"]}',
        b"9" * 70000,
        *(
            json.dumps({**arp, **change}).encode()
            for change in (
                {},
                {"interface": 1},
                {"interface": "a\0b"},
                {"interface": ""},
                {"interface": "lo"},
                {"targets": "x"},
                {"targets": [1]},
                {"targets": ["198.51.100.9"] * 1025},
                {"rate": 0},
                {"rate": True},
                {"source": None},
            )
        ),
    ]
    said = told(*wrong, b"", b'{"do":"hello"}')
    assert [line["said"] for line in said] == ["error"] * len(wrong) + ["ready"]
    assert all(line["why"] for line in said[:-1])
    assert all(line["id"] == 3 for line in said[6:-1])


def test_helper_holds_nothing_but_its_own_code() -> None:
    code = "import sys, camaudit.net.raw.helper; print(*[m for m in sys.modules if m.startswith('camaudit')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    own = {"camaudit", "camaudit.net"} | {
        f"camaudit.net.raw{module}" for module in ("", ".helper", ".link", ".frames", ".netlink", ".privilege")
    }
    assert set(done.stdout.split()) == own


@given(st.binary(max_size=200) | st.recursive(st.integers() | st.text(), st.lists).map(lambda v: str(v).encode()))
def test_no_line_makes_the_helper_raise(line: bytes) -> None:
    with selectors.DefaultSelector() as selector:
        helper = Helper(selector)
        helper.obey(line)
        assert helper.out[0]["said"] == "error"


@given(st.lists(st.binary(max_size=40)))
def test_lines_come_out_however_they_are_cut(parts: list[bytes]) -> None:
    lines = Lines()
    found = [line for part in parts for line in lines.feed(part)]
    assert found == b"".join(parts).split(b"\n")[:-1]


def test_a_line_that_is_too_long_is_told_once_and_dropped() -> None:
    lines = Lines()
    found = [line for _ in range(5) for line in lines.feed(b"x" * 65536)]
    assert found + lines.feed(b"end\nnext\n") == [None, b"next"]


@pytest.mark.parametrize("rate", [1, 20, 200])
def test_ceiling_holds_in_every_second(rate: int) -> None:
    ceiling, now_s, sent = Ceiling(), 0.0, []
    ceiling.rate = rate
    for number in range(3 * rate):
        now_s += ceiling.wait_s(now_s) + (0.3 if number == rate // 2 else 0)
        ceiling.sent(now_s)
        sent.append(now_s)
    assert all(later - earlier > 1.0 for earlier, later in zip(sent, sent[rate:], strict=False))


def test_a_full_queue_is_refused_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Quiet:
        def check(self, _source: str, targets: list[str]) -> list[str]:
            return targets

    monkeypatch.setattr(Helper, "_link", lambda _self, _name: Quiet())
    with selectors.DefaultSelector() as selector:
        helper = Helper(selector)
        command = {"do": "arp", "interface": "e", "source": "s", "targets": ["t"] * helpers.MAX_TARGETS}
        for _ in range(9):
            helper.obey(json.dumps(command).encode())
        assert [line["said"] for line in helper.out] == ["error"] * 4


def rounds(clock: list[float], heard: list[tuple[str, str]], known: str = "") -> Rounds:
    return Rounds(
        LAN,
        lambda address, mac: heard.append((address, mac)),
        rounds=2,
        round_trip=RoundTrip(),
        known=lambda address: address == known,
        clock=lambda: clock[0],
    )


def reply(address: str, mac: str = "02:00:00:00:00:01") -> dict[str, Any]:
    return {"said": "arp", "address": address, "mac": mac, "interface": "eth9", "round_trip_s": 0.01}


def test_silent_addresses_are_asked_twice_and_known_ones_four_times() -> None:
    # Given three addresses of which one answers and one is known to live
    clock, heard = [0.0], list[tuple[str, str]]()
    asking = rounds(clock, heard, known="198.51.100.3")
    times = dict.fromkeys(("198.51.100.1", "198.51.100.2", "198.51.100.3"), 1)
    asking.sent(times)
    asking.heard(reply("198.51.100.1"))
    # When time passes
    while (wait_s := asking.wait_s()) is not None:
        clock[0] += wait_s
        due = asking.due(100)
        for address in due:
            times[address] += 1
        asking.sent(due)
    # Then
    assert times == {"198.51.100.1": 1, "198.51.100.2": 2, "198.51.100.3": 4}
    assert heard == [("198.51.100.1", "02:00:00:00:00:01")]


def test_conflict_is_heard_and_strangers_are_not() -> None:
    heard: list[tuple[str, str]] = []
    asking = rounds([0.0], heard)
    asking.sent(["198.51.100.1"])
    for said in (
        reply("198.51.100.1"),
        reply("198.51.100.1"),
        reply("198.51.100.1", "02:00:00:00:00:02"),
        reply("198.51.100.9"),
        {**reply("198.51.100.1", "02:00:00:00:00:03"), "interface": "eth8"},
    ):
        asking.heard(said)
    assert heard == [("198.51.100.1", "02:00:00:00:00:01"), ("198.51.100.1", "02:00:00:00:00:02")]


def test_only_other_hosts_of_the_network_are_asked() -> None:
    async def collect() -> list[str]:
        async def some() -> AsyncIterator[str]:
            for last in ("100.0", "100.1", "100.253", "100.255", "101.1"):
                yield f"198.51.{last}"
            yield "camera"

        return [address async for address in neighbours_of(LAN, some())]

    assert asyncio.run(collect()) == ["198.51.100.1"]


async def sweep_loopback(helper: RawHelper) -> None:
    await helper.sweep(LOOPBACK, ["127.0.0.9"], Pace(100), lambda *_: None, round_trip=RoundTrip())


def test_client_says_what_is_not_possible() -> None:
    async def run() -> tuple[bool, str]:
        async with RawHelper() as helper:
            was = helper.available, helper.why
            with pytest.raises(NetworkUnavailable, match="ARP on lo is not possible: "):
                await sweep_loopback(helper)
        assert not helper.available
        return was

    available, why = asyncio.run(run())
    assert available is (why == "")


def test_client_tells_when_the_helper_dies() -> None:
    async def run() -> None:
        async with RawHelper() as helper:
            assert helper._process is not None
            os.kill(helper._process.pid, signal.SIGKILL)
            with pytest.raises(NetworkUnavailable, match="has ended"):
                await helper._ask({"do": "hello"})
            assert (helper.available, "ended" in helper.why) == (False, True)

    asyncio.run(run())


def test_client_goes_on_when_the_helper_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> str:
        async with RawHelper() as helper:
            assert not helper.available
            with pytest.raises(NetworkUnavailable):
                await sweep_loopback(helper)
            return helper.why

    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert "could not be started" in asyncio.run(run())
    monkeypatch.undo()
    monkeypatch.setattr(clients, "BEGIN", "raise SystemExit(1)")
    assert "could not be started" in asyncio.run(run())


def test_helper_is_not_taken_from_the_current_folder(tmp_path: Any) -> None:
    # Given a folder that holds a package of our name, as the current one
    (tmp_path / "camaudit").mkdir()
    (tmp_path / "camaudit" / "__init__.py").write_text("raise SystemExit('taken')\n")

    async def run() -> str:
        async with RawHelper() as helper:
            return helper.why

    assert "could not be started" not in asyncio.run(run())
