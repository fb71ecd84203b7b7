"""The limits of coverage: that a line not run is seen, and that no module escapes being counted."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

import coverage_limits as limits

NAMES = sorted(file.relative_to(limits.CODE).as_posix() for file in limits.CODE.rglob("*.py"))


def told(missing: dict[str, list[int]], names: list[str] = NAMES) -> dict[str, Any]:
    return {name: {"missing_lines": missing.get(name, []), "summary": {"num_statements": 100}} for name in names}


def gate(files: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> int:
    document = {"files": {f"src/camaudit/{name}": each for name, each in files.items()}}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(document)))
    monkeypatch.setattr(sys, "argv", ["coverage_limits"])
    return limits.main()


def test_every_module_has_its_part() -> None:
    assert limits.misplaced(NAMES, NAMES) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("net/raw/newcomer.py", "has to know"),
        ("newcomer.py", "has to know"),
        ("telling/sub/newcomer.py", "has to know"),
    ],
)
def test_a_new_module_in_no_part_is_named(name: str, said: str) -> None:
    (problem,) = limits.misplaced([*NAMES, name], [*NAMES, name])
    assert problem.startswith(name)
    assert said in problem


@pytest.mark.parametrize("name", ["probes/newcomer.py", "policy/newcomer.py", "report/newcomer.py"])
def test_a_new_module_in_a_folder_of_one_kind_has_its_part(name: str) -> None:
    assert limits.misplaced([*NAMES, name], [*NAMES, name]) == []


def test_a_part_that_names_a_module_which_is_gone_is_named() -> None:
    left = [name for name in NAMES if name != "telling/form.py"]
    assert limits.misplaced(left, left) == ["telling/form.py: no such module"]


def test_a_module_that_nobody_counted_fails_the_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(told({}, [name for name in NAMES if name != "plan/dates.py"]), monkeypatch) == 1
    assert "plan/dates.py: not counted" in capsys.readouterr().out


def test_all_lines_run_pass_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gate(told({}), monkeypatch) == 0


def test_one_line_of_the_core_fails_the_gate_and_does_not_read_as_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(told({"belief.py": [7]}), monkeypatch) == 1
    said = capsys.readouterr().out
    assert "not run: belief.py:7" in said
    assert "99.9 % | 100 %" in said


def test_readers_below_their_limit_fail_the_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for name in NAMES if name.startswith(("probes/", "imports/"))]
    assert gate(told({name: list(range(20)) for name in names}), monkeypatch) == 1
    assert "readers of what others wrote: " in capsys.readouterr().out
