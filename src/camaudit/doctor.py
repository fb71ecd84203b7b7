"""What this machine can and cannot do for an audit, each with its remedy; nothing leaves the machine."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from camaudit.ages import ages, refresh
from camaudit.catalogue import load_catalogue
from camaudit.errors import NetworkUnavailable
from camaudit.net.interfaces import interfaces
from camaudit.net.nmap import find_nmap
from camaudit.phrases import phrases
from camaudit.signatures.oui import packaged_table
from camaudit.store import default_url

_ENOUGH_FILES = 1024
_CHINESE = "摄像机"
"""Camera."""
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried: what, whether it is there, what to do if not, and whether an audit needs it."""

    what: str
    good: bool
    remedy: str = ""
    needed: bool = False


def examine() -> Iterator[Check]:
    """Yield each check in the order of how much it matters."""
    yield from _interfaces()
    yield _multicast()
    yield _raw_sockets()
    yield _open_files()
    yield _clock()
    yield _prefixes()
    yield from _ages(date.today())
    yield Check(f"runs are kept in {default_url()}", True)
    yield _nmap()
    yield _fonts()


def _interfaces() -> Iterator[Check]:
    found = [i for i in interfaces() if not i.address.startswith("127.")]
    if not found:
        yield Check(
            "no network interface but loopback", False, "connect this machine to the cameras' network", needed=True
        )
    for interface in found:
        yield Check(f"interface {interface.name}: {interface.address} in {interface.network}", True)


def _multicast() -> Check:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    except OSError as error:
        return Check(
            f"multicast cannot be sent ({error.strerror})",
            False,
            "cameras are then only found by address: give the whole address range",
        )
    return Check("multicast can be sent (whether the switch carries it shows in a scan's coverage)", True)


def _raw_sockets() -> Check:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    except (OSError, AttributeError):
        return Check(
            "raw sockets are not allowed",
            False,
            "not needed: the system's own ARP finds the same devices, with more packets and a second later; "
            "run as root where that matters",
        )
    return Check("raw sockets are allowed", True)


def _open_files() -> Check:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A scan raises its own limit as far as it may; only a low hard limit makes it slower.
    said = f"{hard} files may be open at once (now {soft})"
    return Check(
        said, hard >= _ENOUGH_FILES, "raise the hard limit to 4096 (limits.conf): a scan is slower below it"
    )


def _clock() -> Check:
    now = datetime.now(UTC)
    good = now > _BUILT
    return Check(
        f"the clock says {now:%Y-%m-%d %H:%M} UTC", good, "set the clock: deadlines depend on it", not good
    )


def _prefixes() -> Check:
    table = packaged_table()
    remedy = "install camaudit again: MAC prefixes cannot be looked up"
    user = "root" if os.geteuid() == 0 else "not root"
    return Check(f"MAC prefixes can be looked up (running as {user})", table.file is not None, remedy)


def _ages(today: date) -> Iterator[Check]:
    """Yield how old each kind of knowledge is, and how it is renewed."""
    said = phrases().ages
    for age in ages(load_catalogue()):
        old = age.is_old(today)
        about = {"what": said[f"what_{age.known}"], "since": age.checked or said["unknown"]}
        yield Check(said["is_old" if old else "is_fine"].format(**about), not old, refresh(age.known))


def _nmap() -> Check:
    try:
        found = find_nmap()
    except NetworkUnavailable as missing:
        return Check("--engine nmap cannot be used (and is not needed)", False, str(missing))
    way = "SYN scan" if found.raw else "connect scan: no raw sockets"
    return Check(f"nmap {found.version} can be used with --engine nmap ({way})", True)


def _fonts() -> Check:
    from camaudit.report.legible import refused

    if refused(_CHINESE, system_fonts=True):
        return Check(
            "no font here has Chinese signs",
            False,
            "not needed: the PDF writes such a name by the numbers of its signs; install Noto Sans CJK (Debian: "
            "fonts-noto-cjk) where cameras have Chinese names",
        )
    return Check("Chinese names can be printed in the PDF", True)
