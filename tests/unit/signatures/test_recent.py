"""What is remembered of values that devices gave: bounded, and kept as long as it is asked for again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from camaudit.signatures import match
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import match as matches_of
from camaudit.signatures.recent import Recent, once
from known import CATALOGUE


def test_what_is_asked_for_again_outlives_any_number_of_serial_numbers() -> None:
    recent: Recent[str] = Recent(most=10)
    recent.put("model", "a camera")
    for number in range(1000):
        recent.put(number, "once")
        if number % 7 == 0:
            assert recent.get("model") == "a camera"
    held = [number for number in range(1000) if recent.get(number) is not None]
    assert held[-1] == 999
    assert len(held) <= 20


def test_what_nobody_asks_for_again_makes_room() -> None:
    recent: Recent[str] = Recent(most=10)
    recent.put("model", "a camera")
    for number in range(20):
        recent.put(number, "once")
    assert recent.get("model") is None


def test_equal_values_are_read_once_and_long_ones_are_not_held() -> None:
    read: list[tuple[str, ...]] = []

    def letters(field: str, values: tuple[str, ...], _: Knowledge) -> Iterator[int]:
        read.append(values)
        yield from (len(field) + len(value) for value in values)

    short, long = ("ab", "c"), ("x" * 5000,)
    for values in (short, short, long, long):
        assert once(letters, "f", values, CATALOGUE.knowledge) == tuple(1 + len(value) for value in values)
    assert read == [short, long, long]
    assert once(letters, "other", short, CATALOGUE.knowledge) == (7, 6)


def test_a_unit_is_matched_alike_whatever_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {
        "isapi.realm": ("DS-2CD2042WD-I",),
        "http.title": ("Amcrest Login",),
        "onvif.manufacturer": ("HIKVISION",),
        "tls.subject": ("CN=axis-accc8e000001,O=Axis Communications AB",),
    }
    first = matches_of(fields, CATALOGUE.knowledge)
    assert matches_of(fields, CATALOGUE.knowledge) == first
    assert first.evidence
    assert list(first.makers) == [item for item in first.evidence if item.claim.startswith("maker=")]
    monkeypatch.setattr(match, "once", lambda read, *rest: tuple(read(*rest)))
    assert matches_of(fields, CATALOGUE.knowledge) == first
