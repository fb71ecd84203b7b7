"""The page before axe-core, the checker of the web's accessibility guidelines: it finds nothing in any view."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from report_factory import hostile_school, nothing_found, school

from audited_fleet import Audited
from camaudit.language import ENGLISH, speak
from camaudit.model import Report
from camaudit.report.write import write

# Every rule of WCAG 2.0 to 2.2, level A and AA, and axe's own best practices.
RUN = """
(async () => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  await new Promise(done => setTimeout(done, 50));
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return { passes: found.passes.length,
    violations: found.violations.map(v =>
      `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}`) };
})()
"""
_PATIENCE_S = 150.0
"""axe looks at every element of a page of thousands."""
VIEWS = [
    pytest.param("", 1280, False, id="light"),
    pytest.param("", 1280, True, id="dark"),
    pytest.param("", 360, False, id="phone"),
    pytest.param("#device-1", 1280, False, id="device"),
    pytest.param("#device-1", 360, True, id="device-phone-dark"),
]


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core, as the package that brings it keeps it; nothing of the package itself is run."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-playwright-python, which brings axe-core, is not installed")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


@pytest.fixture
def check(browser: Chromium, axe: str) -> Callable[[], dict[str, Any]]:
    def run() -> dict[str, Any]:
        browser.run(f"{axe}; true")
        found: dict[str, Any] = json.loads(browser.run(f"{RUN.strip()}.then(JSON.stringify)", _PATIENCE_S))
        return found

    return run


@pytest.mark.parametrize(("fragment", "width", "dark"), VIEWS)
def test_the_page_of_the_demo_has_no_violation(
    browser: Chromium, audited: Audited, check: Callable[[], dict[str, Any]], fragment: str, width: int, dark: bool
) -> None:
    browser.open(audited.folder / "out" / "report.html", fragment, width=width, dark=dark)
    found = check()
    assert found["violations"] == []
    assert found["passes"] > 20


def test_a_filtered_list_has_no_violation(
    browser: Chromium, audited: Audited, check: Callable[[], dict[str, Any]]
) -> None:
    browser.open(audited.folder / "out" / "report.html")
    browser.run(
        "(() => { const e = document.getElementById('filter-text'); e.value = 'dahua recorder';"
        " e.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    browser.run("document.querySelector('table.sortable thead button').click()")
    assert check()["violations"] == []


@pytest.mark.parametrize(
    "report", [school(), hostile_school(), nothing_found()], ids=["school", "hostile", "nothing"]
)
def test_other_reports_have_no_violation(
    browser: Chromium, tmp_path: Path, check: Callable[[], dict[str, Any]], report: Report
) -> None:
    (page,) = write(report, ["html"], tmp_path)
    browser.open(page)
    assert check()["violations"] == []


@pytest.mark.parametrize("fragment", ["", "#device-1"])
def test_a_welsh_page_has_no_violation(
    browser: Chromium, tmp_path: Path, check: Callable[[], dict[str, Any]], fragment: str
) -> None:
    speak("cy")
    try:
        (page,) = write(school(), ["html"], tmp_path)
    finally:
        speak(ENGLISH)
    browser.open(page, fragment)
    assert check()["violations"] == []


def test_axe_would_have_seen_one(browser: Chromium, tmp_path: Path, check: Callable[[], dict[str, Any]]) -> None:
    (page,) = write(school(), ["html"], tmp_path)
    browser.open(page)
    browser.run("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"\">')")
    assert any("image-alt" in each for each in check()["violations"])
