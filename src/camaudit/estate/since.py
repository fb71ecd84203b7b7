"""What changed at every site since the look before: in go an estate and the store, out comes a line a site.

Each site's two newest finished runs are compared as ``camaudit diff`` compares them; the law is that of one day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from camaudit.catalogue import Catalogue
from camaudit.changes import Difference, VerdictChange, What
from camaudit.comparing import Asked, difference, looks, stillness
from camaudit.estate.form import Estate
from camaudit.estate.spread import spread
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


_Compared = tuple[str, tuple[str, ...]]
"""A site and its two newest finished runs, the newer first, or fewer."""


def changes(store: Store, estate: Estate, catalogue: Catalogue, as_of: date) -> Iterator[SiteChange]:
    """Yield what changed at each site, in the order of the estate; few sites are held at a time."""
    runs = runs_by_site(store)
    sites = [(site, tuple(run for run, whole in runs.get(site, ()) if whole)[:2]) for site in estate.sites]
    yield from spread(store, sites, _comparer, (estate, catalogue, as_of))


def _comparer(
    store: Store, estate: Estate, catalogue: Catalogue, as_of: date
) -> Callable[[_Compared], SiteChange]:
    still = stillness(catalogue)

    def compared(which: _Compared) -> SiteChange:
        site, runs = which
        where = estate.sites[site]
        if len(runs) < 2:
            return SiteChange(site, where.name)
        asked = Asked(days=(as_of,), site=where)
        found = difference(*looks(store, runs[::-1], asked, as_of), catalogue, still=still)
        return _line(site, where.name, runs[1], runs[0], found)

    return compared


def _line(site: str, name: str, before: str, after: str, found: Difference) -> SiteChange:
    units = Counter(what.value for unit in found.units for what in unit.what)
    opened = sum(_broken_now(each) and not _broken_then(each) for each in found.verdicts)
    closed = sum(_broken_then(each) and not _broken_now(each) for each in found.verdicts)
    return SiteChange(site, name, before, after, {what.value: units[what.value] for what in What}, opened, closed)


def _broken_then(each: VerdictChange) -> bool:
    return each.before == Verdict.VIOLATION and not each.waived_before


def _broken_now(each: VerdictChange) -> bool:
    return each.after == Verdict.VIOLATION and not each.waived_after
