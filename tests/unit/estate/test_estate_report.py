"""The report over many sites: worst first, sums that agree, and nothing judged twice."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from camaudit import audit
from camaudit.catalogue import load_catalogue
from camaudit.estate import gather, lines
from camaudit.estate.form import Estate, load_estate
from camaudit.estate.overview import overview, write
from camaudit.estate.work import Result
from camaudit.report.estate import EstateReport, SiteLine, as_csv, as_json, line_from
from camaudit.report.estate_budget import Due, added
from camaudit.report.estate_html import answer, gaps, render
from camaudit.report.estate_words import estate_words
from camaudit.store import Store
from camaudit.store.jobs import jobs_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
DAY = date(2026, 11, 30)
EXAMPLE = Path(__file__).parents[3] / "examples" / "estate" / "estate.yaml"
SADP = {
    "sadp.reply": ["ProbeMatch"], "sadp.model": ["DS-2CD2143G0-I"], "sadp.description": ["DS-2CD2143G0-I"],
    "sadp.serial": ["DS-2CD2143G0-I20190101AAWR123456789"], "sadp.activated": ["true"],
}  # fmt: skip
PAGE = {"http.server": ["App-webs/"], "http.status": ["200"], "http.title": ["index"]}


def seen(address: str, probe: str, fields: dict[str, list[str]], port: int | None) -> dict[str, Any]:
    row = {"address": address, "port": port, "probe": probe, "outcome": "answered", "fields": fields}
    return {**row, "at": NOW.isoformat(), "note": ""}


@pytest.fixture
def estate() -> Estate:
    """Return the example's estate, its second site one of the US federal government."""
    found = load_estate(EXAMPLE)
    federal = replace(
        found.sites["elm-secondary"], name="<b>Elm</b> =1+1", jurisdiction="US", kind="government", facts={}
    )
    return replace(found, sites={**found.sites, "elm-secondary": federal})


@pytest.fixture
def store(tmp_path: Path, estate: Estate) -> Store:
    """Return a store in which the second site was scanned and has a camera, and the first was not."""
    kept = Store(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    gather.begin(kept, estate, NOW)
    for job in jobs_of(kept):
        if job.site == "elm-secondary":
            address = "198.51.100.7"
            rows = {
                "observations": [seen(address, "sadp", SADP, None), seen(address, "http", PAGE, 80)],
                "hosts": [{"address": address, "outcome": "answered", "notes": []}],
                "swept": [{"first": "198.51.100.0", "last": "198.51.100.255", "addresses": 256, "silent": 254}],
            }
            gather.take(kept, Result(job.id, job.site, "done", rows=rows), job.site, NOW)
    return kept


def test_the_sites_are_there_with_what_is_known_of_them(store: Store, estate: Estate) -> None:
    whole = overview(store, estate, load_catalogue(), DAY)
    elm, oak = whole.lines
    assert (oak.id, oak.state, oak.counts["video"]) == ("oak-primary", "never", 0)
    assert (elm.id, elm.answered, elm.counts["video"]) == ("elm-secondary", 1, 1)
    assert whole.totals.counts["video"] == 1
    assert whole.totals.state == "partly"
    alone = audit.judge(store.run(elm.run), load_catalogue(), as_of=DAY, site=estate.sites["elm-secondary"])
    assert len(alone.devices) == 1
    assert {area.id for area in whole.areas} == {"North", "South"}


def test_a_line_is_kept_until_what_judged_it_changes(
    store: Store, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = load_catalogue()
    first = overview(store, estate, catalogue, DAY)
    judged: list[str] = []
    real = lines.judged_lightly

    def counted(store: Store, run: str, *rest: Any) -> Any:
        judged.append(run)
        return real(store, run, *rest)

    monkeypatch.setattr(lines, "judged_lightly", counted)
    assert overview(store, estate, catalogue, DAY) == first
    assert judged == []
    overview(store, estate, catalogue, DAY + timedelta(days=1))
    assert judged == [], "the law of the next day is the same"
    overview(store, estate, catalogue, date(2018, 1, 1))
    assert len(judged) == 1, "by the law of another day"
    answered = replace(estate.sites["elm-secondary"], facts={"federal_contractor": True})
    overview(store, replace(estate, sites={**estate.sites, "elm-secondary": answered}), catalogue, DAY)
    assert len(judged) == 2, "with another answer"


def three_sites() -> EstateReport:
    def line(site: str, area: str, violations: int, cost: int) -> SiteLine:
        number = {**SiteLine("x").counts, "video": 10, "violations": violations}
        price = {"GBP": (cost, 2 * cost)} if cost else {}
        return SiteLine(site, site, area, "complete", "r", "2026-11-30", 5, 5, 0, number, {"dahua": 1}, "", price)

    sites = (line("a", "North", 3, 100), line("b", "South", 1, 0), line("c", "North", 0, 50))
    return EstateReport("County", DAY, sites, {"dahua": "Dahua"})


def test_sums_agree_in_every_format() -> None:
    report = three_sites()
    assert report.totals.counts["violations"] == 4
    assert report.totals.cost == {"GBP": (150, 300)}
    assert [area.counts["violations"] for area in report.areas] == [3, 1]
    said = json.loads(as_json(report))
    assert said["totals"]["counts"]["violations"] == sum(s["counts"]["violations"] for s in said["sites"]) == 4
    rows = list(csv.DictReader(io.StringIO(as_csv(report, estate_words().columns).removeprefix("\ufeff"))))
    assert sum(int(row["Breaks a rule"]) for row in rows) == 4
    assert rows[0]["Cost"] == "GBP 100 to 200"
    assert "4 of 30 cameras and recorders break a rule, at 2 of 3 sites" in answer(report)
    assert line_from(json.loads(json.dumps(asdict(report.lines[0])))) == report.lines[0]


def test_a_hostile_name_is_inert_and_nothing_runs(store: Store, estate: Estate, tmp_path: Path) -> None:
    whole = overview(store, estate, load_catalogue(), DAY)
    page = render(whole, {})
    assert "<b>Elm" not in page
    assert "<script" not in page
    assert "&lt;b&gt;Elm&lt;/b&gt; =1+1" in page
    files = write(whole, tmp_path / "out", {"elm-secondary": "sites/elm-secondary/report.html"})
    assert [file.name for file in files] == ["estate.html", "estate.json", "estate.csv"]
    assert 'href="sites/elm-secondary/report.html"' in files[0].read_text("utf-8")


def test_nothing_scanned_is_not_nothing_found() -> None:
    empty = EstateReport("County", DAY, (SiteLine("a", "A"),), {})
    assert answer(empty) == "No site has been scanned yet."


def many(number: int) -> EstateReport:
    """Return the report of so many sites, each with names, makers and a plan."""

    def line(at: int) -> SiteLine:
        state = "never" if at % 10 == 9 else "partly" if at % 10 == 8 else "complete"
        counted = {**SiteLine("x").counts, "video": 40, "violations": at % 7, "reviews": at % 5}
        steps = (
            Due("replace", "2026-09-01", 1, at % 7, 0, {"GBP": (100, 200)}),
            Due("investigate", "", 1, at % 5, 1, {}),
            Due("patch", "2027-02-10", 2, 3, 0, {"GBP": (10, 20)}),
        )
        return SiteLine(
            f"site-{at:05}", f"<i>School</i> {at:05}", f"Area {at % 20:02}", state, "run",
            "" if state == "never" else "2026-01-05" if at % 4 else "2026-11-01", 512, 400, 0, counted,
            {"dahua": at % 7}, "2026-09-01", {"GBP": (110, 220)}, steps, "2026-11-29" if at % 10 == 7 else "",
        )  # fmt: skip

    lines = tuple(sorted((line(at) for at in range(number)), key=lambda each: each.rank))
    return EstateReport("County", DAY, lines, {"dahua": "Dahua"})


def test_the_budget_is_the_sum_of_the_sites_steps_by_term_and_kind() -> None:
    report = many(200)
    rows = {(row.term, row.action): row for row in report.budget}
    assert list(rows) == [("overdue", "replace"), ("2027-01-01", "patch"), ("", "investigate")]
    assert rows["overdue", "replace"].cost == {"GBP": (20_000, 40_000)}
    assert rows["2027-01-01", "patch"].units == 600
    assert (rows["", "investigate"].unpriced, rows["", "investigate"].cost) == (200, {})
    assert rows["overdue", "replace"].sites == 200
    total = reduce(added, (row.cost for row in report.budget))
    assert total == report.totals.cost == {"GBP": (22_000, 44_000)}
    page = render(report, {})
    for told in ("overdue", "2027-01 to 2027-04", "no day given", "GBP 20,000 to 40,000"):
        assert told in page


def test_sites_that_are_not_known_are_named() -> None:
    report = many(40)
    told = list(gaps(report, 3))
    assert told[0].startswith("Never scanned (4): <i>School</i> 00009, ")
    assert told[0].endswith(" and 1 more")
    assert told[1].startswith("A scan waits for its worker (4): <i>School</i> 00007 (since 2026-11-29)")
    late = [line for line in report.lines if report.is_late(line)]
    assert told[2].startswith(f"Scanned more than 150 days ago ({len(late)}): ")
    assert "Not reached whole (4)" in told[3]
    assert json.loads(as_json(report))["late"] == sorted(line.id for line in late)
    assert "<i>School" not in render(report, {})


@pytest.mark.parametrize(("number", "most_bytes"), [(200, 300_000), (2000, 1_300_000), (20_000, 1_700_000)])
def test_the_page_has_a_bounded_weight_and_says_what_it_leaves_out(number: int, most_bytes: int) -> None:
    page = render(many(number), {f"site-{at:05}": f"sites/site-{at:05}/report.html" for at in range(number)})
    assert len(page.encode()) < most_bytes
    assert page.count("<tr>") < 2700
    assert ("estate.csv lists them all" in page) == (number == 20_000)


def test_a_newer_pass_that_is_not_whole_does_not_hide_the_last_whole_scan(store: Store, estate: Estate) -> None:
    catalogue = load_catalogue()
    before = overview(store, estate, catalogue, DAY).lines[0]
    plans = gather.begin(store, replace(estate, chunk=64), NOW + timedelta(days=90))
    job = next(plan for plan in plans if plan.site == "elm-secondary").jobs[0]
    half = {"swept": [{"first": "198.51.100.0", "last": "198.51.100.9", "addresses": 10, "silent": 10}]}
    gather.take(store, Result(job.id, job.site, "done", rows=half), job.site, NOW + timedelta(days=90))
    elm, oak = overview(store, estate, catalogue, date(2027, 3, 1), late_after=30).lines
    assert (elm.run, elm.counts) == (before.run, before.counts)
    assert elm.waiting == oak.waiting == "2027-02-28"
    assert len(plans[1].jobs) > 1
