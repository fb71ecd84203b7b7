"""One target under atheris, in a process of its own: ``python -m fuzz.child TARGET [flags and folders]``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["camaudit"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Feed the target until libFuzzer has done its runs; an error ends the process with the input kept."""
    target = TARGETS[sys.argv[1]]
    target.feed(b"")  # what is loaded on first use is not counted as slow
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target.feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
