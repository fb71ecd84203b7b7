"""Strict YAML: each way to be wrong is said with its line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit import yamlio
from camaudit.errors import DataFileError


@dataclass(frozen=True, slots=True)
class Item:
    __pydantic_config__ = yamlio.STRICT
    name: str
    when: date | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    __pydantic_config__ = yamlio.STRICT
    items: tuple[Item, ...]


def test_a_good_file_is_read() -> None:
    text = "items:\n  - {name: a, when: 2026-01-31, codes: ['44:19:06']}\n"
    assert yamlio.parse(text, File, "f") == File((Item("a", date(2026, 1, 31), ("44:19:06",)),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("items: [\n", "f:2: not valid YAML"),
        ("", "f:1: file:"),
        ("items:\n  - name: a\n    nam: b\n", "f:3: items.0.nam: unknown key; did you mean 'name'?"),
        ("items:\n  - name: a\n    name: b\n", "f:3: name: given twice (first on line 2)"),
        ("items:\n  - when: 2026-01-31\n", "f:2: items.0.name: is missing"),
        ("items:\n  - name: a\n    when: 2026-02-30\n", "f:3: '2026-02-30' is no date that exists"),
        ("items:\n  - name: a\n    codes: [44:19:06]\n", "f:3: items.0.codes.0"),
        ("items:\n  - name: on\n", "f:2: items.0.name"),
        ("items:\n  - name: !!python/object/apply:os.system [id]\n", "f:2: not plain YAML"),
    ],
)
def test_each_mistake_has_its_line(text: str, said: str) -> None:
    with pytest.raises(DataFileError) as wrong:
        yamlio.parse(text, File, "f")
    assert said in str(wrong.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(DataFileError) as wrong:
        yamlio.parse("items:\n  - {nam: a}\n  - {name: 3}\n", File, "f")
    assert len(wrong.value.problems) == 3


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"items:\n - \xff\xfe\n")
    with pytest.raises(DataFileError, match=r"x\.yaml:2: not UTF-8"):
        yamlio.load(file, File)


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    with file.open("wb") as stream:
        stream.truncate(64 << 20)
    with pytest.raises(DataFileError, match=r"x\.yaml:1: larger than \d+ bytes; is this the right file"):
        yamlio.load(file, File)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(problem.startswith("f:") for problem in problems_of(text))


def problems_of(text: str) -> tuple[str, ...]:
    try:
        yamlio.parse(text, File, "f")
    except DataFileError as wrong:
        return wrong.problems
    return ()


@pytest.mark.parametrize("number", ["9" * 5000, "1:" * 3000 + "1", "0x" + "f" * 5000, "0b" + "1" * 50])
def test_a_number_that_cannot_be_written_out_is_refused_at_its_line(number: str) -> None:
    with pytest.raises(DataFileError) as caught:
        yamlio.parse(f"items:\n  - name: {number}\n", File, "f.yaml")
    (problem,) = caught.value.problems
    assert problem.startswith("f.yaml:2: ")
    assert "is no number that exists" in problem
    assert len(problem) < 200


def test_a_file_name_with_a_nul_in_it_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be read: embedded null byte"):
        yamlio.load(tmp_path / "a\0b.yaml", File)
