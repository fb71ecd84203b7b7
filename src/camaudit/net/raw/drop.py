"""The privilege of the program itself: none, but to write where root may. Raw sockets are the helper's.

It is given up in two steps. Before anything else it is put out of use; the helper processes can then still be
started with it. When they run, it is gone.
"""

from __future__ import annotations

import contextlib

from camaudit.net.raw.privilege import DAC_OVERRIDE, give_up, hold_back

_NOTHING_TO_DO = (OSError, AttributeError)
"""Where there are no capabilities (not Linux), there is nothing to give up."""

_put_away = False


def put_away_privilege() -> None:
    """Put every capability out of use, before hostile bytes are read and before a thread is begun.

    Only a program that ends with its scan does so: a worker needs its privilege for the next.
    """
    global _put_away
    with contextlib.suppress(*_NOTHING_TO_DO):
        hold_back()
        _put_away = True


def drop_privilege() -> None:
    """Give up for good what was put away, once the helper processes run or none is wanted."""
    if _put_away:
        with contextlib.suppress(*_NOTHING_TO_DO):
            give_up(keep=(DAC_OVERRIDE,))
