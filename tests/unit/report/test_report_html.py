"""The page: nothing that a device wrote runs, nothing is loaded, and every part is where it belongs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from report_factory import HOSTILE, device, estate, hostile_school, nothing_found, school

from camaudit.model import Certainty, Coverage, HostCoverage, Report, Verdict
from camaudit.report.html import linked, paragraphs, render

_VOID = {"meta", "br", "img", "input", "link"}
_LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "style"}


class Page(HTMLParser):
    """The elements of a page, and whether they close as they should."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: dict[str, str] = {}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            kind = "data" if self.tags[-1][1].get("type") == "application/json" else self.open[-1]
            self.text[kind] = self.text.get(kind, "") + data

    def data(self) -> dict[str, Any]:
        """Return what the script is given to show."""
        told: dict[str, Any] = json.loads(self.text["data"])
        return told

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def ids(self) -> list[str]:
        return [value for _, each in self.tags if (value := each.get("id"))]


REPORTS = [school(), hostile_school(), nothing_found(), nothing_found(3)]


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_runs_and_nothing_is_loaded(report: Report) -> None:
    page = Page(render(report))
    # One script and one style, ours; no element that loads, no attribute that runs
    assert [script.get("type") for script in page.all("script")] == ["application/json", None]
    assert len(page.all("style")) == 1
    names = {tag for tag, _ in page.tags}
    assert not names & {"img", "link", "iframe", "object", "embed", "base", "audio", "video", "image", "use"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in _LOADING], (tag, attributes)
        if "href" in attributes:
            assert tag == "a"
            assert re.match(r"#|https://", attributes["href"] or ""), attributes


@pytest.mark.parametrize("report", REPORTS)
def test_the_policy_names_exactly_this_style_and_script(report: Report) -> None:
    page = Page(render(report))
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.text[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("report", REPORTS)
def test_links_within_the_page_arrive_and_ids_are_unique(report: Report) -> None:
    page = Page(render(report))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    within = {(a["href"] or "")[1:] for a in page.all("a") if (a["href"] or "").startswith("#")}
    # The page of a device is made by the script when it is asked for
    devices = {f"device-{n}" for n in range(1, len(page.data()["devices"]) + 1)}
    assert within <= {*ids, *devices}
    named = {ref for _, each in page.tags for ref in (each.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


@pytest.mark.parametrize("report", REPORTS)
def test_headings_step_down_one_at_a_time_and_tables_have_captions(report: Report) -> None:
    page = Page(render(report))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all("scope" in head for head in page.all("th"))
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in page.all("svg"))


def test_what_a_device_writes_is_text() -> None:
    text = render(hostile_school())
    assert "<script>document" not in text
    assert "\\u003cscript\\u003edocument" in text
    # The data holds no character that could end it or begin an element, and reads back as it was
    page = Page(text)
    assert not set("<>&\u2028\u2029") & set(page.text["data"])
    assert HOSTILE[0] in page.data()["strings"]
    assert "{{7*7}}" in text
    assert "49{%" not in text
    assert "枪型摄像机" in text
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert not {"\u202e", "\x9b", "\ud800"} & set(text)


def test_without_scripts_the_findings_and_the_plan_are_there() -> None:
    text = render(school())
    before = text[: text.index('<script type="application/json"')]
    findings = before[before.index('id="findings"') :]
    assert "which the rule names, and it is in use" in findings
    assert "Does US federal award money pay today" in findings
    assert 'id="step-1"' in before
    assert "<noscript>" in before


def test_a_thousand_devices_are_a_page_of_less_than_two_megabytes() -> None:
    # Given a fleet of which each unit has an address, a serial and texts of its own in its evidence
    size = {count: len(render(estate(count)).encode()) for count in (100, 1000)}
    # Then a device costs well under the two kilobytes that it may
    assert size[1000] < 2_000_000
    assert (size[1000] - size[100]) / 900 < 1_000


def test_a_device_is_told_as_the_report_has_it() -> None:
    data = Page(render(school())).data()
    said = data["strings"]
    rank, called, address, *_ = data["devices"][0]
    assert (data["standings"][rank], said[called], said[address]) == (
        "violation",
        "Hikvision DS-2CD2143G0-I camera",
        "127.77.0.2",
    )
    described, facts, rows, found, _weak, _next, _against, steps, _location = data["devices"][0][10:]
    assert said[described].startswith("Sold as Hikvision, the maker's own name. Maker: confirmed, 99 in 100")
    told = dict(zip(data["words"]["facts"], (said[fact] if fact >= 0 else None for fact in facts), strict=True))
    assert told["Serial number"] == "DS-2CD2143G0-I20190120AAWR123456789"
    assert told["Address"] == "127.77.0.2"
    assert [said[data["rows"][row][2]] for row in rows[:2]] == ["ProbeMatch", "App-webs/"]
    assert [said[data["findings"][number][0]] for number in found] == ["violation", "compliant"]
    assert "Cut" in said[data["steps"][str(steps[0])]]


def test_a_school_head_reads_the_answer_first() -> None:
    text = render(school())
    assert "Yes, there is a problem: 2 of 6 cameras and recorders break a rule." in text
    assert "equipment made by Hikvision" in text
    assert "The first deadline is 31 December 2026." in text
    places = [text.index(f'id="{name}"') for name in ("answer", "plan", "devices", "instruments", "coverage")]
    assert places == sorted(places)
    assert "Sold as LTS, built by Hikvision" in text
    assert "banned" not in text.lower()


def test_one_device_is_spoken_of_in_the_singular() -> None:
    report = school()
    one = replace(report, devices=report.devices[:1], findings=report.findings[:1])
    assert "the one camera or recorder found breaks a rule" in render(one)


def test_an_uncertain_maker_is_never_named_without_perhaps() -> None:
    unit = device(9, certainty=Certainty.POSSIBLE, confidence=0.5, brand=None, model=None)
    text = render(replace(school(), devices=(unit,), findings=(), plan=()))
    assert "perhaps Hikvision" in text
    assert "Perhaps built by Hikvision; the name on the label is not known" in text


def test_nothing_found_gives_reasons_and_steps() -> None:
    for answered, headline in ((0, "Nothing answered"), (3, "No camera or recorder was found")):
        text = render(nothing_found(answered))
        assert headline in text
        assert "Why no camera may have been found" in text
        assert "another network" in text
        assert 'id="devices"' not in text


def test_a_large_network_lists_only_what_something_came_of() -> None:
    report = nothing_found()
    silent = tuple(HostCoverage(f"10.0.{n // 250}.{n % 250}", "silent") for n in range(5000))
    hosts = (*silent, HostCoverage("10.1.0.1", "answered"))
    text = render(replace(report, coverage=Coverage(5001, 1, 5000, 0, hosts=hosts)))
    assert "10.1.0.1" in text
    assert "10.0.3.7" not in text
    assert "Of 5000 more addresses nothing came" in text


def test_waived_alone_is_no_open_problem() -> None:
    report = school()
    waived = tuple(f for f in report.findings if f.waiver)
    only = replace(report, devices=(report.devices[2],), findings=waived, plan=())
    text = render(only)
    assert "No open problem" in text
    assert "Accepted until 1 March 2027 by A. Head" in text


def test_no_rules_checked_is_said() -> None:
    report = school()
    assert "but no rules were checked" in render(replace(report, findings=(), plan=(), policies=()))


def test_a_kept_site_is_told_what_that_rests_on() -> None:
    report = school()
    kept = tuple(f for f in report.findings if f.verdict is Verdict.COMPLIANT)
    text = render(replace(report, findings=kept, plan=()))
    assert "No problem was found: none of 6 cameras and recorders breaks a rule that was checked." in text


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://www.legislation.gov.uk/x", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example/x", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, wanted: bool) -> None:
    assert linked(url) == (url if wanted else "")


def test_paragraphs_and_lists_are_all_a_remedy_may_hold() -> None:
    text = "First\nline.\n\n- one\n  goes on\n- two\n\n<b>last</b>\n"
    assert paragraphs(text) == (("p", ("First line.",)), ("ul", ("one goes on", "two")), ("p", ("<b>last</b>",)))
