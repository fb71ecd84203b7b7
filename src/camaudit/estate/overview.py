"""One report over all sites: in go an estate and the store, out comes an ``EstateReport``.

Sites are judged one at a time, by all processors where many are to be judged, and only their lines are held;
``lines`` says when one need not be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from camaudit import audit
from camaudit.catalogue import Catalogue
from camaudit.estate.form import Estate
from camaudit.estate.lines import Lines
from camaudit.estate.spread import spread
from camaudit.model import Report, Site
from camaudit.report.estate import LATE_AFTER, EstateReport, SiteLine, as_csv, as_json
from camaudit.report.estate_html import render
from camaudit.report.estate_words import estate_words
from camaudit.report.files import write_files
from camaudit.report.write import write as write_reports
from camaudit.store import Store
from camaudit.store.jobs import newest_runs, waiting_since


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
    known |= {line.id: line for line in spread(store, new, _line_maker, (estate, catalogue, as_of))}
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


def _line_maker(
    store: Store, estate: Estate, catalogue: Catalogue, as_of: date
) -> Callable[[tuple[str, str]], SiteLine]:
    lines = Lines(store, estate, catalogue, as_of)
    return lambda which: lines.made(*which)


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
