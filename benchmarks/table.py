"""Measurements as Markdown, which is read as well in a terminal; and the page of them, scene by scene."""

from __future__ import annotations

import platform
import re
import ssl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import camaudit
from benchmarks.scenes import Scene
from benchmarks.verdict import Measured, Spread, Verdict, judge, spread


@dataclass(frozen=True, slots=True)
class Outcome:
    """All runs of one scene: camaudit's, and each peer's by name (empty where it was not run)."""

    scene: Scene
    ours: tuple[Measured, ...]
    theirs: dict[str, tuple[Measured, ...]]
    ports: int
    cameras: int


def machine(nmap: str) -> str:
    """Return what the figures depend on, in one line."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    cores = len(re.findall(r"^processor", Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    openssl = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    return (
        f"{revision()} on {cores} cores of {cpu[1].strip() if cpu else platform.machine()}, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, {openssl}, {nmap}"
    )


def revision() -> str:
    """Return which camaudit this is: its version and, in a working copy, the commit."""
    asked = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=, with changes since"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        said = ""
    return f"camaudit {camaudit.__version__}" + (f" ({said})" if said else "")


def verdicts(outcome: Outcome) -> list[tuple[str, Verdict]]:
    """Return each peer's name and how camaudit did against it."""
    judged = []
    for peer, goals in outcome.scene.duels:
        name = peer.name if peer else "absolute"
        theirs = outcome.theirs.get(name, ()) if peer else None
        judged += [(name, judge(goal, outcome.ours, theirs)) for goal in goals]
    return judged


def missed(outcome: Outcome) -> int:
    """Return how many goals of a scene were missed, completeness among them."""
    return sum(verdict.met is False for _, verdict in verdicts(outcome)) + (_completeness(outcome) == "MISSED")


def scene_block(outcome: Outcome) -> str:
    """Return one scene as Markdown: a table of what was measured and one of the ratios."""
    lines = [
        "| tool | runs | wall s | CPU s | MiB | frames sent | busiest second | open ports | cameras | false |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        _row("camaudit audit", outcome.ours, outcome),
    ]
    lines += [_row(name, runs, outcome) for name, runs in outcome.theirs.items() if runs]
    lines += ["", "| against | of | ratio | at most | verdict |", "| --- | --- | --- | --- | --- |"]
    for name, verdict in verdicts(outcome):
        lines.append(
            f"| {name} | {verdict.goal.quantity} | {_ratio(verdict)} | {verdict.goal.shown} | {_said(verdict)} |"
        )
    complete = _completeness(outcome)
    if complete:
        whole = sum(_is_complete(run, outcome) for run in outcome.ours)
        shown = f"{whole} of {len(outcome.ours)}"
        lines.append(f"| truth | runs that found every open port and camera | {shown} | all | {complete} |")
    fleet = [run.fleet_cpu_s for run in outcome.ours if run.fleet_cpu_s is not None]
    if fleet:
        wall = sum(run.spent.wall_s for run in outcome.ours)
        lines += ["", f"The fleet's own processor was {100 * sum(fleet) / wall:.0f} % busy while camaudit ran."]
    return "\n".join(lines)


def write(page: Path, outcome: Outcome, tools: str, *, quick: bool) -> None:
    """Replace the block of this scene in the page; everything outside the markers stays as it is."""
    begin, end = f"<!-- {outcome.scene.name} -->", f"<!-- /{outcome.scene.name} -->"
    mode = "quick run, slow peers not run" if quick else "full run"
    made = f"Measured {date.today()} ({mode}): {tools}."
    block = f"{begin}\n\n{made}\n\n{scene_block(outcome)}\n\n{end}"
    text = page.read_text("utf-8")
    if begin not in text:
        text = f"{text.rstrip()}\n\n### {outcome.scene.title}\n\n{begin}{end}\n"
    before, _, rest = text.partition(begin)
    page.write_text(before + block + rest.partition(end)[2], "utf-8")
    print(f"wrote {page.name}: {outcome.scene.name}", file=sys.stderr)


def _row(name: str, runs: Sequence[Measured], outcome: Outcome) -> str:
    cut = "" if all(run.spent.ended for run in runs) else " (cut off)"
    cells = [name + cut, str(len(runs))]
    cells += [
        _spread(spread(runs, quantity), digits) for quantity, digits in (("wall", 2), ("cpu", 2), ("memory", 0))
    ]
    cells += [
        _spread(spread(runs, "frames"), 0),
        _range([run.busiest_second for run in runs]),
        _range([run.ports for run in runs], outcome.ports),
        _range([run.cameras for run in runs], outcome.cameras),
        _range([run.false_cameras for run in runs]),
    ]
    return f"| {' | '.join(cells)} |"


def _spread(values: Spread | None, digits: int) -> str:
    if values is None:
        return "–"
    middle = f"{values.middle:.{digits}f}"
    return (
        middle if values.least == values.most else f"{middle} ({values.least:.{digits}f}–{values.most:.{digits}f})"
    )


def _range(counts: Sequence[int | None], of: int | None = None) -> str:
    known = [count for count in counts if count is not None]
    if not known:
        return "–"
    shown = str(known[0]) if min(known) == max(known) else f"{min(known)}–{max(known)}"
    return shown if of is None else f"{shown}/{of}"


def _ratio(verdict: Verdict) -> str:
    if verdict.ratio is None:
        return "–"
    if verdict.ratio >= 0.1:
        return f"{verdict.ratio:.2f}"
    return f"1/{1 / verdict.ratio:.0f}"


def _said(verdict: Verdict) -> str:
    word = {True: "met", False: "MISSED", None: "not judged"}[verdict.met]
    return f"{word} ({verdict.note})" if verdict.note else word


def _is_complete(run: Measured, outcome: Outcome) -> bool:
    return run.ports == outcome.ports and run.cameras == outcome.cameras


def _completeness(outcome: Outcome) -> str:
    if not outcome.scene.complete:
        return ""
    return "met" if all(_is_complete(run, outcome) for run in outcome.ours) else "MISSED"
