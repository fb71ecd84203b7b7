"""Runs one program and says what it cost: in goes a command, out come seconds, processor time and memory."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run cost. ``rss_mib`` is the peak of the largest process, and never below this program's own."""

    wall_s: float
    cpu_s: float
    rss_mib: float
    code: int
    ended: bool


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str], at_most_s: float) -> Spent:
    """Run ``command`` to its end, or end its process group after ``at_most_s``; output goes to ``output.log``."""
    with (folder / "output.log").open("w") as output:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        late = threading.Event()
        alarm = threading.Timer(at_most_s, _end, (process.pid, late))
        alarm.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid, late)
            raise
        finally:
            alarm.cancel()
        wall_s = time.monotonic() - begun
    # Popen must learn that its child was waited for, or it waits again.
    process.returncode = os.waitstatus_to_exitcode(status)
    return _spent(wall_s, used, process.returncode, ended=not late.is_set())


def _spent(wall_s: float, used: resource.struct_rusage, code: int, *, ended: bool) -> Spent:
    return Spent(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code, ended)


def _end(group: int, late: threading.Event) -> None:
    late.set()
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def cpu_of(pid: int) -> float:
    """Return the processor seconds that a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
