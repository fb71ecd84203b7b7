"""Runs that come from elsewhere: what does not fit is refused whole, in one line."""

from __future__ import annotations

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
