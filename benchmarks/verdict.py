"""What the measurements come to: medians, spread, and the ratio against its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.measure import Spent

QUANTITIES = ("wall", "cpu", "memory", "frames")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one tool. Counts are None where nothing counted them."""

    spent: Spent
    frames: int | None = None
    ports: int | None = None
    cameras: int | None = None
    false_cameras: int | None = None
    busiest_second: int | None = None
    fleet_cpu_s: float | None = None

    def quantity(self, name: str) -> float | None:
        """Return one of QUANTITIES: seconds, seconds, MiB, frames sent."""
        return {
            "wall": self.spent.wall_s,
            "cpu": self.spent.cpu_s,
            "memory": self.spent.rss_mib,
            "frames": self.frames,
        }[name]


@dataclass(frozen=True, slots=True)
class Goal:
    """``ours <= theirs * at_most + plus``; against no peer, ``at_most`` is the bound itself."""

    quantity: str
    at_most: float
    shown: str
    plus: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of some runs."""

    middle: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One goal held against what was measured; ``met`` is None where nothing can be said."""

    goal: Goal
    ratio: float | None
    met: bool | None
    note: str = ""


def spread(runs: Sequence[Measured], quantity: str) -> Spread | None:
    """Return median, least and most of a quantity, or None where it was not measured in every run."""
    values = [value for run in runs if (value := run.quantity(quantity)) is not None]
    if not values or len(values) != len(runs):
        return None
    return Spread(median(values), min(values), max(values))


def judge(goal: Goal, ours: Sequence[Measured], theirs: Sequence[Measured] | None) -> Verdict:
    """Hold medians against a goal. ``theirs`` is None for an absolute goal, and empty where the peer did not run.

    A peer that was cut off has only a lower bound: a ratio below the target is then sure, one above it is not.
    """
    mine = spread(ours, goal.quantity)
    if mine is None:
        return Verdict(goal, None, None, "not measured")
    if not all(run.spent.ended for run in ours):
        return Verdict(goal, None, False, "camaudit did not end in time")
    if theirs is None:
        return Verdict(goal, mine.middle, mine.middle <= goal.at_most)
    other = spread(theirs, goal.quantity)
    if other is None or not other.middle:
        return Verdict(goal, None, None, "peer not run")
    ratio = mine.middle / other.middle
    met = mine.middle <= other.middle * goal.at_most + goal.plus
    if all(run.spent.ended for run in theirs):
        return Verdict(goal, ratio, met)
    return Verdict(goal, ratio, True if met else None, "the peer was cut off, so the true ratio is lower")
