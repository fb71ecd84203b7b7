"""All that was done to one device so far, by whoever asked it, and the turns in which it is asked.

A host is handed out several times in one scan (to be asked, logged in to, read once more); its device is one.
"""

from __future__ import annotations

import time

from camaudit.model import Outcome
from camaudit.net.limits import Tally
from camaudit.net.manners import Manners, Temper, is_overloaded
from camaudit.net.quiet import QuietHours
from camaudit.net.window import Window
from camaudit.net.wire import Stopped

_SPENT = "it had trouble answering several times in a row, so it was left alone"
_QUIET = "quiet hours had begun, so it was not asked further"


class Dealings:
    """What one address is asked and how it bears it. ``window`` is the gate's: who waits for a turn gives way."""

    def __init__(self, manners: Manners, window: Window, quiet: QuietHours) -> None:
        self.manners = manners
        self.tally = Tally()
        self.temper = Temper(manners)
        self._window = window
        self._quiet = quiet

    def check(self) -> None:
        """Raise ``Stopped`` where the device is to be left alone."""
        if self._quiet.are_now:
            raise Stopped(Outcome.NOT_ASKED, _QUIET)
        if self.temper.is_spent:
            raise Stopped(Outcome.NOT_ASKED, _SPENT)

    async def turn(self, size: int, *, deadline_s: float) -> None:
        """Wait until a question of ``size`` bytes may be asked, within a place of the window.

        Raises ``Stopped`` where the device is to be left alone, or where its turn comes after ``deadline_s``.
        """
        self.check()
        wait_s = self.temper.turn_s()
        if time.monotonic() + wait_s >= deadline_s:
            raise self.too_late()
        if wait_s > 0:
            await self._window.step_aside(wait_s)
            self.check()
        self.tally.requests += 1
        self.tally.bytes_out += size

    def too_late(self) -> Stopped:
        """Return what to raise where the time allowed for this device is used up."""
        most_s = self.manners.deadline_s
        return Stopped(Outcome.SILENT, f"the {most_s:.0f} s allowed for this host were used up")

    def answered(self, answer: bytes, seconds: float) -> None:
        """Take an answer into account that began after so many seconds."""
        self.temper.answered(seconds, overloaded=is_overloaded(answer))
