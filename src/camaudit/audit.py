"""The use cases; each reads top to bottom: collect, judge, and both in one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from camaudit import __version__
from camaudit.errors import UsageError
from camaudit.model import Certainty, Coverage, Device, HostCoverage, Report, Run, Site, Waiver
from camaudit.scan import Done, ScanOptions, ScanWatcher, Scope, parse_scope, scan
from camaudit.store import RunWriter, Store, StoredRun

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue
    from camaudit.policy.whatif import OpenQuestion


_REFUSED = frozenset({"refused", "locked"})


def now() -> datetime:
    """Return the time in UTC; the one clock of a run."""
    return datetime.now(UTC)


def collect(
    store: Store,
    scope: Scope,
    site: Site,
    options: ScanOptions,
    watcher: ScanWatcher,
    *,
    login_again: bool = False,
) -> str:
    """Scan ``scope`` into the store and return the run's id.

    ``login_again`` lets accounts be tried at devices that refused them in an earlier run.

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
    told = _with_history(options, store, run.id, login_again=login_again)
    return _scan_into(store, store.begin(run, site, scope.resolved), scope, told, watcher, Done())


def resume(
    store: Store, stored: StoredRun, options: ScanOptions, watcher: ScanWatcher, *, login_again: bool = False
) -> str:
    """Go on with a run that was ended early; hosts that it has finished are not asked again.

    Raises UsageError where the run is complete.
    """
    run = stored.run
    if run.finished is not None:
        raise UsageError(f"run {run.id} is complete; there is nothing to resume")
    # The scope was allowed when the run began; it cannot have grown since.
    scope = parse_scope(*stored.resolved, allow_public=True)
    done = Done(frozenset(host.address for host in stored.hosts), frozenset(stored.swept))
    told = _with_history(options, store, run.id, login_again=login_again)
    return _scan_into(store, store.resume(run.id), scope, told, watcher, done)


def _with_history(options: ScanOptions, store: Store, run_id: str, *, login_again: bool) -> ScanOptions:
    """Tell a scan that may log in what was tried before: in this run, and what was refused in any other."""
    if options.accounts is None:
        return options
    logins = store.logins()
    tried = frozenset((each.device, each.credential) for each in logins if each.run == run_id)
    refused = frozenset((each.device, each.credential) for each in logins if each.outcome in _REFUSED)
    accounts = replace(options.accounts, tried=tried, refused=frozenset() if login_again else refused)
    return replace(options, accounts=accounts)


def _scan_into(
    store: Store, writer: RunWriter, scope: Scope, options: ScanOptions, watcher: ScanWatcher, done: Done
) -> str:
    try:
        result = asyncio.run(scan(scope, writer, options, now=now, watcher=watcher, done=done))
    finally:
        writer.flush()
    store.finish(writer.run_id, now(), result.limits)
    return writer.run_id


def load_judging() -> None:
    """Load what only judges: at leisure, or by ``judge`` itself."""
    import camaudit.devices
    import camaudit.planned
    import camaudit.policy.choose
    import camaudit.policy.evaluate
    import camaudit.policy.waivers  # noqa: F401 - loaded for later


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
    from camaudit.devices import devices_of  # what only judges is loaded here: a scan begins half a second sooner
    from camaudit.locating import located
    from camaudit.planned import with_plan
    from camaudit.policy.attestations import attest
    from camaudit.policy.choose import applicable_packs
    from camaudit.policy.evaluate import evaluate
    from camaudit.policy.left_out import left_out
    from camaudit.policy.waivers import apply_waivers

    where = site or stored.site
    found_devices = devices_of(stored.observations, catalogue.knowledge, catalogue.oui)
    devices, letters = attest(found_devices, where.attestations, catalogue.names, as_of)
    packs = applicable_packs(where, catalogue.policies.packs, policies)
    register, entities = catalogue.policies.register, catalogue.knowledge.entities
    found = evaluate(devices, where, packs, register=register, entities=entities, today=as_of)
    judged, notices = apply_waivers(found, waivers, devices, as_of, unwaivable=catalogue.policies.unwaivable)
    unjudged = left_out(where, catalogue.policies.packs, register, tuple(policies))
    report = Report(
        run=_with_marks(stored.run, catalogue),
        site=where,
        judged_as_of=as_of,
        devices=devices,
        findings=judged,
        plan=(),
        coverage=coverage(stored),
        policies=tuple(pack.id for pack in packs),
        notices=(*notices, *letters, *_gaps(stored, packs), *unjudged, *_told(devices)),
        names=catalogue.names,
    )
    return located(with_plan(report, stored, packs, catalogue), stored, catalogue)


def _told(devices: tuple[Device, ...]) -> tuple[str, ...]:
    from camaudit.recorders import told_of

    return tuple(told_of(devices))


def open_questions(report: Report, catalogue: Catalogue, policies: Iterable[str] = ()) -> tuple[OpenQuestion, ...]:
    """Return the questions that a report leaves open, each with what each possible answer would change."""
    from camaudit.policy.whatif import WhatIf

    rules = catalogue.policies
    asked = WhatIf(rules.packs, rules.register, catalogue.knowledge.entities, report.judged_as_of, tuple(policies))
    return asked.open_questions(report.devices, report.site)


def with_background(report: Report, catalogue: Catalogue) -> Report:
    """Return the report with what is alleged of the makers found, for those who asked; no verdict is looked at."""
    from camaudit.policy.documents import background

    sure = (Certainty.CONFIRMED, Certainty.PROBABLE)
    found = (d.identification for d in report.devices if d.identification.video)
    makers = {each.maker for each in found if each.maker and each.certainty in sure}
    return replace(report, background=background(catalogue.policies.register, makers))


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
    if stored.run.origin == "import":
        yield "This report rests on imported files alone: no packet was sent, and what they leave out is unknown."
    if stored.run.origin == "listen":
        yield "This report rests on listening alone: no packet was sent, and units that kept silent are unknown."
    if stored.run.finished is None:
        yield "The scan was ended before it was complete: what follows covers only what was reached until then."
    if not packs:
        yield "No policy fits what is known of this site, so nothing was judged: say more of it in site.yaml."


def coverage(stored: StoredRun) -> Coverage:
    """Return what a stored run reached; an address that left no host was silent, or not asked yet."""
    counts = {outcome: _count(stored.hosts, outcome) for outcome in ("answered", "refused", "excluded", "error")}
    there = sum(counts.values())
    if not stored.resolved[0]:
        return _imported_coverage(stored, counts)
    scope = parse_scope(*stored.resolved, allow_public=True)
    # Of an IPv6 network that is too large to sweep only those count who were met.
    size = scope.size() + sum(not _swept(scope, host.address) for host in stored.hosts if host.outcome in counts)
    silent = max(0, size - there) if stored.run.finished else stored.silent
    named_only = _count(stored.hosts, "unasked")
    return Coverage(
        addresses=size + named_only,
        answered=counts["answered"],
        silent=silent,
        refused=counts["refused"],
        excluded=counts["excluded"],
        error=counts["error"],
        unasked=max(0, size - there - silent) + named_only,
        hosts=stored.hosts,
        limits=stored.limits,
    )


def _imported_coverage(stored: StoredRun, counts: dict[str, int]) -> Coverage:
    """Return the coverage of a run of files alone: nobody was asked, so nobody was silent."""
    unasked = _count(stored.hosts, "unasked")
    total = sum(counts.values()) + unasked
    return Coverage(
        addresses=total,
        answered=counts["answered"],
        silent=0,
        refused=counts["refused"],
        unasked=unasked,
        hosts=stored.hosts,
        limits=stored.limits,
    )


def _swept(scope: Scope, address: str) -> bool:
    try:
        return scope.sweeps(address)
    except ValueError:
        return False  # a unit of an import that is known by its MAC only


def _count(hosts: tuple[HostCoverage, ...], outcome: str) -> int:
    return sum(host.outcome == outcome for host in hosts)
