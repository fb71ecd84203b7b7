"""The page of the simulated fleet in a browser: its counts are those of report.json and of the truth."""

from __future__ import annotations

from chromium import Chromium

from audited_fleet import Audited

COUNTS = "Object.assign({}, ...[...document.querySelectorAll('*')].map(e => ({...e.dataset})))"


def test_the_page_counts_what_the_report_and_the_truth_count(browser: Chromium, audited: Audited) -> None:
    browser.open(audited.folder / "out" / "report.html")
    page = {key: int(value) for key, value in browser.run(COUNTS).items() if key.startswith("count")}
    report, truth = audited.report, audited.fleet.truth["devices"]
    assert page["countDevices"] == len(report["devices"])
    assert page["countAnswered"] == report["coverage"]["answered"] == len(report["devices"])
    assert page["countViolations"] == sum(d["verdict"] == "violation" for d in report["devices"])
    assert page["countReviews"] == sum(d["verdict"] == "review" for d in report["devices"])
    assert page["countCompliant"] == sum(d["verdict"] == "compliant" for d in report["devices"])
    # And the truth: what breaks the rule are the restricted makers' cameras and recorders, no more and no fewer.
    restricted = [d for d in truth if d["restricted"] and d["identifiable"] and d["kind"] != "other"]
    assert page["countViolations"] == len(restricted)
    rows = browser.run("document.querySelectorAll('table.sortable tbody tr[data-verdict]').length")
    counted = ("countViolations", "countReviews", "countAdvice", "countCompliant")
    assert rows == page["countVideo"] == sum(page[name] for name in counted)
