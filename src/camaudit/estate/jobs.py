"""Planning: in goes an estate, out come a run for each site and the jobs that fill it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from camaudit import __version__
from camaudit.errors import UsageError
from camaudit.estate.form import Estate
from camaudit.model import Run
from camaudit.scan import Scope, parse_scope


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of one site, small enough to be done again where a worker dies. It travels as JSON."""

    id: str
    batch: str
    site: str
    run: str
    targets: tuple[str, ...]
    exclude: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the job as values that JSON knows."""
        values = asdict(self)
        return {**values, "targets": list(self.targets), "exclude": list(self.exclude)}


def job_from(values: Mapping[str, Any]) -> Job:
    """Read a job that came as JSON; raise ``UsageError`` where it is none."""
    texts = [values.get(name) for name in ("id", "batch", "site", "run")]
    lists = [values.get(name) for name in ("targets", "exclude")]
    good = all(isinstance(text, str) and len(text) < 200 for text in texts) and all(
        isinstance(part, list) and len(part) < 100_000 and all(isinstance(each, str) for each in part)
        for part in lists
    )
    if not good or not lists[0]:
        raise UsageError("a job without id, site, run or targets; is the hub of another version?")
    names = [str(text) for text in texts]
    return Job(names[0], names[1], names[2], names[3], tuple(lists[0] or ()), tuple(lists[1] or ()))


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What is to be done at one site: its run, its scope and its jobs in the order to do them."""

    site: str
    run: Run
    scope: Scope
    jobs: tuple[Job, ...]


def plan_jobs(estate: Estate, batch: str, started: datetime, only: tuple[str, ...] = ()) -> tuple[SitePlan, ...]:
    """Plan one pass over the estate, or over the sites ``only``; the same input gives the same jobs.

    Raises ScopeError where a site's scope cannot be scanned.
    """
    return tuple(
        _plan(estate, site, number, batch, started)
        for number, site in enumerate(estate.sites)
        if not only or site in only
    )


def _plan(estate: Estate, name: str, number: int, batch: str, started: datetime) -> SitePlan:
    site = estate.sites[name]
    scope = parse_scope(site.scope, site.exclude)
    run = Run(f"{batch}-{number:04}", started, None, __version__, scope.written, scope.excluded_written)
    return SitePlan(name, run, scope, tuple(_jobs(scope, name, batch, run.id, estate.chunk)))


def _jobs(scope: Scope, site: str, batch: str, run: str, chunk: int) -> Iterator[Job]:
    excluded = scope.resolved[1]
    for number, piece in enumerate(scope.pieces(chunk)):
        yield Job(f"{run}/{number}", batch, site, run, (str(piece),), excluded)
