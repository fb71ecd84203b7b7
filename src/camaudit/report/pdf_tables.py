"""The long tables of the PDF: in go judged devices, out come rows, cut where a workbook is the better place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from camaudit.model import Report, UnitNote
from camaudit.report.format_words import format_words
from camaudit.report.ledger import COUNTED, ledger
from camaudit.report.noted import unit_notes
from camaudit.report.safe import visible
from camaudit.report.sentences import brand_of, called, next_step, percent
from camaudit.report.summary import SURE, Judged, Standing, is_video, name_of
from camaudit.report.words import words

Json = dict[str, Any]

MAX_DEVICES = 2000
MAX_OTHERS = 300
MAX_EVIDENCE = 150
"""Devices whose evidence is printed; each has a few rows."""
_MAX_CELL = 240
_MAX_EXCERPT = 120


def device_table(items: Sequence[Judged], report: Report) -> Json:
    """Return the table of cameras and recorders, the worst verdicts first."""
    video = [item for item in items if is_video(item.device) or item.findings]
    written = unit_notes(report)
    rows = [_device(item, report, written.get(item.device.id)) for item in video[:MAX_DEVICES]]
    return {"devices": rows, "devices_capped": _capped(len(rows), len(video), "capped")}


def other_table(items: Sequence[Judged]) -> Json:
    """Return what else answered on the network."""
    others = [item.device for item in items if not (is_video(item.device) or item.findings)]
    kinds = words().kinds
    rows = [
        [device.address, device.mac or device.identification.mac or "", kinds[device.identification.kind]]
        for device in others[:MAX_OTHERS]
    ]
    return {"others": rows, "others_capped": _capped(len(rows), len(others), "capped")}


def evidence_table(items: Sequence[Judged], report: Report) -> Json:
    """Return what was read from each device that breaks a rule, the signs that counted only."""
    broken = [item for item in items if item.standing is Standing.VIOLATION]
    rows = [row for item in broken[:MAX_EVIDENCE] for row in _evidence(item, report)]
    note = _capped(min(len(broken), MAX_EVIDENCE), len(broken), "capped_evidence")
    return {"evidence": rows, "evidence_capped": note}


def _capped(shown: int, total: int, note: str) -> str | None:
    return format_words().pdf[note].format(n=shown, total=total) if shown < total else None


def _device(item: Judged, report: Report, note: UnitNote | None) -> list[str]:
    catalogue, device, found = words(), item.device, item.device.identification
    due = min((f.due for f in item.open if f.due is not None), default=None)
    cells = (
        catalogue.verdicts[item.standing],
        ", ".join((device.address, *device.also_at)),
        ", ".join((called(device, report.names, catalogue), *([note.location] if note and note.location else []))),
        _maker(item, report),
        found.firmware or "",
        next_step(item, catalogue),
        catalogue.day(due) if due else "",
    )
    return [str(item.standing), *(visible(cell, _MAX_CELL) for cell in cells)]


def _maker(item: Judged, report: Report) -> str:
    """Return the maker and how sure it is: a table cell is read without its footnote."""
    catalogue, found = words(), item.device.identification
    name = name_of(report.names, found.maker)
    if not name:
        return catalogue.labels["not_known"]
    if found.certainty not in SURE:
        name = catalogue.labels["perhaps"].format(maker=name)
    sure = catalogue.labels["sure"].format(percent=percent(found.confidence))
    return f"{name} ({sure})"


def _evidence(item: Judged, report: Report) -> list[list[str]]:
    catalogue, found = words(), item.device.identification
    label = brand_of(found, report.names)
    name = item.device.address if not label else f"{item.device.address} ({visible(label, 40)})"
    counted = [row for row in ledger(found, report.names, catalogue) if row.standing == COUNTED]
    return [
        [
            name if not place else item.device.address,
            _maker(item, report),
            visible(row.channel, _MAX_CELL),
            visible(row.excerpt, _MAX_EXCERPT),
            visible(row.claim, _MAX_CELL),
        ]
        for place, row in enumerate(counted)
    ]
