"""What a report says besides verdicts: the register against what was seen, and where the plan cuts units off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from camaudit.model import Report
from camaudit.reconcile import reconcile
from camaudit.scan import parse_scope
from camaudit.signatures.clouds import contacts_of
from camaudit.signatures.match import fields_of
from camaudit.store import StoredRun
from camaudit.whereabouts import with_ports

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue


def located(report: Report, stored: StoredRun, catalogue: Catalogue) -> Report:
    """Return a report with the asset register compared and the switches' ports in its plan."""
    named = catalogue.knowledge.entity_named
    rows = reconcile(stored.observations, report.devices, report.coverage, named=named, asked=_asked(stored))
    steps = with_ports(report.plan, {device.id: device for device in report.devices})
    reached = replace(report.coverage, limits=(*report.coverage.limits, *_hidden(report, stored, catalogue)))
    return replace(report, plan=steps, reconciled=rows, coverage=reached)


def _hidden(report: Report, stored: StoredRun, catalogue: Catalogue) -> Iterator[str]:
    """Say who talks to a maker's cloud and showed nothing of what it is: a camera may hide there, or an app."""
    shown = {address for device in report.devices for address in (device.address, *device.also_at)}
    for address, items in stored.observations.items():
        if address in shown or not any(item.probe == "traffic" for item in items):
            continue
        told = contacts_of(fields_of(items, catalogue.oui), catalogue.knowledge.clouds)
        clouds = [contact for contact in told if contact.cloud]
        if clouds:
            yield (
                f"{address} talks to {clouds[0].host} ({clouds[0].cloud}) and showed nothing of what it is: look "
                "whether it is a camera, a recorder, or a phone or computer with the maker's app"
            )


def _asked(stored: StoredRun) -> Callable[[str], bool]:
    """Return what says of an address whether a finished scan asked it."""
    if not stored.resolved[0] or stored.run.finished is None:
        return lambda address: False
    scope = parse_scope(*stored.resolved, allow_public=True)
    return lambda address: scope.contains(address) and scope.sweeps(address)
