"""The JSON Schema of what changed and of the terms, in ``report.json``."""

from __future__ import annotations

from camaudit.changes import What
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
    lists = {name: list_of(item) for name in ("opened", "accepted", "doubtful")}
    evidence = an_object(run=TEXT, looked_at=DAY, device=maybe(TEXT), address=maybe(TEXT))
    shut = an_object(**item["properties"], evidence=evidence)
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
            closed=list_of(shut),
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
