"""What ``camaudit answer`` works on: the site file, and the run that asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from camaudit import audit as use_cases
from camaudit.answers import Asked
from camaudit.catalogue import Catalogue
from camaudit.model import Report, Site
from camaudit.store import StoredRun


@dataclass(frozen=True, slots=True)
class Case:
    """What is being answered: the site file, and the run that asks, where there is one."""

    file: Path
    run: StoredRun | None
    catalogue: Catalogue
    today: date

    def report(self, site: Site) -> Report | None:
        """Judge the run with a site; nothing is sent."""
        if self.run is None:
            return None
        return use_cases.judge(self.run, self.catalogue, as_of=self.today, site=site)

    def asked(self, report: Report | None) -> Asked:
        """Return what the run asks, and of which units."""
        if report is None:
            return Asked(names=self.catalogue.names)
        return Asked(report.questions, report.devices, self.catalogue.names)
