"""A school over a year: its simulated cameras as they stand at each look, and the program run against them.

Every run is a real audit of the simulator on loopback; only the clock and the addresses are the story's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from camaudit import gathering
from camaudit.cli.main import program
from camaudit.clock import RunClock
from camaudit.simulator.fleet import Fleet, SimulatedDevice, load_fleet
from camaudit.simulator.placeholders import Scalar
from camaudit.simulator.serve import serving

NETWORK = "127.91.0"
SCOPE = f"{NETWORK}.0/27"


@dataclass(frozen=True)
class Unit:
    """One simulated unit: which of the fleet it is like, its last number on the network, and what it says."""

    like: str
    at: int
    says: Mapping[str, Scalar]

    def moved(self, at: int) -> Unit:
        """Return it with another address."""
        return replace(self, at=at)

    def saying(self, **values: Scalar) -> Unit:
        """Return it with other firmware, label and so on."""
        return replace(self, says={**self.says, **values})


def unit(like: str, at: int, **says: Scalar) -> Unit:
    """Return a unit like one of the shipped fleet."""
    return Unit(like, at, says)


class School:
    """The school's store, site file and cameras, and the day on which somebody looks at them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shipped = load_fleet()
        self._store = f"sqlite:///{folder / 'school.sqlite3'}"

    def audited(self, day: date, units: Mapping[str, Unit], *arguments: str, scope: str = SCOPE) -> str:
        """Audit the school on a day and return what the terminal showed."""
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        fleet = Fleet(tuple(map(self._device, units.values())), network=SCOPE)
        looked_s: list[float] = []

        def then() -> datetime:
            """That day's morning at the first look, and what has passed since."""
            looked_s.append(time.monotonic())
            return at + timedelta(seconds=looked_s[-1] - looked_s[0])

        with serving(fleet), mock.patch.object(gathering, "RunClock", partial(RunClock, wall=then)):
            return self.said(
                "audit",
                scope,
                "--yes",
                "--rate",
                "2000",
                "--as-of",
                day.isoformat(),
                "--output",
                "out",
                *arguments,
            )

    def said(self, *arguments: str) -> str:
        """Run a command on the school's store and return what it printed; findings may end it with 1."""
        command = [*arguments, "--store", self._store]
        with mock.patch.dict("os.environ", {"COLUMNS": "80", "NO_COLOR": "1"}):
            done = CliRunner().invoke(program(command), command)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code in (0, 1), done.output
        return done.stdout

    def _device(self, unit: Unit) -> SimulatedDevice:
        old = self._shipped.device(unit.like).blueprint
        address = f"{NETWORK}.{unit.at}"
        return SimulatedDevice(replace(old, address=address, values={**old.values, **unit.says}))
