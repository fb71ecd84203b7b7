"""The catalogue has a word for everything the code may say, and none that it must not say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from camaudit.model import Certainty, Kind, Outcome, Relation, Severity, Strength, Verdict
from camaudit.plan import ACTIONS
from camaudit.report.html import paragraphs
from camaudit.report.ledger import odds
from camaudit.report.summary import Standing
from camaudit.report.words import remedy, words
from camaudit.signatures.fields import FIELDS, channel_of

REPORTS = Path(__file__).parents[3] / "reports"


def test_every_word_of_the_code_has_a_word_for_the_reader() -> None:
    w = words()
    for group, keys in (
        (w.verdicts, Standing),
        (w.verdict_meanings, Standing),
        (w.findings, Verdict),
        (w.severities, Severity),
        (w.certainties, Certainty),
        (w.certainty_meanings, Certainty),
        (w.relations, Relation),
        (w.kinds, Kind),
        (w.probes, Outcome),
        (w.strengths, Strength),
        (w.actions, ACTIONS),
        (w.channels, {channel_of(field) for field in FIELDS}),
    ):
        assert {str(key) for key in keys} <= set(group)
    assert len(w.months) == 12


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_a_page_with_who_and_a_caution(action: str) -> None:
    blocks = paragraphs(remedy(action))
    text = " ".join(text for _, texts in blocks for text in texts)
    assert {kind for kind, _ in blocks} == {"p", "ul"}
    assert "Who:" in text
    assert "Caution:" in text


def test_an_unknown_remedy_has_no_page_and_no_path() -> None:
    assert remedy("none") == ""
    assert remedy("../html/style") == ""


def test_nothing_we_wrote_says_that_a_camera_is_banned() -> None:
    for file in sorted(REPORTS.rglob("*")):
        if file.is_file():
            assert not re.search(r"\bbann?(ed|s|ing)?\b", file.read_text("utf-8"), re.IGNORECASE), file


def test_every_label_that_a_template_asks_for_is_there() -> None:
    w = words()
    for file in (REPORTS / "html").glob("*.j2"):
        for group, key in re.findall(r"\bw\.(\w+)\.(\w+)", file.read_text("utf-8")):
            if key not in ("get", "items"):
                known = getattr(w, group)
                assert not isinstance(known, dict) or key in known, f"{file.name}: {group}.{key}"


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (0.0, "about as usual"),
        (2.3, "about 10 times"),
        (1.1, "about 3 times"),
        (6.9, "about 1,000 times"),
        (99.0, "times"),
    ],
)
def test_weights_are_said_in_times(weight: float, said: str) -> None:
    assert said in odds(weight, words())
