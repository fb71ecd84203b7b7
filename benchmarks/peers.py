"""The peers: command lines of nmap, and what its XML says it found."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import parse

from camaudit.scan import ports as scan_ports

PORTS = tuple(sorted(scan_ports.PORTS))
"""The ports that camaudit knocks at by default; nmap is told the same, so that neither has more to do."""

_SCRIPTS = "--script=rtsp-methods,http-title,http-server-header,http-auth,ssl-cert"
_TUNED = ("-T4", "-sV", "--version-light", _SCRIPTS, "--min-parallelism", "500", "--min-hostgroup", "256")


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to run nmap. ``slow``: it takes minutes, so it runs once, and not at all in quick mode."""

    name: str
    arguments: tuple[str, ...]
    slow: bool = False

    def command(self, binary: str, targets: Path, xml: Path) -> list[str]:
        """Return the command line; -n because no tool here has a name server to ask."""
        ports = ",".join(map(str, PORTS))
        return [binary, "-n", *self.arguments, "-p", ports, "-iL", str(targets), "-oX", str(xml)]


FULL = Peer("nmap -sV + 5 scripts", ("-sV", _SCRIPTS), slow=True)
SCRIPTS = Peer("nmap -T4 + 5 scripts", ("-T4", _SCRIPTS), slow=True)
PORTS_ONLY = Peer("nmap -sS (ports only)", ("-sS",))
PORTS_FAST = Peer("nmap -T4 -sS (ports only)", ("-T4", "-sS"))
TUNED = Peer("nmap -T4 -sV light, tuned, + 5 scripts", _TUNED, slow=True)
DARK = Peer("nmap -sS -Pn (ports only)", ("-sS", "-Pn"), slow=True)


def nmap(*, install: bool) -> tuple[str | None, str]:
    """Return nmap's path, installing the system's package where allowed, and a line on how that went."""
    found = shutil.which("nmap")
    if found is None and install and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "--no-install-recommends", "nmap"]
        try:
            subprocess.run(command, env=environment, capture_output=True, timeout=240)
        except subprocess.TimeoutExpired:
            return None, "apt-get did not install nmap within 240 s: peers are skipped"
        found = shutil.which("nmap")
    if found is None:
        return None, "nmap is not here: peers are skipped (Debian: apt-get install nmap)"
    said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20).stdout
    return found, said.partition("\n")[0].partition(" (")[0]


def open_ports(xml: Path) -> frozenset[tuple[str, int]] | None:
    """Return the open (address, port) pairs of a finished run, or None where its XML is not whole."""
    try:
        root = parse(xml).getroot()
    except (OSError, ParseError):
        return None
    if root is None:
        return None
    found = set()
    for host in root.iter("host"):
        address = next((a.get("addr", "") for a in host.iter("address") if a.get("addrtype") == "ipv4"), "")
        for port in host.iter("port"):
            state = port.find("state")
            if state is not None and state.get("state") == "open":
                found.add((address, int(port.get("portid", "0"))))
    return frozenset(found)
