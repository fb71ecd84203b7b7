"""How a command is ended from outside: Ctrl-C, ``kill`` and a terminal that goes away end it in order.

What was collected is stored first. Whoever asks a second time gets it at once; not even that loses what is stored.
"""

from __future__ import annotations

import contextlib
import os
import signal

STOPPED = "stopped; what was collected is kept: `camaudit scan --resume` goes on with a scan"
TYPER_STOPPED = 130
"""The exit code that typer makes of an interrupt."""
EXIT_CODE = 3

_AT_ONCE = b"\x1b[?25h\ncamaudit: stopped at once; what was stored is kept\n"


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
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, end)
