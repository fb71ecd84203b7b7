"""One report over all sites: in go an estate and the store, out comes an ``EstateReport``.

Sites are judged one at a time, by all processors where many are to be judged, and only their lines are held;
``lines`` says when one need not be judged.
"""

from __future__ import annotations

import copyreg
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from camaudit import audit
from camaudit.cache import as_proxy
from camaudit.catalogue import Catalogue
from camaudit.estate.form import Estate
from camaudit.estate.lines import Lines
from camaudit.model import Report, Site
from camaudit.report.estate import LATE_AFTER, EstateReport, SiteLine, as_csv, as_json
from camaudit.report.estate_html import render
from camaudit.report.estate_words import estate_words
from camaudit.report.write import write as write_reports
from camaudit.report.write import write_files
from camaudit.store import Store
from camaudit.store.jobs import newest_runs, waiting_since

_FEWEST = 8
"""Sites for which it is worth to begin a process of its own."""
_MOST_PROCESSES = 4


def overview(
    store: Store, estate: Estate, catalogue: Catalogue, as_of: date, *, late_after: int = LATE_AFTER
) -> EstateReport:
    """Return the report over the newest finished run of every site; one that was never scanned has an empty line.

    A site whose last scan is older than ``late_after`` days is late.
    """
    runs = {site: run for site, run in newest_runs(store).items() if site in estate.sites}
    lines = Lines(store, estate, catalogue, as_of)
    known = {site: line for site, run in runs.items() if (line := lines.kept(site, run))}
    new = [(site, run) for site, run in runs.items() if site not in known]
    known |= {line.id: line for line in _made(lines, store, (estate, catalogue, as_of), new)}
    waits = waiting_since(store)
    found = [
        replace(
            known.get(site) or SiteLine(site, estate.sites[site].name, estate.areas[site]),
            waiting=waits[site].date().isoformat() if site in waits else "",
        )
        for site in estate.sites
    ]
    ranked = tuple(sorted(found, key=lambda line: line.rank))
    return EstateReport(estate.name, as_of, ranked, catalogue.names, late_after)


_Inputs = tuple[Estate, Catalogue, date]


def _made(lines: Lines, store: Store, inputs: _Inputs, new: Sequence[tuple[str, str]]) -> Iterator[SiteLine]:
    """Yield the lines that have to be worked out, in this process or in several."""
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(new) // _FEWEST)
    if processes < 2 or store.lives_in_memory:
        for site, run in new:
            yield lines.made(site, run)
        return
    copyreg.pickle(MappingProxyType, as_proxy)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (store.url, *inputs)) as pool:
        yield from pool.map(_make, new, chunksize=2)


_LINES: list[Lines] = []
"""Of a process that only makes lines: what it makes them with."""


def _begin(url: str, estate: Estate, catalogue: Catalogue, as_of: date) -> None:
    _LINES.append(Lines(Store(url), estate, catalogue, as_of))


def _make(which: tuple[str, str]) -> SiteLine:
    return _LINES[0].made(*which)


def _judged(store: Store, run: str, site: Site, catalogue: Catalogue, as_of: date) -> Report:
    return audit.judge(store.run(run), catalogue, as_of=as_of, site=site)


def write(report: EstateReport, folder: Path, pages: Mapping[str, str]) -> tuple[Path, ...]:
    """Write ``estate.html``, ``.json`` and ``.csv``; raise ``RenderError`` where the folder refuses them."""
    columns = estate_words().columns
    files = {
        "estate.html": render(report, pages),
        "estate.json": as_json(report),
        "estate.csv": as_csv(report, columns),
    }
    return write_files(folder, files)


def site_pages(
    store: Store, estate: Estate, catalogue: Catalogue, as_of: date, formats: tuple[str, ...], folder: Path
) -> Iterator[tuple[str, str]]:
    """Write each site's own reports below ``folder`` and yield its id and the address of its page from there."""
    for site, run in newest_runs(store).items():
        if site in estate.sites:
            report = _judged(store, run, estate.sites[site], catalogue, as_of)
            write_reports(report, formats, folder / "sites" / site)
            if "html" in formats:
                yield site, f"sites/{site}/report.html"
