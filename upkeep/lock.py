"""Whether every package of the lock files is pinned to one version by hashes: ``python -m upkeep.lock``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FILES = (Path("requirements.lock"), Path("requirements-dev.lock"))
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9_.\[\]-]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


def unpinned(text: str) -> tuple[str, ...]:
    """Return the packages of a lock file without one exact version or without a SHA-256."""
    return tuple(
        found["name"]
        for found in _ENTRY.finditer(text)
        if not re.match(r"==[^\s,*]+", found["rest"]) or "--hash=sha256:" not in found["rest"]
    )


def main() -> int:
    """Name what is not pinned; 1 where something is not."""
    found = [(file, name) for file in FILES for name in unpinned(file.read_text("utf-8"))]
    for file, name in found:
        print(f"{file}: {name} is not pinned by version and hash: make lock")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
