"""A stored run as values: its observations by address, and what it reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from camaudit.model import HostCoverage, Load, Observation, Outcome, Run, Site, Target
from camaudit.store import tables
from camaudit.store.packing import unpack
from camaudit.store.sites import site_of

_CUT_SHORT = "the scan ended before this host was asked to the end; `camaudit scan --resume` asks the rest"

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
    stages: Mapping[str, Any] = field(default_factory=dict)
    """What was done once, with what is to be said of it: for whoever resumes the run."""
    begun: tuple[HostCoverage, ...] = ()
    """The hosts of a scan that was ended early which have told something and were not asked to the end."""


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
    observed = read_observations(connection, run)
    hosts = _hosts(connection, run.id, observed)
    begun = tuple(_begun(run, hosts, observed))
    return replace(read_head(connection, run), observations=observed, hosts=hosts, begun=begun)


def read_head(connection: Connection, run: Run) -> StoredRun:
    """Read what is known of a run beside its hosts and what they said."""
    mine = tables.runs.c.id == run.id
    columns = (tables.runs.c.site, tables.runs.c.limits, tables.runs.c.resolved)
    head = connection.execute(select(*columns).where(mine)).one()
    blocks = connection.execute(
        select(tables.swept).where(tables.swept.c.run == run.id).order_by(tables.swept.c.first)
    ).all()
    stages = connection.execute(select(tables.stages).where(tables.stages.c.run == run.id)).all()
    return StoredRun(
        run=run,
        site=site_of(head.site),
        limits=tuple(head.limits),
        observations={},
        hosts=(),
        resolved=(tuple(head.resolved[0]), tuple(head.resolved[1])),
        addresses=sum(block.addresses for block in blocks),
        silent=sum(block.silent for block in blocks),
        swept=tuple((block.first, block.last) for block in blocks),
        stages={stage.name: stage.said for stage in stages},
    )


def read_observations(
    connection: Connection, run: Run, addresses: Collection[str] | None = None
) -> dict[str, tuple[Observation, ...]]:
    """Read what the hosts of a run said, packed or not; with ``addresses`` (some hundreds at most) only these."""
    table = tables.observations
    found: dict[str, list[Observation]] = {}
    for item in unpack(connection, run.id, run.started, addresses):
        found.setdefault(item.target.address, []).append(item)
    loose = select(table).where(table.c.run == run.id).order_by(table.c.id)
    if addresses is not None:
        loose = loose.where(table.c.address.in_(addresses))
    for row in connection.execute(loose):
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
        probes = _probes(observed.get(row.address, ()))
        load = Load(**row.load) if row.load else None
        found.append(HostCoverage(row.address, row.outcome, probes, tuple(row.notes), load))
    return tuple(found)


def _begun(
    run: Run, hosts: Iterable[HostCoverage], observed: Mapping[str, tuple[Observation, ...]]
) -> Iterator[HostCoverage]:
    if run.finished is not None or run.origin != "scan":
        return
    finished = {host.address for host in hosts}
    for address in sorted(observed.keys() - finished):
        # Who answered from outside the scope was not asked, and will not be.
        if any(item.outcome is not Outcome.OUT_OF_SCOPE for item in observed[address]):
            yield HostCoverage(address, "unasked", _probes(observed[address]), (_CUT_SHORT,))


def _probes(items: Iterable[Observation]) -> dict[str, Outcome]:
    probes: dict[str, Outcome] = {}
    for item in items:
        held = probes.get(item.probe)
        if held is None or _BEST.index(item.outcome) < _BEST.index(held):
            probes[item.probe] = item.outcome
    return probes
