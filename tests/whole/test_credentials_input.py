"""A wrong credentials file: one line each, exit code 2, nothing sent and nothing shown that was written in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audited_fleet import camaudit

TARGET = "192.0.2.1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- username: auditor\n  password: hunter-two\n",
            "credentials.yaml:2: 0.password: a password does not belong",
        ),
        ("- {username: auditor, password_env: CAMAUDIT_NOT_SET}\n", "no such environment variable"),
        ("- {username: auditor, password_env: PATH, match: {maker: hunter-two-maker}}\n", "is no maker's id"),
        ("- {username: auditor, password_env: PATH, match: {group: yard}}\n", "no group of the site file"),
        ("- {hunter-two: x}\n", "a key that is not known"),
    ],
)
@pytest.mark.parametrize("command", ["audit", "scan"])
def test_one_line_and_nothing_sent(command: str, text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "credentials.yaml").write_text(text, "utf-8")
    done = camaudit(command, TARGET, "--yes", "--credentials", "credentials.yaml", cwd=tmp_path, columns=300)
    assert done.returncode == 2, done.stderr
    assert expected in done.stderr
    assert "hunter-two " not in done.stderr
    assert "hunter-two\n" not in done.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = camaudit("audit", TARGET, "--yes", "--credentials", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.yaml:1: cannot be read" in done.stderr


def test_login_again_without_accounts_says_what_is_missing(tmp_path: Path) -> None:
    done = camaudit("scan", TARGET, "--yes", "--login-again", cwd=tmp_path)
    assert done.returncode == 2
    assert "--credentials" in done.stderr
