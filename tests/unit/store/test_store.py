"""What goes into the store comes out of it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from camaudit.errors import CamauditError, StoreError, UsageError
from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import Store, growing, may_go, tables
from camaudit.store.reaches import Reach, reaches

BEGAN = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
HOSTILE = "Kamera \u4e2d\u6587 \u202e <b> =1+1 \U0001f4f7"


def a_run(number: int = 0, *, began: datetime = BEGAN, finished: bool = True) -> Run:
    end = began + timedelta(minutes=5) if finished else None
    return Run(f"20261122-0800{number:02}-abcd", began, end, "0.1.0", ("192.0.2.0/24",))


def fill(store: Store, run: Run, site: str = "Here") -> None:
    writer = store.begin(run, Site(site), (("192.0.2.0/24",), ()))
    for last in (7, 9):
        for probe, fields in (("http", {"http.server": ("App-webs/", HOSTILE), "http.a": ("1",)}), ("rtsp", {})):
            outcome = Outcome.ANSWERED if fields else Outcome.SILENT
            writer.observation(Observation(Target(f"192.0.2.{last}", 80), probe, outcome, fields, BEGAN, ""))
        writer.host(f"192.0.2.{last}", "answered", ("a note",))
    writer.swept("192.0.2.0", "192.0.2.255", 256, 254)
    writer.flush()
    if run.finished:
        store.finish(run.id, run.finished, ("no raw sockets",))


def test_a_run_comes_back_as_it_went_in(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    found = Store(url).run()
    assert (found.run, found.addresses, found.silent) == (a_run(), 256, 254)
    assert found.limits == ("no raw sockets",)
    assert [host.address for host in found.hosts] == ["192.0.2.7", "192.0.2.9"]
    first = found.observations["192.0.2.7"][0]
    assert first.fields == {"http.server": ("App-webs/", HOSTILE), "http.a": ("1",)}
    assert list(first.fields) == ["http.server", "http.a"], "the order in which they were read is evidence too"
    assert first.at == BEGAN


def test_a_host_that_is_told_twice_is_there_once(url: str) -> None:
    store = Store(url)
    fill(store, a_run(finished=False))
    writer = store.resume(a_run().id)
    writer.host("192.0.2.7", "refused")
    writer.flush()
    assert [host.outcome for host in store.run().hosts] == ["refused", "answered"]


def test_a_run_travels_from_one_store_to_another(url: str) -> None:
    here, there = Store(url), Store("sqlite://")
    fill(here, a_run())
    parts: dict[str, list[object]] = {}
    for name, row in here.rows(a_run().id):
        parts.setdefault(name, []).append(row)
    there.add(parts)  # type: ignore[arg-type]
    assert there.run() == here.run()


WAIVER = {
    **{"rule": "us-ndaa/part-b", "targets": ["192.0.2.7"], "reason": "r", "granted_by": "A. Person"},
    **{"granted": "2026-01-02", "expires": "2026-12-31", "cites": ""},
}
ODD = (
    ("hosts", {"load": {"evil": 1}}),
    ("hosts", {"load": {"knocks": "x"}}),
    ("hosts", {"notes": 5}),
    ("hosts", {"notes": ["\ud800"]}),
    ("hosts", {"outcome": "x" * 21}),
    ("runs", {"resolved": [["@/etc/hostname"], []]}),
    ("runs", {"resolved": [["camera.example"], []]}),
    ("runs", {"resolved": [["192.0.2.9-192.0.2.1"], []]}),
    ("runs", {"resolved": []}),
    ("runs", {"site": {"name": 5}}),
    ("runs", {"limits": "none"}),
    ("runs", {"tool_version": "a\0b"}),
    ("runs", {"started": "0001-01-01T00:00:00+14:00"}),
    ("runs", {"started": None}),
    ("swept", {"silent": -1}),
    ("swept", {"silent": 2**70}),
    ("swept", {"silent": True}),
    ("observations", {"outcome": "hacked"}),
    ("observations", {"fields": {"http.server": ["\udc80"]}}),
    ("observations", {"fields": {"http.server": "x"}}),
    ("observations", {"port": 70_000}),
)


@pytest.mark.parametrize(("name", "odd"), ODD)
def test_a_row_that_nobody_could_read_back_is_refused_and_nothing_is_looked_up(
    name: str, odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    here, there = Store("sqlite://"), Store("sqlite://")
    fill(here, a_run())
    parts: dict[str, list[Any]] = {}
    for table, row in here.rows(a_run().id):
        parts.setdefault(table, []).append({**row, **odd} if table == name else row)
    with pytest.raises(UsageError, match=f"{name}, row 1: {next(iter(odd))} "):
        there.add(parts)
    assert there.runs() == ()


def test_a_nul_within_what_was_heard_travels(url: str) -> None:
    here, there = Store(url), Store("sqlite://")
    writer = here.begin(a_run(), Site("Here"), (("192.0.2.0/24",), ()))
    # One only spells it; the other is one, as an older camaudit kept what was heard in a group.
    fields = {"http.body": (r"var end = '\u0000';",), "dhip.machine_name": ("a\0b",)}
    writer.observation(Observation(Target("192.0.2.7", 80), "http", Outcome.ANSWERED, fields, BEGAN))
    writer.flush()
    here.finish(a_run().id, BEGAN, ())
    parts: dict[str, list[Any]] = {}
    for table, row in here.rows(a_run().id):
        parts.setdefault(table, []).append(row)
    there.add(parts)
    assert there.run().observations["192.0.2.7"][0].fields == fields


@pytest.mark.parametrize(
    "odd",
    [
        {"as_of": "yesterday"},
        {"marks": {"signatures": 1}},
        {"site": {"jurisdiction": "us"}},
        {"waivers": [{"rule": "x"}]},
        {"waivers": [{**WAIVER, "granted": "soon"}]},
        {"waivers": [{**WAIVER, "targets": "192.0.2.7"}]},
        {"waivers": [{**WAIVER, "more": "x"}]},
        {"chosen": "us-ndaa"},
        {"units": [["192.0.2.7"]]},
        {"units": [[["192.0.2.7"], {"maker": 1}, {}]]},
        {"judged": "2026-11-30T09:00:00"},
    ],
)
def test_a_judgement_that_nobody_could_read_back_is_refused(odd: dict[str, Any]) -> None:
    here = Store("sqlite://")
    fill(here, a_run())
    parts: dict[str, list[Any]] = {}
    for table, row in here.rows(a_run().id):
        parts.setdefault(table, []).append(row)
    good = {
        **{"run": a_run().id, "judged": BEGAN.isoformat(), "as_of": "2026-11-30", "tool_version": "0.1.0"},
        **{"marks": {"signatures": "a"}, "site": {"name": "Here"}, "waivers": [WAIVER], "chosen": ["us-ndaa"]},
        "units": [[["192.0.2.7"], {"maker": "hikvision"}, {"us-ndaa/part-b": "violation"}]],
    }
    there = Store("sqlite://")
    there.add({**parts, "judgements": [good]})
    assert len(there.judgements(a_run().id)) == 1
    with pytest.raises(UsageError, match=f"judgements, row 1: {next(iter(odd))} "):
        Store("sqlite://").add({**parts, "judgements": [{**good, **odd}]})


def test_removed_is_removed_whole_and_others_stay(url: str) -> None:
    store = Store(url)
    fill(store, a_run(0))
    fill(store, a_run(1))
    store.remove([a_run(0).id])
    assert [run.id for run in store.runs()] == [a_run(1).id]
    engine = create_engine(url)
    with engine.connect() as connection:
        for table in ("looks", "hosts", "swept"):
            query = text(f"SELECT DISTINCT run FROM {table}")  # noqa: S608 - our own names
            assert [row[0] for row in connection.execute(query)] == [a_run(1).id]
            assert connection.execute(text("SELECT count(*) FROM observations")).scalar() == 0
            assert connection.execute(text("SELECT count(*) FROM contents")).scalar() == 2
    store.remove([a_run(1).id])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM contents")).scalar() == 0
    engine.dispose()


def test_the_newest_and_the_last_of_each_year_may_not_go() -> None:
    days = [datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)]
    runs = [a_run(number, began=day) for number, day in enumerate(days)]
    unfinished = a_run(8, began=datetime(2025, 6, 1, tzinfo=UTC), finished=False)
    newest = a_run(9, began=datetime(2026, 1, 1, tzinfo=UTC), finished=False)
    other = a_run(7, began=datetime(2024, 1, 1, tzinfo=UTC))
    sites = {run.id: "Here" for run in (*runs, unfinished, newest)} | {other.id: "There"}
    old = may_go((newest, other, unfinished, *runs), sites, datetime(2026, 6, 1, tzinfo=UTC))
    assert old == (runs[0], unfinished)
    assert may_go(runs, sites, datetime(2024, 1, 1, tzinfo=UTC)) == ()


def shape(url: str) -> dict[str, object]:
    """Return what the tables of a database are: columns with type and null, keys, indexes."""
    engine = create_engine(url)
    seen = inspect(engine)
    found: dict[str, object] = {}
    for table in sorted(seen.get_table_names()):
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in seen.get_columns(table)}
        keys = [
            (k["constrained_columns"], k["referred_table"], k["options"]) for k in seen.get_foreign_keys(table)
        ]
        indexes = [(i["name"], i["column_names"]) for i in seen.get_indexes(table)]
        found[table] = (columns, seen.get_pk_constraint(table)["constrained_columns"], keys, indexes)
    engine.dispose()
    return found


def empty(url: str) -> None:
    engine = create_engine(url)
    tables.metadata.drop_all(engine)
    engine.dispose()


def test_a_new_store_is_what_the_moves_make(url: str) -> None:
    Store(url).close()
    new = shape(url)
    empty(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        growing.move(connection, growing.HEAD)
    engine.dispose()
    assert shape(url) == new


def test_every_move_goes_up_and_down_and_up_with_data(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    before = store.run()
    for form in reversed(growing.KNOWN):
        with store._engine.begin() as connection:
            growing.move(connection, form)
            assert growing.form_of(connection) == form
    store.close()
    assert Store(url).run() == before


def test_the_store_of_the_first_camaudit_opens(url: str) -> None:
    store = Store(url)
    fill(store, a_run())
    before = store.run()
    with store._engine.begin() as connection:
        growing.move(connection, "0001")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE camaudit_schema (version INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO camaudit_schema VALUES (1)"))
    store.close()
    again = Store(url)
    assert again.run() == before
    assert "camaudit_schema" not in shape(url)


def test_the_store_of_a_newer_camaudit_is_left_alone(url: str) -> None:
    store = Store(url)
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="newer camaudit"):
        Store(url)


def test_the_list_of_moves_is_what_the_folder_holds() -> None:
    folder = Path(growing.__file__).parent / "migrations" / "versions"
    assert tuple(sorted(file.name[:4] for file in folder.glob("[0-9]*.py"))) == growing.KNOWN
    assert growing.KNOWN[-1] == growing.HEAD


def test_many_may_open_a_new_store_at_once(url: str) -> None:
    problems: list[BaseException] = []

    def open_it() -> None:
        try:
            Store(url).close()
        except BaseException as error:  # noqa: BLE001 - told below
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert Store(url).runs() == ()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:open-sesame@/none?host=/nowhere",
        "nonsense://me:open-sesame@x/y",
        "//me:open-sesame@",
    ],
)
def test_a_password_in_the_address_is_never_shown(url: str) -> None:
    with pytest.raises(CamauditError) as caught:
        Store(url)
    assert "open-sesame" not in str(caught.value)


def test_the_reach_of_a_run_is_known_without_reading_it(url: str) -> None:
    store = Store(url)
    fill(store, a_run(0))
    fill(store, a_run(1, finished=False))
    store.begin(a_run(2, finished=False), Site("Here"), (("192.0.2.0/24",), ("192.0.2.1",)))
    found = reaches(store)
    for number in (0, 1):
        assert found[a_run(number).id] == Reach((("192.0.2.0/24",), ()), 256, 2, 2)
    assert found[a_run(2).id] == Reach((("192.0.2.0/24",), ("192.0.2.1",)), 0, 0, 0)
