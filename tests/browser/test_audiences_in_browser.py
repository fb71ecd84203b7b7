"""The pages for each reader in a real browser: nothing is refused, all fit a phone, the board's is one page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from chromium import Chromium
from report_factory import estate, hostile_school, school
from test_page_in_browser import CONTRAST, WIDEST

from camaudit.model import Report
from camaudit.report.audience import for_audience
from camaudit.report.readers import AUDIENCES
from camaudit.report.write import write


def written(report: Report, audience: str, folder: Path) -> Path:
    (file,) = write(for_audience(report, audience), ("html",), folder)
    return file


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_is_refused_and_all_is_readable(browser: Chromium, tmp_path: Path, audience: str) -> None:
    file = written(hostile_school(), audience, tmp_path)
    for dark in (False, True):
        browser.open(file, dark=dark)
        assert browser.requested() == [file.as_uri()]
        assert browser.complaints() == []
        assert browser.run(CONTRAST) == []
    browser.open(file, width=360)
    assert browser.run(WIDEST) == []


@pytest.mark.parametrize("report", [school(), hostile_school(), estate(200)])
def test_the_boards_page_is_one_page_of_paper(browser: Chromium, tmp_path: Path, report: Report) -> None:
    browser.open(written(report, "board", tmp_path))
    assert len(re.findall(rb"/Type\s*/Page\b", browser.pdf())) == 1


def test_a_device_has_its_place_and_no_link_that_leads_nowhere(browser: Chromium, tmp_path: Path) -> None:
    report = replace(school(), locations={"dev-002": "Hall, north wall"})
    browser.open(written(report, "facilities", tmp_path), "#device-1")
    text = browser.run("document.querySelector('article.device').innerText")
    assert "Hall, north wall" in text
    assert "ProbeMatch" not in text
    dead = (
        "[...document.querySelectorAll('#device-page a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
    )
    targets = [name for name in browser.run(dead) if not name.startswith("device")]
    assert [name for name in targets if not browser.run(f"!!document.getElementById('{name}')")] == []


def test_the_public_page_says_that_evidence_is_withheld(browser: Chromium, tmp_path: Path) -> None:
    browser.open(written(school(), "public", tmp_path), "#device-1")
    text = browser.run("document.querySelector('article.device').innerText")
    assert "The evidence is withheld" in text
    assert "127.77" not in text
