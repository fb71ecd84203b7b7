"""Planning into the store and taking results out of the post: what the hub does."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from camaudit.errors import UsageError
from camaudit.estate.form import Estate
from camaudit.estate.jobs import Job, SitePlan, plan_jobs
from camaudit.estate.work import Result
from camaudit.store import Store
from camaudit.store.jobs import StoredJob, end_job, job_of, jobs_of, put_jobs


def begin(store: Store, estate: Estate, now: datetime, only: tuple[str, ...] = ()) -> tuple[SitePlan, ...]:
    """Plan a pass over the estate and keep it: a run and its jobs for each site."""
    batch = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    plans = plan_jobs(estate, batch, now, only)
    for plan in plans:
        store.begin(plan.run, estate.sites[plan.site], plan.scope.resolved)
        put_jobs(store, (job.as_json() for job in plan.jobs), now)
    return plans


def waiting(store: Store, batch: str | None = None) -> tuple[Job, ...]:
    """Return the jobs of a batch that nobody has ended."""
    return tuple(_job(each) for each in jobs_of(store, batch) if each.state == "waiting")


def take(store: Store, result: Result, site: str, now: datetime) -> bool:
    """Take a result that came from ``site``; return whether it was new.

    Raises ``UsageError`` where a site answers for another, or for a job that nobody gave it.
    """
    job = job_of(store, result.job)
    if job is None or job.site != site or result.site != site:
        raise UsageError(f"{site}: a result for {result.job[:80]!r}, which is no job of this site")
    return end_job(store, result.job, result.state, result.rows, result.limits, result.note, now)


def _job(stored: StoredJob) -> Job:
    return Job(stored.id, stored.batch, stored.site, stored.run, stored.targets, stored.exclude)


def standing(jobs: Iterable[StoredJob]) -> dict[str, dict[str, int]]:
    """Return how many jobs of each site are in which state."""
    counts: dict[str, dict[str, int]] = {}
    for job in jobs:
        site = counts.setdefault(job.site, {"waiting": 0, "done": 0, "refused": 0, "failed": 0})
        site[job.state] += 1
    return counts
