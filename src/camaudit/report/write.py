"""Report files: in go a ``Report``, the formats and a folder, out come the paths of what was written."""

from __future__ import annotations

import errno
import gc
import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from camaudit.errors import RenderError, UsageError
from camaudit.model import Report

_COLLECT_EVERY = 200_000


def _nothing() -> None:
    """Get nothing ready."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file of a report: the name of its format on the command line, its own, and the function that renders it.

    A format of two files has two entries; one that renders nothing, an empty tuple, has no file. ``get_ready``
    does ahead of time what needs no report; ``default`` says whether it is written when no format is asked for.
    """

    name: str
    file: str
    render: Callable[[Report], Iterable[str] | Iterable[bytes]]
    get_ready: Callable[[], None] = _nothing
    default: bool = True


def _html(report: Report) -> Iterable[str]:
    from camaudit.report import html

    return html.pieces(report)


def _ready_for_html() -> None:
    from camaudit.report import html

    html.compile_templates()


def _json(report: Report) -> Iterable[str]:
    from camaudit.report import json

    return json.pieces(report)


def _csv(report: Report) -> Iterable[str]:
    from camaudit.report import csv

    return (csv.render(report),)


def _findings(report: Report) -> Iterable[str]:
    from camaudit.report import csv

    return csv.findings(report)


def _reconciled(report: Report) -> Iterable[str]:
    from camaudit.report import csv

    return csv.reconciled(report) if report.reconciled else ()


def _plan(report: Report) -> Iterable[str]:
    from camaudit.report import csv

    return csv.plan(report)


def _xlsx(report: Report) -> Iterable[bytes]:
    from camaudit.report import xlsx

    return xlsx.pieces(report)


def _containment(kind: str) -> Callable[[Report], Iterable[str]]:
    def render(report: Report) -> Iterable[str]:
        from camaudit.report.containment import snippet

        text = snippet(report, kind)
        return (text,) if text else ()

    return render


CONTAINMENT = ("nftables.nft", "cisco-ios.txt", "mikrotik.rsc", "opnsense.txt", "others.csv")
"""The files of firewall rules, each with a template of its name in ``reports/containment``."""


def _pdf(report: Report) -> Iterable[bytes]:
    from camaudit.report import pdf

    return pdf.pieces(report)


def _ready_for_pdf() -> None:
    from camaudit.report import pdf

    pdf.get_ready()


def _ready_for_xlsx() -> None:
    import camaudit.report.quick_sheet
    import camaudit.report.xlsx  # noqa: F401 - loaded for later


def _oscal(report: Report) -> Iterable[str]:
    from camaudit.report import oscal

    return oscal.pieces(report)


def _cyclonedx(report: Report) -> Iterable[str]:
    from camaudit.report import cyclonedx

    return cyclonedx.pieces(report)


# Each is loaded when it is written: knowing their names must cost nothing.
FORMATS: tuple[Format, ...] = (
    Format("html", "report.html", _html, _ready_for_html),
    Format("pdf", "report.pdf", _pdf, _ready_for_pdf),
    Format("json", "report.json", _json),
    Format("csv", "register.csv", _csv),
    Format("csv", "findings.csv", _findings),
    Format("csv", "plan.csv", _plan),
    Format("csv", "reconciled.csv", _reconciled),
    *(Format("containment", f"containment/{kind}", _containment(kind)) for kind in CONTAINMENT),
    Format("xlsx", "register.xlsx", _xlsx, _ready_for_xlsx),
    Format("oscal", "oscal.json", _oscal, default=False),
    Format("cyclonedx", "cyclonedx.json", _cyclonedx, default=False),
)
"""Every format; a new one is a module and a line here."""
NAMES = tuple(dict.fromkeys(each.name for each in FORMATS))
"""The formats that can be asked for."""
DEFAULT = tuple(dict.fromkeys(each.name for each in FORMATS if each.default))
"""The formats that are written when none is asked for."""


def get_ready() -> None:
    """Load and compile ahead of time what the formats need."""
    for each in FORMATS:
        each.get_ready()


def write(report: Report, formats: Iterable[str], folder: Path) -> tuple[Path, ...]:
    """Write a report in each format, whole or not at all; raise ``RenderError`` where the folder refuses it."""
    wanted = [each for name in dict.fromkeys(formats) for each in _files(name)]
    return write_files(folder, {each.file: each.render(report) for each in wanted})


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


def _files(name: str) -> list[Format]:
    found = [each for each in FORMATS if each.name == name]
    if not found:
        raise UsageError(f"--format {name}: no such format; choose from {', '.join(NAMES)}")
    return found


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
