"""What a rule says of a device, short enough to compare: in go devices and a setting, out come states by pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.changes import Judge, Setting
from camaudit.model import Device, Finding, Verdict

Key = tuple[int, str]
"""The number of a pair, and ``pack/rule``."""


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict or ``advice``, and whether somebody accepted it."""

    state: str
    waived: bool = False
    finding: Finding | None = None

    @property
    def mark(self) -> str:
        """Return state and waiver as one text."""
        return f"{self.state}+waived" if self.waived else self.state


def states(units: Mapping[int, Device], setting: Setting, judge: Judge) -> dict[Key, Said]:
    """Judge the devices of some pairs."""
    number_of = {device.id: number for number, device in units.items()}
    return {
        (number_of[f.device], f"{f.policy}/{f.rule}"): Said(f.state, f.waiver is not None, f)
        for f in judge(tuple(units.values()), setting)
    }


def quiet(said: Said | None) -> bool:
    """Say whether a rule asks nothing of the device."""
    return said is None or said.state == Verdict.NOT_APPLICABLE
