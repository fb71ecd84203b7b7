"""How much of each reader the inputs reach: ``python -m fuzz.reach [TARGET...]`` notes the share of its lines."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import coverage

WORK = Path(".fuzz")


def main() -> None:
    """Feed every input that the runs kept again, the lines counted apart for each target."""
    counter = coverage.Coverage(data_file=None, source_pkgs=["camaudit"], config_file=False)
    counter.start()
    from fuzz import record
    from fuzz.targets import TARGETS

    names = [name for name in sys.argv[1:] or TARGETS if name in record.read()]
    for name in names:
        counter.switch_context(name)
        inputs = sorted((WORK / name / "inputs").glob("*"))
        for data in (*TARGETS[name].seeds(), *(file.read_bytes() for file in inputs)):
            TARGETS[name].feed(data)
    counter.stop()
    known = counter.get_data()
    for name in names:
        lines = run = 0
        # What was run before the first target, on import, is every target's.
        known.set_query_contexts([f"^{name}$", "^$"])
        for module in TARGETS[name].modules:
            spec = importlib.util.find_spec(module)
            assert spec is not None
            assert spec.origin is not None
            _, here, _, _, _ = counter.analysis2(spec.origin)
            lines, run = lines + len(here), run + len(set(here) & set(known.lines(spec.origin) or ()))
        record.note(name, lines=round(100 * run / lines, 1))


if __name__ == "__main__":
    main()
