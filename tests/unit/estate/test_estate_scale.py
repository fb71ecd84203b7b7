"""What is remembered is what would be read: lines, devices and comparisons of a generated estate, both ways."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks.county import County, fill, write_files
from sqlalchemy import delete, select

from camaudit import audit
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.changes.unchanged import Stillness
from camaudit.comparing import Asked, difference, looks
from camaudit.devices import devices_of
from camaudit.estate.form import Estate
from camaudit.estate.overview import overview
from camaudit.estate.since import changes
from camaudit.model import Device, Observation, Outcome, Run, Site, Target
from camaudit.policy.choose import applicable_packs
from camaudit.policy.epochs import Calendar
from camaudit.policy.evaluate import evaluate
from camaudit.policy.profiles import evaluate_by_kind
from camaudit.recall import Memory
from camaudit.report.estate import line_of
from camaudit.store import Store, tables
from camaudit.store.jobs import newest_runs, runs_by_site

COUNTY = County(sites=5, devices=60)
DAYS = (date(2026, 11, 30), date(2027, 11, 30), date(2019, 9, 1), date(2022, 11, 26), date(2012, 1, 1))
SERIAL = "DS-2CD2143G0-I20190101AAWR123456789"
BEGAN = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Estate]:
    """Return an estate that was looked at three times; its devices change often."""
    folder = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.county._CHANGED", 0.1)
        estate = write_files(folder, COUNTY)
        store = Store(f"sqlite:///{folder / 'hub.sqlite3'}")
        list(fill(store, estate, COUNTY, 3))
    return store, estate


def bare(devices: tuple[Device, ...]) -> tuple[Device, ...]:
    return tuple(replace(d, identification=replace(d.identification, evidence=())) for d in devices)


def test_lines_from_what_is_remembered_are_those_of_whole_reports(
    filled: tuple[Store, Estate], catalogue: Catalogue
) -> None:
    store, estate = filled
    runs = newest_runs(store)
    for day in (*DAYS, DAYS[0]):
        said = {line.id: line for line in overview(store, estate, catalogue, day).lines}
        for site, run in runs.items():
            whole = audit.judge(store.run(run), catalogue, as_of=day, site=estate.sites[site])
            assert asdict(said[site]) == asdict(line_of(whole, site, estate.areas[site])), (site, day)
    assert any(line.counts["violations"] and line.cost for line in said.values())


def test_a_line_that_holds_for_other_days_is_what_those_days_say(
    filled: tuple[Store, Estate], catalogue: Catalogue
) -> None:
    store, estate = filled
    calendar = Calendar(catalogue.policies.packs, catalogue.knowledge.entities)
    memory, epochs = Memory(store, catalogue), set()
    for site, run in newest_runs(store).items():
        where, devices = estate.sites[site], memory.devices(store.find(run))

        def said(day: date, where: Site = where, devices: tuple[Device, ...] = devices) -> list[tuple[str, ...]]:
            packs = applicable_packs(where, catalogue.policies.packs, ())
            more = {"register": catalogue.policies.register, "entities": catalogue.knowledge.entities}
            found = evaluate(devices, where, packs, **more, today=day)
            assert found == evaluate_by_kind(devices, where, packs, **more, today=day)
            return [(f.device, f.rule, f.state, str(f.due)) for f in found]

        for day in DAYS:
            first, last = calendar.epoch(day, where, devices, ())
            assert first <= day <= last
            epochs.add((first, last))
            ends = [each for each in (first, last) if date.min < each < date.max]
            assert all(said(end) == said(day) for end in ends)
    assert len(epochs) > len(DAYS)


def test_devices_are_the_same_whether_read_or_remembered(
    filled: tuple[Store, Estate], catalogue: Catalogue
) -> None:
    store, _ = filled
    for memory in (Memory(store, catalogue), Memory(store, catalogue)):
        for run in store.runs():
            read = devices_of(store.run(run.id).observations, catalogue.knowledge, catalogue.oui)
            assert bare(memory.devices(run)) == bare(read)


@pytest.mark.parametrize("days", [(DAYS[0],), (date(2025, 9, 2),), (date(2019, 9, 1), date(2026, 11, 30))])
def test_a_comparison_that_judges_little_says_what_one_says_that_judges_all(
    filled: tuple[Store, Estate], catalogue: Catalogue, days: tuple[date, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, estate = filled
    told = {}
    for little in (True, False):
        if not little:
            monkeypatch.setattr(Stillness, "stirring", lambda self, units, *rest: range(len(units)))
        for site, runs in runs_by_site(store).items():
            asked = Asked(days, site=estate.sites[site])
            found = difference(*looks(store, [run for run, _ in reversed(runs[:2])], asked, days[0]), catalogue)
            assert told.setdefault(site, found) == found
    assert any(each.verdicts for each in told.values())


def test_changes_at_every_site_are_counted(filled: tuple[Store, Estate], catalogue: Catalogue) -> None:
    store, estate = filled
    found = list(changes(store, estate, catalogue, DAYS[0]))
    assert [each.site for each in found] == list(estate.sites)
    assert all(50 < sum(each.units.values()) < 80 for each in found)
    assert sum(each.units["moved"] for each in found) > 0
    assert sum(each.units["firmware"] for each in found) > 0


def saw(host: str, probe: str, at: datetime, port: int | None = 80, **fields: str) -> Observation:
    told = {f"{probe}.{name}": (text,) for name, text in fields.items()}
    return Observation(Target(host, port), probe, Outcome.ANSWERED, told, at)


def camera(
    address: str, at: datetime, clock: str, serial: str = "DS-2CD2143G0-I20190101AAWR123456789"
) -> list[Observation]:
    return [
        saw(address, "sadp", at, None, reply="ProbeMatch", model="DS-2CD2143G0-I", device_sn=SERIAL,
            mac="44-19-b6-00-00-07", software_version="V5.5.3build 180731"),
        saw(address, "onvif", at, utc=clock, answered="GetSystemDateAndTime"),
    ]  # fmt: skip


def remembered(
    store: Store, catalogue: Catalogue, name: str, observations: list[Observation]
) -> tuple[Device, ...]:
    """Store a run and return its devices as remembered, having checked that reading tells the same."""
    run = Run(name, BEGAN, None, "0.1.0", ("192.0.2.0/24",))
    writer = store.begin(run, Site("Here"), (("192.0.2.0/24",), ()))
    for each in observations:
        writer.observation(each)
    writer.flush()
    read = devices_of(store.run(name).observations, catalogue.knowledge, catalogue.oui)
    assert bare(Memory(store, catalogue).devices(store.find(name))) == bare(read), "not packed yet"
    store.finish(name, BEGAN, ())
    for _ in range(2):
        assert bare(Memory(store, catalogue).devices(store.find(name))) == bare(read)
    return read


def test_a_clock_that_goes_wrong_is_not_missed(tmp_path: Path, catalogue: Catalogue) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    later = BEGAN + timedelta(hours=3)
    right = remembered(store, catalogue, "a", camera("192.0.2.7", BEGAN, "2026-11-30T08:00:01+00:00"))
    still = remembered(store, catalogue, "b", camera("192.0.2.7", later, "2026-11-30T11:00:01+00:00"))
    wrong = remembered(store, catalogue, "c", camera("192.0.2.7", later, "2026-11-30T08:00:01+00:00"))
    odd = remembered(store, catalogue, "d", camera("192.0.2.7", BEGAN, "30.11.2026 08:00"))
    assert [("clock_wrong" in each[0].exposed) for each in (right, still, wrong, odd)] == [
        False,
        False,
        True,
        False,
    ]


def test_units_at_two_addresses_and_recorders_lists_are_read_together(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    clock = "2026-11-30T08:00:01+00:00"
    two = camera("192.0.2.7", BEGAN, clock) + camera("192.0.2.8", BEGAN, clock)
    listed = saw("192.0.2.9", "channel", BEGAN, number="3", address="192.0.2.60", model="DS-2CD2032-I",
                 manufacturer="HIKVISION", online="true")  # fmt: skip
    recorder = [saw("192.0.2.9", "isapi", BEGAN, model="DS-7608NI", channels="1"), listed]
    found = remembered(store, catalogue, "a", two + recorder)
    assert {device.address: device.also_at for device in found} == {
        "192.0.2.7": ("192.0.2.8",), "192.0.2.9": (), "192.0.2.9#3": (),
    }  # fmt: skip


def test_what_was_read_is_forgotten_with_other_knowledge_and_with_what_it_was_read_from(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    remembered(store, catalogue, "a", camera("192.0.2.7", BEGAN, "2026-11-30T08:00:01+00:00"))

    def kept() -> list[str]:
        with store.transaction() as connection:
            return list(connection.execute(select(tables.readings.c.knowledge)).scalars())

    assert len(kept()) == 1
    other = replace(catalogue, oui=replace(catalogue.oui, release="another"))
    before = kept()
    Memory(store, other).devices(store.find("a"))
    assert len(kept()) == 1
    assert kept() != before
    # The numbers of contents that are gone may be given to others.
    store.remove(["a"])
    assert kept() == []


def test_several_processes_say_what_one_says(
    filled: tuple[Store, Estate], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, estate = filled
    said = []
    for fewest in (1, 100):
        monkeypatch.setattr("camaudit.estate.spread._FEWEST", fewest)
        monkeypatch.setattr("os.cpu_count", lambda: 2)
        with store.transaction() as connection:
            connection.execute(delete(tables.summaries))
            connection.execute(delete(tables.readings))
        report = overview(store, estate, catalogue, DAYS[0])
        said.append((report.lines, tuple(changes(store, estate, catalogue, DAYS[0]))))
    assert said[0] == said[1]
