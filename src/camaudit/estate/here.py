"""The engine without a broker: the same jobs, done in this process one after another, or in a few side by side."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from camaudit.estate.form import Estate
from camaudit.estate.jobs import Job
from camaudit.estate.work import Result, do
from camaudit.model import Site
from camaudit.scan import Phase, ScanOptions


class Nobody:
    """A ``ScanWatcher`` that looks away."""

    def began(self, addresses: int) -> None:
        """Show nothing."""

    def phase(self, phase: Phase) -> None:
        """Show nothing."""

    def swept(self, addresses: int) -> None:
        """Show nothing."""

    def found(self, address: str) -> None:
        """Show nothing."""

    def told(self, text: str) -> None:
        """Show nothing."""


def results(
    estate: Estate, jobs: Iterable[Job], options: ScanOptions, *, side_by_side: int = 1
) -> Iterator[tuple[Job, Result]]:
    """Yield the result of each job as it comes; each is to be stored before the next is asked for."""
    if side_by_side <= 1:
        for job in jobs:
            yield job, _do(job, estate.sites[job.site], options)
        return
    # Each process sends at its share of the rate: together they keep to what the operator allowed.
    shared = _at_rate(options, options.rate / side_by_side)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(side_by_side, mp_context=context) as pool:
        begun = {pool.submit(_do, job, estate.sites[job.site], shared): job for job in jobs}
        for future in as_completed(begun):
            yield begun[future], future.result()


def _do(job: Job, site: Site, options: ScanOptions) -> Result:
    return do(job, job.site, site, options, Nobody())


def _at_rate(options: ScanOptions, rate: float) -> ScanOptions:
    return replace(options, rate=max(1.0, rate))
