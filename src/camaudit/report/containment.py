"""Rules to paste into a firewall: in goes a ``Report``, out come snippets that cut off what stays for now.

Only addresses that answered the scan stand in them, never a word that a device wrote. A unit may talk with its
recorder and with nothing else; the templates lie in ``reports/containment``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined

from camaudit.model import Kind, Report
from camaudit.report.readers import IT
from camaudit.report.safe import plain
from camaudit.report.summary import is_video
from camaudit.report.words import words
from camaudit.report.write import CONTAINMENT
from camaudit.resources import data_folder

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_READERS = ("", IT)
_A_LINE = 4


@dataclass(frozen=True, slots=True)
class Containment:
    """Whom to cut off and who may still reach them, as networks without overlap, by version of IP."""

    cameras4: tuple[Network, ...]
    cameras6: tuple[Network, ...]
    recorders4: tuple[Network, ...]
    recorders6: tuple[Network, ...]
    reached4: tuple[Network, ...]
    reached6: tuple[Network, ...]
    """Whom the recorders may talk with: those cut off, and every camera where a recorder itself is cut off."""
    recorder_too: bool
    devices: int
    left_out: int
    """Devices that have no address which a router could filter by."""


def containment(report: Report) -> Containment | None:
    """Return whom the plan isolates; ``None`` where nobody is, or where this reader does not need it."""
    if report.audience not in _READERS:
        return None
    wanted = {device for step in report.plan if step.action == "isolate" for device in step.devices}
    isolated = [device for device in report.devices if device.id in wanted]
    found = {device.id: tuple(_routed((device.address, *device.also_at))) for device in isolated}
    if not any(found.values()):
        return None
    cameras = [address for addresses in found.values() for address in addresses]
    recorders = _recorders(report)
    recorder_too = any(_within(address, each) for address in cameras for each in recorders)
    reached = _video(report) if recorder_too else cameras
    return Containment(
        cameras4=_collapsed(cameras, 4),
        cameras6=_collapsed(cameras, 6),
        recorders4=_collapsed(recorders, 4),
        recorders6=_collapsed(recorders, 6),
        reached4=_collapsed(reached, 4),
        reached6=_collapsed(reached, 6),
        recorder_too=recorder_too,
        devices=len(isolated),
        left_out=sum(not addresses for addresses in found.values()),
    )


def snippet(report: Report, kind: str) -> str:
    """Return one file of ``CONTAINMENT``; empty where there is nothing to isolate."""
    found = containment(report)
    return _render(found, kind) if found else ""


def snippets(found: Containment) -> Iterator[tuple[str, str]]:
    """Yield each file's name and text."""
    return ((kind, _render(found, kind)) for kind in CONTAINMENT)


def notes_of(found: Containment) -> tuple[str, ...]:
    """Return what has to be read before anything is pasted."""
    said = words().containment
    notes = [words().counted(said, "what", found.devices), said["test_first"], said["only_passing"]]
    if not found.recorders4 and not found.recorders6:
        notes.append(said["no_recorder"])
    if found.recorder_too:
        notes.append(said["recorder_too"])
    if not found.cameras6:
        notes.append(said["no_ipv6"])
    if found.left_out:
        notes.append(words().counted(said, "left_out", found.left_out))
    return tuple(notes)


def _recorders(report: Report) -> list[Network]:
    """Return the recorders that the site names, else those that the scan found."""
    stated = report.site.planning.recorders
    if stated:
        return [ipaddress.ip_network(each, strict=False) for each in stated]
    found = (d for d in report.devices if d.identification.kind is Kind.RECORDER)
    return [address for device in found for address in _routed((device.address, *device.also_at))]


def _video(report: Report) -> list[Network]:
    """Return every camera and recorder: one that is cut off goes on recording the others."""
    return [each for d in report.devices if is_video(d) for each in _routed((d.address, *d.also_at))]


def _within(address: Network, network: Network) -> bool:
    return address.network_address in network


def _routed(addresses: Iterable[str]) -> Iterator[Network]:
    """Yield the addresses that pass a router; link-local ones and names do not."""
    for text in addresses:
        # The zone behind a % may hold any text and would be written out with the address.
        if "%" in text:
            continue
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not address.is_link_local and not address.is_multicast and not address.is_unspecified:
            yield ipaddress.ip_network(address)


def _collapsed(networks: Iterable[Network], version: int) -> tuple[Network, ...]:
    if version == 4:
        return tuple(ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv4Network)))
    return tuple(ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv6Network)))


def _render(found: Containment, kind: str) -> str:
    return (
        _environment()
        .get_template(f"{kind}.j2")
        .render(
            cameras4=[_shown(each) for each in found.cameras4],
            cameras6=[_shown(each) for each in found.cameras6],
            recorders4=[_shown(each) for each in found.recorders4],
            recorders6=[_shown(each) for each in found.recorders6],
            reached4=[_shown(each) for each in found.reached4],
            reached6=[_shown(each) for each in found.reached6],
            notes=[plain(note) for note in notes_of(found)],
            w={key: plain(text) for key, text in words().containment.items()},
            elements=_elements,
        )
    )


def _shown(network: Network) -> str:
    """Write a single address plainly and a range with its length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _elements(addresses: list[str]) -> str:
    """Write the elements of an nftables set; an empty set has no such line."""
    if not addresses:
        return ""
    lines = (", ".join(addresses[at : at + _A_LINE]) for at in range(0, len(addresses), _A_LINE))
    return "\t\telements = {\n\t\t\t" + ",\n\t\t\t".join(lines) + "\n\t\t}\n"


def _wildcard(text: str) -> str:
    """Write an IPv4 address or range as Cisco does: ``host A`` or ``A wildcard``."""
    network = ipaddress.ip_network(text)
    return f"host {text}" if network.num_addresses == 1 else f"{network.network_address} {network.hostmask}"


def _cisco6(text: str) -> str:
    return f"host {text}" if "/" not in text else text


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - no markup and nothing but addresses: there is nothing to escape
        loader=FunctionLoader(lambda name: (data_folder("reports") / "containment" / name).read_text("utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(wildcard=_wildcard, host6=_cisco6)
    return environment
