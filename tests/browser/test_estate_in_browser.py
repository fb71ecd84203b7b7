"""The page over all sites in a real browser: it runs nothing, loads nothing, and 2,000 sites are usable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from chromium import Chromium

sys.path.append(str(Path(__file__).parent.parent / "unit" / "estate"))

from test_estate_report import many

from camaudit.report.estate_html import render

PATIENCE_MS = 3000


@pytest.mark.parametrize("sites", [200, 2000])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_page_is_inert_and_fits(browser: Chromium, tmp_path: Path, sites: int, width: int) -> None:
    page = tmp_path / "estate.html"
    page.write_text(render(many(sites), {"site-00006": "sites/site-00006/report.html"}), "utf-8")
    browser.open(page, width=width)
    assert [e for e in browser.events if e["method"] == "Network.requestWillBeSent"][1:] == []
    assert not [e for e in browser.events if e["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert browser.run("document.scripts.length") == 0
    # Nothing of a site's name became an element, and nothing but the tables' own frames reaches over the edge.
    assert browser.run("document.querySelectorAll('i').length") == 0
    assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert browser.run("document.querySelectorAll('#sites tbody tr').length") == 100
    assert browser.run("document.querySelector('#missing li').textContent").startswith(
        f"Never scanned ({sites // 10})"
    )
    assert browser.run("document.querySelectorAll('#budget tbody tr').length") == 3
    # Every site is there behind one click, and every link leads below the page.
    assert browser.run("document.querySelector('details').open") is False
    assert browser.run("document.querySelectorAll('details tbody tr').length") == sites
    links = browser.run("[...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))")
    assert set(links) == {"sites/site-00006/report.html"}


def test_a_page_of_two_thousand_sites_opens_at_once(browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "estate.html"
    page.write_text(render(many(2000), {}), "utf-8")
    browser.open(page)
    loaded = browser.run("performance.timing.loadEventEnd - performance.timing.navigationStart")
    assert loaded < PATIENCE_MS
    browser.run("document.querySelector('summary').click()")
    assert browser.run("document.querySelector('details').open") is True
