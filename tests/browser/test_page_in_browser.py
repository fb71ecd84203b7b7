"""The page in a real browser, from disk: nothing loads, nothing runs that is not ours, and it can be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from chromium import Chromium
from report_factory import HOSTILE, device, estate, hostile_school, nothing_found, school

from camaudit.model import Report
from camaudit.report.write import write

CONTRAST = """
// WCAG 2.2, success criterion 1.4.3: 4.5 to 1 between text and what is behind it.
(() => {
  const part = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const share = [0.2126, 0.7152, 0.0722];
  const lum = (c) => c.reduce((sum, v, place) => sum + share[place] * part(v / 255), 0);
  const parse = (s) => (s.match(/[\\d.]+/g) || []).map(Number);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  for (const each of document.querySelectorAll("details")) each.open = true;
  const poor = new Set();
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.getClientRects().length || e.closest("svg rect")) continue;
    const style = getComputedStyle(e);
    const ink = parse(e.closest("svg") ? style.fill : style.color).slice(0, 3);
    const [a, b] = [lum(ink), lum(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.add(`${e.tagName}.${e.className}: ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()
"""

SHOWN = """
[...document.querySelectorAll("table.sortable tbody tr")].map((row) => row.cells[2].textContent)
"""

ENTER = """
(() => {{ const e = document.querySelector({0!r}); e.value = {1!r};
  e.dispatchEvent(new Event("input", {{bubbles: true}})); }})()
"""

SECTIONS = """
[...document.querySelectorAll("main > section")].filter((e) => e.getClientRects().length).map((e) => e.id)
"""

WIDEST = """
(() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const room = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")].filter((e) => !e.closest(".wide *") && !e.closest(".unseen"))
    .filter((e) => e.getBoundingClientRect().right > room + 1).slice(0, 5)
    .map((e) => `${e.tagName}.${e.className}`);
})()
"""


def page_of(report: Report, folder: Path) -> Path:
    """Write the page of a report and return where it lies."""
    (path,) = write(report, ["html"], folder)
    return path


@pytest.mark.parametrize(
    "report", [school(), hostile_school(), nothing_found()], ids=["school", "hostile", "nothing"]
)
def test_the_page_loads_only_itself_and_nothing_is_refused(
    browser: Chromium, tmp_path: Path, report: Report
) -> None:
    page = page_of(report, tmp_path)
    browser.open(page)
    assert browser.requested() == [page.as_uri()]
    assert browser.complaints() == []
    assert browser.run("document.title") == "Camera audit: St Example School"


def test_hostile_names_are_seen_and_do_nothing(browser: Chromium, tmp_path: Path) -> None:
    browser.open(page_of(hostile_school(), tmp_path))
    text = browser.run("document.body.textContent")
    assert HOSTILE[0] in text
    assert HOSTILE[6] in text
    assert browser.run("document.querySelectorAll('img, iframe, body script').length") == 2


def test_the_page_counts_as_report_json_does(browser: Chromium, tmp_path: Path) -> None:
    report = hostile_school()
    page, data = write(report, ["html", "json"], tmp_path)
    browser.open(page)
    shown = browser.run("({...document.getElementById('answer').dataset})")
    summary = json.loads(data.read_text("utf-8"))["summary"]
    wanted = {
        "count" + "".join(part.capitalize() for part in key.split("_")): str(n) for key, n in summary.items()
    }
    assert shown == wanted
    assert len(browser.run(SHOWN)) == summary["video"]


def test_the_table_is_searched_filtered_and_sorted(browser: Chromium, tmp_path: Path) -> None:
    # Given the page of a school with a tenth address
    browser.open(page_of(school(device(10, maker="axis", brand="axis")), tmp_path))
    # When somebody searches, then only what fits is left, and it is counted
    browser.run(ENTER.format("#filter-text", "lts"))
    assert browser.run(SHOWN) == ["127.77.0.3"]
    assert browser.run("document.getElementById('shown').textContent") == "1 of 7 shown"
    browser.run(ENTER.format("#filter-text", ""))
    # When a verdict is chosen, then only that is left
    browser.run(ENTER.format("[data-filter=verdict]", "violation"))
    assert browser.run(SHOWN) == ["127.77.0.2", "127.77.0.3"]
    browser.run(ENTER.format("[data-filter=verdict]", ""))
    # When a heading is pressed, then addresses sort as numbers, and the other way round
    press = "document.querySelectorAll('table.sortable thead button')[2].click()"
    browser.run(press)
    assert browser.run(SHOWN) == [f"127.77.0.{n}" for n in (2, 3, 4, 5, 6, 7, 10)]
    browser.run(press)
    assert browser.run(SHOWN)[0] == "127.77.0.10"
    assert browser.run("document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "descending"


def test_a_device_has_a_page_with_its_evidence_and_its_rules(browser: Chromium, tmp_path: Path) -> None:
    # When somebody follows the link of a device
    browser.open(page_of(school(), tmp_path))
    browser.run("document.querySelector('table.sortable tbody a').click()")
    browser.run("new Promise(done => setTimeout(done, 100))")
    # Then its page alone shows, the heading has the focus, and the evidence is told
    assert browser.run("document.activeElement.textContent") == "Hikvision DS-2CD2143G0-I camera 127.77.0.2"
    assert browser.run(SECTIONS) == ["device-page"]
    assert "App-webs/" in browser.run("document.querySelector('#device-page .ledger').textContent")
    # When they follow a finding to its instrument, then that shows, with its citation and whom it binds
    browser.run("document.querySelector('#device-page .cites a').click()")
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert "device-page" not in browser.run(SECTIONS)
    instrument = browser.run("document.querySelector(location.hash).textContent")
    assert "Pub. L. 115-232" in instrument
    assert "US federal contractors and bidders" in instrument
    # And the way back is the browser's own
    browser.run("history.back(); new Promise(done => setTimeout(done, 200))")
    assert browser.run(SECTIONS) == ["device-page"]


def test_every_hostile_device_has_an_inert_page(browser: Chromium, tmp_path: Path) -> None:
    report = hostile_school()
    browser.open(page_of(report, tmp_path))
    for number in range(1, len(report.devices) + 1):
        browser.run(f"location.hash = 'device-{number}'; new Promise(done => setTimeout(done, 50))")
        assert browser.run("document.querySelectorAll('#device-page .device').length") == 1
        assert browser.run("document.querySelectorAll('main img, main iframe, main script').length") == 0
    assert browser.run("document.title") == "Camera audit: St Example School"
    assert browser.complaints() == []


def test_twenty_thousand_devices_open_and_filter_in_two_seconds(browser: Chromium, tmp_path: Path) -> None:
    page = page_of(estate(20_000), tmp_path)
    browser.open(page)
    opened_s = browser.worked_s()
    browser.run(ENTER.format("#filter-text", "ds-2cd07 10.0.3"))
    filtered_s = browser.worked_s() - opened_s
    assert browser.run("document.getElementById('shown').textContent").endswith(" of 20000 shown")
    assert all("10.0.3" in address for address in browser.run(SHOWN))
    assert 0 < opened_s < 2.0
    assert 0 < filtered_s < 2.0
    # And only a portion is on the page, so that it stays quick
    browser.run(ENTER.format("#filter-text", ""))
    assert len(browser.run(SHOWN)) == 200
    browser.run("document.querySelector('button.more').click()")
    assert len(browser.run(SHOWN)) == 400


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("report", "fragment"),
    [
        (hostile_school(), ""),
        (hostile_school(), "#device-1"),
        (hostile_school(), "#device-12"),
        (nothing_found(), ""),
    ],
    ids=["hostile", "device", "hostile-device", "nothing"],
)
def test_every_text_stands_out_from_what_is_behind_it(
    browser: Chromium, tmp_path: Path, report: Report, fragment: str, dark: bool
) -> None:
    browser.open(page_of(report, tmp_path), fragment, dark=dark)
    assert browser.run(CONTRAST) == []


@pytest.mark.parametrize("fragment", ["", "#device-1", "#device-12"])
@pytest.mark.parametrize("width", [320, 360, 768])
def test_it_fits_a_phone(browser: Chromium, tmp_path: Path, width: int, fragment: str) -> None:
    browser.open(page_of(hostile_school(), tmp_path), fragment, width=width)
    assert browser.run(WIDEST) == []
    assert browser.run("document.documentElement.scrollWidth") <= width


BEFORE = "dispatchEvent(new Event('beforeprint'))"
AFTER = "dispatchEvent(new Event('afterprint'))"


@pytest.mark.parametrize("count", [41, 1200])
def test_on_paper_a_large_site_says_what_is_left_out(browser: Chromium, tmp_path: Path, count: int) -> None:
    browser.open(page_of(estate(count), tmp_path))
    browser.run(BEFORE)
    said = browser.run("document.getElementById('left-out').textContent")
    rows = browser.run("document.querySelectorAll('table.sortable tbody tr').length")
    assert f"The pages of the {count} devices are not printed" in said
    assert rows == min(count, 1000)
    assert ("stops after 1000 of 1200 devices" in said) == (count > 1000)
    assert browser.run("document.getElementById('left-out').getClientRects().length") > 0
    browser.run(AFTER)
    assert browser.run("document.getElementById('left-out').getClientRects().length") == 0


def test_on_paper_nothing_that_was_closed_is_empty(browser: Chromium, tmp_path: Path) -> None:
    browser.open(page_of(school(), tmp_path))
    browser.run(BEFORE)
    assert browser.run("[...document.querySelectorAll('details')].every(e => e.open)")
    empty = "[...document.querySelectorAll('details tbody')].filter(e => !e.rows.length).length"
    assert browser.run(empty) == 0
    assert browser.run("document.getElementById('left-out').textContent") == ""
    browser.run(AFTER)
    assert browser.run("document.querySelectorAll('details[open]').length") == 0


def test_a_question_leads_to_its_devices(browser: Chromium, tmp_path: Path) -> None:
    browser.open(page_of(school(), tmp_path))
    first = "document.querySelector('#questions li')"
    assert "finding" in browser.run(f"{first}.textContent")
    browser.run(f"{first}.querySelector('.which a').click()")
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert browser.run(SECTIONS) == ["device-page"]


def test_every_link_of_the_page_leads_somewhere(browser: Chromium, tmp_path: Path) -> None:
    browser.open(page_of(school(), tmp_path))
    lost = browser.run(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(e => e.getAttribute('href').slice(1))"
        ".filter(id => !/^device-\\d+$/.test(id) && !document.getElementById(id))"
    )
    assert lost == []


def test_it_prints_with_a_page_for_each_device(browser: Chromium, tmp_path: Path) -> None:
    browser.open(page_of(school(), tmp_path))
    whole = browser.pdf()
    browser.open(page_of(school(), tmp_path), "#device-2")
    one = browser.pdf()
    # Pages of a PDF are counted by their objects
    assert whole.count(b"/Type /Page\n") >= 6 + 3
    assert 1 <= one.count(b"/Type /Page\n") <= 3
    assert browser.run("document.getElementById('printed').children.length") == 0
