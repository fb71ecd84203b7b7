"""The use cases of change: keep what was said of a run, and compare two looks at a site.

In go stored runs and the catalogue, out comes a ``Difference``. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from camaudit import __version__
from camaudit.audit import now
from camaudit.catalogue import Catalogue
from camaudit.changes import Difference, Judge, Known, Past, Seen, Setting, Side
from camaudit.changes.compare import WAIVED, compare
from camaudit.changes.facts import addresses_of, facts_of
from camaudit.changes.remembered import with_past
from camaudit.changes.unchanged import Stillness
from camaudit.devices import devices_of
from camaudit.errors import UsageError
from camaudit.marks import marks
from camaudit.model import Device, Finding, Judgement, KeptUnit, Kind, Report, Site, Waiver
from camaudit.policy.choose import applicable_packs
from camaudit.policy.decisions import apply_decisions
from camaudit.policy.epochs import Calendar
from camaudit.policy.evaluate import evaluate
from camaudit.policy.sightings import with_sightings
from camaudit.policy.waivers import apply_waivers
from camaudit.reached import whereabouts
from camaudit.recall import Shared, seldom_collecting
from camaudit.sameness import Marks, marks_from
from camaudit.store import Store, StoredRun
from camaudit.store.readings import glance


@dataclass(frozen=True, slots=True)
class Look:
    """One look to compare: a stored run, what it is judged by, and how it was reported then if that is kept.

    With ``devices``, which gives those of the run by what is known today, its observations need not be read.
    """

    stored: StoredRun
    setting: Setting
    kept: Judgement | None = None
    devices: Callable[[Catalogue], tuple[Device, ...]] | None = None


def judgement_of(
    report: Report, catalogue: Catalogue, waivers: Sequence[Waiver], chosen: Sequence[str]
) -> Judgement:
    """Return what a report says, short enough to keep."""
    states: dict[str, dict[str, str]] = {}
    for finding in report.findings:
        state = f"{finding.state}{WAIVED if finding.waiver else ''}"
        states.setdefault(finding.device, {})[f"{finding.policy}/{finding.rule}"] = state
    units = tuple(KeptUnit(addresses_of(d), _kept(d), states.get(d.id, {})) for d in report.devices)
    return Judgement(
        run=report.run.id,
        judged=now(),
        as_of=report.judged_as_of,
        tool_version=__version__,
        marks=marks(catalogue),
        site=report.site,
        waivers=tuple(waivers),
        chosen=tuple(chosen),
        units=units,
    )


def _kept(device: Device) -> dict[str, str]:
    # What knows a unit again and what is counted, beside the facts that anybody wants to read of as changed.
    video = device.identification.video and device.identification.kind is not Kind.OTHER
    first = device.first_seen.isoformat() if device.first_seen else ""
    told = {**facts_of(device), "uuid": device.uuid, "video": "yes" if video else "no", "first_seen": first}
    return {name: value for name, value in told.items() if value}


@seldom_collecting()
def difference(
    before: Look,
    after: Look,
    catalogue: Catalogue,
    past: Iterable[Past] = (),
    *,
    still: Stillness | None = None,
) -> Difference:
    """Compare two looks, the earlier one as it was reported where that is kept.

    ``past`` are runs before both, the newest first: they tell who is back from who is new. ``still`` is handed
    from one comparison to the next where many sites are compared.
    """
    same = before.stored is after.stored
    marked: dict[tuple[int, str | None, str], Marks] = {}
    seen = _seen(before, catalogue, marked)
    was = Side(seen, before.setting)
    now_ = Side(seen if same else _seen(after, catalogue, marked), after.setting)
    judge, known = _judge(catalogue), Known(marks(catalogue), __version__, dict(_days(catalogue)))
    where = whereabouts(after.stored)
    still = still or stillness(catalogue)
    found = compare(was, now_, judge, known, kept=before.kept, whereabouts=where, still=still)

    def again(run: Past, old: tuple[Seen, ...], new: tuple[Seen, ...]) -> Difference:
        sides = Side(old, run.setting), Side(new, now_.setting)
        return compare(*sides, judge, known, kept=run.kept, rebuilt=True)

    return with_past(found, was, now_, past, again)


def stillness(catalogue: Catalogue) -> Stillness:
    """Return what tells that nothing changed, by this catalogue; it may serve many comparisons."""
    return Stillness(Calendar(catalogue.policies.packs, catalogue.knowledge.entities))


def _seen(look: Look, catalogue: Catalogue, marked: dict[tuple[int, str | None, str], Marks]) -> tuple[Seen, ...]:
    """Return the devices of a look with their marks; those of a unit in both looks are worked out once."""
    heard, knowledge, oui = look.stored.observations, catalogue.knowledge, catalogue.oui
    found = []
    for device in look.devices(catalogue) if look.devices else devices_of(heard, knowledge, oui):
        key = (id(device.identification), device.mac, device.uuid)
        found.append(Seen(device, marked.get(key) or marked.setdefault(key, marks_from(device))))
    return tuple(found)


def _judge(catalogue: Catalogue) -> Judge:
    def judge(devices: Sequence[Device], setting: Setting) -> tuple[Finding, ...]:
        rules, entities = catalogue.policies, catalogue.knowledge.entities
        site, day = setting.site, setting.day
        packs = applicable_packs(site, rules.packs, setting.chosen)
        # What people stated of a unit is part of the site, and so may be what changed a verdict.
        known, _ = with_sightings(devices, site.sightings, catalogue.names, day)
        found = evaluate(known, site, packs, register=rules.register, entities=entities, today=day)
        waived, _ = apply_waivers(found, setting.waivers, known, day, unwaivable=rules.unwaivable)
        judged, _ = apply_decisions(waived, site.decisions, known, day, unwaivable=rules.unwaivable)
        return judged

    return judge


def _days(catalogue: Catalogue) -> Iterator[tuple[str, tuple[date | None, date | None]]]:
    for pack in catalogue.policies.packs:
        for rule in pack.rules:
            yield f"{pack.id}/{rule.id}", (rule.form.effective, rule.form.until)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator gave by hand: days (the later side's, or both), and what the later side is judged by."""

    days: tuple[date, ...] = ()
    site: Site | None = None
    waivers: tuple[Waiver, ...] | None = None
    policies: tuple[str, ...] = ()


def looks(store: Store, names: Sequence[str], asked: Asked, today: date) -> tuple[Look, Look]:
    """Return the two looks: the last two runs, two that are named, or one run then and now.

    The earlier look is as it was last reported (of one run: first reported), unless its day was given by hand.
    Raises UsageError where there is nothing to compare.
    """
    if not names and len(asked.days) < 2:
        names = _last_two(store)
    stored = [glance(store, name) for name in (names or (None,))]
    said = {each.run.id: store.judgements(each.run.id) for each in stored}
    first, last = stored[0], stored[-1]
    of_first, of_last = said[first.run.id], said[last.run.id]
    kept = (of_first[-1] if len(stored) == 2 else of_first[0]) if of_first else None
    before = setting_of(kept, first)
    if len(asked.days) == 2:
        kept, before = None, replace(before, day=asked.days[0])
    # One run is looked at again today; of two each stays on the day of its report.
    after = setting_of(of_last[-1] if of_last else None, last)
    if len(stored) == 1 or not of_last:
        after = replace(after, day=today)
    later = first if first.run.id == last.run.id else last
    memory = Shared(store)
    return (
        Look(first, before, kept, partial(memory.devices, first.run)),
        Look(later, _by_hand(after, asked), None, partial(memory.devices, later.run)),
    )


def _last_two(store: Store) -> list[str]:
    """Return the newest run and the one of the same site before it."""
    sites, runs = store.sites(), store.runs()
    mine = [run.id for run in runs if sites[run.id] == sites[runs[0].id]][:2]
    if len(mine) < 2:
        raise UsageError(
            "fewer than two runs of this site are stored: name one to see it then and now, or scan again"
        )
    return mine[::-1]


def look_back(store: Store, stored: StoredRun) -> Look:
    """Return a run as it was last reported."""
    said = store.judgements(stored.run.id)
    kept = said[-1] if said else None
    return Look(stored, setting_of(kept, stored), kept)


def setting_of(kept: Judgement | None, stored: StoredRun) -> Setting:
    """Return what a run was judged by; one that never was is judged by its own day and site."""
    if kept is None:
        return Setting(stored.run.started.date(), stored.site)
    return Setting(kept.as_of, kept.site, kept.waivers, kept.chosen)


def _by_hand(setting: Setting, asked: Asked) -> Setting:
    return Setting(
        day=asked.days[-1] if asked.days else setting.day,
        site=asked.site or setting.site,
        waivers=setting.waivers if asked.waivers is None else asked.waivers,
        chosen=asked.policies or setting.chosen,
    )


Notice = tuple[str, Mapping[str, str]]
"""The key of a sentence and what to fill in."""


def notices(before: Look, after: Look, asked: Asked, store: Store, catalogue: Catalogue) -> Iterator[Notice]:
    """Yield what has to be known before the comparison is read."""
    old, new = before.stored.run, after.stored.run
    today = marks(catalogue)
    if before.kept is None:
        yield ("not_as_of" if len(asked.days) == 2 else "not_kept"), {"run": old.id}
    elif before.kept.marks != today:
        yield "digests", {}
    if old.id == new.id:
        return
    reported = store.judgements(new.id)
    if reported and reported[-1].marks != today:
        yield "judged_anew", {"run": new.id}
    if before.stored.site.name != after.stored.site.name:
        yield "sites", {"before": before.stored.site.name[:80], "after": after.stored.site.name[:80]}
    if before.stored.resolved != after.stored.resolved:
        yield "scope", {"before": ", ".join(old.scope)[:80], "after": ", ".join(new.scope)[:80]}
    for run in (old, new):
        if run.finished is None:
            yield "unfinished", {"run": run.id}
