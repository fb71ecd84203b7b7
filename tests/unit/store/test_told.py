"""What receivers were told, on both databases: it moves on, fails, and goes with the run that it rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from test_store import a_run, fill

from camaudit.store import Store
from camaudit.store.told import Told, known_runs, told_of, untold_of, was_not_told, was_told

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_what_a_receiver_knows_moves_on_and_ends_its_waiting(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    run = store.run().run.id
    assert told_of(store, "hub", "HQ") is None
    was_not_told(store, "hub", "HQ", AT, "Connection refused")
    waiting = was_not_told(store, "hub", "HQ", AT + timedelta(days=1), "no answer in time")
    assert (waiting.tries, waiting.first, waiting.problem) == (2, AT, "no answer in time")
    assert untold_of(store, "hub", "HQ") == waiting
    first = Told("hub", "HQ", run, AT, 1, AT, {"a1": {"open": {"p/r": "violation"}}})
    was_told(store, first)
    assert told_of(store, "hub", "HQ") == first
    assert untold_of(store, "hub", "HQ") is None
    second = Told("hub", "HQ", run, AT, 2, AT)
    was_told(store, second)
    assert told_of(store, "hub", "HQ") == second
    assert told_of(store, "hub", "Depot") is None


def test_a_very_long_name_of_a_site_is_found_again(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    site = "Ysgol " * 100
    was_told(store, Told("hub", site, store.run().run.id, AT, 1, AT))
    assert told_of(store, "hub", site) is not None


def test_with_the_run_goes_what_rests_on_it(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    run = store.run().run.id
    was_told(store, Told("hub", "HQ", run, AT, 1, AT))
    store.remove([run])
    assert told_of(store, "hub", "HQ") is None


def test_whom_we_tell_does_not_leave_with_a_run(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    run = store.run().run.id
    was_told(store, Told("hub", "HQ", run, AT, 1, AT))
    assert "told" not in {name for name, _ in store.rows(run)}
    assert known_runs(store) == {run}
