"""What people wrote of units and steps, as reports show it: in go ``Notes``, out come cells by their column."""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import PlanStep, Report, StepNote, UnitNote
from camaudit.report.format_words import format_words


def step_key(step: PlanStep) -> str:
    """Return what names a step from audit to audit."""
    return f"{step.action}: {step.title}"


def unit_notes(report: Report) -> Mapping[str, UnitNote]:
    """Return what was written of each unit, by its id."""
    return {each.id: each for each in report.notes.units}


def step_notes(report: Report) -> Mapping[str, StepNote]:
    """Return what was written of each step, by its key."""
    return {each.step: each for each in report.notes.steps}


def unit_said(note: UnitNote | None) -> dict[str, str]:
    """Return what a note of a unit says, in the words of the workbook; what it does not say is not there."""
    if note is None:
        return {}
    said = {
        "location": note.location,
        "owner": note.owner,
        "decision": format_words().decisions.get(note.decision, ""),
        "decided_by": note.decided_by,
        "note": note.note,
    }
    return {key: value for key, value in said.items() if value}


def unit_noted_json(note: UnitNote | None) -> dict[str, str] | None:
    """Return a note of a unit as values that JSON knows."""
    if note is None:
        return None
    return {name: getattr(note, name) for name in ("location", "owner", "decision", "decided_by", "note")}


def step_noted_json(note: StepNote | None) -> dict[str, str | None] | None:
    """Return a note of a step as values that JSON knows."""
    if note is None:
        return None
    done = note.done.isoformat() if note.done else None
    return {"responsible": note.responsible, "status": note.status, "done": done, "note": note.note}
