"""The house rules hold, and the test that says so fails when a rule is broken on purpose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import architecture

SOURCE = Path(__file__).parent.parent / "src" / "camaudit"


def test_house_rules_hold() -> None:
    assert architecture.problems(SOURCE) == []


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("identify.py", "import socket", "may not import socket"),
        ("policy/evaluate.py", "from camaudit.store import Store", "of layer 4"),
        ("net/gate.py", "from camaudit.report import html", "layer 3"),
        ("report/html.py", "import camaudit.cli.main", "of layer 6"),
        ("cli/main.py", "from camaudit.net.gate import Gate", "may not import camaudit.net.gate"),
        ("simulator/device.py", "from camaudit.probes import sadp", "stands beside the house"),
        ("model/words.py", "import pydantic", "may not import pydantic"),
        ("store/writing.py", "try:\n    pass\nexcept Exception:\n    pass", "catches everything"),
        ("report/cef.py", "import socket", "only net/ dials devices"),
        ("telling/changes.py", "import smtplib", "imports smtplib"),
        ("telling/webhook.py", "from camaudit.net.gate import Gate", "apart from the scan"),
        ("scan/run.py", "from camaudit.telling import tell", "of layer 5"),
        ("errors.py", "\n" * 300, "a file has at most"),
        ("labels.py", "def long() -> None:\n" + "    print()\n" * 50, "a function has at most"),
    ],
)
def test_a_rule_broken_on_purpose_is_found(tmp_path: Path, file: str, line: str, told: str) -> None:
    # Given a copy of the house with one rule broken
    copy = tmp_path / "camaudit"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("*.yaml", "__pycache__"))
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    # When the rules are checked, then that file is named
    found = architecture.problems(copy)
    assert any(problem.startswith(f"{file}:") and told in problem for problem in found), found
