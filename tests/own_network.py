"""A network of its own for a process that runs tests: its loopback is nobody else's, and nothing leaves it.

The simulated fleets live at fixed addresses of loopback. Where every process has a loopback of its own, several of
them run side by side, and none has to wait until another is done with those addresses.
"""

from __future__ import annotations

import ctypes
import os
import sys

from camaudit.cli.lowports import raise_loopback

_CLONE_NEWNET = 0x40000000


def enter() -> bool:
    """Give this thread, and whatever it starts from now on, a network that holds nothing but loopback.

    Return whether that was allowed; where it was not (it takes root on Linux), the machine's network stays.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    # Python knows ``os.unshare`` from 3.12 on.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        return False
    raise_loopback()
    return True
