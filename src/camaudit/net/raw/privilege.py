"""Giving privileges up for good: what is not held cannot be taken over by a hostile packet. Linux only."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

DAC_OVERRIDE = 1
"""The capability to write where only others may; of all, the one that a root's own store may need."""

NET_ADMIN, NET_RAW = 12, 13
"""The capabilities to tell the kernel of neighbours, and to open raw sockets."""

_VERSION_3 = 0x20080522
_KEEP_CAPABILITIES, _NO_NEW_PRIVILEGES = 8, 38
_NOBODY = 65534


def hold_back(keep: Iterable[int] = (DAC_OVERRIDE,)) -> None:
    """Let this thread and those begun later use no capability but ``keep``; a program that it starts may still.

    Raises OSError where the system does not let it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _, permitted, inheritable = _held(libc)
    _hold(libc, _mask(keep) & permitted, permitted, inheritable)


def give_up(keep: Iterable[int] = ()) -> None:
    """Drop every capability of this thread but ``keep``, and let no program that it starts get one.

    Threads begun later have no more. Raises OSError where the system does not let it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _control(libc, _NO_NEW_PRIVILEGES, 1)
    _, permitted, _ = _held(libc)
    kept = _mask(keep) & permitted
    _hold(libc, kept, kept, 0)


def become_nobody(*, keeping: bool = False) -> None:
    """Let go of root's name too, where this process has it and the system knows somebody of no rights.

    With ``keeping`` the capabilities are still there afterwards, for ``give_up`` to choose from.
    """
    if os.geteuid() != 0:
        return
    try:
        if keeping:
            _control(ctypes.CDLL(None, use_errno=True), _KEEP_CAPABILITIES, 1)
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    except OSError:
        return  # in a namespace of one user there is nobody else to be; the capabilities go all the same


def _mask(capabilities: Iterable[int]) -> int:
    return sum(1 << number for number in capabilities)


def _control(libc: ctypes.CDLL, what: int, value: int) -> None:
    if libc.prctl(what, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _held(libc: ctypes.CDLL) -> tuple[int, int, int]:
    """Return what is effective, permitted and inheritable."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _VERSION_3, 0))
    sets = ctypes.create_string_buffer(24)
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    low, high = struct.unpack("=IIIIII", sets.raw[:24])[:3], struct.unpack("=IIIIII", sets.raw[:24])[3:]
    effective, permitted, inheritable = (below | above << 32 for below, above in zip(low, high, strict=True))
    return effective, permitted, inheritable


def _hold(libc: ctypes.CDLL, *sets: int) -> None:
    """Set what is effective, permitted and inheritable: of each the lower 32, then of each the upper."""
    header = struct.pack("=Ii", _VERSION_3, 0)
    halves = [each & 0xFFFFFFFF for each in sets] + [each >> 32 for each in sets]
    if libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(struct.pack("=IIIIII", *halves))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
