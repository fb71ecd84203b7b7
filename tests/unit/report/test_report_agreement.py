"""All formats of a report say the same: counts, verdicts, findings and costs, each read from its own file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from report_factory import hostile_school, school

from camaudit.model import Cost, Report
from camaudit.report.write import FORMATS, NAMES, write
from said import agree, read_all

# The benchmarks are a program of the repository and no part of the package, so nothing puts them on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks.estates import generated


def _priced(report: Report) -> Report:
    priced = (replace(step, cost=Cost("GBP", 1000.0 * step.order, 1250.5 * step.order)) for step in report.plan)
    return replace(report, plan=tuple(priced))


_REPORTS = {
    "school": school,
    "hostile": hostile_school,
    "priced": lambda: _priced(school()),
    "estate": lambda: _priced(generated(700)),
}


@pytest.mark.parametrize("name", _REPORTS)
def test_counts_verdicts_findings_and_costs_agree_between_all_formats(name: str, tmp_path: Path) -> None:
    report = _REPORTS[name]()
    write(report, NAMES, tmp_path)
    agree(read_all(tmp_path), devices=len(report.devices))


def test_every_file_is_read() -> None:
    from said import _READERS

    # The rules to paste and the tickets count nothing; their own tests say what they hold.
    counting = {each.file for each in FORMATS if each.name not in ("containment", "tickets")}
    assert counting <= {*_READERS, "plan.csv", "reconciled.csv"}


def test_a_difference_would_be_found(tmp_path: Path) -> None:
    write(school(), NAMES, tmp_path)
    write(replace(school(), findings=school().findings[1:]), ["oscal"], tmp_path)
    with pytest.raises(AssertionError, match=r"oscal\.json"):
        agree(read_all(tmp_path), devices=len(school().devices))
