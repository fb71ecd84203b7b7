"""The scenes: which fleet, which wire, which rate, which peers, and the ratios to reach."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.lab import DARK, LAN, Wire
from benchmarks.peers import Peer
from benchmarks.profiles import BY_NAME, CAMERAS, DECOYS, TARPIT_HOST
from benchmarks.verdict import Goal

Layout = tuple[tuple[str, str, str], ...]
"""Address, name of the profile, serial number."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing to measure. ``clones`` asks for the project's own simulator on loopback, else there is a LAN."""

    name: str
    title: str
    rate: int
    targets: tuple[str, ...]
    duels: tuple[tuple[Peer | None, tuple[Goal, ...]], ...]
    layout: Layout = ()
    resetting: tuple[str, ...] = ()
    silent: str = ""
    clones: int = 0
    wire: Wire | None = None
    rounds: int = 5
    quick_rounds: int = 3
    at_most_s: float = 600
    complete: bool = False
    quick: bool = True

    @property
    def live(self) -> tuple[str, ...]:
        """Every address that exists on the LAN."""
        return (*(address for address, _, _ in self.layout), *self.resetting, *filter(None, (self.silent,)))

    @property
    def open_ports(self) -> frozenset[tuple[str, int]]:
        """What is open on the LAN's cameras and decoys; a tarpit's ports are nobody's loss."""
        return frozenset(
            (address, port)
            for address, name, _ in self.layout
            for port in BY_NAME[name].ports
            if name != TARPIT_HOST.name and port in peers.PORTS
        )

    @property
    def cameras(self) -> frozenset[str]:
        """The addresses of the LAN's cameras."""
        return frozenset(address for address, name, _ in self.layout if BY_NAME[name].is_camera)


def _address(host: int) -> str:
    return f"198.51.100.{host}"


def _standard() -> Layout:
    """Twenty cameras, three decoys and a tarpit, spread over the network."""
    names = [CAMERAS[at % len(CAMERAS)].name for at in range(20)] + [decoy.name for decoy in DECOYS]
    placed = [(_address(7 + 9 * at), name, f"4E0{at:04d}") for at, name in enumerate(names)]
    return (*placed, (_address(233), TARPIT_HOST.name, ""))


def _dense() -> Layout:
    return tuple((_address(at + 1), CAMERAS[at % len(CAMERAS)].name, f"5D0{at:04d}") for at in range(240))


CLONES_A_PROCESS = 2048


def parts(count: int) -> tuple[int, ...]:
    """Return how many clones each process of a fleet serves: one may open only so many sockets."""
    return tuple(min(CLONES_A_PROCESS, count - begun) for begun in range(0, count, CLONES_A_PROCESS))


def clone_network(number: int) -> str:
    """Return where the clones of the ``number``-th process live."""
    return f"127.{80 + number}.0.0/16"


def _clones(count: int) -> tuple[str, ...]:
    ranges = []
    for number, held in enumerate(parts(count)):
        first = ipaddress.IPv4Address(f"127.{80 + number}.0.1")
        ranges.append(f"{first}-{first + held - 1}")
    return tuple(ranges)


_WIRE = Wire()
_RESETTING, _SILENT = (_address(236), _address(240)), _address(245)

SCENES = (
    Scene(
        "lan", "/24, 89 % dark, 20 cameras, 1000 packets/s", 1000, (LAN,),
        (
            (peers.PORTS_ONLY, (Goal("wall", 0.75, "0.75"),)),
            (peers.SCRIPTS, (Goal("wall", 1 / 50, "1/50"), Goal("frames", 0.55, "0.55"))),
            (peers.FULL, (Goal("wall", 1 / 150, "1/150"), Goal("frames", 1 / 8, "1/8"))),
        ),
        layout=_standard(), resetting=_RESETTING, silent=_SILENT, wire=_WIRE,
    ),
    Scene(
        "dense", "/24 dense, 240 cameras, 5000 packets/s", 5000, (LAN,),
        ((peers.TUNED, (Goal("wall", 1 / 60, "1/60"), Goal("frames", 1 / 4, "1/4"))),),
        layout=_dense(), wire=_WIRE, quick_rounds=1,
    ),
    Scene(
        "loss", "/24, 89 % dark, 2 % of frames lost each way, 1000 packets/s", 1000, (LAN,),
        ((peers.PORTS_FAST, (Goal("wall", 0.35, "0.35"),)),),
        layout=_standard(), resetting=_RESETTING, silent=_SILENT, wire=Wire(loss_per_million=20000),
        rounds=20, quick_rounds=2, complete=True,
    ),
    Scene(
        "routed", "routed dark /24, 1000 packets/s", 1000, (DARK,),
        ((peers.DARK, (Goal("wall", 1 / 250, "1/250"),)),), wire=_WIRE, rounds=3, quick_rounds=1, at_most_s=1200,
    ),
    Scene(
        "loopback-1024", "loopback, 1024 cameras", 100_000, _clones(1024),
        (
            (peers.TUNED, (
                Goal("wall", 1 / 100, "1/100"), Goal("cpu", 1 / 15, "1/15"),
                Goal("memory", 1 / 2, "1/2 + 40 MiB", 40),
            )),
        ),
        clones=1024, rounds=3, quick_rounds=1, at_most_s=1500, complete=True,
    ),
    Scene(
        "loopback-4096", "loopback, 4096 cameras, one core", 100_000, _clones(4096),
        ((None, (Goal("wall", 15, "15 s"), Goal("memory", 100, "100 MiB"))),),
        clones=4096, rounds=10, quick=False, complete=True,
    ),
)  # fmt: skip
