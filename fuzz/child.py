"""One target under atheris, in a process of its own: ``python -m fuzz.child TARGET PACKAGES [flags and folders]``.

``PACKAGES`` are those of the target's readers, with commas between them. Only their lines are followed: that makes
a run twice as fast.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import atheris


def others(packages: frozenset[str]) -> list[str]:
    """Return the modules of camaudit that lie in none of the packages."""
    spec = find_spec("camaudit")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    names = (file.relative_to(root.parent).with_suffix("").parts for file in root.rglob("*.py"))
    # A package's own lines are those of its __init__.
    return [".".join(parts).removesuffix(".__init__") for parts in names if ".".join(parts[:-1]) not in packages]


with atheris.instrument_imports(include=["camaudit"], exclude=others(frozenset(sys.argv[2].split(",")))):
    from fuzz.targets import TARGETS


def main() -> None:
    """Feed the target until libFuzzer has done its runs; an error ends the process with the input kept."""
    target = TARGETS[sys.argv[1]]
    target.feed(b"")  # what is loaded on first use is not counted as slow
    atheris.Setup([sys.argv[0], *sys.argv[3:]], target.feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
