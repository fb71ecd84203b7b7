"""A stored run as values: its observations by address, and what it reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from camaudit.model import HostCoverage, Load, Observation, Outcome, Run, Site, Target
from camaudit.store import tables
from camaudit.store.packing import unpack
from camaudit.store.sites import site_of

Resolved = tuple[tuple[str, ...], tuple[str, ...]]
"""Scope and exclusions as address ranges, names looked up."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Everything a run left: what ``check`` and ``report`` work from."""

    run: Run
    site: Site
    limits: tuple[str, ...]
    observations: Mapping[str, tuple[Observation, ...]]
    hosts: tuple[HostCoverage, ...]
    resolved: Resolved
    addresses: int
    silent: int
    swept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredLogin:
    """One login that was tried, by one mark of the device; the credential is its name in the operator's file."""

    run: str
    device: str
    credential: str
    outcome: str


def run_of(row: Row[Any]) -> Run:
    """Return the run that a row of ``runs`` holds."""
    return Run(
        id=row.id,
        started=row.started,
        finished=row.finished,
        tool_version=row.tool_version,
        scope=tuple(row.scope),
        excluded=tuple(row.excluded),
        origin=row.origin,
    )


def read_run(connection: Connection, run: Run) -> StoredRun:
    """Read one run whole."""
    mine = tables.runs.c.id == run.id
    columns = (tables.runs.c.site, tables.runs.c.limits, tables.runs.c.resolved)
    head = connection.execute(select(*columns).where(mine)).one()
    observed = _observations(connection, run)
    blocks = connection.execute(
        select(tables.swept).where(tables.swept.c.run == run.id).order_by(tables.swept.c.first)
    ).all()
    return StoredRun(
        run=run,
        site=site_of(head.site),
        limits=tuple(head.limits),
        observations=observed,
        hosts=_hosts(connection, run.id, observed),
        resolved=(tuple(head.resolved[0]), tuple(head.resolved[1])),
        addresses=sum(block.addresses for block in blocks),
        silent=sum(block.silent for block in blocks),
        swept=tuple((block.first, block.last) for block in blocks),
    )


def _observations(connection: Connection, run: Run) -> dict[str, tuple[Observation, ...]]:
    table = tables.observations
    found: dict[str, list[Observation]] = {}
    for item in unpack(connection, run.id, run.started):
        found.setdefault(item.target.address, []).append(item)
    for row in connection.execute(select(table).where(table.c.run == run.id).order_by(table.c.id)):
        fields = {name: tuple(values) for name, values in row.fields.items()}
        target, outcome = Target(row.address, row.port), Outcome(row.outcome)
        item = Observation(target, row.probe, outcome, fields, row.at, row.note)
        found.setdefault(row.address, []).append(item)
    return {address: tuple(items) for address, items in found.items()}


_BEST = (
    Outcome.ANSWERED,
    Outcome.OUT_OF_SCOPE,
    Outcome.MALFORMED,
    Outcome.REFUSED,
    Outcome.SILENT,
    Outcome.NOT_ASKED,
)


def _hosts(
    connection: Connection, run_id: str, observed: Mapping[str, tuple[Observation, ...]]
) -> tuple[HostCoverage, ...]:
    table = tables.hosts
    found = []
    for row in connection.execute(select(table).where(table.c.run == run_id).order_by(table.c.address)):
        probes: dict[str, Outcome] = {}
        for item in observed.get(row.address, ()):
            held = probes.get(item.probe)
            if held is None or _BEST.index(item.outcome) < _BEST.index(held):
                probes[item.probe] = item.outcome
        load = Load(**row.load) if row.load else None
        found.append(HostCoverage(row.address, row.outcome, probes, tuple(row.notes), load))
    return tuple(found)
