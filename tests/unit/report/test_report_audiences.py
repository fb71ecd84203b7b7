"""Each reader gets what that reader needs, in that order; the board gets one decision on a line, plainly said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from report_factory import TODAY, estate, hostile_school, nothing_found, school

from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.model import Hours, Planning, Prices, Range, Report
from camaudit.plan import plan
from camaudit.report import html
from camaudit.report import json as report_json
from camaudit.report.audience import for_audience
from camaudit.report.board import board_view
from camaudit.report.readers import AUDIENCES
from camaudit.report.words import words

PRICES = Prices(
    "GBP", units={"camera": Range(180, 320.5)}, rate=Range(40, 60), hours={"replace": Hours(each=Range(1, 2))}
)
JARGON = (
    "firmware", "onvif", "rtsp", "vlan", "subnet", "mac address", "http", "csv", "json", "yaml", "cve", "oem",
    "api", "port", "protocol", "signature", "violation", "remediat", "stakeholder",
)  # fmt: skip
FALSE_BAN = re.compile(
    r"(?i)\b(ban|banned|bans|forbid\w*|illegal|unlawful|prohibited|criminal|spy\w*|blacklist\w*)\b"
)


def priced(report: Report) -> Report:
    planning = Planning(PRICES)
    return replace(
        report,
        site=replace(report.site, planning=planning),
        plan=plan(report.devices, report.findings, TODAY, planning),
    )


def page(report: Report, audience: str) -> str:
    return html.render(for_audience(report, audience))


def words_of(text: str) -> str:
    """Return what is read aloud of a page: no markup, no style, no data."""
    shown = re.sub(r"<(style|script)\b.*?</\1>", " ", text.split("<body", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def sections(text: str) -> list[str]:
    return re.findall(r'<section id="([a-z-]+)"', text)


@pytest.mark.parametrize("report", [school(), priced(school()), hostile_school(), nothing_found(), estate(30)])
def test_the_board_hears_no_jargon_and_no_false_ban(report: Report) -> None:
    text = page(report, "board")
    heard = words_of(text)
    # What a pack calls its rule and what a notice says are others' words; all else is ours.
    ours = heard.split(words().board["decide"], 1)[1]
    for notice in report.notices:
        ours = ours.replace(" ".join(notice.split()), "")
    assert [word for word in JARGON if re.search(rf"\b{word}", ours.lower())] == []
    assert FALSE_BAN.findall(heard) == []
    assert "<script" not in text


def test_the_board_has_one_decision_on_a_line_with_its_day_and_its_cost() -> None:
    view = board_view(priced(school()), words())
    assert [(each.text, each.by, each.cost) for each in view.decisions] == [
        ("Have 2 devices cut off from the internet now; they can go on recording.", "By 31 December 2026.", ""),
        ("Release the money to replace 2 devices.", "By 31 December 2026.", "GBP 440–881"),
        ("Name somebody who answers 1 open question; the answer decides about 2 devices.", "", ""),
        ("Have the settings or the built-in software of 1 device put right.", "", ""),
        ("Keep or end the exception for 1 device; the day is when it runs out.", "By 1 March 2027.", ""),
    ]
    lines = re.findall(r"<li>(?:(?!</li>).)*</li>", page(priced(school()), "board").split('class="decide"')[1])
    assert all(line.count(". ") <= 2 for line in lines[:5])


def test_the_board_is_told_that_costs_are_not_known_rather_than_given_none() -> None:
    assert words().board["no_prices"] in words_of(page(school(), "board"))
    assert "GBP" not in page(school(), "board")


def test_where_nothing_was_found_the_board_decides_to_look_again() -> None:
    assert [each.text for each in board_view(nothing_found(), words()).decisions] == [words().board["look_again"]]
    kept = replace(school(), findings=(), plan=())
    assert [each.text for each in board_view(kept, words()).decisions] == [words().board["nothing"]]


def test_each_reader_gets_their_own_sections_in_their_own_order() -> None:
    report = priced(school())
    found = {audience: sections(page(report, audience)) for audience in ("it", "facilities", "audit", "public")}
    assert {"findings", "instruments", "signs", "coverage"}.isdisjoint(found["facilities"])
    assert found["facilities"].index("plan") < found["facilities"].index("devices")
    assert found["audit"].index("instruments") < found["audit"].index("devices") < found["audit"].index("plan")
    assert "signs" in found["audit"]
    assert {"signs", "questions"}.isdisjoint(found["public"])
    whole = sections(html.render(report))
    assert all(set(own) <= set(whole) for own in found.values())


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report", [school(), hostile_school(), nothing_found()])
def test_links_arrive_whatever_is_shown(report: Report, audience: str) -> None:
    text = page(report, audience)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    targets = {target for target in re.findall(r'href="#([^"]+)"', text) if not target.startswith("device-")}
    assert targets <= set(ids)


def test_evidence_is_not_carried_where_it_is_not_shown() -> None:
    report = school()
    assert "ProbeMatch" in html.render(report)
    assert "ProbeMatch" in page(report, "audit")
    assert "ProbeMatch" not in page(report, "facilities")
    assert "ProbeMatch" not in page(report, "public")


def test_the_place_of_a_unit_stands_where_somebody_has_to_find_it() -> None:
    report = replace(school(), locations={"dev-002": "Hall, north wall"})
    assert "Hall, north wall" in page(report, "facilities")
    data = json.loads(report_json.render(report))
    assert [d["location"] for d in data["devices"] if d["location"]] == ["Hall, north wall"]


def test_report_json_says_for_whom_it_is() -> None:
    assert json.loads(report_json.render(school()))["audience"] == ""
    for audience in AUDIENCES:
        assert json.loads(report_json.render(for_audience(school(), audience)))["audience"] == audience


def test_a_reader_that_is_not_known_is_refused() -> None:
    assert options.audience("") == ""
    with pytest.raises(UsageError, match="--audience head: no such reader; there are it, facilities"):
        options.audience("head")


def test_what_is_overdue_is_said_to_the_board() -> None:
    report = school()
    late = replace(report, judged_as_of=date(2027, 6, 1))
    assert "It was due on 31 December 2026." in words_of(page(late, "board"))
