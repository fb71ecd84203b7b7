"""Runs that come from elsewhere: what does not fit is refused whole, in one line."""

from __future__ import annotations

from typing import Any

import pytest
from test_store import a_run, fill

from camaudit.errors import UsageError
from camaudit.store import Store


def test_a_part_that_is_no_part_of_a_run_is_refused_and_nothing_of_it_is_kept(url: str) -> None:
    here, there = Store("sqlite://"), Store(url)
    fill(here, a_run())
    run = next(row for name, row in here.rows(a_run().id) if name == "runs")
    for name, rows, said in (
        ("secrets", [{}], "secrets: no such part of a run"),
        ("runs", [run, run], "runs: cannot be read back: "),
    ):
        with pytest.raises(UsageError) as told:
            there.add({name: rows})
        assert str(told.value).startswith(said)
        assert len(str(told.value).splitlines()) == 1
    assert there.runs() == ()


def test_what_a_hostile_device_said_keeps_no_run_from_being_passed_on(url: str) -> None:
    """A device can put any character into a name; the site's whole run must not fall with it."""
    here, there = Store("sqlite://"), Store(url)
    fill(here, a_run())
    said = {"http.server": ["a\0b\u202e\x1b[31m\u2028"]}
    parts: dict[str, list[dict[str, Any]]] = {}
    for name, row in here.rows(a_run().id):
        parts.setdefault(name, []).append({**row, "fields": said} if name == "observations" else row)
    there.add(parts)
    found = there.run().observations
    assert {item.fields["http.server"] for items in found.values() for item in items} == {(*said["http.server"],)}
