"""One report over all sites: in go an estate and the store, out comes an ``EstateReport``.

Sites are judged one after another and only their lines are held. A line is kept with a digest of everything it
was judged by, so that a site whose run, law, signatures and answers are the same is not judged again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from camaudit import __version__, audit
from camaudit.catalogue import Catalogue
from camaudit.estate.form import Estate
from camaudit.model import Report, Site
from camaudit.report.estate import EstateReport, SiteLine, as_csv, as_json, line_from, line_of
from camaudit.report.estate_html import render
from camaudit.report.estate_words import estate_words
from camaudit.report.write import write as write_reports
from camaudit.report.write import write_files
from camaudit.store import Store
from camaudit.store.jobs import newest_runs
from camaudit.store.summaries import put_summary, summary_of


def overview(store: Store, estate: Estate, catalogue: Catalogue, as_of: date) -> EstateReport:
    """Return the report over the newest run of every site; a site that was never scanned has an empty line."""
    runs = newest_runs(store)
    lines = [_line(store, estate, site, runs.get(site, ""), catalogue, as_of) for site in estate.sites]
    return EstateReport(estate.name, as_of, tuple(sorted(lines, key=lambda line: line.rank)), catalogue.names)


def _line(store: Store, estate: Estate, site: str, run: str, catalogue: Catalogue, as_of: date) -> SiteLine:
    area = estate.areas[site]
    if not run:
        return SiteLine(site, estate.sites[site].name, area)
    key = _key(run, estate.sites[site], area, catalogue, as_of)
    saved = summary_of(store, run, key)
    if saved is not None:
        return line_from(saved)
    report = _judged(store, run, estate.sites[site], catalogue, as_of)
    line = line_of(report, site, area)
    if report.run.finished is not None:
        put_summary(store, run, key, asdict(line))
    return line


def _judged(store: Store, run: str, site: Site, catalogue: Catalogue, as_of: date) -> Report:
    return audit.judge(store.run(run), catalogue, as_of=as_of, site=site)


def _key(run: str, site: Site, area: str, catalogue: Catalogue, as_of: date) -> str:
    said = [run, area, as_of.isoformat(), __version__, dict(catalogue.marks), repr(site)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


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
