"""What each site came to, in one line: in go its newest run and what is known, out comes a ``SiteLine``.

A line is kept in the store with a digest of all that it was judged by and with the days for which it holds, so
that a report over all sites judges only what changed since. What is needed for a line is judged, and no more: it
is the line that the site's own report would have.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date

from camaudit import __version__, audit
from camaudit.cache import code_digest
from camaudit.catalogue import Catalogue
from camaudit.estate.form import Estate
from camaudit.estate.jobs import Job
from camaudit.model import Report, Site
from camaudit.plan import plan
from camaudit.policy.choose import applicable_packs
from camaudit.policy.decisions import apply_decisions
from camaudit.policy.epochs import Calendar
from camaudit.policy.profiles import evaluate_by_kind
from camaudit.reached import coverage
from camaudit.recall import Memory, seldom_collecting
from camaudit.report.estate import SiteLine, line_from, line_of
from camaudit.store import Store
from camaudit.store.readings import glance
from camaudit.store.summaries import Kept, put_summary, summary_of


class Lines:
    """The lines of an estate, by one catalogue and the law of one day."""

    def __init__(self, store: Store, estate: Estate, catalogue: Catalogue, as_of: date) -> None:
        self._store = store
        self._estate = estate
        self._catalogue = catalogue
        self._day = as_of
        self._memory = Memory(store, catalogue)
        self._calendar = Calendar(catalogue.policies.packs, catalogue.knowledge.entities)
        self._known = {"program": f"{__version__} {_code()}", **catalogue.marks}

    def kept(self, site: str, run: str) -> SiteLine | None:
        """Return the line of a site as it was worked out before, where that still holds."""
        saved = summary_of(self._store, run, self._key(site), self._day)
        return line_from(saved) if saved is not None else None

    def made(self, site: str, run: str) -> SiteLine:
        """Work out the line of a site, and keep it where its run is finished."""
        with seldom_collecting():
            report = self._report(run, self._estate.sites[site])
        self._memory.forget()
        line = line_of(report, site, self._estate.areas[site])
        if report.run.finished is not None:
            days = self._calendar.epoch(self._day, report.site, report.devices, report.findings)
            put_summary(self._store, run, Kept(self._key(site), *days, asdict(line)))
        return line

    def after(self, job: Job) -> None:
        """Work out the line of a site whose run this job has finished: nobody waits for it later."""
        if self._store.find(job.run).finished is not None and job.site in self._estate.sites:
            self.made(job.site, job.run)

    def _report(self, run: str, site: Site) -> Report:
        if site.attestations or site.sightings:
            # What people stated is weighed against the evidence itself, which is not remembered.
            return audit.judge(self._store.run(run), self._catalogue, as_of=self._day, site=site)
        return judged_lightly(self._store, run, site, self._catalogue, self._day, self._memory)

    def _key(self, site: str) -> str:
        said = [self._known, self._estate.areas[site], repr(self._estate.sites[site])]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def judged_lightly(
    store: Store, run: str, site: Site, catalogue: Catalogue, as_of: date, memory: Memory
) -> Report:
    """Return the report of a run as far as it counts: no evidence, no questions, no places."""
    stored = glance(store, run)
    devices = memory.devices(stored.run)
    rules, entities = catalogue.policies, catalogue.knowledge.entities
    packs = applicable_packs(site, rules.packs, ())
    found = evaluate_by_kind(devices, site, packs, register=rules.register, entities=entities, today=as_of)
    findings, _ = apply_decisions(found, site.decisions, devices, as_of, unwaivable=rules.unwaivable)
    steps = plan(devices, findings, as_of, site.planning, stored.run.started.date())
    return Report(
        run=stored.run,
        site=site,
        judged_as_of=as_of,
        devices=devices,
        findings=findings,
        plan=steps,
        coverage=coverage(stored),
        policies=tuple(pack.id for pack in packs),
        names=catalogue.names,
    )


def _code() -> str:
    return code_digest("", "signatures", "policy", "plan", "model", "report", "estate")
