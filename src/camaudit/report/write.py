"""Report files: in go a ``Report``, the formats and a folder, out come the paths of what was written."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
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


def _prometheus(report: Report) -> Iterable[str]:
    from camaudit.report import prometheus

    return prometheus.pieces(report)


def _ocsf(report: Report) -> Iterable[str]:
    from camaudit.report import ocsf

    return ocsf.pieces(report)


def _cef(report: Report) -> Iterable[str]:
    from camaudit.report import cef

    return cef.pieces(report)


def _jira(report: Report) -> Iterable[str]:
    from camaudit.report.ticket_files import jira

    return jira(report)


def _servicenow(report: Report) -> Iterable[str]:
    from camaudit.report.ticket_files import servicenow

    return servicenow(report)


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
    Format("prometheus", "camaudit.prom", _prometheus, default=False),
    Format("ocsf", "ocsf.jsonl", _ocsf, default=False),
    Format("cef", "camaudit.cef", _cef, default=False),
    Format("tickets", "tickets-jira.csv", _jira, default=False),
    Format("tickets", "tickets-servicenow.csv", _servicenow, default=False),
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
    """Write texts, whole or in pieces, by the names of their files; each file whole or not at all.

    Raises ``RenderError`` where the folder refuses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _collecting_seldom():
            written = (_written(folder / name, text) for name, text in files.items())
            return tuple(path for path in written if path is not None)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"{folder}: the report cannot be written: {reason}; choose another --output") from None


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


def _written(path: Path, text: str | Iterable[str] | Iterable[bytes]) -> Path | None:
    """Write one file; where there is nothing to write, take away that of an earlier report."""
    if text == ():
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(exist_ok=True)
    return _replace(path, (text,) if isinstance(text, str) else text)


def _replace(path: Path, pieces: Iterable[str] | Iterable[bytes]) -> Path:
    """Write beside the file and move it into place, so that a reader never sees half a report."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.writelines(p if isinstance(p, bytes) else p.encode("utf-8", "backslashreplace") for p in pieces)
        return part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
