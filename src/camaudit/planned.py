"""The use case of planning: a judged report gets its plan, what new units must be, and where its units hang."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from camaudit.locations import locations_of
from camaudit.model import Report
from camaudit.phrases import phrases
from camaudit.plan import plan
from camaudit.policy.specification import speaks_against, specification

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue
    from camaudit.policy.schema import Pack
    from camaudit.store import StoredRun


def with_plan(report: Report, stored: StoredRun, packs: tuple[Pack, ...], catalogue: Catalogue) -> Report:
    """Return the report with its plan; own days count from the day of the scan."""
    planning, today = report.site.planning, report.judged_as_of
    planned = replace(
        report,
        plan=plan(report.devices, report.findings, today, planning, stored.run.started.date()),
        locations=locations_of(report.devices, stored.observations, planning.locations),
    )
    if not any(step.action == "replace" for step in planned.plan):
        return planned
    return _with_specification(planned, packs, catalogue)


def _with_specification(report: Report, packs: tuple[Pack, ...], catalogue: Catalogue) -> Report:
    """Add what new units must be, and a notice where even such a unit would not pass the packs."""
    register, entities, today = catalogue.policies.register, catalogue.knowledge.entities, report.judged_as_of
    asked = specification(packs, register, entities)
    keys = {each.key for each in asked}
    against = speaks_against(keys, report.site, packs, register=register, entities=entities, today=today)
    titles = "; ".join(dict.fromkeys(finding.title for finding in against))
    doubts = (phrases().specification["doubt"].format(rules=titles),) if against else ()
    texts = tuple(each.text for each in asked)
    return replace(report, specification=texts, notices=(*report.notices, *doubts))
