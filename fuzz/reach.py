"""How much of a reader the inputs reach: ``python -m fuzz.reach TARGET FOLDER`` prints the share of its lines."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import coverage


def main() -> None:
    """Feed every input of a folder again, the lines counted; print hundredths."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    counter = coverage.Coverage(data_file=None, source_pkgs=["camaudit"], config_file=True)
    counter.start()
    from fuzz.targets import TARGETS

    target = TARGETS[name]
    for data in target.seeds():
        target.feed(data)
    for file in sorted(folder.iterdir()):
        target.feed(file.read_bytes())
    counter.stop()
    lines = missed = 0
    for module in target.modules:
        spec = importlib.util.find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        _, here, _, not_run, _ = counter.analysis2(spec.origin)
        lines, missed = lines + len(here), missed + len(not_run)
    print(f"{100 * (lines - missed) / lines:.1f}")


if __name__ == "__main__":
    main()
