"""Bad input: one line that says file, line, what is wrong and what to do; exit 2; nothing sent."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from audited_fleet import camaudit

SITE = "schema: camaudit/site@1\nname: School\njurisdiction: GB-ENG\nkind: school\n"


def one_line(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit",), "nothing to scan"),
        (("audit", "192.0.2.999"), "192.0.2.999"),
        (("audit", "192.0.2.9-3"), "ends before it begins"),
        (("audit", "8.8.8.8"), "--allow-public"),
        (("audit", "192.0.2.0/30"), "--yes"),
        (("audit", "127.0.0.1", "--ports", "80,x"), "'x' is not a port"),
        (("audit", "127.0.0.1", "--ports", "70000"), "65535"),
        (("audit", "127.0.0.1", "--format", "docx"), "docx"),
        (("audit", "127.0.0.1", "--policy", "uk-shcool"), "did you mean 'uk-school'?"),
        (("audit", "127.0.0.1", "--site", "none.yaml"), "none.yaml:1"),
        (("audit", "127.0.0.1", "--waivers", "none.yaml"), "none.yaml:1"),
        (("audit", "127.0.0.1", "--signatures", "nowhere"), "nowhere: no such folder"),
        (("audit", "127.0.0.1", "--store", "nonsense"), "not a store URL"),
        (
            ("audit", "127.0.0.1", "--rate", "0"),
            "--rate: it must be greater than or equal to 1; see `camaudit audit",
        ),
        (
            ("audit", "127.0.0.1", "--rate", "fast"),
            "--rate: it must be a valid number; see `camaudit audit --help`",
        ),
        (("audit", "127.0.0.1", "--fail-on", "x"), "--fail-on: 'x' is not one of 'violation', 'review', 'never'"),
        (("audit", "--nonsense"), "No such option: --nonsense"),
        (("audti", "127.0.0.1"), "Did you mean 'audit'? see `camaudit --help`"),
        (("explain",), "Missing argument 'device'; see `camaudit explain --help`"),
        (("audit", "127.0.0.1", "--interface", "none0"), "no interface none0"),
        (("audit", "127.0.0.1", "--exclude", "127.0.0.0/24"), "every target is excluded"),
        (("audit", "255.255.255.255"), "not an address of a device"),
        (("audit", ""), "a target without a word"),
        (("audit", "@none.txt"), "none.txt: cannot be read: No such file or directory; give a text file"),
        (("audit", "127.0.0.1", "--ports", "80,9100"), "port 9100 is one of printers or machines"),
        (("report", "nosuchrun"), "no run nosuchrun"),
        (("report",), "no runs yet"),
        (("explain", "127.0.0.1"), "no runs yet"),
        (("schema", "nonsense"), "no such schema"),
        (("policies", "show", "nonsense"), "no such policy"),
        (("signatures", "show", "nonsense"), "no such signature"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = camaudit(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in one_line(done.stderr)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "site.yaml:"),
        (SITE + "knid: school\n", "site.yaml:5: knid: unknown key; did you mean 'kind'?"),
        (SITE + "kind: council\n", "site.yaml:5: kind: given twice (first on line 4)"),
        (SITE.replace("kind: school", "kind: castle"), "site.yaml:4: kind: 'castle'"),
        (SITE + "facts:\n  sensitive_sit: true\n", "site.yaml:6: facts.sensitive_sit"),
        (SITE.replace("GB-ENG", "UK"), "site.yaml:3: jurisdiction"),
        (SITE + "scope: 127.0.0.1\n", "site.yaml:5: scope"),
    ],
)
def test_a_broken_site_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "site.yaml").write_text(text, "utf-8")
    done = camaudit("audit", "127.0.0.1", "--site", "site.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert said in one_line(done.stderr)


def test_a_broken_policy_of_the_operator(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "pack.yaml").write_text("schema: camaudit/policy@1\nid: x\n", "utf-8")
    done = camaudit("audit", "127.0.0.1", "--policies", "own", cwd=tmp_path)
    assert done.returncode == 2
    assert all(line.startswith("camaudit: own/pack.yaml:") for line in done.stderr.splitlines())


def test_an_impossible_waiver(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(
        "schema: camaudit/waivers@1\nwaivers:\n  - rule: a/b\n    targets: [192.0.2.1]\n    reason: r\n"
        "    granted_by: head\n    granted: 2026-05-01\n    expires: 2026-04-01\n",
        "utf-8",
    )
    done = camaudit("audit", "127.0.0.1", "--waivers", "w.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "w.yaml:8: waivers.0.expires" in one_line(done.stderr)


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = camaudit("audit", "127.0.0.1", "--output", "file/out", cwd=tmp_path)
    assert done.returncode == 3
    assert "--output" in one_line(done.stderr)


def test_an_occupied_store(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("create table held (x)")
        holder.execute("begin exclusive")
        done = camaudit("scan", "127.81.9.9", "--store", f"sqlite:///{path}", cwd=tmp_path)
    finally:
        holder.close()
    assert done.returncode == 3
    assert "another program is writing" in one_line(done.stderr)


def test_a_store_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, only a long enough text " * 40, "utf-8")
    done = camaudit("runs", "--store", f"sqlite:///{tmp_path / 'notes.txt'}", cwd=tmp_path)
    assert done.returncode == 3
    assert "notes.txt" in one_line(done.stderr)


def test_nothing_there_is_exit_4_with_causes(tmp_path: Path) -> None:
    done = camaudit("audit", "127.81.9.9", cwd=tmp_path)
    assert done.returncode == 4
    assert "another network" in done.stdout
    assert "another network" in (tmp_path / "camaudit-out" / "report.html").read_text("utf-8")


def test_the_store_is_private(tmp_path: Path) -> None:
    path = tmp_path / "mine.sqlite3"
    camaudit("scan", "127.81.9.9", "--store", f"sqlite:///{path}", cwd=tmp_path)
    assert os.stat(path).st_mode & 0o077 == 0


def test_alone_it_shows_the_commands_that_matter(tmp_path: Path) -> None:
    done = camaudit(cwd=tmp_path)
    assert done.returncode == 0
    for command in ("camaudit demo", "camaudit init", "camaudit audit"):
        assert command in done.stdout


def test_an_interface_that_is_not_here_leaves_no_run_behind(tmp_path: Path) -> None:
    assert camaudit("scan", "127.0.0.1", "--yes", "--interface", "none0", cwd=tmp_path).returncode == 2
    done = camaudit("scan", "--resume", cwd=tmp_path)
    assert done.returncode == 2
    assert "no scan was ended early" in one_line(done.stderr)


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_no_fault(tmp_path: Path, closed: int) -> None:
    command = f'exec "$0" -m camaudit scan 127.0.0.0/30 {closed}<&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_no_room_for_what_is_said_is_one_line(tmp_path: Path) -> None:
    command = ["sh", "-c", 'exec "$0" -m camaudit schema report > /dev/full', sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, text=True)
    assert done.returncode == 3
    assert "no room for what was to be written" in one_line(done.stderr)


def test_a_reader_that_goes_away_is_no_finding(tmp_path: Path) -> None:
    command = 'set -o pipefail; "$0" -u -m camaudit schema report | head -c 1'
    done = subprocess.run(["bash", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
