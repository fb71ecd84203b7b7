"""How a command is ended from outside: Ctrl-C, ``kill`` and a terminal that goes away end it in order.

What was collected is stored first. Whoever asks a second time gets it at once; not even that loses what is stored.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from pathlib import Path

STOPPED = "stopped; what was collected is kept: `camaudit scan --resume` goes on with a scan"
TYPER_STOPPED = 130
"""The exit code that typer makes of an interrupt."""
EXIT_CODE = 3

WANTING = {
    errno.ENOSPC: "no room for what was to be written: free some space, or write elsewhere",
    errno.EMFILE: "this shell allows too few open files: allow more (ulimit -n 256), and start again",
    errno.ENFILE: "this machine has no open files left: end other programs, and start again",
}
"""What is said where something runs out that no part of the program could do without."""

_AT_ONCE = b"\x1b[?25h\ncamaudit: stopped at once; what was stored is kept\n"


def fill_up() -> None:
    """Open whichever of standard input, output and error is closed: the next file would take its number.

    What a library then wrote as an error would stand in the store.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 -- for as long as the program runs


def say_no_more() -> None:
    """Let what is still to be written to standard output go nowhere: nobody reads it, or there is no room."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def end_in_order() -> None:
    """Let the signals that ask a program to end do so; a signal that is ignored (nohup) stays so."""
    asked = False

    def end(number: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            with contextlib.suppress(OSError):
                os.write(2, _AT_ONCE if os.isatty(2) else _AT_ONCE[7:])
            os._exit(EXIT_CODE)
        asked = True
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, end)
