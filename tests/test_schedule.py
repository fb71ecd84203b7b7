"""The examples of scheduled runs, and what the pages tell people to type, are read by the real program."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from defusedxml import ElementTree

from camaudit.cli.main import program
from camaudit.resources import data_root
from camaudit.telling.form import NotifyFile
from camaudit.yamlio import load

ROOT = Path(str(data_root()))
EXAMPLES = ROOT / "examples" / "schedule"
UNITS = ("camaudit.service", "camaudit.timer")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_HOLDERS = {"RUN": "20261130-090000-abcd", "DATE": "2026-11-30", "FILE": "notify.yaml"}


def read_by_the_program(words: list[str]) -> dict[str, object]:
    """Parse a command line as the program does, without running it; return what it understood."""
    group = typer.main.get_command(program(words))
    above = group.make_context("camaudit", list(words))
    rest = [*getattr(above, "_protected_args", ()), *above.args]
    name, command, arguments = group.resolve_command(above, rest)  # type: ignore[attr-defined]
    found: dict[str, object] = command.make_context(name, arguments, parent=above).params
    return found


def _of_service() -> str:
    line = next(x for x in (EXAMPLES / "camaudit.service").read_text("utf-8").splitlines() if "ExecStart" in x)
    return line.partition("=")[2]


def _of_crontab() -> str:
    lines = (EXAMPLES / "crontab").read_text("utf-8").splitlines()
    (job,) = [line for line in lines if re.match(r"[\d*]", line)]
    minute, hour, day, month, weekday, command = job.split(None, 5)
    assert (minute, hour, day, month, weekday) == ("30", "2", "*", "*", "1")
    # In a crontab a percent sign ends the command.
    assert "%" not in command
    assert subprocess.run(["sh", "-n", "-c", command], check=False).returncode == 0
    return re.search(r"camaudit audit [^|]*", command)[0]  # type: ignore[index]


def _of_task() -> str:
    root = ElementTree.fromstring((EXAMPLES / "camaudit-task.xml").read_bytes())
    assert root.tag == f"{TASK}Task"
    action = root.find(f"{TASK}Actions/{TASK}Exec")
    assert action is not None
    command, arguments = action.findtext(f"{TASK}Command"), action.findtext(f"{TASK}Arguments")
    assert command is not None
    assert command.endswith("camaudit.exe")
    return f"camaudit {arguments}"


@pytest.mark.parametrize("line", [_of_service, _of_crontab, _of_task])
def test_each_example_is_a_command_of_this_program(line: object) -> None:
    _, *words = shlex.split(line())  # type: ignore[operator]
    found = read_by_the_program(words)
    assert words[0] == "audit"
    # Nobody is there to answer a question, and a greeting each night would be noise.
    assert (found["yes"], found["quiet"]) == (True, True)
    assert found["notify"] is not None
    assert found["since"] == "last"
    assert found["store"]


def test_a_command_that_does_not_exist_would_be_found() -> None:
    for words in (["audit", "--nonsense"], ["no-such-command"], ["audit", "--rate", "fast"]):
        with pytest.raises(Exception, match=r"(?i)no such|valid number"):
            read_by_the_program(words)


def test_systemd_takes_both_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze (Debian: systemd)")
    for name in UNITS:
        text = (EXAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/usr/local/bin/camaudit", sys.executable), "utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    broken = tmp_path / "camaudit.timer"
    broken.write_text(broken.read_text("utf-8").replace("Mon *-*-*", "Moonday"), "utf-8")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Moonday" in done.stderr


def test_the_task_is_written_as_windows_reads_it() -> None:
    raw = (EXAMPLES / "camaudit-task.xml").read_bytes()
    assert raw.startswith(b"\xff\xfe")
    assert "\r\n" in raw.decode("utf-16")


def test_the_example_of_receivers_has_the_form_of_the_file() -> None:
    load(ROOT / "examples" / "notify" / "notify.yaml", NotifyFile)


def _typed(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("camaudit ")]


@pytest.mark.parametrize("page", ["integrate.md", "schedule.md"])
def test_what_the_pages_say_to_type_is_understood(page: str) -> None:
    lines = _typed(page)
    assert len(lines) >= 3
    for line in lines:
        _, *words = shlex.split(line)
        read_by_the_program([_HOLDERS.get(word, word) for word in words])
