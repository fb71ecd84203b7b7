"""Doing one job, at its site: a scan whose rows are the result. The site's own file says what may be asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from camaudit import audit
from camaudit.errors import CamauditError, DataFileError, UsageError
from camaudit.estate.jobs import Job
from camaudit.estate.ledger import JobStore
from camaudit.model import Site
from camaudit.scan import Accounts, ScanOptions, ScanWatcher, done_of, parse_scope, scan
from camaudit.store import Store
from camaudit.store.jobs import PARTS
from camaudit.store.readings import begun, glance

_MOST_NOTE = 300
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job. ``state`` is ``done``, ``refused`` or ``failed``; ``rows`` holds rows by their table."""

    job: str
    site: str
    state: str
    note: str = ""
    limits: tuple[str, ...] = ()
    rows: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the result as values that JSON knows."""
        names = ("job", "site", "state", "note")
        return {
            **{name: getattr(self, name) for name in names},
            "limits": list(self.limits),
            "rows": dict(self.rows),
        }


def result_from(values: Mapping[str, Any]) -> Result:
    """Read a result that came as JSON; raise ``UsageError`` where it is none."""
    names = [values.get(name) for name in ("job", "site", "state", "note")]
    limits, rows = values.get("limits"), values.get("rows")
    if (
        not all(isinstance(name, str) for name in names)
        or not isinstance(limits, list)
        or not isinstance(rows, dict)
    ):
        raise UsageError("a result without job, site, state or rows; is the worker of another version?")
    good = all(isinstance(part, list) and all(isinstance(row, dict) for row in part) for part in rows.values())
    if names[2] not in ("done", "refused", "failed") or not good:
        raise UsageError("a result of no known state, or without rows; is the worker of another version?")
    job, site, state, note = map(str, names)
    return Result(job, site, state, note[:_MOST_NOTE], tuple(str(each)[:_MOST_NOTE] for each in limits), rows)


@dataclass(frozen=True, slots=True)
class Logins:
    """What a site's worker logs in with: accounts from its own file, and the store that knows what was tried."""

    accounts: Callable[[Site], Accounts]
    ledger: Store
    again: bool = False


def do(
    job: Job,
    site_id: str,
    site: Site,
    options: ScanOptions,
    watcher: ScanWatcher,
    logins: Logins | None = None,
) -> Result:
    """Scan what ``job`` asks for, where ``site`` allows it; what goes wrong is a result too.

    Of logins nothing is in the result but what was read with them.
    """
    try:
        check(job, site_id, site)
    except CamauditError as error:
        return Result(job.id, site_id, "refused", str(error)[:_MOST_NOTE])
    scope = parse_scope(job.targets, (*job.exclude, *site.exclude))
    store = Store("sqlite://") if logins is None else JobStore(logins.ledger)
    try:
        chosen = options if logins is None else replace(options, accounts=logins.accounts(site))
    except DataFileError as error:
        _log.warning("%s", error)
        return Result(job.id, site_id, "failed", "the site's own credentials file is wrong; its worker says where")
    try:
        again = logins is not None and logins.again
        run = audit.collect(store, scope, site, chosen, watcher, login_again=again, run_id=job.run)
    except CamauditError as error:
        return Result(job.id, site_id, "failed", str(error)[:_MOST_NOTE])
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for name, row in store.rows(run):
        if name in (*PARTS, "runs"):
            rows.setdefault(name, []).append(row)
    limits = rows.pop("runs")[0]["limits"]
    store.close()
    return Result(job.id, site_id, "done", "", tuple(limits), rows)


def do_into(store: Store, job: Job, site: Site, options: ScanOptions, watcher: ScanWatcher) -> Result:
    """Scan what ``job`` asks for straight into the hub's own store: what ends it early loses no finished host."""
    scope = parse_scope(job.targets, (*job.exclude, *site.exclude))
    try:
        check(job, job.site, site)
    except CamauditError as error:
        return Result(job.id, job.site, "refused", str(error)[:_MOST_NOTE])
    stored, writer = glance(store, job.run), store.resume(job.run)
    # Hosts that the run has finished are not asked again, and those that it has begun only for the rest. What
    # other jobs of the run have begun is theirs; each asks its own networks, so no stage is over before it.
    ours = {address: said for address, said in begun(store, stored.run).items() if scope.contains(address)}
    done = replace(done_of((), stored.swept, ours, {}), hosts=frozenset(host.address for host in stored.hosts))
    try:
        asking = scan(scope, writer, options, now=audit.now, watcher=watcher, done=done)
        found = asyncio.run(writer.while_kept(asking))
    except CamauditError as error:
        return Result(job.id, job.site, "failed", str(error)[:_MOST_NOTE])
    finally:
        writer.flush()
    return Result(job.id, job.site, "done", "", found.limits)


def check(job: Job, site_id: str, site: Site) -> None:
    """Raise ``UsageError`` where a job is another site's, or asks for what the site's own file does not allow.

    The hub plans, but it cannot widen: whoever takes over the hub still scans only what each site wrote down.
    """
    if job.site != site_id:
        raise UsageError(f"a job of {job.site[:40]}, and this is {site_id}")
    allowed = parse_scope(site.scope, site.exclude)
    for span in parse_scope(job.targets).spans:
        if not allowed.covers(span):
            raise UsageError(f"{span}: not in the scope of this site's own file, so it was not scanned")
