"""Progress on a terminal; silent in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from camaudit.scan import Phase, ScanWatcher

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class Nobody:
    """A ``ScanWatcher`` that draws nothing, and says only what must be known now; with ``quiet`` not even that."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def began(self, addresses: int) -> None:
        """Show nothing."""

    def phase(self, phase: Phase) -> None:
        """Show nothing."""

    def swept(self, addresses: int) -> None:
        """Show nothing."""

    def found(self, address: str) -> None:
        """Show nothing."""

    def told(self, text: str) -> None:
        """Say it, so that nobody takes a scan that waits for one that hangs."""
        if not self._quiet:
            print(f"camaudit: {text}", file=sys.stderr, flush=True)


@contextmanager
def watching(*, quiet: bool) -> Iterator[ScanWatcher]:
    """Give a watcher that draws on standard error, where somebody sits before it."""
    if quiet or not sys.stderr.isatty():
        yield Nobody(quiet=quiet)
        return
    from rich.console import Console

    with Bar(Console(stderr=True), shown=True) as bar:
        yield bar


class Bar:
    """A ``ScanWatcher`` that draws a bar: what the scan is busy with, addresses done, hosts met, time left."""

    def __init__(self, console: Console, *, shown: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        from camaudit.phrases import phrases

        self._said = phrases().progress
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn(self._said["reached"]),
            TextColumn("{task.fields[left]}"),
        )
        self._progress = Progress(*columns, console=console, disable=not (shown and console.is_terminal))
        self._task: TaskID | None = None
        self._found: set[str] = set()

    def __enter__(self) -> Bar:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        if self._task is not None and kind is None:
            self._progress.update(self._task, description=self._said["done"], left="")
        self._progress.stop()

    def began(self, addresses: int) -> None:
        """The scan begins."""
        first = self._said["sweep"]
        self._task = self._progress.add_task(first, total=addresses, found=0, left=self._said["left_unknown"])

    def phase(self, phase: Phase) -> None:
        """The scan goes on to something else."""
        if self._task is not None:
            # How long those take who answer late nobody knows, least of all a straight line through the sweep.
            left = self._said["left_unknown"] if phase is Phase.SWEEP else ""
            self._progress.update(self._task, description=self._said[phase.value], left=left)

    def swept(self, addresses: int) -> None:
        """More addresses are done."""
        if self._task is None:
            return
        self._progress.advance(self._task, addresses)
        task = self._progress.tasks[0]
        if task.time_remaining is not None and not task.finished:
            self._progress.update(self._task, left=self._left(task.time_remaining))

    def _left(self, seconds: float) -> str:
        minutes, rest = divmod(max(int(seconds + 0.5), 1), 60)
        return self._said["left_minutes" if minutes else "left_seconds"].format(m=minutes, s=rest)

    def found(self, address: str) -> None:
        """One more host answered."""
        # One that was asked again is still one.
        self._found.add(address)
        if self._task is not None:
            self._progress.update(self._task, found=len(self._found))

    def told(self, text: str) -> None:
        """Write it above the bar."""
        self._progress.console.print(text, markup=False, highlight=False)
