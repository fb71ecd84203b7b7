"""Doing one job, at its site: a scan whose rows are the result. The site's own file says what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from camaudit import audit
from camaudit.errors import CamauditError, UsageError
from camaudit.estate.jobs import Job
from camaudit.model import Site
from camaudit.scan import ScanOptions, ScanWatcher, parse_scope
from camaudit.store import Store

_MOST_NOTE = 300


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
    if names[2] not in ("done", "refused", "failed") or not all(isinstance(part, list) for part in rows.values()):
        raise UsageError("a result of no known state; is the worker of another version?")
    job, site, state, note = map(str, names)
    return Result(job, site, state, note[:_MOST_NOTE], tuple(str(each)[:_MOST_NOTE] for each in limits), rows)


def do(job: Job, site_id: str, site: Site, options: ScanOptions, watcher: ScanWatcher) -> Result:
    """Scan what ``job`` asks for, where ``site`` allows it; what goes wrong is a result too."""
    try:
        check(job, site_id, site)
    except CamauditError as error:
        return Result(job.id, site_id, "refused", str(error)[:_MOST_NOTE])
    scope = parse_scope(job.targets, (*job.exclude, *site.exclude))
    store = Store("sqlite://")
    try:
        run = audit.collect(store, scope, site, options, watcher)
    except CamauditError as error:
        return Result(job.id, site_id, "failed", str(error)[:_MOST_NOTE])
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for name, row in store.rows(run):
        rows.setdefault(name, []).append(row)
    limits = rows.pop("runs")[0]["limits"]
    return Result(job.id, site_id, "done", "", tuple(limits), rows)


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
