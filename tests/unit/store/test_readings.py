"""An estate on both databases: taken, remembered, summed up, compared, and moved back to an older form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.county import County, fill, write_files
from sqlalchemy import func, inspect, select

from camaudit.catalogue import load_catalogue
from camaudit.estate import gather
from camaudit.estate.overview import overview
from camaudit.estate.since import changes
from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import Store, tables
from camaudit.store.growing import HEAD, move
from camaudit.store.jobs import waiting_since
from camaudit.store.readings import begun

DAY = date(2026, 11, 30)


def test_an_estate_is_the_same_on_every_database_and_at_every_asking(url: str, tmp_path: Path) -> None:
    county = County(sites=2, devices=20)
    estate = write_files(tmp_path, county)
    told = []
    for address in (url, f"sqlite:///{tmp_path / 'beside.sqlite3'}"):
        store, catalogue = Store(address), load_catalogue()
        list(fill(store, estate, county, 2))
        lines = [overview(store, estate, catalogue, DAY).lines for _ in range(2)]
        assert lines[0] == lines[1]
        told.append(([(line.id, line.counts, line.steps) for line in lines[0]], [
            (each.units, each.opened, each.closed) for each in changes(store, estate, catalogue, DAY)
        ]))  # fmt: skip
        gather.begin(store, estate, datetime(2026, 11, 30, tzinfo=UTC))
        assert set(waiting_since(store)) == set(estate.sites)
        with store.transaction() as connection:
            assert connection.execute(select(func.count()).select_from(tables.readings)).scalar_one() > 20
            assert connection.execute(select(func.count()).select_from(tables.observations)).scalar_one() == 0
        store.close()
    assert told[0] == told[1]


def test_a_store_with_readings_goes_down_and_up_again(url: str, tmp_path: Path) -> None:
    county = County(sites=1, devices=10)
    estate, store = write_files(tmp_path, county), Store(url)
    list(fill(store, estate, county, 1))
    catalogue = load_catalogue()
    before = overview(store, estate, catalogue, DAY).lines
    observed = store.run().observations
    with store.transaction() as connection:
        move(connection, "0006")
        assert not inspect(connection).has_table("readings")
        assert "first" not in {column["name"] for column in inspect(connection).get_columns("summaries")}
    with store.transaction() as connection:
        move(connection, HEAD)
    assert store.run().observations == observed
    assert overview(store, estate, catalogue, DAY).lines == before


def test_a_part_that_was_cut_off_knows_what_it_has_begun(url: str) -> None:
    store = Store(url)
    run = Run("20261130-1", datetime(2026, 11, 30, tzinfo=UTC), None, "1", ("192.0.2.0/24",))
    writer = store.begin(run, Site("St Example"), (("192.0.2.0-192.0.2.255",), ()))
    for address in ("192.0.2.1", "192.0.2.2"):
        writer.observation(Observation(Target(address, 80), "http", Outcome.ANSWERED, {}, run.started))
    writer.host("192.0.2.1", "answered")
    writer.flush()
    assert list(begun(store, run)) == ["192.0.2.2"]
    store.close()
