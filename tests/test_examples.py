"""The reports in ``examples/output`` are those that the recorded demo gives today, and the folder stays small."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from camaudit.resources import data_root
from camaudit.signatures.oui import packaged_table

EXAMPLES = Path(str(data_root())) / "examples"
OUTPUT = EXAMPLES / "output"
_MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """Return the program that ``make examples`` runs."""
    spec = importlib.util.spec_from_file_location("make_examples", EXAMPLES / "demo" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_they_are_not_stale(make: ModuleType, tmp_path: Path) -> None:
    made_with = (OUTPUT / "oui.txt").read_text("ascii").strip()
    if made_with != packaged_table().dated:
        pytest.skip(f"made with the registry of MAC addresses of {made_with}; here is another one")
    make.render(tmp_path)
    today, kept = files(tmp_path), files(OUTPUT)
    del kept["oui.txt"]
    stale = sorted(name for name in today.keys() | kept.keys() if today.get(name) != kept.get(name))
    assert stale == [], "stale: run `make examples` and look at what changed"


def test_the_same_inputs_give_the_same_bytes(make: ModuleType, tmp_path: Path) -> None:
    make.render(tmp_path / "one")
    make.render(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_the_folder_is_small_and_has_every_reader(make: ModuleType) -> None:
    kept = files(OUTPUT)
    assert sum(map(len, kept.values())) < _MOST_BYTES
    assert {name.partition("/")[0] for name in kept} == {*make.READERS, "oui.txt"}


def test_the_recorded_run_is_one_of_the_fleet_of_today(make: ModuleType) -> None:
    recorded = (EXAMPLES / "demo" / "fleet.sha256").read_text("ascii").strip()
    assert recorded == make.fleet(), (
        "the simulated fleet changed: run `make examples-run`, then look at the reports"
    )
