"""Whether the packaged knowledge is byte for byte what the tests have proven; then it may be loaded at leisure.

In go the data files, out comes a digest, and the catalogue now or a moment later. A file that somebody has edited,
and any folder of the operator's own, is loaded and checked before the first packet.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from camaudit.resources import data_folder, yaml_files

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue

PROVEN = "proven.txt"
"""Holds the digest of the knowledge that the tests have proven; ``make proven`` writes it."""

_LEISURE_S = 0.5
"""When most of a scan's packets have left and it waits: until then the knowledge would only be in the way."""


def digest() -> str:
    """Return the SHA-256 of all packaged signatures and policies, names and texts."""
    total = hashlib.sha256()
    for folder in ("signatures", "policies"):
        for file in yaml_files(data_folder(folder)):
            text = file.read_bytes()
            total.update(f"{folder}/{file.name}\0{len(text)}\0".encode())
            total.update(text)
    return total.hexdigest()


def is_proven() -> bool:
    """Return whether the packaged knowledge is what the tests have proven."""
    proven = files("camaudit") / PROVEN
    return proven.is_file() and proven.read_text("ascii").strip() == digest()


def _nothing() -> None:
    """Get nothing else ready."""


def catalogue_at_leisure(
    signatures: Path | None, policies: Path | None, *, now: bool, ready: Callable[[], None] = _nothing
) -> Callable[[], Catalogue]:
    """Return a function that gives the catalogue.

    ``ready`` gets ready what judging and reporting will need besides; it is called in the same quiet moment, and
    not at all where the catalogue is loaded at once.

    With folders of the operator's own, with edited files or where it is wanted ``now``, it is loaded before this
    returns; raises DataFileError with a line for each problem.
    """
    if now or signatures is not None or policies is not None or not is_proven():
        from camaudit.catalogue import load_catalogue

        loaded = load_catalogue(signatures, policies)
        return lambda: loaded
    wanted = threading.Event()

    def load() -> Catalogue:
        wanted.wait(_LEISURE_S)
        from camaudit.catalogue import load_catalogue

        found = load_catalogue()
        ready()
        return found

    later = ThreadPoolExecutor(1, "knowledge").submit(load)

    def give() -> Catalogue:
        wanted.set()
        return later.result()

    return give
