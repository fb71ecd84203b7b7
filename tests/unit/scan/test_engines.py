"""The engines: nmap asks block by block and only what is left; ``connect`` never starts the raw helper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from camaudit.model import Load, Observation
from camaudit.net import nmap as programs
from camaudit.net import quiet
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import Scope, parse_scope
from camaudit.scan import Done, Engine, Phase, ScanOptions, ScanResult, link, nmapped, parse_quiet, scan
from camaudit.scan.ports import parse_ports
from fake_nmap import FakeNmap, install


@dataclass
class Kept:
    """A sink and a watcher that keep what they get."""

    seen: list[Observation] = field(default_factory=list)
    hosts: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, str, int, int]] = field(default_factory=list)
    passed: int = 0

    def observation(self, observation: Observation) -> None:
        self.seen.append(observation)

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        self.hosts[address] = outcome


class Sink(Kept):
    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        self.blocks.append((first, last, addresses, silent))

    def stage(self, *_: object) -> None:
        pass


class Watcher(Kept):
    def began(self, addresses: int) -> None:
        pass

    def phase(self, phase: Phase) -> None:
        pass

    def swept(self, addresses: int) -> None:
        self.passed += addresses

    def found(self, address: str) -> None:
        pass

    def told(self, text: str) -> None:
        pass


@pytest.fixture
def nmap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNmap:
    monkeypatch.setattr(programs, "may_send_raw", lambda: False)
    return install(tmp_path, monkeypatch)


def by_nmap(scope: Scope, done: Done | None = None) -> tuple[ScanResult, Sink, Watcher]:
    sink, watcher = Sink(), Watcher()
    how = ScanOptions(ports=parse_ports("20080,20554,20443"), multicast=False, engine=Engine.NMAP)
    result = asyncio.run(scan(scope, sink, how, now=lambda: datetime.now(UTC), watcher=watcher, done=done))
    return result, sink, watcher


def test_hosts_that_nmap_found_are_asked_on_their_open_ports(nmap: FakeNmap) -> None:
    scope = parse_scope(["127.83.0.4-7"], ["127.83.0.7"])
    result, sink, watcher = by_nmap(scope)
    # The excluded address never went to nmap; who is absent is silent, who refused is there.
    assert nmap.targets == ["127.83.0.4", "127.83.0.5", "127.83.0.6", "."]
    assert sink.hosts == {"127.83.0.5": "answered", "127.83.0.6": "refused", "127.83.0.7": "excluded"}
    assert sink.blocks == [("127.83.0.4", "127.83.0.7", 4, 1)]
    assert watcher.passed == 4
    told = {(o.target.address, o.probe): o for o in sink.seen}
    assert told["127.83.0.5", "port"].fields == {"port.open": ("20080",)}
    assert told["127.83.0.5", "mac"].fields == {"mac.address": ("02:00:00:00:ab:05",)}
    assert ("127.83.0.4", "port") not in told
    # What was closed or silent to nmap was not asked for anything.
    assert {o.target.port for o in sink.seen if o.probe in ("http", "rtsp")} == {20080}
    assert any("found by nmap 7.93 (connect scan" in limit for limit in result.limits)


def test_what_is_done_is_not_asked_again(nmap: FakeNmap) -> None:
    scope = parse_scope(["127.83.0.0/23"])
    done = Done(frozenset({"127.83.0.5"}), frozenset({("127.83.1.0", "127.83.1.255")}))
    _, sink, watcher = by_nmap(scope, done)
    assert "127.83.0.5" not in nmap.targets
    assert not any(target.startswith("127.83.1.") for target in nmap.targets)
    assert len(nmap.arguments) == 1
    assert sink.hosts == {"127.83.0.6": "refused"}
    assert sink.blocks == [("127.83.0.0", "127.83.0.255", 256, 254)]
    assert watcher.passed == 512


def test_each_block_is_a_run_of_its_own(nmap: FakeNmap) -> None:
    by_nmap(parse_scope(["127.83.0.0/23"]))
    assert len(nmap.arguments) == 2
    assert nmap.targets.index(".") == 256


def test_nmap_is_ended_where_quiet_hours_begin_and_looks_anew_when_they_are_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "may_send_raw", lambda: False)
    monkeypatch.setattr(quiet, "_LOOK_AGAIN_S", 0.05)
    monkeypatch.setattr(nmapped, "_LOOK_AGAIN_S", 0.05)
    first = f"[ $(grep -c '^[.]$' '{tmp_path}/targets') = 1 ] && exec sleep 60"
    told = install(tmp_path, monkeypatch, then=f"{first}; cat '{tmp_path}/says.xml'")

    def clock() -> datetime:
        runs = told.targets.count(".")
        first = (tmp_path / "pid").read_text("ascii").strip() if (tmp_path / "pid").is_file() else ""
        hour = 7 if not first else 9 if runs == 1 and Path(f"/proc/{first}").exists() else 17
        return datetime(2026, 11, 30, hour, tzinfo=UTC)

    gate = Gate(parse_scope(["127.83.0.4-7"]), Pace(1000))
    gate.pace.quiet = quiet.QuietHours(parse_quiet(["08:00-16:00 UTC"]), clock, lead_s=0.0)

    async def look() -> tuple[programs.Found, ...]:
        sweep = nmapped.NmapSweep(gate, [20080], lambda _: False, None)  # type: ignore[arg-type]
        return await sweep._outside_quiet_hours(programs.find_nmap(), ["127.83.0.5"], there=True)

    found = asyncio.run(asyncio.wait_for(look(), 30))
    assert [host.address for host in found] == ["127.83.0.5"]
    assert told.targets == ["127.83.0.5", ".", "127.83.0.5", "."]


async def _at_once() -> None:
    pass


def test_connect_never_starts_the_raw_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a scope on a link where any start of the helper, and any sweep, is noticed
    begun: list[str] = []

    class Helper:
        available, why = False, "noticed"

        async def __aenter__(self) -> Helper:
            begun.append("helper")
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

    class Kernel:
        async def sweep(self, *_: object, **__: object) -> None:
            begun.append("kernel")

    monkeypatch.setattr(link, "RawHelper", Helper)
    monkeypatch.setattr(link, "Unprivileged", Kernel)
    gate = Gate(parse_scope(["127.83.0.1"]), Pace(1000))

    def sweep(raw: bool) -> list[str]:
        begun.clear()
        swept = link.LinkSweep(gate, (), raw=raw)
        swept._links = swept._links or (link.on_link(gate.scope)[0],)
        asyncio.run(swept.run(frozenset(), _nobody, lambda _address, _mac: None, _at_once))
        return begun

    assert sweep(True) == ["helper", "kernel"]
    assert sweep(False) == ["kernel"]


_nobody: Callable[[str], bool] = frozenset[str]().__contains__
