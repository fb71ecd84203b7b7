"""What changed at every site since the look before: in go an estate and the store, out comes a line a site.

Each site's two newest finished runs are compared as ``camaudit diff`` compares them; the law is that of one day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from camaudit.catalogue import Catalogue
from camaudit.changes import Difference, VerdictChange, What
from camaudit.comparing import Asked, difference, looks, stillness
from camaudit.estate.form import Estate
from camaudit.model import Verdict
from camaudit.store import Store
from camaudit.store.jobs import runs_by_site


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One site: the runs compared (empty where there are not two), and how many units became what.

    ``opened`` and ``closed`` count broken rules that are new, and that were seen to be broken no longer.
    """

    site: str
    name: str
    before: str = ""
    after: str = ""
    units: Mapping[str, int] = field(default_factory=dict)
    opened: int = 0
    closed: int = 0


def changes(store: Store, estate: Estate, catalogue: Catalogue, as_of: date) -> Iterator[SiteChange]:
    """Yield what changed at each site, in the order of the estate; one site is held at a time."""
    runs, still = runs_by_site(store), stillness(catalogue)
    for site, where in estate.sites.items():
        whole = [run for run, finished in runs.get(site, ()) if finished][:2]
        if len(whole) < 2:
            yield SiteChange(site, where.name)
            continue
        after, before = whole
        asked = Asked(days=(as_of,), site=where)
        found = difference(*looks(store, (before, after), asked, as_of), catalogue, still=still)
        yield _line(site, where.name, before, after, found)


def _line(site: str, name: str, before: str, after: str, found: Difference) -> SiteChange:
    units = Counter(what.value for unit in found.units for what in unit.what)
    opened = sum(_broken_now(each) and not _broken_then(each) for each in found.verdicts)
    closed = sum(_broken_then(each) and not _broken_now(each) for each in found.verdicts)
    return SiteChange(site, name, before, after, {what.value: units[what.value] for what in What}, opened, closed)


def _broken_then(each: VerdictChange) -> bool:
    return each.before == Verdict.VIOLATION and not each.waived_before


def _broken_now(each: VerdictChange) -> bool:
    return each.after == Verdict.VIOLATION and not each.waived_after
