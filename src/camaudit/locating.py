"""What a report says besides verdicts: the register against what was seen, and where the plan cuts units off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from camaudit.model import Report
from camaudit.reconcile import reconcile
from camaudit.scan import parse_scope
from camaudit.store import StoredRun
from camaudit.whereabouts import with_ports

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue


def located(report: Report, stored: StoredRun, catalogue: Catalogue) -> Report:
    """Return a report with the asset register compared and the switches' ports in its plan."""
    named = catalogue.knowledge.entity_named
    rows = reconcile(stored.observations, report.devices, report.coverage, named=named, asked=_asked(stored))
    steps = with_ports(report.plan, {device.id: device for device in report.devices})
    return replace(report, plan=steps, reconciled=rows)


def _asked(stored: StoredRun) -> Callable[[str], bool]:
    """Return what says of an address whether a finished scan asked it."""
    if not stored.resolved[0] or stored.run.finished is None:
        return lambda address: False
    scope = parse_scope(*stored.resolved, allow_public=True)
    return lambda address: scope.contains(address) and scope.sweeps(address)
