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
from camaudit.model import Certainty, Device, Finding, Report, Run, Site, Waiver
from camaudit.reached import coverage
from camaudit.scan import Done, ScanOptions, ScanWatcher, Scope, parse_scope, scan
from camaudit.store import RunWriter, Store, StoredRun

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue
    from camaudit.policy.whatif import OpenQuestion, WhatIf


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
    import camaudit.policy.decisions
    import camaudit.policy.evaluate
    import camaudit.policy.waivers
    import camaudit.policy.whatif  # noqa: F401 - loaded for later


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
    # What only judges is loaded when something is judged: a scan begins half a second sooner.
    from camaudit.locating import located
    from camaudit.planned import with_plan
    from camaudit.policy.choose import applicable_packs
    from camaudit.policy.evaluate import evaluate
    from camaudit.policy.questionnaire import questionnaire

    where = site or stored.site
    devices, stated = _known_devices(stored, catalogue, where, as_of)
    rules, entities = catalogue.policies, catalogue.knowledge.entities
    packs = applicable_packs(where, rules.packs, policies)
    found = evaluate(devices, where, packs, register=rules.register, entities=entities, today=as_of)
    judged, excused = _excused(found, waivers, where, devices, as_of, rules.unwaivable)
    asked = _what_if(catalogue, as_of, policies).with_choices(questionnaire(devices, judged), devices, where)
    said = _left_out(where, catalogue, policies)
    report = Report(
        run=_with_marks(stored.run, catalogue),
        site=where,
        judged_as_of=as_of,
        devices=devices,
        findings=judged,
        plan=(),
        coverage=coverage(stored),
        policies=tuple(pack.id for pack in packs),
        notices=(*excused, *stated, *_gaps(stored, packs), *said, *_aged(catalogue, judged, as_of)),
        names=catalogue.names,
        questions=asked,
    )
    return located(with_plan(report, stored, packs, catalogue), stored, catalogue)


def _excused(
    found: tuple[Finding, ...],
    waivers: Iterable[Waiver],
    site: Site,
    devices: tuple[Device, ...],
    as_of: date,
    unwaivable: frozenset[str],
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings with what was waived or decided about them, and what has to be said of either."""
    from camaudit.policy.decisions import apply_decisions
    from camaudit.policy.waivers import apply_waivers

    waived, notices = apply_waivers(found, waivers, devices, as_of, unwaivable=unwaivable)
    judged, decided = apply_decisions(waived, site.decisions, devices, as_of, unwaivable=unwaivable)
    return judged, (*notices, *decided)


def _left_out(site: Site, catalogue: Catalogue, policies: Iterable[str]) -> tuple[str, ...]:
    """Return what has to be said of rules that nothing was judged by."""
    from camaudit.policy.left_out import left_out

    rules = catalogue.policies
    return tuple(left_out(site, rules.packs, rules.register, tuple(policies)))


def _aged(catalogue: Catalogue, judged: tuple[Finding, ...], as_of: date) -> tuple[str, ...]:
    """Return what has to be said of knowledge that nobody renewed."""
    from camaudit.ages import told_old

    return tuple(told_old(catalogue, judged, as_of))


def _known_devices(
    stored: StoredRun, catalogue: Catalogue, site: Site, as_of: date
) -> tuple[tuple[Device, ...], tuple[str, ...]]:
    """Return the devices of a run with what people stated of them, and what has to be said of the statements."""
    from camaudit.devices import devices_of
    from camaudit.policy.attestations import attest
    from camaudit.policy.sightings import with_sightings
    from camaudit.recorders import told_of

    found = devices_of(stored.observations, catalogue.knowledge, catalogue.oui)
    attested, letters = attest(found, site.attestations, catalogue.names, as_of)
    devices, seen = with_sightings(attested, site.sightings, catalogue.names, as_of)
    return devices, (*letters, *seen, *told_of(devices))


def open_questions(report: Report, catalogue: Catalogue, policies: Iterable[str] = ()) -> tuple[OpenQuestion, ...]:
    """Return the questions that a report leaves open, each with what each possible answer would change."""
    return _what_if(catalogue, report.judged_as_of, policies).open_questions(report.devices, report.site)


def _what_if(catalogue: Catalogue, today: date, policies: Iterable[str]) -> WhatIf:
    from camaudit.policy.whatif import WhatIf

    rules = catalogue.policies
    return WhatIf(rules.packs, rules.register, catalogue.knowledge.entities, today, tuple(policies))


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
