"""How much of the code the tests run, by part, and whether that is enough: ``make coverage``.

In goes coverage's JSON, out comes a table; 1 where a part lies below its limit. ``--write`` puts it into
docs/testing.md.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from architecture import LAYERS

_ROOT = Path(__file__).resolve().parent.parent
PAGE, CODE = _ROOT / "docs" / "testing.md", _ROOT / "src" / "camaudit"
_BEGIN, _END = "<!-- coverage: written by make coverage -->", "<!-- end of coverage -->"

_READERS = (
    *("probes/", "imports/", "yamlio.py", "yamlnodes.py", "language.py", "site.py", "records.py", "planning.py"),
    *("periods.py", "notes.py", "filled.py", "prices.py", "answers/given.py", "answers/meaning.py"),
    *("answers/editing.py", "bundle/signing.py", "bundle/checking.py", "credentials/file.py"),
    *("credentials/first_line.py", "credentials/match.py", "estate/form.py", "estate/agent.py", "estate/post.py"),
    *("net/interfaces.py", "net/nmap.py", "net/quiet.py", "net/scope.py", "net/snmp.py", "net/span.py"),
    *("net/raw/echo.py", "net/raw/frames.py", "net/raw/neighbours6.py", "net/raw/netlink.py"),
    *("policy/conditions.py", "policy/load.py", "policy/packs.py", "policy/waivers.py", "scan/ports.py"),
    *("scan/switch_logins.py", "signatures/load.py", "signatures/patterns.py", "store/shapes.py"),
    *("store/transfer.py", "telling/form.py", "telling/form_checks.py"),
)
"""What reads bytes or files of others: the modules that ``fuzz/`` has targets for, and their neighbours."""

_NEITHER = {
    "": "__init__ __main__ ages audit cache catalogue clock comparing doctor following gathering importing "
    "listening locating manner marks phrases planned proof reached recall resources site_text switching trending",
    "answers/": "__init__ settling writing",
    "bundle/": "__init__ form writing",
    "credentials/": "__init__ keyrings",
    "estate/": "__init__ broker gather here jobs ledger lines overview pki rabbit since spread work",
    "net/": "__init__ broadcast connect connections datagram dealings discover drip gate limits manners "
    "neighbours pace patience readiness replay replies secure stream timing window wire",
    "net/raw/": "__init__ client drop ear helper link listener privilege rounds unprivileged",
    "scan/": "__init__ blocks describing done edges footing hosts interview knocking link listening logins "
    "neighbours nmapped options pointing recall run searching sweep switches told",
    "store/": "__init__ database growing holding jobs judgements opening packing reaches reading readings "
    "retention sites summaries tables told volatile writing",
    "telling/": "__init__ changes coverage delivery document lines mail news preparing receivers sending syslog "
    "webhook wording words",
}
"""What neither decides nor reads what others wrote, by folder. A new module beside a reader has to be put in one
place or the other, or the figures would not tell of it."""

_NO_READERS = ("cli/", "report/", "simulator/", "store/migrations/")
_PLACED = (
    *_READERS,
    *_NO_READERS,
    *(f"{folder}{name}.py" for folder in _NEITHER for name in _NEITHER[folder].split()),
)


def _is_pure(name: str) -> bool:
    top = name.partition("/")[0].removesuffix(".py")
    return LAYERS.get(top) in (0, 2) and top not in ("simulator", "camaudit")


PARTS: dict[str, tuple[Callable[[str], bool], float]] = {
    "the pure core (values and logic)": (_is_pure, 100.0),
    "readers of what others wrote": (lambda name: name.startswith(_READERS), 95.0),
    "everything": (lambda name: True, 90.0),
}
"""Each part with its limit in percent of lines."""


def misplaced(names: Iterable[str], counted: Iterable[str]) -> list[str]:
    """Return what is wrong with the parts: modules in none, entries that name none, and modules nobody counted."""
    names = sorted(names)
    found = [
        f"{name}: neither core, nor reader, nor neither of them; tests/coverage_limits.py has to know which"
        for name in names
        if not _is_pure(name) and not name.startswith(_PLACED)
    ]
    found += [f"{entry}: no such module" for entry in _PLACED if not any(name.startswith(entry) for name in names)]
    return found + [f"{name}: not counted" for name in sorted(set(names) - set(counted))]


def measured(files: dict[str, Any]) -> dict[str, tuple[int, int, list[str]]]:
    """Return for each part its lines, those not run, and where they are; ``files`` are told of by name."""
    found = {}
    for part, (belongs, _) in PARTS.items():
        mine = {name: told for name, told in files.items() if belongs(name)}
        missing = [f"{name}:{line}" for name, told in mine.items() for line in told["missing_lines"]]
        found[part] = (sum(told["summary"]["num_statements"] for told in mine.values()), len(missing), missing)
    return found


def judged(told: dict[str, tuple[int, int, list[str]]]) -> tuple[list[str], list[str]]:
    """Return the rows of the table, and a line for each part that lies below its limit."""
    rows = ["| part | lines | run by the tests | at least |", "| --- | ---: | ---: | ---: |"]
    failed = []
    for part, (lines, missed, where) in told.items():
        # Cut off, not rounded: what is not 100 % must not read so.
        share, limit = math.floor(1000 * (lines - missed) / max(1, lines)) / 10, PARTS[part][1]
        rows.append(f"| {part} | {lines:,} | {share:.1f} % | {limit:.0f} % |")
        if not lines or share < limit:
            failed.append(f"{part}: {share:.1f} % of lines, {limit:.0f} % are wanted; not run: {' '.join(where)}")
    return rows, failed


def main() -> int:
    """Print the table; 1 where a part lies below its limit, or a module in no part."""
    files = {path.partition("src/camaudit/")[2]: told for path, told in json.load(sys.stdin)["files"].items()}
    rows, failed = judged(measured(files))
    failed += misplaced((file.relative_to(CODE).as_posix() for file in CODE.rglob("*.py")), files)
    print("\n".join((*failed, *rows)))
    if "--write" in sys.argv and PAGE.exists():
        head, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
        _, _, tail = rest.partition(_END)
        text = "\n".join(rows)
        PAGE.write_text(f"{head}{_BEGIN}\n{text}\n{_END}{tail}", "utf-8")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
