"""Changes as JSON: in go units, verdicts and terms, out come values; ``diff`` and ``report.json`` say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from camaudit.changes import Cause, FactChange, UnitChange, VerdictChange, What
from camaudit.changes.closing import Item, accepted, closed, doubtful, opened
from camaudit.model import Device, Report, Run
from camaudit.model.changed import TermCount, Trend
from camaudit.report.change_sentences import cause, how, why

Json = dict[str, Any]


def counts(units: Sequence[UnitChange], verdicts: Sequence[VerdictChange], unseen: int) -> Mapping[str, int]:
    """Count devices by what became of them (one may be moved and changed), and what was closed and opened."""
    found = Counter(what for unit in units for what in unit.what)
    items = opened(verdicts)
    return {
        **{str(what): found[what] for what in What if what is not What.SAME},
        "verdicts": len(verdicts),
        "closed": len(closed(verdicts)),
        "opened": len(items),
        "opened_again": sum(item.again for item in items),
        "accepted": len(accepted(verdicts)),
        "doubtful": len(doubtful(verdicts)),
        "unseen": unseen,
    }


def unit_json(unit: UnitChange, names: Mapping[str, str]) -> Json:
    """Return what became of a device."""
    return {
        "change": [str(what) for what in unit.what],
        "before": _device(unit.before),
        "after": _device(unit.after),
        "recognised_by": str(unit.by) if unit.by else None,
        "told_apart_by": list(unit.apart),
        "facts": _facts(unit.facts),
        "whereabouts": unit.whereabouts or None,
        "last_seen": unit.last_seen.isoformat() if unit.last_seen else None,
        "told": how(unit, names),
    }


def _device(device: Device | None) -> Json | None:
    if device is None:
        return None
    found = device.identification
    return {"id": device.id, "address": device.address, "maker": found.maker, "model": found.model}


def _facts(facts: Sequence[FactChange]) -> list[Json]:
    return [{"name": fact.name, "before": fact.before, "after": fact.after} for fact in facts]


def verdict_json(change: VerdictChange, names: Mapping[str, str]) -> Json:
    """Return a verdict that changed, with its causes."""
    device = change.unit.after or change.unit.before
    return {
        "device": device.id if device else None,
        "address": device.address if device else None,
        "policy": change.policy,
        "rule": change.rule,
        "title": change.title,
        "before": {"state": change.before or None, "waived": change.waived_before},
        "after": {"state": change.after or None, "waived": change.waived_after},
        "why": why(change, names),
        "together": change.together,
        "causes": [_cause(each, change, names) for each in change.causes],
        "open_before": change.open_before.isoformat() if change.open_before else None,
    }


def _cause(each: Cause, change: VerdictChange, names: Mapping[str, str]) -> Json:
    return {
        "cause": str(each.why),
        "told": cause(each, change, names),
        "facts": _facts(each.facts),
        "names": list(each.names),
        "day": each.day.isoformat() if each.day else None,
    }


def item_json(item: Item, names: Mapping[str, str]) -> Json:
    """Return what was closed or opened, with what that rests on."""
    return {**verdict_json(item.change, names), "how": str(item.how), "again": item.again}


def unseen_json(change: VerdictChange) -> Json:
    """Return what was open and could not be checked; nothing is said of how it stands now."""
    device = change.unit.before
    return {
        "device": device.id if device else None,
        "address": device.address if device else None,
        "policy": change.policy,
        "rule": change.rule,
        "title": change.title,
        "state": change.before,
        "waived": change.waived_before,
        "whereabouts": change.unit.whereabouts,
    }


def since_json(report: Report) -> Json | None:
    """Return what changed since an earlier run; nothing where none was compared."""
    since, names = report.since, report.names
    if since is None:
        return None
    there = standing_at(report)
    moved = [unit for unit in since.units if unit.what != (What.SAME,)]
    started = since.run.started.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "run": since.run.id,
        "started": started,
        "as_of": since.as_of.isoformat(),
        "notices": list(since.notices),
        "summary": dict(counts(since.units, since.verdicts, len(since.unseen))),
        "devices": [unit_json(unit, names) for unit in moved],
        "closed": [
            {**item_json(item, names), "evidence": _evidence(item, report.run, there)}
            for item in closed(since.verdicts)
        ],
        "opened": [item_json(item, names) for item in opened(since.verdicts)],
        "accepted": [item_json(item, names) for item in accepted(since.verdicts)],
        "doubtful": [item_json(item, names) for item in doubtful(since.verdicts)],
        "unseen": [unseen_json(change) for change in since.unseen],
    }


def standing_at(report: Report) -> Mapping[str, Device]:
    """Return who answers at each address in the later look."""
    return {address: device for device in report.devices for address in (device.address, *device.also_at)}


def _evidence(item: Item, run: Run, there: Mapping[str, Device]) -> Json:
    """Return which look shows that it is closed, and which device was met there."""
    unit = item.change.unit
    device = unit.after or (there.get(unit.before.address) if unit.before else None)
    return {
        "run": run.id,
        "looked_at": run.started.date().isoformat(),
        "device": device.id if device else None,
        "address": device.address if device else None,
    }


def term_json(term: TermCount) -> Json:
    """Return one term of a site; ``run`` is null where none stands for it."""
    numbers = ("video", "left", "unseen", "waived", "reviews", "closed", "doubtful", "opened", "opened_new")
    return {
        "term": term.term,
        "first": term.first.isoformat(),
        "last": term.last.isoformat(),
        "run": term.run or None,
        "day": term.day.isoformat() if term.day else None,
        "complete": term.complete,
        "addresses": term.addresses,
        "answered": term.answered,
        **{name: getattr(term, name) for name in numbers},
    }


def trend_json(trend: Trend | None) -> list[Json]:
    """Return the terms of a site in their order."""
    return [term_json(term) for term in trend.terms] if trend else []
