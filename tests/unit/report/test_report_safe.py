"""Hostile text becomes one visible line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.report.safe import plain, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("DS-2CD2143G0-I", "DS-2CD2143G0-I"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\r\n\tb", "a b"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800b", "a\\ud800b"),
        ("a\u00a0b", "a b"),
        ("枪型", "枪型"),
    ],
)
def test_what_would_be_obeyed_is_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(alphabet=st.characters()), st.integers(1, 50))
def test_every_text_is_one_printable_line_within_the_limit(text: str, limit: int) -> None:
    for made in (visible(text, limit), plain(text, limit)):
        assert made.isprintable()
        assert len(made) <= limit
        made.encode("utf-8")


def test_megabytes_cost_nothing() -> None:
    assert visible("x" * 10_000_000, 20) == "x" * 19 + "…"
    assert plain("\x00" * 10_000_000, 20) == ""
