"""Run targets under atheris and note what came of it: ``python -m fuzz.drive [TARGET...] --runs 1000000``.

Each runs in a process of its own with a limit on time and memory for one input. What breaks a reader is kept in
``.fuzz/<target>/`` and named; ``fuzz/results.json`` says how many runs each target has had, and the page
``docs/fuzzing.md`` is written from it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from fuzz import record
from fuzz.target import Target, memory
from fuzz.targets import TARGETS

WORK = Path(".fuzz")
"""Where inputs are kept between runs; it is no part of the project."""

_SECONDS_ONE = 10
_MEGABYTES = 1024
_ENOUGH = 1024
_COV = re.compile(rb"cov: (\d+) ft: (\d+) corp: (\d+)")
_DONE = re.compile(rb"Done (\d+) runs in (\d+) second")


def run(target: Target, runs: int, seconds: int) -> dict[str, Any]:
    """Run one target; return what came of it, ``broken`` the inputs that it did not survive."""
    work = WORK / target.name
    inputs, seeds = work / "inputs", work / "seeds"
    for folder in (inputs, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    sound = tuple(target.seeds())
    for number, data in enumerate(sound):
        (seeds / f"{number:03}").write_bytes(data)
    # A list of no words is taken for a broken one.
    (work / "words").write_text('"\\x00"\n' + "".join(f'"{_escaped(word)}"\n' for word in target.words), "ascii")
    before = set(work.glob("broken-*"))
    flags = [
        f"-runs={runs}",
        f"-max_total_time={seconds}",
        f"-max_len={_longest(target, sound)}",
        f"-timeout={_SECONDS_ONE}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-dict={work / 'words'}",
        f"-artifact_prefix={work}/broken-",
        "-verbosity=1",
        "-print_final_stats=0",
    ]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory()) as temporary:
        done = subprocess.run(
            [sys.executable, "-m", "fuzz.child", target.name, _packages(target), *flags, str(inputs), str(seeds)],
            env=os.environ | {"TMPDIR": temporary, "PYTHONHASHSEED": "0"},
            capture_output=True,
            check=False,
        )
        said = done.stderr + done.stdout
        (work / "log").write_bytes(said[-200_000:])
    ended, edges = _DONE.search(said), _COV.findall(said)
    return {
        "runs": int(ended[1]) if ended else 0,
        "seconds": round(time.monotonic() - began),
        "date": date.today().isoformat(),
        "edges": int(edges[-1][0]) if edges else 0,
        "inputs": int(edges[-1][2]) if edges else 0,
        "broken": sorted(str(path) for path in set(work.glob("broken-*")) - before),
    }


def _packages(target: Target) -> str:
    """Return the packages of the readers, and that of the modules beside them."""
    modules = (place.partition(":")[0] for place in target.modules)
    return ",".join(sorted({name for module in modules for name in (module, module.rpartition(".")[0])}))


def _longest(target: Target, seeds: tuple[bytes, ...]) -> int:
    """Return the size up to which inputs are made: longer ones take their time and reach nothing more."""
    return min(target.limit, max(_ENOUGH, 2 * max(map(len, seeds), default=0)))


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word)


def main() -> int:
    """Run what is asked for, one after the other; 1 where an input broke a reader."""
    parser = argparse.ArgumentParser(prog="fuzz.drive", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"all, or some of {', '.join(TARGETS)}")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument(
        "--seconds", type=int, default=0, help="end a target after so long (0: when it has done its runs)"
    )
    given = parser.parse_args()
    unknown = set(given.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    failed = False
    for name in given.targets or TARGETS:
        told = run(TARGETS[name], given.runs, given.seconds)
        broken = told.pop("broken")
        print(name, json.dumps(told), *broken, flush=True)
        if broken or not told["runs"]:
            failed = True
            print(f"{name}: broken, or not ended: see {WORK / name / 'log'}", flush=True)
        else:
            record.add(name, told)
    subprocess.run([sys.executable, "-m", "fuzz.reach", *given.targets], check=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
