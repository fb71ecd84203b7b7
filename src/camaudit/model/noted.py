"""What people wrote of units and of steps: where a unit hangs, whose it is, what was decided, who does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class UnitNote:
    """What was written of one unit, named by the id that reports give it; empty is not said."""

    id: str
    address: str = ""
    location: str = ""
    owner: str = ""
    decision: str = ""
    """One of the decisions that a workbook offers, by its key, such as ``replace``."""
    decided_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepNote:
    """What was written of one step of the plan, named by its key; ``status`` is a key of the workbook's words."""

    step: str
    what: str = ""
    responsible: str = ""
    status: str = ""
    done: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """All that was written of one site."""

    units: tuple[UnitNote, ...] = ()
    steps: tuple[StepNote, ...] = ()
