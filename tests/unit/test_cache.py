"""What is kept between two runs: read back only where nobody else can have written it, and never needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from camaudit import cache, catalogue
from camaudit.catalogue import load_catalogue
from camaudit.signatures.oui import OuiTable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "camaudit"


def counted(result: object) -> tuple[Callable[[], object], list[int]]:
    calls: list[int] = []

    def make() -> object:
        calls.append(1)
        return result

    return make, calls


def test_a_result_is_worked_out_once_for_a_key(home: Path) -> None:
    make, calls = counted(MappingProxyType({"a": (1, 2)}))
    assert [dict(cache.kept("x", "one", make)) for _ in range(3)] == [{"a": (1, 2)}] * 3  # type: ignore[call-overload]
    assert len(calls) == 1
    assert home.stat().st_mode & 0o777 == 0o700
    cache.kept("x", "two", make)
    assert len(calls) == 2


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_read(home: Path, mode: int) -> None:
    make, calls = counted("ours")
    cache.kept("x", "one", make)
    (home / "x.pickle").chmod(mode)
    assert cache.kept("x", "one", make) == "ours"
    assert len(calls) == 2


def test_a_folder_that_others_may_write_is_not_used(home: Path) -> None:
    home.mkdir(parents=True)
    home.chmod(0o777)
    make, calls = counted("ours")
    cache.kept("x", "one", make)
    cache.kept("x", "one", make)
    assert (len(calls), list(home.iterdir())) == (2, [])


@pytest.mark.parametrize("left", [b"", b"one", b"one cpython-311\nnot a pickle", b"\xff\xfe\n"])
def test_a_broken_file_is_made_anew(home: Path, left: bytes) -> None:
    make, calls = counted("ours")
    cache.kept("x", "one", make)
    (home / "x.pickle").write_bytes(left)
    assert cache.kept("x", "one", make) == "ours"
    assert cache.kept("x", "one", make) == "ours"
    assert len(calls) == 2


def test_a_place_that_cannot_be_written_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    make, calls = counted("ours")
    assert [cache.kept("x", "one", make) for _ in range(2)] == ["ours"] * 2
    assert len(calls) == 2


def test_the_kept_catalogue_is_the_loaded_one(home: Path) -> None:
    first, second = load_catalogue(), load_catalogue()
    assert (home / "knowledge.pickle").is_file()
    assert first == second
    assert first is not second


def test_nothing_that_is_kept_belongs_to_one_installation(home: Path) -> None:
    load_catalogue()
    kept = (home / "knowledge.pickle").read_bytes()
    places = {str(Path(module.__file__ or "").parent).encode() for module in (cache, pytest)}
    assert not [place for place in places if place in kept]


def test_the_prefixes_are_those_of_this_installation(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue()
    elsewhere = OuiTable(home / "manuf", "elsewhere")
    monkeypatch.setattr(catalogue, "packaged_table", lambda: elsewhere)
    assert load_catalogue().oui is elsewhere
