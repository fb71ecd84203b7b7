"""The terminal: it fits 24 lines of 80, obeys nothing a device wrote, and argues in plain words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from report_factory import HOSTILE, NAMES, device, evidence, hostile_device, hostile_school, nothing_found, school
from rich.console import Console, RenderableType

from camaudit.model import Candidate, Certainty, Report
from camaudit.report.terminal import explain, summary

FILES = (Path("camaudit-out/report.html"), Path("camaudit-out/report.json"), Path("camaudit-out/register.csv"))


def printed(what: RenderableType, *, colour: bool = False) -> str:
    """Print as the command line does, on 80 columns."""
    out = io.StringIO()
    Console(file=out, width=80, highlight=False, force_terminal=colour, color_system=None).print(what)
    return out.getvalue()


@pytest.mark.parametrize(
    "report", [school(), hostile_school(), nothing_found(), school(*(device(n) for n in range(20, 90)))]
)
def test_it_fits_the_smallest_terminal(report: Report) -> None:
    lines = printed(summary(report, FILES)).rstrip("\n").split("\n")
    assert len(lines) <= 23
    assert max(len(line) for line in lines) <= 80


def test_it_says_what_matters() -> None:
    text = " ".join(printed(summary(school(), FILES)).split())
    assert text.startswith("Yes, there is a problem: 2 of 6 cameras and recorders break a rule.")
    for part in (
        "Breaks a rule: 2",
        "127.77.0.3",
        "1. Isolate",
        "camaudit-out: report.html",
        "7 of 256",
        "ran out",
    ):
        assert part in text


def test_nothing_a_device_wrote_is_obeyed() -> None:
    for text in (
        printed(summary(hostile_school(), FILES)),
        *(printed(explain(hostile_device(9, each), (), NAMES)) for each in HOSTILE),
    ):
        assert not [c for c in text if not c.isprintable() and c != "\n"]
    assert "[bold red]markup[/bold red]" in printed(explain(hostile_device(9, HOSTILE[-1]), (), NAMES))


def test_the_argument_could_be_put_before_a_supplier() -> None:
    report = school()
    lts = report.devices[1]
    text = " ".join(printed(explain(lts, [f for f in report.findings if f.device == lts.id], NAMES)).split())
    for part in (
        "LTS CMIP3432 camera (127.77.0.3) was made by Hikvision: very likely (86 in 100).",
        "It is sold as LTS, built by Hikvision.",
        "1. From Hikvision's own discovery protocol (UDP port 37020) we read “ProbeMatch”",
        "“ProbeMatch”",
        "only this maker's units say this; about 500 times as usual",
        "1 more sign says the same",
        "What speaks against it Nothing that was read.",
        "What would change our mind",
        "hikvision-sadp",
        "+6.2",
        "Section 889(a)(1)(B)",
    ):
        assert part in text, part


def test_what_speaks_against_it_is_said() -> None:
    unit = device(
        9,
        certainty=Certainty.POSSIBLE,
        confidence=0.55,
        brand=None,
        model=None,
        firmware=None,
        evidence=(
            evidence(),
            evidence("dahua-rtsp", claim="maker=dahua", channel="rtsp", field="rtsp.server", counted=False),
        ),
        candidates=(Candidate("hikvision", 0.55), Candidate("dahua", 0.3)),
        contradictions=("rtsp.server points to Dahua.",),
        next_step="Read the label on the unit.",
    )
    text = " ".join(printed(explain(unit, (), NAMES)).split())
    assert "is not settled. The likeliest is Hikvision (55 in 100)" in text
    assert "rtsp.server points to Dahua." in text
    assert "Meaning: made by Dahua" in text
    assert "Dahua comes into question too (30 in 100)" in text
    assert "The model was not read." in text
    assert "Only one kind of evidence spoke" in text
    assert text.index("What would change our mind") < text.index("Read the label on the unit.")


def test_a_device_without_evidence_accuses_nobody() -> None:
    unit = device(9, maker=None, certainty=Certainty.UNKNOWN, brand=None, evidence=(), candidates=())
    text = printed(explain(unit, (), NAMES))
    assert "is not known" in text
    assert "Hikvision" not in text
