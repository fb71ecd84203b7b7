"""A PostgreSQL of the test's own: made in a folder, reached by a socket in it, ended by its own tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest


def _tools() -> Path | None:
    """Return the folder of PostgreSQL's own tools; Debian keeps them outside of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    there = shutil.which("initdb")
    return found[-1].parent if found else Path(there).parent if there else None


@contextmanager
def running(small_disk: int = 0) -> Iterator[str]:
    """Run a server and yield the URL of an empty database; skip the test where there is no PostgreSQL.

    With ``small_disk`` the server alone sees a disk of so many bytes, in the folder ``small`` beside its socket.
    """
    tools = _tools()
    if tools is None:
        pytest.skip("needs PostgreSQL on this machine (apt install postgresql)")
    # The path of a socket may have 107 bytes at most, so it does not lie in the long folders of pytest.
    folder = Path(mkdtemp(prefix="cam-pg-"))
    data = folder / "data"
    # The server refuses to run as root.
    user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "nobody")

    wrap = _with_small_disk(folder, small_disk) if small_disk else []

    def run(*command: str) -> None:
        subprocess.run([*wrap, *user, *command], cwd=folder, check=True, capture_output=True, timeout=60)

    try:
        run(str(tools / "initdb"), "-D", str(data), "-U", "camaudit", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://camaudit@/postgres?host={folder}"
        finally:
            run(str(tools / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_small_disk(folder: Path, size: int) -> list[str]:
    """Return how a command begins that sees a small disk which nobody else sees; skip where none may be made."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a small disk for PostgreSQL needs root")
    small = folder / "small"
    small.mkdir()
    mount = f'mount -t tmpfs -o size={size},uid=nobody,mode=0700 none {small} && exec "$@"'
    return ["unshare", "--mount", "--", "sh", "-c", mount, "sh"]
