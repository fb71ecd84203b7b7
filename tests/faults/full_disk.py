"""What happens on a disk that fills up; run in a mount namespace of its own, where a small disk can be mounted.

Prints one JSON object: what each step came to. ``python full_disk.py FOLDER TARGETS PORTS``; the fleet is outside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SIZE = 16 * 1024 * 1024


def main() -> None:
    folder, targets, ports = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    small = folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(small)], check=True)
    url = f"sqlite:///{small / 'runs.sqlite3'}"
    here = Steps(folder, small)
    here.fill(leave=420_000)
    few = ["prlimit", "--nofile=96:96", "--"]
    here.run("scan", [*few, *command("scan", targets, "--yes", "--ports", ports, "--store", url)])
    here.run("early", command("report", "--store", url, "--format", "json", "--output", "early"))
    here.run("still", command("scan", "--resume", "--store", url))
    here.free()
    here.run("resume", command("scan", "--resume", "--store", url))
    late = [*command("report", "--store", url, "--format", "json,html,csv,xlsx"), "--output", str(small / "out")]
    here.run("late", late)
    before = contents(small / "out")
    here.fill(leave=20_000)
    here.run("full", late)
    here.said["untouched"] = contents(small / "out") == before
    here.said["scraps"] = [file.name for file in (small / "out").iterdir() if file.name.startswith(".")]
    here.said["reports"] = {name: len(body) for name, body in before.items()}
    here.said["early report"] = json.loads((folder / "early" / "report.json").read_text("utf-8"))
    here.said["late report"] = json.loads((small / "out" / "report.json").read_text("utf-8"))
    print(json.dumps(here.said))


class Steps:
    """Runs commands and keeps what came of them in ``said``."""

    def __init__(self, folder: Path, small: Path) -> None:
        self.said: dict[str, Any] = {}
        self._folder = folder
        self._ballast = small / "ballast"

    def fill(self, *, leave: int) -> None:
        """Take all room of the small disk but ``leave`` bytes."""
        free = os.statvfs(self._ballast.parent)
        with self._ballast.open("ab") as file:
            file.write(b"\0" * max(0, free.f_bavail * free.f_frsize - leave))

    def free(self) -> None:
        self._ballast.unlink()

    def run(self, name: str, arguments: list[str]) -> None:
        began_s = time.monotonic()
        done = subprocess.run(arguments, cwd=self._folder, capture_output=True, text=True, timeout=600)
        took_s = time.monotonic() - began_s
        self.said[name] = {"code": done.returncode, "said": done.stderr, "took_s": took_s}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "camaudit", *arguments]


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_bytes().hex() for file in sorted(folder.iterdir()) if file.is_file()}


if __name__ == "__main__":
    main()
