"""What was worked out before: results kept in the user's own cache folder, under a key that names their inputs.

In go a name, a key and the function that works it out, out comes its result. Nothing depends on it: where the
folder is missing, full, shared with others or broken, the result is worked out anew.
"""

from __future__ import annotations

import contextlib
import copyreg
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import platformdirs

T = TypeVar("T")

_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_CODE = ("signatures", "policy", "model")
"""The modules whose types a kept result is made of."""


def kept(name: str, key: str, make: Callable[[], T]) -> T:
    """Return what ``make`` gave for this ``key`` before, or call it and keep what it gives.

    One result is kept for each ``name``. A kept file is read back only where nobody but this user can have written
    it: reading it runs what it says.
    """
    folder = private_folder()
    if folder is None:
        return make()
    file = folder / f"{name}.pickle"
    whole_key = f"{key} {sys.implementation.cache_tag}"
    found = _read(file, whole_key)
    if found is not None:
        made: T = found[0]
        return made
    made = make()
    _write(file, whole_key, made)
    return made


def private_folder() -> Path | None:
    """Return the cache folder if it is this user's alone, making it where it is missing; ``None`` otherwise."""
    folder = Path(platformdirs.user_cache_dir("camaudit", appauthor=False))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_ours(folder) else None
    except OSError:
        return None


def code_digest(*folders: str) -> str:
    """Return a digest of the code in these folders, by default of that which gives kept results their form."""
    total = hashlib.sha256()
    root = Path(__file__).resolve().parent
    for folder in folders or _CODE:
        for file in sorted((root / folder).glob("*.py")):
            total.update(file.read_bytes())
    return total.hexdigest()


def _is_ours(path: Path) -> bool:
    # Windows has neither owners nor modes of this kind: there nothing is kept.
    me = getattr(os, "geteuid", lambda: None)()
    about = path.lstat()
    return me is not None and about.st_uid == me and not about.st_mode & _OF_OTHERS and not path.is_symlink()


def _read(file: Path, key: str) -> tuple[Any] | None:
    try:
        if not _is_ours(file):
            return None
        with file.open("rb") as stream:
            if stream.readline().decode("ascii", "replace").rstrip("\n") != key:
                return None
            return (pickle.load(stream),)  # noqa: S301 - written by this user alone: see ``kept``
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, TypeError):
        return None


def _write(file: Path, key: str, made: object) -> None:
    """Write beside the file and move it into place; what cannot be kept is not kept."""
    copyreg.pickle(MappingProxyType, as_proxy)
    with contextlib.suppress(OSError, pickle.PicklingError):
        handle, part = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(f"{key}\n".encode("ascii"))
                pickle.dump(made, stream, pickle.HIGHEST_PROTOCOL)
            Path(part).replace(file)
        except (OSError, pickle.PicklingError):
            Path(part).unlink(missing_ok=True)
            raise


def as_proxy(mapping: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    """Return how a mapping that cannot be changed is pickled: its type has no name to refer to it by."""
    return _proxy, (dict(mapping),)


def _proxy(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)
