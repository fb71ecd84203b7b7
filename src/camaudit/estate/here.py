"""The engine without a broker: the same jobs, done in this process one after another, or in a few side by side."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from camaudit.estate.form import Estate
from camaudit.estate.jobs import Job
from camaudit.estate.work import Result, do_into
from camaudit.model import Site
from camaudit.scan import Phase, ScanOptions
from camaudit.store import Store


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
    store: Store, estate: Estate, jobs: Iterable[Job], options: ScanOptions, *, side_by_side: int = 1
) -> Iterator[tuple[Job, Result]]:
    """Yield the result of each job as it comes; what it found is in the store already, as it arrived."""
    if side_by_side <= 1 or store.lives_in_memory:
        for job in jobs:
            yield job, do_into(store, job, estate.sites[job.site], options, Nobody())
        return
    # Each process sends at its share of the rate: together they keep to what the operator allowed.
    shared = replace(options, rate=max(1.0, options.rate / side_by_side))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(side_by_side, context, _begin, (store.url,)) as pool:
        begun = {pool.submit(_do, job, estate.sites[job.site], shared): job for job in jobs}
        try:
            for future in as_completed(begun):
                yield begun[future], future.result()
        finally:
            # Who stops us stops the jobs too; those that have not begun must not begin then.
            pool.shutdown(wait=False, cancel_futures=True)


_STORES: list[Store] = []
"""Of a process that does jobs: the hub's store."""


def _begin(url: str) -> None:
    _STORES.append(Store(url))


def _do(job: Job, site: Site, options: ScanOptions) -> Result:
    return do_into(_STORES[0], job, site, options, Nobody())
