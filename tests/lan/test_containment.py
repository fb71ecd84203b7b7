"""The nftables rules in a network of our own: what they block is blocked, what they allow passes, both ways."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "unit" / "report"))

from lab import why_not
from report_factory import device, finding, school

from camaudit.model import Device, Kind, Planning, Report, Verdict
from camaudit.plan import plan
from camaudit.report.write import write

_PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
_PORT = 5540
_NUMBERS = itertools.count(1)
HOSTS = {
    "camera": ("192.0.2.10", "2001:db8:1::10"),
    "other": ("192.0.2.77", "2001:db8:1::77"),
    "recorder": ("198.51.100.5", "2001:db8:2::5"),
    "core": ("203.0.113.10", "2001:db8:3::10"),
    "internet": ("203.0.113.200", "2001:db8:4::200"),
}
ROUTES = {
    "cameras": (("camera", "other"), "192.0.2.1/24", "2001:db8:1::1/64"),
    "recorders": (("recorder",), "198.51.100.1/24", "2001:db8:2::1/64"),
    "core": (("core",), "203.0.113.1/25", "2001:db8:3::1/64"),
    "internet": (("internet",), "203.0.113.129/25", "2001:db8:4::1/64"),
}
LISTEN = """
import socket, sys, threading
def serve(family, address):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, {port})); server.listen(64)
    sys.stdout.write("ready\\n"); sys.stdout.flush()
    while True: server.accept()[0].close()
threading.Thread(target=serve, args=(socket.AF_INET6, {six!r})).start()
serve(socket.AF_INET, {four!r})
"""
KNOCK = """
import socket, sys
try: socket.create_connection((sys.argv[1], {port}), timeout=1.5).close()
except OSError: sys.exit(1)
"""


def _missing() -> str:
    return "no nft here (Debian: nftables)" if shutil.which("nft", path=_PATH) is None else why_not()


pytestmark = pytest.mark.skipif(bool(_missing()), reason=_missing() or "a network can be made here")


def run(*command: str, check: bool = True, text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": _PATH}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, input=text)
    assert not check or done.returncode == 0, (command, done.stderr)
    return done


class Networks:
    """A router between cameras, recorder, core network and internet; each host in a space of its own."""

    def __init__(self) -> None:
        self.tag = f"camnft{os.getpid()}x{next(_NUMBERS)}"
        self.router = f"{self.tag}-router"
        self._spaces: list[str] = []
        self._servers: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Networks:
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.kill()
            server.wait(timeout=10)
        for space in self._spaces:
            run("ip", "netns", "del", space, check=False)

    def _space(self, name: str) -> str:
        space = f"{self.tag}-{name}"
        run("ip", "netns", "add", space)
        self._spaces.append(space)
        run("ip", "-n", space, "link", "set", "lo", "up")
        return space

    def _make(self) -> None:
        self._space("router")
        for setting in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            self.inside("router", "sh", "-c", f"echo 1 > /proc/sys/{setting.replace('.', '/')}")
        for number, (hosts, four, six) in enumerate(ROUTES.values()):
            bridge = f"br{number}"
            run("ip", "-n", self.router, "link", "add", bridge, "type", "bridge")
            run("ip", "-n", self.router, "link", "set", bridge, "up")
            for address in (four, six):
                run(
                    "ip",
                    "-n",
                    self.router,
                    "addr",
                    "add",
                    address,
                    "dev",
                    bridge,
                    *(["nodad"] if ":" in address else []),
                )
            for place, host in enumerate(hosts):
                self._plug(host, bridge, f"p{number}{place}", four, six)
        for host in HOSTS:
            self._serve(host)

    def _plug(self, host: str, bridge: str, port: str, four: str, six: str) -> None:
        space = self._space(host)
        run("ip", "-n", self.router, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "-n", self.router, "link", "set", port, "master", bridge, "up")
        run("ip", "-n", space, "link", "set", "eth0", "up")
        for address, gateway in zip(HOSTS[host], (four, six), strict=True):
            via, length = gateway.split("/")
            run(
                "ip",
                "-n",
                space,
                "addr",
                "add",
                f"{address}/{length}",
                "dev",
                "eth0",
                *(["nodad"] if ":" in via else []),
            )
            run("ip", "-n", space, "route", "add", "default", "via", via)

    def _serve(self, host: str) -> None:
        four, six = HOSTS[host]
        code = LISTEN.format(port=_PORT, four=four, six=six)
        command = ["ip", "netns", "exec", f"{self.tag}-{host}", sys.executable, "-c", code]
        environment = {**os.environ, "PATH": _PATH}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self._servers.append(server)
        assert server.stdout is not None
        assert [server.stdout.readline(), server.stdout.readline()] == ["ready\n", "ready\n"]

    def inside(self, name: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program to its end where a host is."""
        return run("ip", "netns", "exec", f"{self.tag}-{name}", *command, check=check)

    def reached(self) -> dict[tuple[str, str, int], bool]:
        """Return who reaches whom over which version of IP; hosts of one network do not pass the router."""
        pairs = [p for p in itertools.permutations(HOSTS, 2) if set(p) != {"camera", "other"}]
        jobs = {}
        for source, target in pairs:
            for version, address in zip((4, 6), HOSTS[target], strict=True):
                knock = [sys.executable, "-c", KNOCK.format(port=_PORT), address]
                command = ["ip", "netns", "exec", f"{self.tag}-{source}", *knock]
                job = subprocess.Popen(command, env={**os.environ, "PATH": _PATH})
                jobs[source, target, version] = job
        return {key: job.wait(timeout=30) == 0 for key, job in jobs.items()}


def at(number: int, host: str, kind: Kind = Kind.CAMERA) -> Device:
    first, second = HOSTS[host]
    return replace(device(number, kind=kind), address=first, also_at=(second,))


def rules(folder: Path, *broken: Device, others: tuple[Device, ...], recorders: tuple[str, ...] = ()) -> Path:
    """Write the rules of a report in which ``broken`` devices break a rule, and return the nftables file."""
    findings = tuple(finding(each, Verdict.VIOLATION) for each in broken)
    devices, whole = (*broken, *others), school()
    report: Report = replace(
        whole,
        site=replace(whole.site, planning=Planning(recorders=recorders), core_networks=("203.0.113.0/25",)),
        devices=devices,
        findings=findings,
        plan=plan(devices, findings, whole.judged_as_of),
    )
    return next(path for path in write(report, ("containment",), folder) if path.suffix == ".nft")


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


def test_a_camera_reaches_its_recorder_and_nothing_else(networks: Networks, tmp_path: Path) -> None:
    # Given networks in which everybody reaches everybody
    assert set(networks.reached().values()) == {True}
    file = rules(tmp_path, at(1, "camera"), others=(at(2, "other"), at(3, "recorder", Kind.RECORDER)))
    # When the rules are checked and loaded, and loaded once more as after a new scan
    for command in (("nft", "-c", "-f"), ("nft", "-f"), ("nft", "-f")):
        networks.inside("router", *command, str(file))
    # Then only what they are about is blocked, over both versions of IP
    for (source, target, version), passed in networks.reached().items():
        expected = "camera" not in (source, target) or "recorder" in (source, target)
        assert passed is expected, (source, target, version)
    # And the way back that the file names gives everything back
    networks.inside("router", "nft", "delete", "table", "inet", "camaudit")
    assert set(networks.reached().values()) == {True}


def test_a_recorder_that_is_cut_off_still_records_every_camera(networks: Networks, tmp_path: Path) -> None:
    file = rules(tmp_path, at(1, "recorder", Kind.RECORDER), others=(at(2, "camera"), at(3, "other")))
    networks.inside("router", "nft", "-f", str(file))
    for (source, target, version), passed in networks.reached().items():
        cameras = {"camera", "other"}
        expected = "recorder" not in (source, target) or bool(cameras & {source, target})
        assert passed is expected, (source, target, version)


def test_without_a_recorder_nothing_reaches_the_camera(networks: Networks, tmp_path: Path) -> None:
    file = rules(tmp_path, at(1, "camera"), others=(at(2, "other"),))
    networks.inside("router", "nft", "-f", str(file))
    for (source, target, version), passed in networks.reached().items():
        assert passed is ("camera" not in (source, target)), (source, target, version)


def test_the_recorders_may_be_a_range_that_the_site_names(networks: Networks, tmp_path: Path) -> None:
    ranges = ("198.51.100.0/28", "2001:db8:2::/64")
    file = rules(tmp_path, at(1, "camera"), others=(), recorders=ranges)
    networks.inside("router", "nft", "-f", str(file))
    found = networks.reached()
    assert found["recorder", "camera", 4]
    assert found["recorder", "camera", 6]
    assert not found["core", "camera", 4]
    assert not found["camera", "internet", 6]


def test_twenty_thousand_addresses_load(networks: Networks, tmp_path: Path) -> None:
    units = [
        replace(device(1), id=f"u{n}", address=f"10.{n // 8000}.{n // 100 % 80}.{n % 100 * 2 + 1}")
        for n in range(20000)
    ]
    file = rules(tmp_path, *units, others=())
    networks.inside("router", "nft", "-c", "-f", str(file))


def test_sockets_of_this_machine_are_untouched() -> None:
    """The rules are only ever loaded in a network of our own."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        assert run("nft", "list", "tables", check=False).stdout.find("camaudit") == -1
