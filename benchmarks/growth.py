"""How cost grows: ``python -m benchmarks.growth [--quick] [--write]``.

Cameras from 256 to 16,384 (processor time a camera), dark addresses (memory), and a /16 of which a tenth lives
(time against the packets that it must cost). All on the loopback of a namespace; nothing leaves it.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import lab, measure, table
from benchmarks.peers import PORTS
from camaudit.model import Outcome
from camaudit.store import Store

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_FIRST = ipaddress.IPv4Address("127.64.0.0")
_MARK = "growth"
_MOST_CPU, _MOST_TIME = 1.2, 1.3
_PING_PORTS, _TRIES = 3, 2
_RATE = 5000
_EVERY = 10
"""One address in so many lives in the last scene."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scan: how many addresses and cameras, what it cost, and how many cameras it found."""

    addresses: int
    cameras: int
    spent: measure.Spent
    found: int


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return 1 where something grew more than it may, 3 where it could not be measured."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description="How camaudit's cost grows.")
    parser.add_argument("--quick", action="store_true", help="a quarter of each size")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    options = parser.parse_args(arguments)
    shift = 2 if options.quick else 0
    try:
        lab.require(wire=False)
        with TemporaryDirectory(prefix="camaudit-growth-") as name:
            grown = [_cameras(count >> shift, Path(name)) for count in (256, 1024, 4096, 16384)]
            dark = [_dark(count >> shift, Path(name)) for count in (1 << 14, 1 << 16, 1 << 18)]
            mixed = _mixed(65536 >> shift, Path(name))
    except (lab.NoLab, RuntimeError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 3
    text, missed = _told(grown, dark, mixed)
    print(text)
    if options.write:
        _write(f"Measured {date.today()}: {table.machine('nmap not used')}.\n\n{text}")
    return 1 if missed else 0


def _cameras(count: int, folder: Path) -> Row:
    with _crowd() as network:
        return _scan(network, f"{_FIRST + 1}-{_FIRST + count}", 100_000, folder, count, count)


def _dark(count: int, folder: Path) -> Row:
    with lab.loopback() as network:
        # Refused by the kernel's own routes: what an address costs us shows, without a second's wait for each.
        network.tool.configure(f"route add unreachable {_network(count)} table local")
        return _scan(network, _network(count), 100_000, folder, count, 0)


def _mixed(count: int, folder: Path) -> Row:
    live = [str(_FIRST + at) for at in range(1, count, _EVERY)]
    with _crowd() as network:
        _silence(network, _network(count), live)
        return _scan(network, _network(count), _RATE, folder, count, len(live))


def _network(count: int) -> str:
    return f"{_FIRST}/{32 - (count - 1).bit_length()}"


@contextlib.contextmanager
def _crowd() -> Iterator[lab.Network]:
    with lab.loopback() as network:
        network.tool.set(core__somaxconn="4096")
        serving = ["env", f"PYTHONPATH={_ROOT}", sys.executable, "-m", "benchmarks.crowd"]
        with lab.started(network.fleet.command(*serving, cpu=lab.FLEET_CPU)):
            yield network


def _silence(network: lab.Network, where: str, live: Sequence[str]) -> None:
    """Let only ``live`` addresses be heard; all others swallow what is sent to them."""
    if lab.program("nft") is None:
        raise lab.NoLab("needs nft (Debian: nftables)")
    rules = (
        "table inet dark {\n set live { type ipv4_addr; elements = { " + ", ".join(live) + " } }\n"
        " chain in { type filter hook input priority 0; policy accept;\n"
        f"  ip daddr {where} ip daddr != @live drop\n }}\n}}\n"
    )
    command = ["nsenter", f"--net={network.tool.path}", "--", str(lab.program("nft")), "-f", "-"]
    subprocess.run(command, input=rules, text=True, check=True, timeout=60)


def _scan(network: lab.Network, target: str, rate: int, folder: Path, addresses: int, cameras: int) -> Row:
    store = folder / f"{addresses}-{cameras}-{rate}.sqlite3"
    command = [sys.executable, "-m", "camaudit", "scan", target, "--yes", "--quiet", "--rate", str(rate)]
    spent = measure.run(
        network.tool.command(*command, "--store", f"sqlite:///{store}", cpu=lab.TOOL_CPU),
        folder=folder, environment={**os.environ, "HOME": str(folder), "NO_COLOR": "1"}, at_most_s=1800,
    )  # fmt: skip
    if not spent.ended or spent.code not in (0, 4):
        raise RuntimeError(f"scan of {target}: {(folder / 'output.log').read_text('utf-8', 'replace')[-300:]}")
    seen = Store(f"sqlite:///{store}").run().observations
    found = sum(any(o.probe == "rtsp" and o.outcome is Outcome.ANSWERED for o in items) for items in seen.values())
    print(f"{addresses} addresses, {cameras} cameras: {spent.wall_s:.1f} s", file=sys.stderr, flush=True)
    return Row(addresses, cameras, spent, found)


def packets(addresses: int, cameras: int) -> int:
    """Return what a two-stage sweep must send: every port of the live, the first ports twice of the dark."""
    return len(PORTS) * cameras + _PING_PORTS * _TRIES * (addresses - cameras)


def _told(grown: Sequence[Row], dark: Sequence[Row], mixed: Row) -> tuple[str, bool]:
    each = [1000 * row.spent.cpu_s / row.cameras for row in grown]
    ratio = each[-1] / each[0]
    slower = mixed.spent.wall_s * _RATE / packets(mixed.addresses, mixed.cameras)
    complete = all(row.found == row.cameras for row in (*grown, mixed))
    cameras = [(row.cameras, row.found, f"{ms:.2f}", *_cost(row)) for row, ms in zip(grown, each, strict=True)]
    parts = (
        _table(("cameras", "found", "CPU ms a camera", "wall s", "CPU s", "MiB"), cameras),
        f"Processor time a camera, most against least cameras: {ratio:.2f} (at most {_MOST_CPU}).",
        _table(("dark addresses", "wall s", "CPU s", "MiB"), [(row.addresses, *_cost(row)) for row in dark]),
        f"{mixed.addresses} addresses, one in {_EVERY} alive, at {_RATE} packets/s: {mixed.spent.wall_s:.0f} s "
        f"for {packets(mixed.addresses, mixed.cameras)} packets, which is {slower:.2f} times their time at that "
        f"rate (at most {_MOST_TIME}); {mixed.found} of {mixed.cameras} cameras found, "
        f"{mixed.spent.cpu_s:.0f} s of processor, {mixed.spent.rss_mib:.0f} MiB.",
        "Every camera was found." if complete else "**Cameras were missed.**",
    )
    return "\n\n".join(parts), ratio > _MOST_CPU or slower > _MOST_TIME or not complete


def _cost(row: Row) -> tuple[str, str, str]:
    return f"{row.spent.wall_s:.1f}", f"{row.spent.cpu_s:.1f}", f"{row.spent.rss_mib:.0f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _write(text: str) -> None:
    begin, end = f"<!-- {_MARK} -->", f"<!-- /{_MARK} -->"
    page = _PAGE.read_text("utf-8")
    if begin not in page:
        page = f"{page.rstrip()}\n\n### How cost grows\n\n{begin}{end}\n"
    before, _, rest = page.partition(begin)
    _PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
