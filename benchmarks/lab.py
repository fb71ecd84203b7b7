"""Networks to measure on, made of network namespaces: nothing leaves them, and they end with their processes.

In go a wire's delay and loss, out come places (``Place``) to start programs in, and the count of frames between
them. ``Lan`` joins two places by the wire of lanemu.c; ``Loopback`` is one place with nothing but its loopback.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCANNER, FLEET_SIDE = "198.51.100.253", "198.51.100.254"
LAN = "198.51.100.0/24"
DARK = "203.0.113.0/24"
LIFETIME_S = 7200
"""After this a namespace ends by itself, should the program that made it be killed."""

TOOL_CPU, FLEET_CPU = 0, 1
_NEEDED = ("ip", "unshare", "nsenter", "setpriv", "sh", "sleep", "taskset")
_PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"


class NoLab(Exception):
    """Says why no lab can be made on this machine."""


def require(*, wire: bool) -> None:
    """Raise NoLab where namespaces, or the programs and devices that the wire needs, are not to be had."""
    lacking = [name for name in _NEEDED if program(name) is None]
    if sys.platform != "linux" or lacking:
        raise NoLab(f"needs Linux with {', '.join(lacking or _NEEDED)} (Debian: iproute2, util-linux)")
    if os.geteuid() != 0:
        raise NoLab("needs root, or a user namespace: unshare --user --map-root-user make bench")
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True, timeout=20)
    if tried.returncode:
        raise NoLab(f"no network namespace may be made here: {tried.stderr.strip()[:120]}")
    if wire and program("cc") is None:
        raise NoLab("needs a C compiler for the wire (Debian: gcc and libc6-dev)")
    if wire and not os.access("/dev/net/tun", os.W_OK):
        raise NoLab("needs /dev/net/tun for the wire (modprobe tun)")


def program(name: str) -> str | None:
    """Return the path of a program, also of one that only administrators have in their path."""
    return shutil.which(name, path=_PATH)


def pinned(cpu: int) -> list[str]:
    """Return what keeps a command on one processor; nothing where there is only one."""
    available = sorted(os.sched_getaffinity(0))
    return ["taskset", "--cpu-list", str(available[cpu])] if len(available) > 1 else []


@dataclass(frozen=True, slots=True)
class Place:
    """A network namespace, held by a process that sleeps."""

    holder: int

    @property
    def path(self) -> str:
        """The file by which others enter."""
        return f"/proc/{self.holder}/ns/net"

    def command(self, *arguments: str, cpu: int) -> list[str]:
        """Return ``arguments`` as they run in this place on one processor."""
        return ["nsenter", f"--net={self.path}", "--", *pinned(cpu), *arguments]

    def configure(self, *lines: str) -> None:
        """Run lines of ``ip -batch``."""
        subprocess.run(
            ["nsenter", f"--net={self.path}", "--", "ip", "-batch", "-"],
            input="\n".join(lines) + "\n", text=True, check=True, timeout=30,
        )  # fmt: skip

    def set(self, **settings: str) -> None:
        """Write settings below /proc/sys/net; an underscore pair in a name stands for the slash."""
        script = "; ".join(
            f"echo '{value}' > /proc/sys/net/{name.replace('__', '/')}" for name, value in settings.items()
        )
        subprocess.run(["nsenter", f"--net={self.path}", "--", "sh", "-ec", script], check=True, timeout=30)


@contextlib.contextmanager
def started(
    command: Sequence[str], ready: str = "ready", *, within_s: float = 120
) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends; it has started when it prints a line that begins with ``ready``."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    alarm = threading.Timer(within_s, process.kill)
    alarm.start()
    try:
        said = process.stdout.readline()
        alarm.cancel()
        if not said.startswith(ready):
            raise NoLab(f"{' '.join(command)[:300]}: did not start ({said.strip()[:200] or 'said nothing'})")
        yield process
    finally:
        alarm.cancel()
        process.stdin.close()
        _end(process)


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process that this program started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """Make a namespace with its loopback up; it ends with the block."""
    holding = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sleep", str(LIFETIME_S)]
    holder = subprocess.Popen(holding)
    try:
        name = Path(f"/proc/{holder.pid}/comm")
        until = time.monotonic() + 10
        while name.read_text().strip() != "sleep":
            if holder.poll() is not None or time.monotonic() > until:
                raise NoLab("no network namespace came of unshare --net")
            time.sleep(0.005)
        made = Place(holder.pid)
        made.configure("link set lo up")
        yield made
    finally:
        _end(holder)


@dataclass(frozen=True, slots=True)
class Wire:
    """How frames travel: 0.75 to 1.25 ms each way unless told otherwise; loss in parts per million, each way."""

    one_way_us: int = 750
    jitter_us: int = 500
    loss_per_million: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Network:
    """A lab in being: where the tool runs, where the fleet runs, and the wire between, where there is one."""

    tool: Place
    fleet: Place
    wire: subprocess.Popen[str] | None = None

    def reset(self) -> None:
        """Count from nothing, and make the scanner's kernel forget its neighbours."""
        if self.wire is not None:
            self.tool.configure("neigh flush dev lan0")
            self._say("reset")

    def frames(self) -> dict[str, Any] | None:
        """Return the frames since ``reset`` by direction and type, or None where nothing counts them."""
        if self.wire is None:
            return None
        time.sleep(0.05)
        counted: dict[str, Any] = json.loads(self._say("count"))
        return counted

    def _say(self, word: str) -> str:
        assert self.wire is not None
        assert self.wire.stdin is not None
        assert self.wire.stdout is not None
        self.wire.stdin.write(word + "\n")
        self.wire.stdin.flush()
        return self.wire.stdout.readline()


@contextlib.contextmanager
def loopback() -> Iterator[Network]:
    """Make one place where tool and fleet meet on loopback."""
    with place() as here:
        yield Network(here, here)


@contextlib.contextmanager
def lan(wire: Wire, live: Sequence[str], silent: str, folder: Path) -> Iterator[Network]:
    """Join two places; ``live`` addresses exist on the far side, ``silent`` answers ARP and nothing else."""
    emulator = folder / "lanemu"
    if not emulator.exists():
        source = Path(__file__).with_name("lanemu.c")
        subprocess.run(["cc", "-O2", "-o", str(emulator), str(source)], check=True, timeout=60)
    numbers = [wire.one_way_us, wire.jitter_us, wire.loss_per_million, wire.seed]
    with contextlib.ExitStack() as stack:
        near, far = stack.enter_context(place()), stack.enter_context(place())
        command = [str(emulator), near.path, far.path, *map(str, numbers), silent or "0.0.0.0"]
        process = stack.enter_context(started([*pinned(FLEET_CPU), *command]))
        for side in (near, far):
            side.set(ipv6__conf__all__disable_ipv6="1")
            side.configure("link set lan0 txqueuelen 5000 up")
        near.configure(
            f"addr add {SCANNER}/24 brd + dev lan0",
            f"route add {DARK} via {FLEET_SIDE}",
            "route add 224.0.0.0/4 dev lan0",
        )
        far.configure(
            f"addr add {FLEET_SIDE}/24 brd + dev lan0",
            f"route add blackhole {DARK}",
            "route add 224.0.0.0/4 dev lan0",
            # The kernel answers ARP for an address that is routed to itself; without a listener it resets.
            *(f"route add local {address}/32 dev lo table local" for address in live),
        )
        near.set(ipv4__ip_local_port_range="10000 65000")
        far.set(core__somaxconn="4096", ipv4__ip_forward="1", ipv4__icmp_ratelimit="0")
        yield Network(near, far, process)
