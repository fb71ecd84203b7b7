"""Where the data of camaudit lies: ``signatures``, ``policies`` and ``reports``.

In goes the name of a data folder, out comes a ``Traversable``. It works from a wheel, a zip, ``--target`` and an
editable checkout alike, so callers keep to ``/``, ``iterdir`` and ``read_text`` and never ask for a ``Path``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from camaudit.errors import UsageError


@lru_cache(maxsize=1)
def data_root() -> Traversable:
    """Return the folder that holds the data folders."""
    packaged = files("camaudit") / "_data"
    if packaged.is_dir():
        return packaged
    # An editable install has no _data: the data is read from the checkout, so that an edit shows at once.
    return Path(__file__).resolve().parent.parent.parent


def data_folder(name: str, override: Path | None = None) -> Traversable:
    """Return the data folder ``name``, or the operator's own folder in its place."""
    if override is not None:
        if not override.is_dir():
            raise UsageError(f"{override}: no such folder; give the folder that holds the {name}")
        return override
    return data_root() / name


def yaml_files(folder: Traversable) -> Iterator[Traversable]:
    """Yield every YAML file below ``folder``, in the order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from yaml_files(entry)
        elif entry.name.endswith((".yaml", ".yml")) and not entry.name.startswith("."):
            yield entry


def yaml_digest(folder: Traversable) -> str:
    """Return what names this exact state of the YAML files below ``folder``."""
    total = hashlib.sha256()
    for file in yaml_files(folder):
        total.update(file.read_bytes())
    return f"sha256:{total.hexdigest()}"


def shown_path(file: Traversable) -> str:
    """Return the path of a data file as the reader knows it: relative to the data root or the current folder."""
    text = str(file)
    for base in (str(data_root()), str(Path.cwd())):
        if text.startswith(base.rstrip("/") + "/"):
            return text[len(base.rstrip("/")) + 1 :]
    return text
