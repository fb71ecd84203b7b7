"""The comparison itself: in go two sides and the judge, out comes what changed, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from camaudit.changes import Cause, Difference, Judge, Known, Setting, Side, UnitChange, VerdictChange, What, Why
from camaudit.changes.causes import Case, swapped_causes
from camaudit.changes.facts import addresses_of
from camaudit.changes.knowing import knowledge_causes
from camaudit.changes.pairing import pair
from camaudit.changes.state import Key, Said, quiet, states
from camaudit.changes.unchanged import Stillness
from camaudit.model import Device, Judgement, KeptUnit, Verdict

WAIVED = "+waived"
"""What a kept state ends with where the finding was waived."""

OPEN = frozenset({Verdict.VIOLATION.value, Verdict.REVIEW.value})
"""The states in which a rule asks something of somebody."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """What each look said, by pair and rule; ``anew`` is the earlier one judged by what is known today."""

    then: Mapping[Key, Said]
    anew: Mapping[Key, Said]
    now: Mapping[Key, Said]


def compare(
    before: Side,
    after: Side,
    judge: Judge,
    known: Known,
    *,
    kept: Judgement | None = None,
    whereabouts: Callable[[str], str] = lambda _: "not_asked",
    rebuilt: bool = False,
    still: Stillness | None = None,
) -> Difference:
    """Return what changed. ``kept`` is the earlier judgement as it was reported, where the store has it.

    ``rebuilt``: the earlier units were made of ``kept`` alone, too little to judge them anew. With ``still`` units
    of which nothing can have changed are not judged.
    """
    units = pair(before.seen, after.seen, whereabouts)
    numbers: Sequence[int] = range(len(units))
    if still is not None and not rebuilt:
        numbers = still.stirring(units, before.setting, after.setting, kept, judge)
    was = {n: device for n in numbers if (device := units[n].before) is not None}
    now = {n: device for n in numbers if (device := units[n].after) is not None}
    then = None if kept is None else _as_reported(was, kept)
    anew = then if rebuilt and then is not None else states(was, before.setting, judge)
    looks = _Looks(anew if then is None else then, anew, states(now, after.setting, judge))
    differing = [key for key in dict.fromkeys((*looks.then, *looks.now)) if _differs(looks, key)]
    # Of who was not seen nothing changed as far as anybody knows; what was open of it is neither open nor closed.
    changed = [key for key in differing if not units[key[0]].unseen]
    told = _causes(units, changed, looks, (before.setting, after.setting), judge, known, kept)
    verdicts = tuple(_verdict(units[key[0]], key, looks, *told[key]) for key in changed)
    lost = (key for key in differing if units[key[0]].unseen and looks.then[key].state in OPEN)
    return Difference(units, verdicts, kept, tuple(_verdict(units[key[0]], key, looks, (), False) for key in lost))


def _as_reported(was: Mapping[int, Device], kept: Judgement) -> dict[Key, Said]:
    """Return the states that were reported then; a unit is known again by its address, the run is the same."""
    reported = {address: unit for unit in kept.units for address in unit.addresses}
    found: dict[Key, Said] = {}
    for number, device in was.items():
        unit = reported.get(device.address)
        for rule, state in (unit.states if unit else {}).items():
            found[number, rule] = Said(state.removesuffix(WAIVED), state.endswith(WAIVED))
    return found


def _differs(looks: _Looks, key: Key) -> bool:
    then, now = looks.then.get(key), looks.now.get(key)
    if quiet(then) and quiet(now):
        # "Does not apply" for "no finding" changes nothing for anybody.
        return False
    return (then and then.mark) != (now and now.mark)


def _causes(
    units: Sequence[UnitChange],
    changed: Sequence[Key],
    looks: _Looks,
    settings: tuple[Setting, Setting],
    judge: Judge,
    known: Known,
    kept: Judgement | None,
) -> dict[Key, tuple[tuple[Cause, ...], bool]]:
    found: dict[Key, tuple[tuple[Cause, ...], bool]] = {}
    # Where the earlier look, judged anew, says what the later one says, nothing but our knowledge has changed.
    still = [k for k in changed if _mark(looks.anew, k) != _mark(looks.now, k) and _both(units[k[0]])]
    swapped = swapped_causes(Case(units, settings[0], settings[1], looks.anew, looks.now, known), still, judge)
    reported = {address: unit for unit in kept.units for address in unit.addresses} if kept else {}
    for key in changed:
        unit = units[key[0]]
        causes, together = swapped.get(key, ((), False))
        if not _both(unit):
            causes = (Cause(Why.DEVICE),)
        if kept is not None and unit.before is not None and _mark(looks.then, key) != _mark(looks.anew, key):
            held = _held(reported, unit.before)
            causes = (*knowledge_causes(key[1], unit.before, held, looks.anew.get(key), kept, known), *causes)
        found[key] = (causes or (Cause(Why.UNKNOWN),), together)
    return found


def _held(reported: Mapping[str, KeptUnit], device: Device) -> KeptUnit | None:
    return next((reported[a] for a in addresses_of(device) if a in reported), None)


def _mark(said: Mapping[Key, Said], key: Key) -> str:
    found = said.get(key)
    return "" if quiet(found) or found is None else found.mark


def _both(unit: UnitChange) -> bool:
    return unit.before is not None and unit.after is not None


def _verdict(
    unit: UnitChange, key: Key, looks: _Looks, causes: tuple[Cause, ...], together: bool
) -> VerdictChange:
    then, now, anew = looks.then.get(key), looks.now.get(key), looks.anew.get(key)
    policy, _, rule = key[1].partition("/")
    spoke = next((said.finding for said in (now, anew) if said and said.finding), None)
    return VerdictChange(
        unit=unit,
        policy=policy,
        rule=rule,
        title=spoke.title if spoke else rule,
        before=then.state if then else "",
        after=now.state if now else "",
        waived_before=bool(then and then.waived),
        waived_after=bool(now and now.waived),
        causes=causes,
        together=together,
    )


def worsened(difference: Difference, states_counted: frozenset[str]) -> Iterator[VerdictChange]:
    """Yield the changes that end in one of these states, unwaived, and were not so before."""
    for each in difference.verdicts:
        bad_now = each.after in states_counted and not each.waived_after
        bad_then = each.before == each.after and not each.waived_before
        if bad_now and not bad_then and What.GONE not in each.unit.what:
            yield each
