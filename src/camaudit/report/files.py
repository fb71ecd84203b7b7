"""Files of a report: in go texts by the names of their files, out come the files, all of them or none."""

from __future__ import annotations

import errno
import gc
import glob
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from camaudit.errors import RenderError

_COLLECT_EVERY = 200_000


def write_files(folder: Path, files: Mapping[str, str | Iterable[str] | Iterable[bytes]]) -> tuple[Path, ...]:
    """Write texts, whole or in pieces, by the names of their files: all of them, or none.

    Raises ``RenderError`` where the folder refuses it.
    """
    parts: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _collecting_seldom():
            for name, text in files.items():
                if text != ():
                    parts[folder / name] = _part(folder / name, (text,) if isinstance(text, str) else text, parts)
        # Only now, when there was room for all: a report of two runs at once would be worse than none.
        for path, part in parts.items():
            part.replace(path)
        for name, text in files.items():
            if text == ():
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "free some space there and run `camaudit report`" if full else "choose another --output"
        reason = error.strerror or str(error)
        raise RenderError(f"{folder}: the report cannot be written: {reason}; {remedy}") from None
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return tuple(parts)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom: a workbook of a million cells makes none, and looking took a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_EVERY, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _part(path: Path, pieces: Iterable[str] | Iterable[bytes], parts: dict[Path, Path]) -> Path:
    """Write beside the file what will be moved into its place, so that a reader never sees half a report."""
    path.parent.mkdir(exist_ok=True)
    _take_away_left_over(path)
    part = parts[path] = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.writelines(p if isinstance(p, bytes) else p.encode("utf-8", "backslashreplace") for p in pieces)
    with suppress(FileNotFoundError):
        # Whoever opened a report to others keeps it so.
        part.chmod(stat.S_IMODE(path.stat().st_mode))
    return part


def _take_away_left_over(path: Path) -> None:
    """Take away what a process that was killed had begun to write."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        number = left.name.removesuffix(".part").rpartition(".")[2]
        if number.isdigit() and not _is_running(int(number)):
            with suppress(OSError):
                left.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass
    return True
