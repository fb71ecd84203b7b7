"""The page in another language: it says which, and what of it is still English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium
from report_factory import HOSTILE, hostile_school, school

from camaudit.language import BEGIN, END, ENGLISH, speak
from camaudit.report.write import write

ENGLISH_TEXTS = "[...document.querySelectorAll('main [lang=en]')].map(e => e.textContent)"


@pytest.fixture
def welsh() -> Iterator[None]:
    speak("cy")
    yield
    speak(ENGLISH)


@pytest.mark.usefixtures("welsh")
def test_a_welsh_page_says_so_and_marks_what_is_english(browser: Chromium, tmp_path: Path) -> None:
    (page,) = write(school(), ["html"], tmp_path)
    text = page.read_text("utf-8")
    browser.open(page)
    assert browser.complaints() == []
    assert browser.run("document.documentElement.lang") == "cy"
    assert browser.run("document.title") == "Archwiliad camerâu: St Example School"
    assert "Oes, mae problem: mae 2 o 6 o gamerâu" in browser.run("document.querySelector('h1').textContent")
    # The law is English and marked, and the page says why
    marked = browser.run(ENGLISH_TEXTS)
    assert "Section 889(a)(1)(B)" in marked
    assert "Dyfynnir y gyfraith yma yn Saesneg" in browser.run(
        "document.getElementById('instruments').textContent"
    )
    # Nothing that is Welsh is marked, and no mark is left over
    assert "Yn torri rheol" not in marked
    shown = browser.run("document.documentElement.outerHTML.replace(/<script[^]*?<[/]script>/g, '')")
    assert BEGIN not in shown
    assert END not in shown
    assert BEGIN not in text.split('<script type="application/json"')[0]


@pytest.mark.usefixtures("welsh")
def test_a_device_page_made_by_the_script_marks_english_too(browser: Chromium, tmp_path: Path) -> None:
    (page,) = write(school(), ["html"], tmp_path)
    browser.open(page, "#device-1")
    marked = browser.run(ENGLISH_TEXTS)
    assert "Equipment of a named maker is in use" in marked
    assert any("built by Hikvision" in each for each in marked)
    assert browser.run("document.querySelector('#device-page .verdict').textContent") == "Yn torri rheol"
    assert BEGIN not in browser.run("document.querySelector('main').outerHTML")


@pytest.mark.usefixtures("welsh")
def test_a_device_that_writes_the_marks_is_inert(browser: Chromium, tmp_path: Path) -> None:
    (page,) = write(hostile_school(), ["html"], tmp_path)
    browser.open(page)
    assert HOSTILE[0] in browser.run("document.body.textContent")
    assert browser.run("document.querySelectorAll('img, iframe, body script').length") == 2
    assert browser.complaints() == []


def test_an_english_page_has_no_mark_at_all(browser: Chromium, tmp_path: Path) -> None:
    (page,) = write(school(), ["html"], tmp_path)
    assert BEGIN not in page.read_text("utf-8").replace("\\ue000", "")
    browser.open(page)
    assert browser.run("document.querySelectorAll('main [lang]').length") == 0
