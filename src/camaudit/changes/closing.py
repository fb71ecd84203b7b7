"""What is closed since the look before, and what is open again: in goes a comparison, out come both with how.

Closed is only what was seen to be so: the unit answers and breaks the rule no longer, or something else stands
where it stood. A waiver closes nothing, and silence neither. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from camaudit.changes import UnitChange, VerdictChange, What, Why
from camaudit.changes.compare import OPEN
from camaudit.model import Certainty, Verdict


class How(StrEnum):
    """What a closing or an opening rests on: work at the site, a word, the law, or camaudit itself."""

    REPLACED = "replaced"
    GONE = "gone"
    NEW = "new"
    UNIT = "unit"
    ANSWER = "answer"
    WAIVER = "waiver"
    LAW = "law"
    KNOWLEDGE = "knowledge"
    UNKNOWN = "unknown"


_OF_CAUSE = {
    Why.DEVICE: How.UNIT,
    Why.SITE: How.ANSWER,
    Why.WAIVER: How.WAIVER,
    Why.LAW_DATE: How.LAW,
    Why.DAY: How.LAW,
    Why.SIGNATURES: How.KNOWLEDGE,
    Why.RULES: How.KNOWLEDGE,
    Why.OWNERS: How.KNOWLEDGE,
    Why.PROGRAM: How.KNOWLEDGE,
    Why.UNKNOWN: How.UNKNOWN,
}
_SURE = frozenset({Certainty.CONFIRMED, Certainty.PROBABLE})
_OF_UNIT = {What.REPLACED: How.REPLACED, What.GONE: How.GONE, What.NEW: How.NEW}


@dataclass(frozen=True, slots=True)
class Item:
    """One verdict that was closed or opened, and how; ``again`` says that it was open, or accepted, before."""

    change: VerdictChange
    how: How
    again: bool = False


def closed(changes: Iterable[VerdictChange]) -> tuple[Item, ...]:
    """Return what a rule asked for in the look before and asks for no longer."""
    return tuple(Item(each, _how(each)) for each in changes if _ended(each) and not _unsettled(each))


def doubtful(changes: Iterable[VerdictChange]) -> tuple[Item, ...]:
    """Return what is asked for no longer only because the unit tells less, or because nobody asked the rule."""
    return tuple(Item(each, _how(each)) for each in changes if _ended(each) and _unsettled(each))


def _unsettled(each: VerdictChange) -> bool:
    # A pack that was left out by hand this time says nothing of the unit.
    left_out = not each.after and any(c.why is Why.SITE and not c.facts for c in each.causes)
    return left_out or tells_less(each.unit)


def tells_less(unit: UnitChange) -> bool:
    """Say whether what is the same unit does not tell its maker any more: that clears nothing."""
    if unit.by is None or unit.before is None or unit.after is None:
        return False
    was, now = unit.before.identification, unit.after.identification
    return was.maker is not None and was.certainty in _SURE and now.certainty not in _SURE


def _ended(each: VerdictChange) -> bool:
    return each.before in OPEN and each.after not in OPEN


def opened(changes: Iterable[VerdictChange]) -> tuple[Item, ...]:
    """Return what is open now and was not in the look before: new, worse, or accepted no longer."""
    return tuple(
        Item(each, _how(each), again=each.waived_before or each.open_before is not None)
        for each in changes
        if each.after in OPEN and not each.waived_after and _was_better(each)
    )


def accepted(changes: Iterable[VerdictChange]) -> tuple[Item, ...]:
    """Return what somebody accepted in between: it is neither closed nor open."""
    return tuple(
        Item(each, _how(each))
        for each in changes
        if each.after in OPEN and each.waived_after and not (each.waived_before and each.before in OPEN)
    )


def _was_better(each: VerdictChange) -> bool:
    if each.waived_before or each.before not in OPEN:
        return True
    return each.after == Verdict.VIOLATION and each.before == Verdict.REVIEW


def _how(each: VerdictChange) -> How:
    of_unit = next((_OF_UNIT[what] for what in each.unit.what if what in _OF_UNIT), None)
    return of_unit or (_OF_CAUSE[each.causes[0].why] if each.causes else How.UNKNOWN)
