"""How much of the code the tests run, by part, and whether that is enough: ``make coverage``.

In goes coverage's JSON, out comes a table; 1 where a part lies below its limit. ``--write`` puts it into
docs/testing.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from architecture import LAYERS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "testing.md"
_BEGIN, _END = "<!-- coverage: written by make coverage -->", "<!-- end of coverage -->"

_READERS = (
    *("probes/", "imports/", "yamlio.py", "yamlnodes.py", "site.py", "notes.py", "filled.py", "prices.py"),
    *("answers/given.py", "estate/form.py", "bundle/signing.py", "bundle/checking.py", "credentials/file.py"),
    *("credentials/match.py", "policy/load.py", "policy/packs.py", "policy/conditions.py", "policy/waivers.py"),
    *("signatures/load.py", "signatures/patterns.py", "net/scope.py", "net/span.py", "net/nmap.py"),
    *("net/raw/frames.py", "net/raw/netlink.py"),
)
"""What reads bytes or files of others: the modules that ``fuzz/`` has targets for, and their neighbours."""


def _is_pure(name: str) -> bool:
    top = name.partition("/")[0].removesuffix(".py")
    return LAYERS.get(top) in (0, 2) and top not in ("simulator", "camaudit")


PARTS: dict[str, tuple[Callable[[str], bool], float]] = {
    "the pure core (values and logic)": (_is_pure, 100.0),
    "readers of what others wrote": (lambda name: name.startswith(_READERS), 95.0),
    "everything": (lambda name: True, 90.0),
}
"""Each part with its limit in percent of lines."""


def measured(files: dict[str, Any]) -> dict[str, tuple[int, int, list[str]]]:
    """Return for each part its lines, those not run, and where they are."""
    found = {}
    for part, (belongs, _) in PARTS.items():
        named = {path.partition("src/camaudit/")[2]: told for path, told in files.items()}
        mine = {name: told for name, told in named.items() if belongs(name)}
        missing = [f"{name}:{line}" for name, told in mine.items() for line in told["missing_lines"]]
        found[part] = (sum(told["summary"]["num_statements"] for told in mine.values()), len(missing), missing)
    return found


def main() -> int:
    """Print the table; 1 where a part lies below its limit."""
    told = measured(json.load(sys.stdin)["files"])
    rows = ["| part | lines | run by the tests | at least |", "| --- | ---: | ---: | ---: |"]
    failed = False
    for part, (lines, missed, where) in told.items():
        share, limit = 100 * (lines - missed) / max(1, lines), PARTS[part][1]
        rows.append(f"| {part} | {lines:,} | {share:.1f} % | {limit:.0f} % |")
        if share < limit:
            failed = True
            print(f"{part}: {share:.2f} % of lines, {limit:.0f} % are wanted; not run: {' '.join(where)}")
    print("\n".join(rows))
    if "--write" in sys.argv and PAGE.exists():
        head, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
        _, _, tail = rest.partition(_END)
        text = "\n".join(rows)
        PAGE.write_text(f"{head}{_BEGIN}\n{text}\n{_END}{tail}", "utf-8")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
