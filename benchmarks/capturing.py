"""How fast a capture is read, and that memory does not grow: ``python -m benchmarks.capturing [--write]``.

Makes a capture of a million packets and one of ten million (the first 96 bytes of each are kept, as tcpdump -s 96
does, so that 10 million fit on a disk), one with whole packets, and runs ``camaudit import`` on each.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import measure, table
from benchmarks.packets import camera_traffic, pcap

_PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
_BLOCK = re.compile(r"(?s)(<!-- capturing -->\n).*?(<!-- end of capturing -->)")
_LEAST = 150_000
_MOST_GROWTH_MIB = 10
_CAMERAS = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One capture that was read."""

    packets: int
    kept: str
    mib: float
    spent: measure.Spent

    @property
    def rate(self) -> float:
        """Packets a second of one core's time, for the whole command: what other programs took is not ours."""
        return self.packets / self.spent.cpu_s


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; with ``--write`` put them into docs/performance.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.capturing", description="Reading captures.")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="a tenth of the packets")
    options = parser.parse_args(arguments)
    share = 10 if options.quick else 1
    with tempfile.TemporaryDirectory(prefix="camaudit-bench-") as folder:
        rows = [
            _read(Path(folder), 1_000_000 // share, 96),
            _read(Path(folder), 10_000_000 // share, 96),
            _read(Path(folder), 1_000_000 // share, 262144),
        ]
    text, missed = _told(rows)
    print(text)
    if options.write:
        _PAGE.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], _PAGE.read_text()))
    return 1 if missed else 0


def _read(folder: Path, packets: int, keep: int) -> Row:
    file = folder / "traffic.pcap"
    with file.open("wb", buffering=1 << 20) as written:
        written.writelines(pcap(camera_traffic(packets, _CAMERAS), keep=keep))
    mib = file.stat().st_size / 1024**2
    store = folder / f"{packets}-{keep}.sqlite3"
    command = [sys.executable, "-m", "camaudit", "import", str(file), "--store", f"sqlite:///{store}"]
    environment = {**os.environ, "HOME": str(folder), "NO_COLOR": "1"}
    spent = measure.run(["taskset", "-c", "0", *command], folder=folder, environment=environment, at_most_s=600)
    said = (folder / "output.log").read_text("utf-8", "replace")
    if spent.code != 0 or f"{packets} packets were read" not in said:
        raise RuntimeError(f"import of {packets} packets: {said[-300:]}")
    file.unlink()
    print(f"{packets} packets: {spent.wall_s:.1f} s", file=sys.stderr, flush=True)
    return Row(packets, "whole" if keep > 1500 else f"first {keep} bytes", mib, spent)


def _told(rows: list[Row]) -> tuple[str, bool]:
    grew = rows[1].spent.rss_mib - rows[0].spent.rss_mib
    slow = min(row.rate for row in rows) < _LEAST
    lines = [
        f"| {row.packets} | {row.kept} | {row.mib:.0f} | {row.spent.wall_s:.1f} | {row.spent.cpu_s:.1f} | "
        f"{row.rate:,.0f} | {row.spent.rss_mib:.0f} |"
        for row in rows
    ]
    text = "\n".join(
        (
            f"Measured {date.today():%Y-%m-%d}: {table.machine('one core')}.",
            "",
            "| packets | kept of each | file MiB | wall s | CPU s | packets/CPU s | peak MiB |",
            "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            f"At least {_LEAST:,} packets a second of one core: {'MISSED' if slow else 'met'}. "
            f"Ten times the packets took {grew:+.1f} MiB (at most {_MOST_GROWTH_MIB}): "
            f"{'MISSED' if grew > _MOST_GROWTH_MIB else 'met'}.",
            "",
        )
    )
    return text, slow or grew > _MOST_GROWTH_MIB


if __name__ == "__main__":
    sys.exit(main())
