"""Says where the time of a run went: in goes a cProfile file, out come the functions that took the most."""

from __future__ import annotations

import pstats
from pathlib import Path, PurePath

SHOWN = 15
_WAITING = "'poll' of 'select.epoll'"

Row = tuple[tuple[str, int, str], tuple[int, int, float, float, object]]


def dominating(file: Path) -> str:
    """Return Markdown tables: camaudit's functions by cumulative seconds, and all functions by their own."""
    taken: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = vars(pstats.Stats(str(file)))[
        "stats"
    ]
    rows = list(taken.items())
    ours = [row for row in rows if "/camaudit/" in row[0][0]]
    total_s = sum(figures[2] for _, figures in rows)
    waiting_s = sum(figures[2] for function, figures in rows if _WAITING in function[2])
    lines = [
        f"Under cProfile: {total_s:.1f} s, of which {waiting_s:.1f} s waiting for the network or a timer.",
        "",
    ]
    lines += _table("camaudit's own, cumulative", ours, column=3)
    lines += ["", *_table("any function, own time", rows, column=2)]
    return "\n".join(lines)


def _table(title: str, rows: list[Row], *, column: int) -> list[str]:
    lines = [f"| {title} | s | calls |", "| --- | --- | --- |"]
    for function, figures in sorted(rows, key=lambda row: -float(str(row[1][column])))[:SHOWN]:
        lines.append(f"| `{_name(*function)}` | {float(str(figures[column])):.2f} | {figures[1]} |")
    return lines


def _name(file: str, line: int, function: str) -> str:
    return function if file == "~" else f"{'/'.join(PurePath(file).parts[-2:])}:{line} {function}"
