"""A LAN of our own: hosts in network namespaces on one bridge, and a tap that counts what the scanner sends.

``with Lab() as lab`` makes it and takes it away again, whatever happens. Names carry the number of this process,
so several may run at once. Run as a program, this file is what happens inside: ``tap`` and ``sweep``.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import itertools
import json
import os
import re
import selectors
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NUMBERS = itertools.count(1)
SCANNER = "198.51.100.253"
SCANNER6 = "2001:db8:64::fd"
NETWORK = "198.51.100.0/24"
_SEARCH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
_EVERY_TYPE = 3
_OUTGOING = 4
_ASKS_BY_ARP = b"\x08\x06\0\1\x08\0\6\4\0\1"
_TIMESTAMPNS = 35


def why_not() -> str:
    """Return why no lab can be made here; empty where it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "a network of our own needs root"
    if shutil.which("ip", path=_SEARCH) is None:
        return "no ip here (Debian: iproute2)"
    name = f"camtry{os.getpid()}"
    made = _ip("netns", "add", name, check=False)
    _ip("netns", "del", name, check=False)
    return f"no network namespace may be made here: {made.stderr.strip()[:120]}" if made.returncode else ""


@dataclass(frozen=True)
class Frame:
    """One frame of the scanner: when the kernel saw it (seconds), and what it was or whom it asked for."""

    at_s: float
    target: str


class Lab:
    """A bridge, the scanner at its own port, and hosts by ``host``; with ``ipv6``, link-local addresses too."""

    def __init__(self, *, ipv6: bool = False) -> None:
        self._ipv6 = ipv6
        self._number = next(_NUMBERS)
        self._spaces: list[str] = []
        self._links = 0
        self._switch = self._scanner = ""

    def __enter__(self) -> Lab:
        _forget_the_dead()
        try:
            self._switch = self._space("sw")
            _ip("-n", self._switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
            _ip("-n", self._switch, "link", "set", "br0", "up")
            self._scanner = self._space("scan")
            self._plug(self._scanner, SCANNER, "02:00:00:00:64:fd", "tap0")
            if self._ipv6:
                _ip("-n", self._scanner, "addr", "add", f"{SCANNER6}/64", "dev", "eth0", "nodad")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._spaces:
            _ip("netns", "del", name, check=False)

    def host(self, address: str, mac: str) -> None:
        """Add a host with this address and MAC."""
        self._links += 1
        self._plug(self._space(f"h{self._links}"), address, mac, f"p{self._links}")

    def more(self, number: int, addresses: Sequence[str]) -> None:
        """Give the ``number``-th host more addresses."""
        space = f"camlan{os.getpid()}-{self._number}-h{number}"
        lines = "".join(f"addr add {address}/24 dev eth0\n" for address in addresses)
        command = ["ip", "-n", space, "-batch", "-"]
        subprocess.run(command, input=lines, text=True, check=True, env=_environment(), timeout=30)

    def inside(self, number: int, *command: str) -> None:
        """Run a program on the ``number``-th host to its end."""
        space = f"camlan{os.getpid()}-{self._number}-h{number}"
        subprocess.run(["ip", "netns", "exec", space, *command], check=True, env=_environment(), timeout=30)

    def drop_multicast(self) -> None:
        """Let the switch carry no multicast, as one does whose IGMP snooping knows no members."""
        for setting in ("mcast_flood", "mcast_to_unicast"):
            off = "off" if setting == "mcast_flood" else "on"
            for port in ("tap0", *(f"p{number}" for number in range(1, self._links + 1))):
                _ip("-n", self._switch, "link", "set", port, "type", "bridge_slave", setting, off, check=False)

    def unplug(self) -> None:
        """Take the scanner's interface away, as if somebody pulled the adapter out."""
        _ip("-n", self._scanner, "link", "del", "eth0")

    def cable(self, what: str) -> None:
        """Let the scanner's interface lose its link (``down``), as if its cable were pulled, or have it again."""
        _ip("-n", self._switch, "link", "set", "tap0", what)

    def address(self, what: str, address: str) -> None:
        """Add an address to the scanner's interface, or take it away (``del``)."""
        _ip("-n", self._scanner, "addr", what, address, "dev", "eth0", check=False)

    def prefix(self, number: int) -> list[str]:
        """Return how a command begins that is to run on the ``number``-th host."""
        return ["ip", "netns", "exec", f"camlan{os.getpid()}-{self._number}-h{number}"]

    def loopback(self, number: int) -> None:
        """Let the ``number``-th host have a loopback of its own, where 127.0.0.0/8 is."""
        _ip("-n", f"camlan{os.getpid()}-{self._number}-h{number}", "link", "set", "lo", "up")

    def serve(self, number: int, *command: str) -> subprocess.Popen[str]:
        """Start a program on the host that was added as the ``number``-th; the caller ends it."""
        space = f"camlan{os.getpid()}-{self._number}-h{number}"
        inside = ["ip", "netns", "exec", space, *command]
        pipe = subprocess.PIPE
        return subprocess.Popen(inside, stdin=pipe, stdout=pipe, text=True, env=_environment())

    def scanning(self, *arguments: str, privileged: bool = True) -> list[str]:
        """Return a command as it runs where the scanner is, as root or without any privilege."""
        dropped = () if privileged else ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
        return ["ip", "netns", "exec", self._scanner, *dropped, *arguments]

    def sweep(self, *, privileged: bool = True, **options: Any) -> tuple[dict[str, Any], list[Frame]]:
        """Sweep from the scanner (see ``_sweep``); return what it told and the ARP requests it sent."""
        command = self.scanning(sys.executable, __file__, "sweep", json.dumps(options), privileged=privileged)
        with self.tapped() as frames:
            done = subprocess.run(command, capture_output=True, text=True, env=_environment(), timeout=60)
            if done.returncode:
                raise RuntimeError(done.stderr)
        told: dict[str, Any] = json.loads(done.stdout)
        return told, frames

    @contextlib.contextmanager
    def tapped(self, what: str = "arp") -> Any:
        """Fill the list it gives with the scanner's frames when the block has ended.

        ``what``: its ``arp`` requests, or all ``probes`` that it originates (ARP requests, SYN, UDP) by kind.
        """
        command = ["ip", "netns", "exec", self._switch, sys.executable, __file__, "tap", "tap0", what]
        tap = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
        )
        frames: list[Frame] = []
        try:
            assert tap.stdout is not None
            assert tap.stdout.readline() == "ready\n"
            yield frames
            out, _ = tap.communicate("", timeout=10)
            frames.extend(Frame(*json.loads(line)) for line in out.splitlines())
        finally:
            tap.kill()
            tap.communicate()

    def _space(self, name: str) -> str:
        full = f"camlan{os.getpid()}-{self._number}-{name}"
        _ip("netns", "add", full)
        self._spaces.append(full)
        # Nothing but what a test does is on this network: no router solicitations, no multicast listeners.
        wanted = ("default.accept_dad=0", "default.router_solicitations=0") if self._ipv6 and name != "sw" else ()
        for setting in wanted or ("all.disable_ipv6=1",):
            _ip("netns", "exec", full, "sysctl", "-qw", f"net.ipv6.conf.{setting}", check=False)
        return full

    def _plug(self, space: str, address: str, mac: str, port: str) -> None:
        ends = ("type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("-n", self._switch, "link", "add", port, *ends)
        _ip("-n", self._switch, "link", "set", port, "master", "br0", "up")
        _ip("-n", space, "link", "set", "eth0", "address", mac, "up")
        length = ("/64", "nodad") if ":" in address else ("/24",)
        _ip("-n", space, "addr", "add", f"{address}{length[0]}", "dev", "eth0", *length[1:])


def _ip(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = ["ip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment(), timeout=20)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done


def _forget_the_dead() -> None:
    """Take away labs whose process was killed before it could."""
    for line in _ip("netns", "list", check=False).stdout.splitlines():
        name = line.split()[0]
        made = re.fullmatch(r"camlan(\d+)-\d+-\w+", name)
        if made and not Path(f"/proc/{made[1]}").exists():
            _ip("netns", "del", name, check=False)


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": _SEARCH}


def _kind(frame: bytes, what: str) -> str:
    """Name the probe that a frame is: the address asked for by ARP, or ``arp``, ``syn``, ``udp``; else nothing."""
    if frame[12:22] == _ASKS_BY_ARP:
        return socket.inet_ntoa(frame[38:42]) if what == "arp" else "arp"
    if what == "arp" or frame[12:14] != b"\x08\x00":
        return ""
    protocol, start = frame[23], 14 + (frame[14] & 15) * 4
    if protocol == socket.IPPROTO_TCP:
        return "syn" if frame[start + 13] & 0x12 == 0x02 else ""
    return "udp" if protocol == socket.IPPROTO_UDP else ""


def _tap(interface: str, what: str) -> None:
    """Print each frame of the kind wanted that comes in at a port of the bridge, until stdin ends."""
    # Every type, because the bridge takes the frames before sockets for one type see them.
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.htons(_EVERY_TYPE))
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    tap.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
    tap.bind((interface, _EVERY_TYPE))
    selector = selectors.DefaultSelector()
    selector.register(tap, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    print("ready", flush=True)
    ended = False
    while not ended:
        ended = any(key.fileobj is sys.stdin for key, _ in selector.select())
        with contextlib.suppress(BlockingIOError):
            while True:
                frame, told, _, sender = tap.recvmsg(128, 64)
                kind = _kind(frame, what) if sender[2] != _OUTGOING else ""
                if kind:
                    seconds, nanoseconds = struct.unpack("qq", told[0][2])
                    print(json.dumps([seconds + nanoseconds / 1e9, kind]))


async def _sweep(
    way: str = "raw",
    rate: float = 1000,
    rounds: int = 2,
    known: tuple[str, ...] = (),
    addresses: tuple[str, ...] = (),
    warm_s: float | None = None,
    connect: str = "",
) -> dict[str, Any]:
    """Sweep the lab's network; ``warm_s`` is a round trip known before, ``connect`` a host to knock at after."""
    from camaudit.errors import NetworkUnavailable
    from camaudit.net.interfaces import interfaces
    from camaudit.net.pace import Pace
    from camaudit.net.raw.client import RawHelper
    from camaudit.net.raw.unprivileged import Unprivileged
    from camaudit.net.timing import RoundTrip

    here = next(interface for interface in interfaces() if interface.address == SCANNER)
    wanted = addresses or [str(address) for address in ipaddress.ip_network(NETWORK)]
    heard: list[tuple[str, str]] = []
    pace, round_trip, failed = Pace(rate), RoundTrip(), ""
    if warm_s is not None:
        round_trip.add(warm_s)
    async with RawHelper() as helper:
        ways: dict[str, Any] = {"raw": helper, "unprivileged": Unprivileged()}
        available, why = helper.available, helper.why
        began_s = asyncio.get_running_loop().time()
        try:
            await ways[way].sweep(
                here,
                wanted,
                pace,
                lambda address, mac: heard.append((address, mac)),
                rounds=rounds,
                round_trip=round_trip,
                known=lambda address: address in known,
            )
        except NetworkUnavailable as error:
            failed = str(error)
        took_s = asyncio.get_running_loop().time() - began_s
    if connect:
        with socket.socket() as sock, contextlib.suppress(ConnectionRefusedError):
            sock.settimeout(2)
            sock.connect((connect, 9))
    said = {"heard": heard, "available": available, "why": why, "failed": failed, "sent": pace.sent}
    return {**said, "took_s": took_s, "round_trip_known": round_trip.known}


if __name__ == "__main__":
    if sys.argv[1] == "tap":
        _tap(sys.argv[2], sys.argv[3])
    else:
        print(json.dumps(asyncio.run(_sweep(**json.loads(sys.argv[2])))))
