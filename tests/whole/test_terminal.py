"""What somebody sees who sits before a terminal of 80 by 24, with and without colour, and what a pipe gets."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from rich.console import Console

from audited_fleet import SITE, Audited
from camaudit.cli.progress import Bar
from camaudit.scan import Phase

COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7]|38;5|48;5)[0-9;]*m")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def command(audited: Audited, folder: Path, *more: str) -> list[str]:
    base = [sys.executable, "-m", "camaudit", "report", "--site", SITE, "--output", str(folder / "out")]
    return [*base, "--fail-on", "never", "--store", audited.store, *more]


def on_a_terminal(arguments: list[str], folder: Path, **environment: str) -> str:
    """Run a program on a pseudo-terminal of 80 by 24 and return everything it wrote there."""
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR")}
    wanted = {**plain, "TERM": "xterm-256color", "XDG_DATA_HOME": str(folder / "data"), **environment}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    running = subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=wanted, cwd=folder)
    os.close(theirs)
    written = b""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        ready, _, _ = select.select([ours], [], [], 1)
        try:
            data = os.read(ours, 1 << 16) if ready else b""
        except OSError:
            break
        if not data and running.poll() is not None:
            break
        written += data
    os.close(ours)
    assert running.wait(timeout=30) == 0
    return written.decode()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_it_fits_a_screen_and_uses_colour_where_it_may(audited: Audited, tmp_path: Path, language: str) -> None:
    text = on_a_terminal(command(audited, tmp_path, "--language", language), tmp_path)
    lines = ESCAPE.sub("", text).replace("\r\n", "\n").rstrip("\n").split("\n")
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    assert COLOUR.search(text)


def test_no_color_is_heeded(audited: Audited, tmp_path: Path) -> None:
    text = on_a_terminal(command(audited, tmp_path), tmp_path, NO_COLOR="1")
    assert "cameras and recorders break a rule" in ESCAPE.sub("", text)
    assert not COLOUR.search(text)


def test_a_dumb_terminal_gets_plain_text(audited: Audited, tmp_path: Path) -> None:
    assert "\x1b" not in on_a_terminal(command(audited, tmp_path), tmp_path, TERM="dumb")


def test_a_pipe_gets_plain_text(audited: Audited, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    done = subprocess.run(
        command(audited, tmp_path), capture_output=True, env=environment, timeout=600, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert b"\r" not in done.stdout


def test_the_bar_says_what_it_is_busy_with_how_far_it_is_and_how_long_it_takes() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system=None)
    with Bar(console, shown=True) as bar:
        bar.began(100)
        bar.phase(Phase.SWEEP)
        for number in range(30):
            bar.swept(2)
            bar.found(f"192.0.2.{number // 2}")
            time.sleep(0.02)
        bar.phase(Phase.MET)
        time.sleep(0.2)
        bar.phase(Phase.AGAIN)
        time.sleep(0.2)
    text = ESCAPE.sub("", out.getvalue())
    for part in (
        "Asking everybody",
        "Asking late comers",
        "Asking once more",
        "Scanned",
        "60/100 addresses",
        "s left",
    ):
        assert part in text, part
    # A host that was asked again is still one
    assert "15 answered" in text
    assert "16 answered" not in text
    assert max(len(line) for line in re.split(r"[\r\n]", text)) <= 80
