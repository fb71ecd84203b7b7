"""Switches that answer by SNMP, as snmpsim plays them: in go ports and MAC addresses, out come running agents."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

V3_USER, V3_PROOF, V3_HIDDEN = "auditor", "proof-of-test", "hidden-in-test"
_BRIDGE, _Q, _POE = "1.3.6.1.2.1.17", "1.3.6.1.2.1.17.7", "1.3.6.1.2.1.105.1.1.1"
_LLDP = "1.0.8802.1.1.2.1"


@dataclass
class Switch:
    """One switch: the MAC addresses at each port, ports that lead to other switches, and ports that give power."""

    name: str
    units: Mapping[int, tuple[str, ...]]
    uplinks: Mapping[int, str] = field(default_factory=dict)
    power: Mapping[int, bool] = field(default_factory=dict)
    vlan_aware: bool = True
    by_vlan: int = 0
    """The VLAN in whose own context alone the MAC table is told, as Cisco does; 0 for none."""
    phones: tuple[int, ...] = ()
    """Ports whose neighbour speaks LLDP and is no switch."""

    def records(self, vlan: int = 0) -> list[str]:
        """Return the lines of a ``.snmprec`` file, in order, as told in a VLAN's context."""
        rows: dict[str, tuple[str, str]] = {"1.3.6.1.2.1.1.5.0": ("4", self.name)}
        if self.by_vlan:
            rows |= {f"1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.{each}": ("2", "1") for each in (self.by_vlan, 1003)}
        for port in sorted({*self.units, *self.uplinks, *self.power}):
            rows[f"{_BRIDGE}.1.4.1.2.{port}"] = ("2", str(1000 + port))
            rows[f"1.3.6.1.2.1.31.1.1.1.1.{1000 + port}"] = ("4", f"Gi1/0/{port}")
            rows[f"1.3.6.1.2.1.31.1.1.1.18.{1000 + port}"] = ("4", f"desk {port}")
        for port, macs in self.units.items():
            for mac in macs if vlan == self.by_vlan else ():
                index = ".".join(str(int(part, 16)) for part in mac.split(":"))
                table = f"{_Q}.1.2.2.1" if self.vlan_aware else f"{_BRIDGE}.4.3.1"
                index = f"7.{index}" if self.vlan_aware else index
                rows[f"{table}.2.{index}"] = ("2", str(port))
                rows[f"{table}.3.{index}"] = ("2", "3")
        if self.vlan_aware:
            rows[f"{_Q}.1.4.2.1.3.0.10"] = ("66", "7")
        for port, neighbour in self.uplinks.items():
            rows[f"{_LLDP}.4.1.1.9.0.{port}.1"] = ("4", neighbour)
            rows[f"{_LLDP}.4.1.1.12.0.{port}.1"] = ("4x", "28")
        for port in self.phones:
            rows[f"{_LLDP}.4.1.1.9.0.{port}.1"] = ("4", "axis-camera")
            rows[f"{_LLDP}.4.1.1.12.0.{port}.1"] = ("4x", "01")
        for port, on in self.power.items():
            rows[f"{_POE}.3.1.{port}"] = ("2", "1")
            rows[f"{_POE}.6.1.{port}"] = ("2", "3" if on else "2")
        order = sorted(rows, key=lambda oid: tuple(map(int, oid.split("."))))
        return [f"{oid}|{rows[oid][0]}|{rows[oid][1]}" for oid in order]


@contextlib.contextmanager
def answering(folder: Path, switches: Mapping[str, Switch]) -> Iterator[int]:
    """Run agents on loopback for ``switches`` by their address; each by its name as community. Give the port."""
    data, index = folder / "snmp", folder / "snmp-index"
    data.mkdir()
    index.mkdir()
    for switch in switches.values():
        (data / f"{switch.name}.snmprec").write_text("\n".join(switch.records()) + "\n")
        if switch.by_vlan:
            inside = "\n".join(switch.records(switch.by_vlan)) + "\n"
            (data / f"{switch.name}@{switch.by_vlan}.snmprec").write_text(inside)
    port = _free_port()
    ends = [f"--agent-udpv4-endpoint={address}:{port}" for address in switches]
    program = str(Path(sys.executable).with_name("snmpsim-command-responder"))
    secrets = [
        f"--v3-user={V3_USER}", f"--v3-auth-key={V3_PROOF}", "--v3-auth-proto=SHA256",
        f"--v3-priv-key={V3_HIDDEN}", "--v3-priv-proto=AES",
    ]  # fmt: skip
    owner = ["--process-user=root", "--process-group=root"]
    command = [program, f"--data-dir={data}", f"--cache-dir={index}", *ends, *secrets, *owner]
    log = (folder / "snmpsim.log").open("w")
    agents = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(next(iter(switches)), port, agents)
        yield port
    finally:
        agents.terminate()
        agents.wait(timeout=20)
        log.close()


def asked(folder: Path) -> list[str]:
    """Return the lines of the agents' log in which somebody asked something."""
    return [line for line in (folder / "snmpsim.log").read_text().splitlines() if "Request var-binds" in line]


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait(address: str, port: int, agents: subprocess.Popen[bytes]) -> None:
    """Wait until the agents have bound their port: until then the kernel refuses a datagram."""
    for _ in range(300):
        assert agents.poll() is None, "snmpsim ended"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.2)
            sock.connect((address, port))
            with contextlib.suppress(TimeoutError):
                try:
                    sock.send(b"?")
                    sock.recv(1)
                except ConnectionRefusedError:
                    time.sleep(0.1)
                    continue
            return
    raise AssertionError("snmpsim did not start")
