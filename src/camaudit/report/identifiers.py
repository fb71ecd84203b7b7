"""Lasting identifiers: in go a run and a name in it, out comes a UUID that is the same each time."""

from __future__ import annotations

from uuid import UUID, uuid5

from camaudit.model import Report

_NAMESPACE = UUID("7b1ccf3e-53f0-5d0c-9d6f-4a3ac7a9ce61")


def identifier(report: Report, sort: str, *names: str) -> str:
    """Return the identifier of one thing of a report, judged on its day: the same report gives the same file."""
    return str(uuid5(_NAMESPACE, "\x1f".join((report.run.id, report.judged_as_of.isoformat(), sort, *names))))


def lasting(*names: str) -> str:
    """Return the identifier of one thing that stays what it is from run to run, such as a finding of a device."""
    return str(uuid5(_NAMESPACE, "\x1f".join(names)))
