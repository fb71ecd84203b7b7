"""Progress on a terminal; silent in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from camaudit.scan import ScanWatcher

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class Nobody:
    """A ``ScanWatcher`` that looks away."""

    def began(self, addresses: int) -> None:
        """Show nothing."""

    def swept(self, addresses: int) -> None:
        """Show nothing."""

    def found(self, address: str) -> None:
        """Show nothing."""


@contextmanager
def watching(*, quiet: bool) -> Iterator[ScanWatcher]:
    """Give a watcher that draws on standard error, where somebody sits before it."""
    if quiet or not sys.stderr.isatty():
        yield Nobody()
        return
    from rich.console import Console

    with Bar(Console(stderr=True), shown=True) as bar:
        yield bar


class Bar:
    """A ``ScanWatcher`` that draws a bar: addresses done, hosts that answered, time left."""

    def __init__(self, console: Console, *, shown: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("scanning"),
            BarColumn(bar_width=None),
            TextColumn("{task.completed:.0f} of {task.total:.0f} addresses, {task.fields[found]} hosts answered"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, disable=not (shown and console.is_terminal))
        self._task: TaskID | None = None
        self._found = 0

    def __enter__(self) -> Bar:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def began(self, addresses: int) -> None:
        """The scan begins."""
        self._task = self._progress.add_task("scan", total=addresses, found=0)

    def swept(self, addresses: int) -> None:
        """More addresses are done."""
        if self._task is not None:
            self._progress.advance(self._task, addresses)

    def found(self, address: str) -> None:
        """One more host answered."""
        self._found += 1
        if self._task is not None:
            self._progress.update(self._task, found=self._found)
