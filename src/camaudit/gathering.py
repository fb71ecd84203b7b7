"""A scan into the store: a run is begun, or one that was ended early goes on. What ends it leaves what it has."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from camaudit import __version__
from camaudit.clock import RunClock, wall
from camaudit.errors import EndedEarly, InterfaceLost, NetworkUnavailable, UsageError
from camaudit.manner import HOW, as_begun, kept_manner, left_out
from camaudit.model import Run, Site
from camaudit.net.interfaces import on_link
from camaudit.net.raw.drop import put_away_privilege as put_away
from camaudit.scan import Done, ScanOptions, ScanWatcher, Scope, done_of, heeding, parse_scope, scan
from camaudit.store import RunWriter, Store, StoredRun

_REFUSED = frozenset({"refused", "locked"})


def put_away_privilege() -> None:
    """Put what privilege this program has out of use: only the helper process opens raw sockets."""
    put_away()


def now() -> datetime:
    """Return the time in UTC; a scan has a clock of its own."""
    return wall()


def collect(
    store: Store,
    scope: Scope,
    site: Site,
    options: ScanOptions,
    watcher: ScanWatcher,
    *,
    login_again: bool = False,
    run_id: str = "",
) -> str:
    """Scan ``scope`` into the store and return the run's id: a new one, or ``run_id`` of which this is a part.

    ``login_again`` lets accounts be tried at devices that refused them in an earlier run.

    Whatever ends it early (Ctrl-C, a full disk, an error) leaves what was collected in the store, unfinished.
    """
    try:
        on_link(scope, options.interfaces)
    except NetworkUnavailable as error:
        # Asked for before anything is sent: a run that cannot begin is not left to be resumed.
        raise UsageError(str(error)) from None
    clock = RunClock()
    started = clock.now()
    run = Run(
        id=run_id or f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        started=started,
        finished=None,
        tool_version=__version__,
        scope=scope.written,
        excluded=scope.excluded_written,
    )
    told = _with_history(heeding(options, site.quiet_hours), store, run.id, login_again=login_again)
    with store.hold(run.id):
        writer = store.begin(run, site, scope.resolved)
        writer.stage(HOW, kept_manner(told), started)
        writer.flush()
        _scan_into(store, writer, scope, told, watcher, Done(), clock)
    return run.id


def resume(
    store: Store, stored: StoredRun, options: ScanOptions, watcher: ScanWatcher, *, login_again: bool = False
) -> str:
    """Go on with a run that was ended early; what is stored is not asked again.

    Raises UsageError where the run is complete, or is being scanned by another program. What ``options`` leave at
    its default is as the scan was begun.
    """
    run = stored.run
    if run.finished is not None:
        raise UsageError(f"run {run.id} is complete; there is nothing to resume")
    # The scope was allowed when the run began; it cannot have grown since.
    scope = parse_scope(*stored.resolved, allow_public=True)
    kept = stored.stages.get(HOW, {})
    options = heeding(as_begun(options, kept), stored.site.quiet_hours)
    stages = {name: tuple(said) for name, said in stored.stages.items() if name != HOW}
    done = done_of(stored.hosts, stored.swept, stored.observations, stages)
    times = (item.at for items in stored.observations.values() for item in items)
    clock = RunClock(max(times, default=run.started))
    told = _with_history(options, store, run.id, login_again=login_again)
    with store.hold(run.id) as free:
        if not free:
            raise UsageError(f"run {run.id} is being scanned by another camaudit; wait until it has ended")
        _scan_into(store, store.resume(run.id), scope, told, watcher, done, clock, left_out(told, kept))
    return run.id


def ended_early(store: Store) -> StoredRun:
    """Return the newest scan that was ended early and that nobody is going on with; raises UsageError."""
    unfinished = [run.id for run in store.runs() if run.finished is None and run.origin == "scan"]
    for run in unfinished:
        with store.hold(run) as free:
            if free:
                return store.run(run)
    if unfinished:
        raise UsageError(f"run {unfinished[0]} is being scanned by another camaudit; wait until it has ended")
    raise UsageError("no scan was ended early, so there is nothing to resume; see `camaudit runs`")


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
    store: Store,
    writer: RunWriter,
    scope: Scope,
    options: ScanOptions,
    watcher: ScanWatcher,
    done: Done,
    clock: RunClock,
    gaps: Iterable[str] = (),
) -> None:
    scanning = scan(scope, writer, options, now=clock.now, watcher=watcher, done=done)
    try:
        result = asyncio.run(writer.while_kept(scanning))
    except InterfaceLost as lost:
        writer.flush()
        store.interrupt(writer.run_id, (str(lost), *gaps))
        raise EndedEarly(writer.run_id, str(lost)) from None
    finally:
        writer.flush()
    store.finish(writer.run_id, clock.now(), (*result.limits, *gaps, *clock.limits()))
