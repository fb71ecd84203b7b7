"""One report over all sites: in go an estate and the store, out comes an ``EstateReport``.

Sites are judged one after another and only their lines are held; ``lines`` says when one need not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from camaudit import audit
from camaudit.catalogue import Catalogue
from camaudit.estate.form import Estate
from camaudit.estate.lines import Lines
from camaudit.model import Report, Site
from camaudit.report.estate import EstateReport, SiteLine, as_csv, as_json
from camaudit.report.estate_html import render
from camaudit.report.estate_words import estate_words
from camaudit.report.write import write as write_reports
from camaudit.report.write import write_files
from camaudit.store import Store
from camaudit.store.jobs import newest_runs


def overview(store: Store, estate: Estate, catalogue: Catalogue, as_of: date) -> EstateReport:
    """Return the report over the newest run of every site; a site that was never scanned has an empty line."""
    runs, lines = newest_runs(store), Lines(store, estate, catalogue, as_of)
    found = [_line(lines, estate, site, runs.get(site, "")) for site in estate.sites]
    return EstateReport(estate.name, as_of, tuple(sorted(found, key=lambda line: line.rank)), catalogue.names)


def _line(lines: Lines, estate: Estate, site: str, run: str) -> SiteLine:
    if not run:
        return SiteLine(site, estate.sites[site].name, estate.areas[site])
    return lines.kept(site, run) or lines.made(site, run)


def _judged(store: Store, run: str, site: Site, catalogue: Catalogue, as_of: date) -> Report:
    return audit.judge(store.run(run), catalogue, as_of=as_of, site=site)


def write(report: EstateReport, folder: Path, pages: dict[str, str]) -> tuple[Path, ...]:
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
