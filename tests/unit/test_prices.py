"""Prices, own days, people and recorders in a site file: read strictly, written so that they read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.model import Hours, Planning, Prices, Range, Run, Site
from camaudit.resources import data_root
from camaudit.site import companions, load_site, write_site
from camaudit.store import Store

SCHOOL = Path(str(data_root())) / "examples" / "school" / "site.yaml"
WHOLE = Planning(
    prices=Prices(
        "EUR",
        'Offer: "A" & co',
        date(2026, 10, 2),
        "no tax",
        Range(40, 60.5),
        {"replace": Hours(Range(1, 2), Range(0.25, 0.5)), "isolate": Hours(each=Range(1, 1))},
        {"camera": Range(100, 200)},
        {"recorder": Range(0, 9.99)},
    ),
    days={"isolate": 14, "replace": date(2027, 8, 31)},
    who={"isolate": "B. Admin"},
    recorders=("192.0.2.5", "2001:db8::5"),
    locations={"192.0.2.10": "Hall: north wall", "44:19:b6:00:00:01": "Gate"},
)


def test_the_example_is_whole() -> None:
    found = load_site(SCHOOL).planning
    assert found.prices is not None
    assert found.prices.units["camera"] == Range(180, 320)
    assert companions(SCHOOL) == {"prices.yaml": SCHOOL.parent / "prices.yaml"}


def test_what_is_written_reads_back_and_the_store_keeps_it(tmp_path: Path) -> None:
    site = Site("Here", planning=WHOLE)
    file = tmp_path / "site.yaml"
    file.write_text(write_site(site), "utf-8")
    assert load_site(file) == site
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    run = Run("20261122-080000-abcd", datetime(2026, 11, 22, 8, tzinfo=UTC), None, "0.1.0", ())
    store.begin(run, site, ((), ())).flush()
    assert store.run(run.id).site == site


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("prices: {currency: pounds}", 3, "is no currency"),
        ("prices:\n  currency: GBP\n  units:\n    cam: {low: 1, high: 2}", 6, "is no kind of device"),
        ("prices:\n  currency: GBP\n  units:\n    camera: {low: 9, high: 2}", 6, "low <= high"),
        ("prices:\n  currency: GBP\n  units:\n    camera: {low: -1, high: 2}", 6, "low <= high"),
        ("prices:\n  currency: GBP\n  units:\n    camera: {low: .nan, high: .inf}", 6, "low <= high"),
        ("prices:\n  currency: GBP\n  units:\n    camera: {low: 1}", 6, "is missing"),
        ("prices:\n  currency: GBP\n  labour:\n    hours: {mend: {}}", 6, "is no action"),
        ("deadlines: {replace: -3}", 3, "write a day"),
        ("deadlines: {repace: 3}", 3, "is no action"),
        ("deadlines: {replace: soon}", 3, "valid"),
        ("responsible: {replace: ' '}", 3, "must not be empty"),
        ("recorders: [nvr.local]", 3, "is no address"),
        ("recorders: ['fe80::1%eth0']", 3, "is no address"),
        ("locations: {192.0.2.10: ''}", 3, "where that unit hangs"),
        ("prices_file: none.yaml", 1, "cannot be read"),
        ("prices_file: ../prices.yaml", 3, "no plain file name"),
        ("prices_file: p.yaml\nprices: {currency: GBP}", 3, "keep one"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(f"schema: camaudit/site@1\nname: Here\n{text}\n")
    with pytest.raises(DataFileError) as caught:
        load_site(file)
    assert any(f".yaml:{line}:" in p and told in p for p in caught.value.problems), caught.value.problems


def test_what_is_wrong_in_the_file_of_prices_is_told_with_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("schema: camaudit/site@1\nname: Here\nprices_file: p.yaml\n")
    (tmp_path / "p.yaml").write_text("schema: camaudit/prices@1\nprices:\n  currency: pounds\n")
    with pytest.raises(DataFileError, match=r"p\.yaml:3: prices\.currency: 'pounds' is no currency"):
        load_site(tmp_path / "site.yaml")
