"""What the fuzz runs came to: ``fuzz/results.json``, and the table of ``docs/fuzzing.md`` written from it."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

from fuzz.target import FOUND
from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "fuzz" / "results.json"
PAGE = ROOT / "docs" / "fuzzing.md"
_MILLION = 1_000_000
_BEGIN, _END = "<!-- runs: written by fuzz.record -->", "<!-- end of runs -->"


def add(name: str, told: dict[str, Any]) -> None:
    """Add a run; the runs of one target add up, the rest is that of the last one."""
    note(name, **told, all_runs=read().get(name, {}).get("all_runs", 0) + told["runs"])


def note(name: str, **told: Any) -> None:
    """Keep what is known of a target's runs, and write the page anew; several drivers may do so at once."""
    with (ROOT / "fuzz" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        results = read()
        results[name] = results.get(name, {}) | told
        ordered = {each: results[each] for each in TARGETS if each in results}
        RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")
        write()


def read() -> dict[str, dict[str, Any]]:
    """Return what is known of each target."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def table() -> str:
    """Return the table of the page."""
    rows = [
        "| target | runs in all | a million | last run | inputs kept | of its lines | broke it |",
        "| --- | ---: | --- | --- | ---: | ---: | ---: |",
    ]
    for name, target in TARGETS.items():
        told = read().get(name)
        known = len(list((FOUND / name).iterdir())) if (FOUND / name).is_dir() else 0
        if told is None:
            rows.append(f"| {target.name} | not run yet | no | | | | {known} |")
            continue
        last = f"{told['runs']:,} in {told['seconds']} s on {told['date']}"
        reached = f"{told.get('lines', 0):.0f} %"
        whole = _whole(told["all_runs"], told["runs"] / max(1, told["seconds"]))
        rows.append(
            f"| {name} | {told['all_runs']:,} | {whole} | {last} | {told['inputs']} | {reached} | {known} |"
        )
    return "\n".join(rows)


def _whole(runs: int, pace: float) -> str:
    """Say whether a target has had its million runs, or how much longer they take at the pace of its last run."""
    left_s = (_MILLION - runs) / max(pace, 1)
    if runs >= _MILLION:
        return "yes"
    return f"no, {left_s / 60:.0f} minutes more" if left_s < 2 * 3600 else f"no, {left_s / 3600:.0f} hours more"


def write() -> None:
    """Write the table into the page, where the page is."""
    if not PAGE.exists():
        return
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    PAGE.write_text(f"{head}{_BEGIN}\n{table()}\n{_END}{tail}", "utf-8")


if __name__ == "__main__":
    write()
