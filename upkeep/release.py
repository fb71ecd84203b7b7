"""Every check before a release, one after another: ``python -m upkeep.release [NAME...]``.

Each is a command that stands by itself; a failure shows its last lines and the rest goes on, so that one run tells
all that is to do.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

_TESTS = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
_LAST_LINES = 25


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, what it asks, and the arguments of this Python that answer it."""

    name: str
    asks: str
    arguments: tuple[str, ...]


CHECKS = (
    Check("types", "does every type hold", ("-m", "mypy")),
    Check("lint", "no rule of style or safety is broken", ("-m", "ruff", "check", ".")),
    Check("format", "is everything laid out alike", ("-m", "ruff", "format", "--check", ".")),
    Check("layers", "nobody imports from above, no file is too long", (*_TESTS, "tests/test_architecture.py")),
    Check("unused", "is every line used", ("-m", "upkeep.unused")),
    Check("duplicates", "is nothing written twice", ("-m", "pylint", "src/camaudit")),
    Check("signatures", "are the signatures proven by their examples", ("-m", "camaudit", "signatures", "verify")),
    Check(
        "policies",
        "are the packs proven, and was every instrument read within a year",
        ("-m", "camaudit", "policies", "verify", "--strict"),
    ),
    Check("docs", "do pages and links of the docs stand, as built from the data", (*_TESTS, "tests/test_docs.py")),
    Check("readme", "does the README name every command, and no other", (*_TESTS, "tests/test_readme.py")),
    Check("manual", "is the manual page that of the program", ("-m", "upkeep.manual", "--check")),
    Check("examples", "were the examples made by this program", (*_TESTS, "tests/test_examples.py")),
    Check("lock", "is every package pinned by hash", ("-m", "upkeep.lock")),
    Check("licences", "do all licences go with ours", ("-m", "upkeep.licences")),
    Check("packaging", "does the wheel hold what it needs", (*_TESTS, "tests/test_packaging.py")),
    Check("wheel", "do two builds give the same wheel", ("-m", "upkeep.wheel")),
)


def run(check: Check) -> tuple[bool, float, str]:
    """Run one check: whether it went well, how long it took in seconds, and the end of what it said."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, *check.arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = "\n".join(done.stdout.splitlines()[-_LAST_LINES:])
    return done.returncode == 0, time.monotonic() - began, said


def main(names: Sequence[str]) -> int:
    """Run the named checks, or all; 1 where one failed, 2 for a name that there is not."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in CHECKS)}")
        return 2
    failed = []
    for check in CHECKS:
        if names and check.name not in names:
            continue
        good, took_s, said = run(check)
        print(f"{'ok' if good else 'NO'}  {check.name:<11} {took_s:6.1f} s  {check.asks}", flush=True)
        if not good:
            failed.append(check.name)
            print("\n".join(f"      {line}" for line in said.splitlines()), flush=True)
    print(f"not green: {', '.join(failed)}" if failed else "green")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
