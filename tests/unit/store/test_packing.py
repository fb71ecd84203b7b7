"""A finished run is small, and every observation of it comes back as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from audited_fleet import Audited
from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import Store
from camaudit.store.volatile import join, part

BEGAN = datetime(2026, 11, 30, 8, tzinfo=UTC)
DATED = st.sampled_from(
    ["Mon, 30 Nov 2026 14:40:19 GMT", "2026-11-30T14:40:11+00:00", 'nonce="abc" opaque="x"', 'nonce=""', '"', " "]
)


@given(st.lists(st.one_of(st.text(max_size=20), DATED), max_size=8).map("".join))
def test_a_text_and_what_varies_in_it_are_the_text(text: str) -> None:
    template, values = part(text)
    assert join(template, iter(values)) == text


def test_clocks_and_nonces_do_not_make_another_text() -> None:
    texts = [
        f'Date: Mon, 30 Nov 2026 14:40:{n:02} GMT\nWWW-Authenticate: Digest realm="a", nonce="{n}"'
        for n in range(3)
    ]
    assert len({str(part(text)[0]) for text in texts}) == 1


def observed(second: int) -> list[Observation]:
    """Return what a camera says at some second: mostly the same as at any other."""
    date = f"Mon, 30 Nov 2026 14:40:{second:02} GMT"
    head = {"http.headers": (f"Server: App-webs/\nDate: {date}", "é\u202e\x00"), "http.server": ("App-webs/",)}
    at = BEGAN + timedelta(seconds=second, microseconds=7)
    return [
        Observation(Target("192.0.2.7", 80), "http", Outcome.ANSWERED, head, at, "a note"),
        Observation(Target("192.0.2.7", 554), "rtsp", Outcome.SILENT, {}, at, ""),
        Observation(Target("192.0.2.7", None), "sadp", Outcome.ANSWERED, {"sadp.model": ("DS-2CD",)}, at, ""),
    ]


def scanned(store: Store, number: int) -> Run:
    run = Run(f"20261130-08000{number}-abcd", BEGAN, None, "0.1.0", ("192.0.2.0/24",))
    writer = store.begin(run, Site("Here"), (("192.0.2.0/24",), ()))
    for each in observed(number):
        writer.observation(each)
    writer.flush()
    return run


def test_every_observation_comes_back_before_and_after(url: str) -> None:
    store = Store(url)
    runs = [scanned(store, number) for number in range(3)]
    before = [store.run(run.id).observations for run in runs]
    rows = [store.rows(run.id) for run in runs]
    for run in runs:
        store.finish(run.id, BEGAN, ())
    assert [store.run(run.id).observations for run in runs] == before
    assert before[1]["192.0.2.7"] == tuple(observed(1))
    assert [[row for row in store.rows(run.id) if row[0] != "runs"] for run in runs] == [
        [row for row in each if row[0] != "runs"] for each in rows
    ]


def test_another_look_at_unchanged_devices_costs_less_than_a_kilobyte_each(
    audited: Audited, tmp_path: Path
) -> None:
    """Ten runs over the simulated fleet, each as it was but for clocks and nonces."""
    there = Store(audited.store)
    seen = there.run()
    file = tmp_path / "years.sqlite3"
    here = Store(f"sqlite:///{file}")
    sizes = []
    for number in range(10):
        run = Run(f"run-{number}", seen.run.started + timedelta(days=number), None, "0.1.0", seen.run.scope)
        writer = here.begin(run, seen.site, seen.resolved)
        for address, items in seen.observations.items():
            for item in items:
                writer.observation(_later(item, number))
            writer.host(address, "answered")
        writer.flush()
        here.finish(run.id, run.started, ())
        sizes.append(_used(file))
    devices = len(seen.observations)
    each = (sizes[-1] - sizes[0]) / 9 / devices
    assert each < 1000, f"{each:.0f} bytes a device and run"
    assert here.run("run-9").observations.keys() == seen.observations.keys()


def _later(item: Observation, days: int) -> Observation:
    """Return an observation as it would be so many days later: other dates, other nonces."""
    fields = {
        name: tuple(
            v.replace(":4", f":{days}").replace('nonce="', f'nonce="{days}') if "nonce" in v or "GMT" in v else v
            for v in values
        )
        for name, values in item.fields.items()
    }
    return Observation(item.target, item.probe, item.outcome, fields, item.at + timedelta(days=days), item.note)


def _used(file: Path) -> int:
    """Return the bytes of the pages that are in use."""
    with closing(sqlite3.connect(file)) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {what}").fetchone()[0]
            for what in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)
