"""What was said of a run, in the table ``judgements``: in goes a ``Judgement``, and out it comes again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from camaudit.model import Judgement, KeptUnit, Waiver
from camaudit.store import tables
from camaudit.store.sites import saved_site, site_of

_SAME = ("as_of", "tool_version", "marks", "site", "waivers", "chosen", "units")


def write_judgement(connection: Connection, judgement: Judgement) -> None:
    """Add a judgement; one that repeats the last one of its run adds nothing."""
    row = _row(judgement)
    table = tables.judgements
    newest = select(table).where(table.c.run == judgement.run).order_by(table.c.id.desc()).limit(1)
    last = connection.execute(newest).mappings().one_or_none()
    if last is None or any(last[name] != row[name] for name in _SAME):
        connection.execute(insert(table).values(row))


def read_judgements(connection: Connection, run_id: str) -> tuple[Judgement, ...]:
    """Return the judgements of a run, the oldest first."""
    table = tables.judgements
    rows = connection.execute(select(table).where(table.c.run == run_id).order_by(table.c.id))
    return tuple(_judgement(row) for row in rows)


def _row(judgement: Judgement) -> dict[str, Any]:
    return {
        "run": judgement.run,
        "judged": judgement.judged,
        "as_of": judgement.as_of.isoformat(),
        "tool_version": judgement.tool_version,
        "marks": dict(judgement.marks),
        "site": saved_site(judgement.site),
        "waivers": [_saved_waiver(waiver) for waiver in judgement.waivers],
        "chosen": list(judgement.chosen),
        "units": [[list(u.addresses), dict(u.facts), dict(u.states)] for u in judgement.units],
    }


def _saved_waiver(waiver: Waiver) -> dict[str, Any]:
    days = {"granted": waiver.granted.isoformat(), "expires": waiver.expires.isoformat()}
    return {**asdict(waiver), **days, "targets": list(waiver.targets)}


def _waiver(saved: Mapping[str, Any]) -> Waiver:
    days = {name: date.fromisoformat(saved[name]) for name in ("granted", "expires")}
    return Waiver(**{**saved, **days, "targets": tuple(saved["targets"])})


def _judgement(row: Row[Any]) -> Judgement:
    return Judgement(
        run=row.run,
        judged=row.judged,
        as_of=date.fromisoformat(row.as_of),
        tool_version=row.tool_version,
        marks=row.marks,
        site=site_of(row.site),
        waivers=tuple(_waiver(each) for each in row.waivers),
        chosen=tuple(row.chosen),
        units=tuple(KeptUnit(tuple(places), facts, states) for places, facts, states in row.units),
    )
