"""Giving privileges up for good: what is not held cannot be taken over by a hostile packet. Linux only."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

DAC_OVERRIDE = 1
"""The capability to write where only others may; of all, the one that a root's own store may need."""

_VERSION_3 = 0x20080522
_NO_NEW_PRIVILEGES = 38
_NOBODY = 65534


def give_up(keep: Iterable[int] = ()) -> None:
    """Drop every capability of this thread but ``keep``, and let no program that it starts get one.

    Threads begun later have no more. Raises OSError where the system does not let it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    held = _held(libc)
    kept = sum(1 << number for number in keep) & held
    low, high = kept & 0xFFFFFFFF, kept >> 32
    header = struct.pack("=Ii", _VERSION_3, 0)
    # Effective, permitted and inheritable, first of the lower 32 and then of the upper.
    sets = struct.pack("=IIIIII", low, low, 0, high, high, 0)
    if libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(sets)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def become_nobody() -> None:
    """Let go of root's name too, where this process has it and the system knows somebody of no rights."""
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    except OSError:
        return  # in a namespace of one user there is nobody else to be; the capabilities go all the same


def _held(libc: ctypes.CDLL) -> int:
    header = ctypes.create_string_buffer(struct.pack("=Ii", _VERSION_3, 0))
    sets = ctypes.create_string_buffer(24)
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    _, low, _, _, high, _ = struct.unpack("=IIIIII", sets.raw[:24])
    return int(low | high << 32)
