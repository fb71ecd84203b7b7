"""A network of our own: one host in each network namespace, all on one bridge, nothing of it on this machine's.

In go addresses, out come hosts that commands can be started on. Everything hangs on processes that sleep: when
they end, the kernel takes namespaces, bridge and links with them. A user namespace makes it work without root, and
keeps root of this machine out of it where the tests do run as root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = 26
LIFETIME_S = 150
"""After this every process of the lab ends by itself, should the test that started it be killed."""

_ENDING_S = 5
_SEARCH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
_NEEDED = ("ip", "unshare", "nsenter", "timeout", "sleep")
_AS_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


def program(name: str) -> str | None:
    """Return the path of a program, also of one that only administrators have in their path."""
    return shutil.which(name, path=_SEARCH)


def why_not() -> str:
    """Return why no lab can be made here; empty where it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    lacking = [name for name in _NEEDED if program(name) is None]
    if lacking:
        return f"no {', '.join(lacking)} here (Debian: iproute2, util-linux, coreutils)"
    command = ["unshare", "--user", "--map-root-user", "--net", "ip", "link", "add", "b0", "type", "bridge"]
    tried = subprocess.run(command, capture_output=True, text=True, env=_environment(), timeout=20)
    return f"no network namespace may be made here: {tried.stderr.strip()[:120]}" if tried.returncode else ""


@dataclass(frozen=True)
class Host:
    """One host of the lab. ``holder`` is the process whose namespace it is; its interface is ``eth0``."""

    address: str
    holder: int

    def command(self, *arguments: str, as_user: bool = True) -> list[str]:
        """Return ``arguments`` as they run on this host, without any privilege unless ``as_user`` is false."""
        inside = [*_entering(self.holder, "--user", "--net"), *(_AS_USER if as_user else ()), *arguments]
        return ["timeout", "--kill-after=5", str(LIFETIME_S), *inside]

    def listening(self) -> frozenset[tuple[str, int]]:
        """Return what is bound on this host as (protocol, port), read from the kernel: no packet is sent."""
        bound = set()
        for protocol, listens in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
            table = Path(f"/proc/{self.holder}/net/{protocol}").read_text("ascii")
            for columns in map(str.split, table.splitlines()[1:]):
                if columns[3] == listens:
                    bound.add((protocol[:3], int(columns[1].rpartition(":")[2], 16)))
        return frozenset(bound)


@dataclass
class Lab:
    """A bridge and its hosts; ``with Lab() as lab`` ends everything that it started."""

    switch: int = 0
    _holders: list[subprocess.Popen[str]] = field(default_factory=list)
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Lab:
        self.switch = self._hold(["unshare", "--user", "--map-root-user", "--net"])
        self._configure(self.switch, "link add br0 type bridge mcast_snooping 0", "link set br0 up")
        return self

    def __exit__(self, *_: object) -> None:
        # Whoever ended by itself was waited for: its number may be another's by now.
        mine = [process for process in self._running if process.poll() is None]
        for process in mine:
            os.killpg(process.pid, signal.SIGTERM)
        deadline_s = time.monotonic() + _ENDING_S
        for process in mine:
            while not _ended(process) and time.monotonic() < deadline_s:
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        for holder in self._holders:
            holder.kill()
            holder.wait(5)

    def host(self, address: str) -> Host:
        """Add a host with this address to the bridge."""
        holder = self._hold([*_entering(self.switch, "--user"), "unshare", "--net"])
        number = int(address.rpartition(".")[2])
        self._configure(
            self.switch,
            f"link add p{number} type veth peer name eth0 netns {holder}",
            f"link set p{number} master br0 up",
        )
        self._configure(
            holder,
            "link set lo up",
            # Locally administered, so that no maker's prefix is in play.
            f"link set eth0 address 02:00:00:00:64:{number:02x} up",
            f"addr add {address}/{PREFIX} brd + dev eth0",
            "route add 224.0.0.0/4 dev eth0",
        )
        return Host(address, holder)

    def port_of(self, host: Host) -> str:
        """Return the name of the bridge's port that leads to ``host``."""
        return f"p{host.address.rpartition('.')[2]}"

    def on_switch(self, *arguments: str) -> list[str]:
        """Return ``arguments`` as they run where the bridge is, with that namespace's own root."""
        inside = [*_entering(self.switch, "--user", "--net"), *arguments]
        return ["timeout", "--kill-after=5", str(LIFETIME_S), *inside]

    def start(
        self, command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start a command that the lab ends; what it says goes to ``output.log`` in ``folder``."""
        with (folder / "output.log").open("a") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**_environment(), "HOME": str(folder), **(more or {})},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def _hold(self, namespace: list[str]) -> int:
        holder = subprocess.Popen([*namespace, "sleep", str(LIFETIME_S)], env=_environment(), text=True)
        self._holders.append(holder)
        name = Path(f"/proc/{holder.pid}/comm")
        deadline_s = time.monotonic() + 10
        while name.read_text().strip() != "sleep":
            if holder.poll() is not None or time.monotonic() > deadline_s:
                raise RuntimeError(f"{' '.join(namespace)}: no namespace came of it")
            time.sleep(0.005)
        return holder.pid

    def _configure(self, holder: int, *lines: str) -> None:
        # Any host may serve port 80: then no server needs privileges, and none drops them in a way of its own.
        script = "echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && exec ip -batch -"
        subprocess.run(
            [*_entering(holder, "--user", "--net"), "sh", "-c", script],
            input="\n".join(lines) + "\n",
            text=True,
            check=True,
            env=_environment(),
            timeout=20,
        )


def _entering(holder: int, *namespaces: str) -> list[str]:
    return ["nsenter", f"--target={holder}", *namespaces, "--preserve-credentials", "--"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": _SEARCH}


def _ended(process: subprocess.Popen[str]) -> bool:
    """Say whether a process has ended, and leave it its number: the group it leads is signalled by that."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
