"""The use cases; each reads top to bottom: collect, judge, and both in one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime

from camaudit import __version__
from camaudit.catalogue import Catalogue
from camaudit.devices import devices_of
from camaudit.model import Coverage, HostCoverage, Report, Run, Site, Waiver
from camaudit.net.scope import Scope
from camaudit.plan import plan
from camaudit.policy.choose import applicable_packs
from camaudit.policy.evaluate import evaluate
from camaudit.policy.waivers import apply_waivers
from camaudit.scan import ScanOptions, ScanWatcher, scan
from camaudit.store import Store, StoredRun


def now() -> datetime:
    """Return the time in UTC; the one clock of a run."""
    return datetime.now(UTC)


def collect(store: Store, scope: Scope, site: Site, options: ScanOptions, watcher: ScanWatcher) -> str:
    """Scan ``scope`` into the store and return the run's id.

    Whatever ends it early (Ctrl-C, a full disk, an error) leaves what was collected in the store, unfinished.
    """
    started = now()
    run = Run(
        id=f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        started=started,
        finished=None,
        tool_version=__version__,
        scope=scope.written,
        excluded=scope.excluded_written,
    )
    writer = store.begin(run, site)
    try:
        result = asyncio.run(scan(scope, writer, options, now=now, watcher=watcher))
    finally:
        writer.flush()
    store.finish(run.id, now(), result.limits)
    return run.id


def judge(
    stored: StoredRun,
    catalogue: Catalogue,
    *,
    as_of: date,
    site: Site | None = None,
    policies: Iterable[str] = (),
    waivers: Iterable[Waiver] = (),
) -> Report:
    """Judge a stored run by today's knowledge, or by the law of ``as_of``; nothing is sent."""
    where = site or stored.site
    devices = devices_of(stored.observations, catalogue.knowledge, catalogue.oui)
    packs = applicable_packs(where, catalogue.policies.packs, policies)
    register, entities = catalogue.policies.register, catalogue.knowledge.entities
    found = evaluate(devices, where, packs, register=register, entities=entities, today=as_of)
    judged, notices = apply_waivers(found, waivers, devices, as_of, unwaivable=catalogue.policies.unwaivable)
    return Report(
        run=_with_marks(stored.run, catalogue),
        site=where,
        judged_as_of=as_of,
        devices=devices,
        findings=judged,
        plan=plan(devices, judged, as_of),
        coverage=coverage(stored),
        policies=tuple(pack.id for pack in packs),
        notices=(*notices, *_gaps(stored, packs)),
        names=catalogue.names,
    )


def _with_marks(run: Run, catalogue: Catalogue) -> Run:
    return Run(
        id=run.id,
        started=run.started,
        finished=run.finished,
        tool_version=run.tool_version,
        scope=run.scope,
        excluded=run.excluded,
        knowledge=catalogue.marks,
        origin=run.origin,
    )


def _gaps(stored: StoredRun, packs: tuple[object, ...]) -> Iterable[str]:
    if stored.run.finished is None:
        yield "The scan was ended before it was complete: what follows covers only what was reached until then."
    if not packs:
        yield "No policy fits what is known of this site, so nothing was judged: say more of it in site.yaml."


def coverage(stored: StoredRun) -> Coverage:
    """Return what a stored run reached."""
    counts = {outcome: _count(stored.hosts, outcome) for outcome in ("answered", "refused", "excluded", "error")}
    silent_hosts = _count(stored.hosts, "silent")
    in_scope = tuple(host for host in stored.hosts)
    return Coverage(
        addresses=stored.addresses,
        answered=counts["answered"],
        silent=stored.silent,
        refused=counts["refused"],
        excluded=counts["excluded"],
        error=counts["error"],
        unasked=max(0, stored.addresses - len(in_scope) - stored.silent + silent_hosts),
        hosts=stored.hosts,
        limits=stored.limits,
    )


def _count(hosts: tuple[HostCoverage, ...], outcome: str) -> int:
    return sum(host.outcome == outcome for host in hosts)
