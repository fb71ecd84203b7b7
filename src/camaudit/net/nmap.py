"""The nmap program as a finder: in go addresses that the gate lets through, out come live hosts and open ports.

Nothing else is asked of it: no scripts, no versions, no guess at the system, no names. The addresses go through
its standard input, so that no text of the operator is ever an argument. Its XML is read by python-nmap, after
defusedxml has refused entities; an address or a port that was not asked for is not believed.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ipaddress
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from camaudit.errors import NetworkUnavailable
from camaudit.net.gate import Gate, Reach
from camaudit.net.manners import Manners

_MOST_OUTPUT = 32 * 1024 * 1024
_MOST_COMPLAINT = 64 * 1024
_LEAST_S, _EACH_S = 120.0, 15.0
"""How long one call may take: nmap tries a filtered port eleven times, and a host has some twenty."""

_VERSION = re.compile(r"^Nmap version (\d{1,3}\.[0-9A-Za-z.]{1,16}) ", re.MULTILINE)
_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_STATES = {"open": Reach.OPEN, "closed": Reach.REFUSED}
_INSTEAD = "or leave --engine nmap out: the built-in engine needs no nmap"


@dataclass(frozen=True, slots=True)
class Found:
    """A host that nmap says is there, what each port asked did, and its MAC address where nmap saw it."""

    address: str
    ports: Mapping[int, Reach]
    mac: str | None = None


class Nmap:
    """An nmap that was found here. ``raw``: it may use raw sockets; ``version``: as it tells it."""

    def __init__(self, path: str, reader: Any, version: str) -> None:
        self.version = version
        self.raw = may_send_raw()
        self._path = path
        self._reader = reader

    async def look(
        self, gate: Gate, addresses: Collection[str], ports: Collection[int], *, there: bool
    ) -> tuple[Found, ...]:
        """Ask nmap for the live hosts among ``addresses`` and their ports, at the gate's rate.

        Hosts known to be ``there`` are not pinged first. Raises Stopped for an address out of scope before
        anything is sent, and NetworkUnavailable where nmap fails or says what cannot be read.
        """
        found: list[Found] = []
        for address in addresses:
            gate.check(address)
        allowed = [ipaddress.ip_address(address) for address in addresses]
        for version in (4, 6):
            asked = {str(address) for address in allowed if address.version == version}
            if asked:
                arguments = (
                    *self._arguments(ports, gate.pace.rate, there),
                    *_restraint(gate.manners),
                    *(("-6",) if version == 6 else ()),
                )
                targets = "".join(f"{address}\n" for address in sorted(asked)).encode()
                xml = await self._run(arguments, targets, _LEAST_S + _EACH_S * len(asked))
                found += self._read(xml, asked, ports)
        return tuple(found)

    def _arguments(self, ports: Collection[int], rate: float, there: bool) -> tuple[str, ...]:
        named = ",".join(map(str, ports))
        first = ",".join(map(str, tuple(ports)[:3]))
        return (
            *("-oX", "-", "-iL", "-", "-n"),
            *(("-sS", "--privileged") if self.raw else ("-sT", "--unprivileged")),
            # The ports that the built-in engine knocks at first, so that both find the same hosts.
            "-Pn" if there else f"-PS{first}",
            *("-p", named, "--max-rate", f"{rate:.6g}"),
        )

    async def _run(self, arguments: tuple[str, ...], targets: bytes, most_s: float) -> bytes:
        try:
            process = await asyncio.create_subprocess_exec(
                *(self._path, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C is for camaudit, which ends nmap; without a terminal nmap takes no keys either.
                start_new_session=True,
            )
        except OSError as error:
            raise NetworkUnavailable(f"nmap could not be started ({error.strerror}); {_INSTEAD}") from None
        pipes = [
            asyncio.ensure_future(_whole(process.stdout)),
            asyncio.ensure_future(_beginning(process.stderr)),
            asyncio.ensure_future(_give(process.stdin, targets)),
        ]
        try:
            async with asyncio.timeout(most_s):
                out, complaint, _ = await asyncio.gather(*pipes)
                code = await process.wait()
        except TimeoutError:
            raise NetworkUnavailable(f"nmap did not end within {most_s:.0f} s; {_INSTEAD}") from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in pipes:
                pipe.cancel()
            await asyncio.gather(*pipes, return_exceptions=True)
            # asyncio knows of the end of a process only when its pipes are read to theirs.
            await asyncio.gather(_beginning(process.stdout), _beginning(process.stderr))
            await process.wait()
        if code:
            ended = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
            raise NetworkUnavailable(f"nmap {ended}: {_one_line(complaint)}; {_INSTEAD}")
        return out

    def _read(self, xml: bytes, asked: Collection[str], ports: Collection[int]) -> tuple[Found, ...]:
        try:
            tree = fromstring(xml, forbid_dtd=False, forbid_entities=True, forbid_external=True)
            ended = tree.findall("runstats/finished")[0].get("exit")
            some_closed = frozenset(_with_closed_ports(tree))
            told = self._reader.analyse_nmap_xml_scan(nmap_xml_output=xml)["scan"]
            up = {a: told[a] for a in asked if a in told and told[a]["status"]["state"] == "up"}
            found = tuple(_found(a, host, ports, in_sum=a in some_closed) for a, host in sorted(up.items()))
        except (DefusedXmlException, ParseError, AttributeError, LookupError, TypeError, ValueError):
            raise NetworkUnavailable(f"what nmap wrote is not its XML, so it was not used; {_INSTEAD}") from None
        if ended != "success":
            raise NetworkUnavailable(f"nmap did not come to its end; {_INSTEAD}")
        return found


def _restraint(manners: Manners) -> tuple[str, ...]:
    """Return what lets nmap ask one device gently: one thing after the other, and a silent port once more only."""
    return () if manners.optional else ("--scan-delay", f"{1000 / manners.a_second:.0f}ms", "--max-retries", "1")


def _found(address: str, host: Mapping[str, Any], ports: Collection[int], *, in_sum: bool) -> Found:
    told = {port: _STATES.get(each["state"], Reach.SILENT) for port, each in host.get("tcp", {}).items()}
    otherwise = Reach.REFUSED if in_sum else Reach.SILENT
    mac = str(host["addresses"].get("mac", "")).lower()
    reached = {port: told.get(port, otherwise) for port in ports}
    return Found(address, reached, mac if _MAC.fullmatch(mac) else None)


def find_nmap() -> Nmap:
    """Find nmap and python-nmap; raises NetworkUnavailable with what to install. Nothing is sent."""
    try:
        import nmap
    except ImportError:
        raise NetworkUnavailable(
            f"--engine nmap needs the library python-nmap: pip install 'camaudit[nmap]', {_INSTEAD}"
        ) from None
    path = shutil.which("nmap")
    if path is None:
        raise NetworkUnavailable(
            f"--engine nmap needs the program nmap, which is not here: install it (apt install nmap), {_INSTEAD}"
        )
    try:
        reader = nmap.PortScanner(nmap_search_path=(path,))
        said = _VERSION.search(reader.get_nmap_last_output())
    except (nmap.PortScannerError, OSError, ValueError):
        said = None
    if said is None:
        raise NetworkUnavailable(f"{path} does not say that it is nmap: install nmap again, {_INSTEAD}")
    return Nmap(path, reader, said[1])


@functools.cache
def may_send_raw() -> bool:
    """Return whether nmap may use raw sockets here: root is not enough, a container may have taken them away.

    What it was at first holds: camaudit puts its own privilege away, and nmap still gets it.
    """
    if os.geteuid() != 0:
        return False
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).close()
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    except (OSError, AttributeError):
        return False
    return True


def _with_closed_ports(tree: Any) -> Iterator[str]:
    """Yield the hosts of whose ports nmap only says how many are closed (python-nmap leaves that out)."""
    for host in tree.findall("host"):
        if any(sum_.get("state") == "closed" for sum_ in host.findall("ports/extraports")):
            yield from (address.get("addr") for address in host.findall("address"))


async def _whole(stream: asyncio.StreamReader | None) -> bytes:
    parts: list[bytes] = []
    size = 0
    while stream is not None and (part := await stream.read(65536)):
        size += len(part)
        if size > _MOST_OUTPUT:
            raise NetworkUnavailable(f"nmap wrote more than it can have to say, so it was ended; {_INSTEAD}")
        parts.append(part)
    return b"".join(parts)


async def _beginning(stream: asyncio.StreamReader | None) -> bytes:
    kept = b""
    while stream is not None and (part := await stream.read(65536)):
        kept = (kept + part)[:_MOST_COMPLAINT]
    return kept


async def _give(stream: asyncio.StreamWriter | None, targets: bytes) -> bytes:
    if stream is not None:
        # One that ends without reading its targets says why in its exit code.
        with contextlib.suppress(ConnectionError):
            stream.write(targets)
            await stream.drain()
        stream.close()
    return targets


def _one_line(complaint: bytes) -> str:
    lines = (line.strip() for line in complaint.decode("utf-8", "replace").splitlines())
    text = next((line for line in lines if line), "it did not say why")
    return "".join(c if c.isprintable() else "?" for c in text[:200])
