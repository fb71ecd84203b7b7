"""Every format of one audit of the simulated fleet: they agree, and the PDF is what it says it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from audited_fleet import SITE, Audited, camaudit
from camaudit.report.write import DEFAULT, NAMES
from pdf_check import NotHere, failures
from said import agree, read_all


@pytest.fixture(scope="module")
def folder(audited: Audited) -> Path:
    arguments = ("--format", ",".join(NAMES), "--store", audited.store, "--site", SITE)
    done = camaudit("report", *arguments, "--output", "all", cwd=audited.folder)
    assert done.stderr == ""
    assert done.returncode == 1
    return audited.folder / "all"


def test_all_formats_say_the_same(audited: Audited, folder: Path) -> None:
    agree(read_all(folder), devices=len(audited.report["devices"]))


def test_the_usual_formats_are_there_without_asking(audited: Audited) -> None:
    made = {path.name for path in (audited.folder / "out").iterdir()}
    assert {"report.html", "report.pdf", "report.json", "register.csv", "findings.csv", "register.xlsx"} <= made
    assert {"html", "pdf", "json", "csv", "xlsx"} <= set(DEFAULT)


def test_the_fleets_pdf_is_for_archives_and_screen_readers(folder: Path) -> None:
    try:
        assert failures([folder / "report.pdf"]) == []
    except NotHere as missing:
        pytest.skip(f"veraPDF is not here: {missing}")
