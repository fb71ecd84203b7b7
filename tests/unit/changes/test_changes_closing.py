"""What counts as opened: new, worse, or accepted no longer; a violation that became a question is none."""

from __future__ import annotations

import pytest

from camaudit.changes import UnitChange, VerdictChange, What
from camaudit.changes.closing import closed, opened
from camaudit.model import Certainty, Device, Identification

DEVICE = Device("a1", "192.0.2.9", Identification("hikvision", Certainty.CONFIRMED, 0.97))


def turned(before: str, after: str, *, waived_before: bool = False, waived_after: bool = False) -> VerdictChange:
    unit = UnitChange((What.SAME,), DEVICE, DEVICE)
    return VerdictChange(unit, "pack", "rule", "A rule", before, after, waived_before, waived_after, ())


@pytest.mark.parametrize(
    ("change", "is_opened"),
    [
        (turned("compliant", "violation"), True),
        (turned("compliant", "review"), True),
        (turned("review", "violation"), True),
        (turned("violation", "review"), False),
        (turned("violation", "violation", waived_before=True), True),
        (turned("review", "violation", waived_after=True), False),
    ],
)
def test_what_got_worse_is_opened(change: VerdictChange, is_opened: bool) -> None:
    assert bool(opened([change])) is is_opened
    assert not closed([change])
