"""Runs camaudit or a peer once against a scene, and reads what it found against what is there."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import lab, measure, peers, scenes
from benchmarks.peers import Peer
from benchmarks.scenes import Scene
from benchmarks.verdict import Measured
from camaudit.store import Store

_ROOT = Path(__file__).resolve().parent.parent
Reader = Callable[[], tuple[frozenset[tuple[str, int]] | None, frozenset[str] | None]]
"""Reads the open ports and the cameras that a finished run found; None for what a tool does not say."""

_CAMERA_KINDS = frozenset({"camera", "recorder", "door-station", "encoder"})


@dataclass(frozen=True, slots=True)
class Truth:
    """What is really there: open (address, port) pairs among the ports asked, and the cameras' addresses."""

    ports: frozenset[tuple[str, int]]
    cameras: frozenset[str]


@dataclass(frozen=True, slots=True)
class Arena:
    """A scene in being: network, fleet and truth."""

    scene: Scene
    network: lab.Network
    fleet: int | None
    truth: Truth
    folder: Path

    def camaudit(self, *, profile: Path | None = None) -> Measured:
        """Run one whole audit, store, judgement and all reports included; ``profile`` is where cProfile writes."""
        with TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            store = folder / "runs.sqlite3"
            options = [
                "--yes", "--quiet", "--rate", str(self.scene.rate),
                "--store", f"sqlite:///{store}", "--output", str(folder / "out"), "--fail-on", "never",
            ]  # fmt: skip
            watched = ["-m", "cProfile", "-o", str(profile)] if profile else []
            command = [sys.executable, *watched, "-m", "camaudit", "audit", *self.scene.targets, *options]
            return self._run(command, folder, lambda: (_stored_ports(store), _devices(folder / "out")))

    def peer(self, peer: Peer, binary: str) -> Measured:
        """Run nmap once on the same targets."""
        with TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            targets, xml = folder / "targets", folder / "nmap.xml"
            targets.write_text("\n".join(addresses(self.scene.targets)) + "\n", "ascii")
            command = peer.command(binary, targets, xml)
            return self._run(command, folder, lambda: (peers.open_ports(xml), None))

    def _run(self, command: list[str], folder: Path, found: Reader) -> Measured:
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "NO_COLOR": "1"}
        self.network.reset()
        before_s = measure.cpu_of(self.fleet) if self.fleet is not None else 0.0
        spent = measure.run(
            self.network.tool.command(*command, cpu=lab.TOOL_CPU),
            folder=folder, environment=environment, at_most_s=self.scene.at_most_s,
        )  # fmt: skip
        frames = self.network.frames()
        fleet_s = measure.cpu_of(self.fleet) - before_s if self.fleet is not None else None
        if spent.ended and spent.code not in (0, 4):
            said = (folder / "output.log").read_text("utf-8", "replace")[-500:]
            raise RuntimeError(f"{' '.join(command)[:200]}: exit code {spent.code}\n{said}")
        ports, devices = found() if spent.ended else (None, None)
        return Measured(
            spent,
            frames=frames["out"]["frames"] if frames else None,
            ports=len(ports & self.truth.ports) if ports is not None else None,
            cameras=len(devices & self.truth.cameras) if devices is not None else None,
            false_cameras=len(devices - self.truth.cameras) if devices is not None else None,
            busiest_second=frames["busiest_second"] if frames else None,
            fleet_cpu_s=fleet_s,
        )


@contextlib.contextmanager
def arena(scene: Scene) -> Iterator[Arena]:
    """Set the scene up, with its fleet listening, and take it down with the block."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="camaudit-bench-")))
        if scene.wire is None:
            yield _with_clones(scene, stack, folder)
            return
        network = stack.enter_context(lab.lan(scene.wire, scene.live, scene.silent, folder))
        fleet = None
        if scene.layout:
            layout = folder / "layout.json"
            layout.write_text(json.dumps(scene.layout), "utf-8")
            serving = [sys.executable, "-m", "benchmarks.fleet", str(layout), lab.FLEET_SIDE]
            fleet = stack.enter_context(_at_root(network.fleet.command(*serving, cpu=lab.FLEET_CPU))).pid
        yield Arena(scene, network, fleet, Truth(scene.open_ports, scene.cameras), folder)


def _with_clones(scene: Scene, stack: contextlib.ExitStack, folder: Path) -> Arena:
    network = stack.enter_context(lab.loopback())
    devices: list[dict[str, Any]] = []
    fleet = None
    # A fleet of thousands has more sockets than one process may open: it is served in parts.
    for number, count in enumerate(scenes.parts(scene.clones)):
        truth, where = folder / f"truth-{number}.json", scenes.clone_network(number)
        first = str(number * scenes.CLONES_A_PROCESS)
        serving = [sys.executable, "-m", "camaudit.simulator", "--multiply", str(count), "--network", where]
        serving += ["--first", first]
        command = network.fleet.command(*serving, "--truth", str(truth), cpu=lab.FLEET_CPU)
        fleet = stack.enter_context(_at_root(command))
        devices += json.loads(truth.read_text("utf-8"))["devices"]
    assert fleet is not None
    ports = frozenset((d["address"], port) for d in devices for port in d["ports"] if port in peers.PORTS)
    return Arena(scene, network, fleet.pid, Truth(ports, frozenset(d["address"] for d in devices)), folder)


@contextlib.contextmanager
def _at_root(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a server whose modules are found from the project's root."""
    with lab.started(["env", f"PYTHONPATH={_ROOT}", *command], within_s=180) as process:
        yield process


def addresses(targets: tuple[str, ...]) -> list[str]:
    """Return targets as nmap takes them: a network as it is, a range one address a line."""
    lines: list[str] = []
    for target in targets:
        first, dash, last = target.partition("-")
        if not dash:
            lines.append(target)
            continue
        begin, end = ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)
        lines += [str(begin + at) for at in range(int(end) - int(begin) + 1)]
    return lines


def _stored_ports(store: Path) -> frozenset[tuple[str, int]]:
    seen = Store(f"sqlite:///{store}").run().observations
    return frozenset(
        (address, int(port))
        for address, items in seen.items()
        for each in items
        for port in each.fields.get("port.open", ())
    )


def _devices(output: Path) -> frozenset[str]:
    report = json.loads((output / "report.json").read_text("utf-8"))
    return frozenset(
        device["address"] for device in report["devices"] if device["video"] or device["kind"] in _CAMERA_KINDS
    )
