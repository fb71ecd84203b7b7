"""Figures for Prometheus: read back by Prometheus' own parser, and the same as in every other format."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from report_factory import HOSTILE, hostile_school, nothing_found, school

from camaudit.model import Report
from camaudit.report.prometheus import pieces
from camaudit.report.siem import moment
from camaudit.report.summary import STRIP, counts

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def figures(report: Report) -> Figures:
    text = "".join(pieces(report))
    assert text.endswith("\n")
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        assert re.fullmatch(r"camaudit_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        assert family.type == "gauge"
        for sample in family.samples:
            # The textfile collector refuses a time.
            assert sample.timestamp is None
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found
            found[key] = sample.value
    return found


def test_the_figures_are_those_of_the_report() -> None:
    report = school()
    found, number = figures(report), counts(report)
    site = ("site", report.site.name)

    def of(name: str, **labels: str) -> float:
        return found[f"camaudit_{name}", frozenset((site, *labels.items()))]

    assert of("run_timestamp_seconds") == moment(report).timestamp()
    assert of("devices") == number["devices"]
    for standing, key in STRIP:
        assert of("units", verdict=str(standing)) == number[key]
    assert of("addresses", outcome="answered") == report.coverage.answered
    violations = [v for (name, labels), v in found.items() if name == "camaudit_findings"
                  and {("state", "violation"), ("accepted", "false")} <= labels]  # fmt: skip
    assert sum(violations) == number["findings_violation"]
    makers = {dict(labels)["maker"] for name, labels in found if name == "camaudit_units_by_maker"}
    assert "unknown" in makers


def test_nought_is_told_too() -> None:
    found = figures(nothing_found())
    assert found["camaudit_units", frozenset({("site", nothing_found().site.name), ("verdict", "violation")})] == 0


def test_a_device_cannot_make_a_series() -> None:
    names = {name for name, _ in figures(hostile_school())}
    assert names == {name for name, _ in figures(school())}
    text = "".join(pieces(hostile_school()))
    assert not any(each in text for each in HOSTILE)


@given(st.text())
def test_any_name_of_a_site_is_one_label(name: str) -> None:
    from dataclasses import replace

    report = school()
    figures(replace(report, site=replace(report.site, name=name)))
