"""Ports below 1024 without root: a user namespace of our own where there is one, else shifted ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass

SHIFT = 10000
_INSIDE = "CAMAUDIT_INSIDE_NAMESPACE"


@dataclass(frozen=True, slots=True)
class LowPorts:
    """How the fleet's ports below 1024 are had: ``shift`` is added to them; ``said`` tells the user."""

    shift: int
    said: str


def make_room() -> LowPorts:
    """Find a way to port 80; may start this command again inside a user namespace and never return."""
    if os.environ.get(_INSIDE):
        raise_loopback()
        return LowPorts(0, "Ports below 1024 need root here, so the fleet lives in a user namespace of its own.")
    if may_bind(80):
        return LowPorts(0, "")
    command = in_namespace([sys.executable, "-m", "camaudit", *sys.argv[1:]])
    if command is not None:
        os.execve(command[0], command, {**os.environ, _INSIDE: "1"})  # noqa: S606 -- ourselves, no shell
    return LowPorts(SHIFT, f"Ports below 1024 need root here, so the fleet's are shifted by {SHIFT}.")


def may_bind(port: int) -> bool:
    """Return whether this process may listen on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.77.255.254", port))
        except OSError:
            return False
    return True


def in_namespace(command: list[str]) -> list[str] | None:
    """Return ``command`` wrapped to run in a user namespace, or ``None`` where this machine has none."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    wrap = [unshare, "--user", "--map-root-user", "--net", "--"]
    try:
        # Tried with our own interpreter: in a home that only its owner may enter it cannot be started there.
        # A fixed command without a shell: nothing of it comes from outside.
        tried = subprocess.run([*wrap, sys.executable, "-c", ""], capture_output=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return [*wrap, *command] if tried.returncode == 0 else None


def raise_loopback() -> None:
    """Bring ``lo`` up: a new network namespace has it down (SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP of Linux)."""
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(control, 0x8913, request)[:18])[1]
        fcntl.ioctl(control, 0x8914, struct.pack("16sh", b"lo", flags | 1))
