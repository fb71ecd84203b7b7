"""Changes as JSON: in go units, verdicts and terms, out come values; ``diff`` and ``report.json`` say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from camaudit.changes import Cause, FactChange, UnitChange, VerdictChange, What
from camaudit.changes.closing import Item, accepted, closed, doubtful, opened
from camaudit.model import Device, Since
from camaudit.model.changed import TermCount, Trend
from camaudit.report.change_sentences import cause, how, why
from camaudit.report.json_shapes import (
    COUNT,
    DAY,
    MOMENT,
    TEXT,
    YES_NO,
    Schema,
    an_object,
    list_of,
    map_of,
    maybe,
    one_of,
)

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


def since_json(since: Since | None, names: Mapping[str, str]) -> Json | None:
    """Return what changed since an earlier run; nothing where none was compared."""
    if since is None:
        return None
    moved = [unit for unit in since.units if unit.what != (What.SAME,)]
    started = since.run.started.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "run": since.run.id,
        "started": started,
        "as_of": since.as_of.isoformat(),
        "notices": list(since.notices),
        "summary": dict(counts(since.units, since.verdicts, len(since.unseen))),
        "devices": [unit_json(unit, names) for unit in moved],
        "closed": [item_json(item, names) for item in closed(since.verdicts)],
        "opened": [item_json(item, names) for item in opened(since.verdicts)],
        "accepted": [item_json(item, names) for item in accepted(since.verdicts)],
        "doubtful": [item_json(item, names) for item in doubtful(since.verdicts)],
        "unseen": [unseen_json(change) for change in since.unseen],
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


def since_schema() -> Schema:
    """Return the JSON Schema of ``changes`` in report.json."""
    fact = an_object(name=TEXT, before=TEXT, after=TEXT)
    device = maybe(an_object(id=TEXT, address=TEXT, maker=maybe(TEXT), model=maybe(TEXT)))
    unit = an_object(
        change=list_of(one_of(What)),
        before=device,
        after=device,
        recognised_by=maybe(TEXT),
        told_apart_by=list_of(TEXT),
        facts=list_of(fact),
        whereabouts=maybe(TEXT),
        last_seen=maybe(DAY),
        told=TEXT,
    )
    item = _item_schema(fact)
    lists = {name: list_of(item) for name in ("closed", "opened", "accepted", "doubtful")}
    texts = {name: TEXT for name in ("policy", "rule", "title", "state", "whereabouts")}
    unseen = an_object(device=maybe(TEXT), address=maybe(TEXT), waived=YES_NO, **texts)
    return maybe(
        an_object(
            run=TEXT,
            started=MOMENT,
            as_of=DAY,
            notices=list_of(TEXT),
            summary=map_of(COUNT),
            devices=list_of(unit),
            unseen=list_of(unseen),
            **lists,
        )
    )


def _item_schema(fact: Schema) -> Schema:
    state = an_object(state=maybe(TEXT), waived=YES_NO)
    one = an_object(cause=TEXT, told=TEXT, facts=list_of(fact), names=list_of(TEXT), day=maybe(DAY))
    return an_object(
        device=maybe(TEXT),
        address=maybe(TEXT),
        before=state,
        after=state,
        together=YES_NO,
        causes=list_of(one),
        open_before=maybe(DAY),
        again=YES_NO,
        **{name: TEXT for name in ("policy", "rule", "title", "why", "how")},
    )


def trend_schema() -> Schema:
    """Return the JSON Schema of ``trend`` in report.json."""
    numbers = ("addresses", "answered", "video", "left", "unseen", "waived", "reviews")
    moves = ("closed", "doubtful", "opened", "opened_new")
    return list_of(
        an_object(
            term=TEXT,
            first=DAY,
            last=DAY,
            run=maybe(TEXT),
            day=maybe(DAY),
            complete=YES_NO,
            **{name: COUNT for name in (*numbers, *moves)},
        )
    )
