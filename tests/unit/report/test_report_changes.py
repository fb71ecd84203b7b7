"""What changed and how many are left, in every format: the same numbers, hostile text harmless, nothing public."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from report_factory import HOSTILE, device, hostile_device, school
from rich.console import Console
from test_report_json import problems

from camaudit.changes import By, Cause, FactChange, UnitChange, VerdictChange, What, Why
from camaudit.model import Report, Since
from camaudit.model.changed import TermCount, Trend
from camaudit.report.audience import for_audience
from camaudit.report.json import render, schema
from camaudit.report.terminal import summary
from camaudit.report.trends import as_csv, shown
from camaudit.report.trends import render as trends_json
from camaudit.report.write import write

DAY = date(2026, 9, 1)


def changed(unit: UnitChange, before: str, after: str, *causes: Cause, **more: object) -> VerdictChange:
    waived = {"waived_before": False, "waived_after": False, **more}
    return VerdictChange(unit, "pack", "rule", HOSTILE[0], before, after, causes=causes, **waived)  # type: ignore[arg-type]


def compared() -> Report:
    """Return a school with a look before it, in which every hostile text is somewhere."""
    report = school(*(hostile_device(90 + n, text) for n, text in enumerate(HOSTILE)))
    evil = [replace(d, id=f"evil{n}") for n, d in enumerate(report.devices[-len(HOSTILE) :])]
    facts = tuple(FactChange("model", text, HOSTILE[-1]) for text in HOSTILE)
    same = UnitChange((What.REBADGED,), evil[0], evil[1], By.SERIAL, facts)
    swapped = UnitChange((What.REPLACED,), evil[2], evil[3], facts=facts, apart=("serial", "maker"))
    lost = UnitChange((What.SILENT,), evil[4], None, whereabouts="silent")
    back = UnitChange((What.BACK,), evil[5], evil[6], By.MAC, last_seen=DAY)
    why = Cause(Why.SITE, (FactChange(HOSTILE[2], HOSTILE[1], HOSTILE[0]),))
    verdicts = (
        changed(swapped, "violation", "compliant", Cause(Why.DEVICE, facts)),
        changed(same, "violation", "", why),
        changed(back, "compliant", "violation", Cause(Why.LAW_DATE, names=("from",), day=DAY), open_before=DAY),
        changed(same, "violation", "violation", Cause(Why.WAIVER), waived_before=True),
    )
    since = Since(
        replace(report.run, id="20260901-080000-abcd"),
        DAY,
        (same, swapped, lost, back),
        verdicts,
        (changed(lost, "violation", ""),),
        (HOSTILE[6],),
    )
    terms = (
        TermCount(
            "Summer 2026", date(2026, 4, 1), date(2026, 8, 31), "r1", date(2026, 5, 1), True, 256, 20, 12, 5
        ),
        TermCount(
            "Autumn 2026", DAY, date(2026, 12, 31), "r2", date(2026, 11, 1), True, 128, 9, 6, 2, 1, closed=2
        ),
    )
    return replace(report, since=since, trend=Trend(HOSTILE[7], terms))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report once in the formats that show changes."""
    folder = tmp_path_factory.mktemp("changes")
    write(compared(), ("html", "pdf", "json"), folder)
    return folder


def test_json_fits_its_schema_and_counts(written: Path) -> None:
    told = json.loads((written / "report.json").read_text())
    assert problems(told, schema()) == []
    assert json.loads(render(school()))["changes"] is None
    number = told["changes"]["summary"]
    assert (number["closed"], number["opened"], number["opened_again"], number["unseen"]) == (2, 2, 2, 1)
    assert [each["how"] for each in told["changes"]["closed"]] == ["replaced", "answer"]
    assert [term["left"] for term in told["trend"]] == [5, 2]


def test_html_shows_all_and_runs_nothing(written: Path) -> None:
    page = (written / "report.html").read_text()
    section = page[page.index('<section id="changes"') : page.index("</section>", page.index('id="changes"'))]
    for text in ("2 points are closed.", "2 points were opened.", "1 point could not be checked", "Summer 2026"):
        assert text in section
    assert "<script>" not in section
    assert "<img" not in section
    assert "\x1b" not in section
    assert "asked fewer addresses than the term before (256 → 128" in section


def test_pdf_says_the_same(written: Path) -> None:
    pages = [page.extract_text().replace("\u200b", "") for page in pypdf.PdfReader(written / "report.pdf").pages]
    text = " ".join(" ".join(pages).split())
    for said in ("2 points are closed.", "Closed since last time", "Opened since last time", "Autumn 2026"):
        assert said in text


def test_board_gets_one_sentence(tmp_path: Path) -> None:
    write(for_audience(compared(), "board"), ("html",), tmp_path)
    page = " ".join((tmp_path / "report.html").read_text().split())
    assert (
        "Since 24 November 2026: 2 points were closed, 2 were opened, 1 could not be checked because its" in page
    )


def test_public_reads_how_many_are_left_and_of_no_unit(tmp_path: Path) -> None:
    public = for_audience(compared(), "public")
    assert public.since is None
    assert public.trend is not None
    write(public, ("html", "pdf", "json"), tmp_path)
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["changes"] is None
    assert [(term["left"], term["run"]) for term in told["trend"]] == [(5, "2026-05-01"), (2, "2026-11-01")]
    assert "r1" not in {term["run"] for term in told["trend"]}


def test_terminal_shows_the_numbers_and_obeys_nothing() -> None:
    console = Console(width=80, record=True)
    with console.capture() as captured:
        console.print(summary(compared()))
        console.print(shown((compared().trend or Trend("", ()),)))
    text = captured.get()
    assert "2 closed, 2 opened, 1 not checked." in text
    assert "\x1b]0" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_sheet_of_trends_runs_nothing() -> None:
    trend = Trend("=cmd|' /C calc'!A0", (compared().trend or Trend("", ())).terms)
    assert '"=cmd' not in as_csv((trend,))
    assert json.loads(trends_json((trend, trend)))["in_all"][0]["left"] == 10


def test_a_unit_that_moved_shows_where_it_stood() -> None:
    one = device(1)
    unit = UnitChange((What.MOVED,), one, one, By.MAC, (FactChange("address", "192.0.2.1", "192.0.2.9"),))
    report = replace(school(), since=Since(school().run, DAY, (unit,), ()))
    told = json.loads(render(report))["changes"]["devices"]
    assert told[0]["told"] == "address: 192.0.2.1 → 192.0.2.9; known again by its MAC address"
