"""``report.pdf``: in goes a ``Report``, out comes a tagged PDF that archives (PDF/A-3a) and screen readers
(PDF/UA-1) take, with ``report.json`` attached.

The document is ``reports/pdf/report.typ``; what it says reaches it as JSON, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from camaudit.errors import RenderError
from camaudit.model import Report
from camaudit.report import json as report_json
from camaudit.report.format_words import format_words
from camaudit.report.legible import STANDARDS, made_visible, refused, spelled_out, unusual
from camaudit.report.pdf_data import pdf_data
from camaudit.resources import data_folder

MAX_ATTACHED = 24 * 1024 * 1024
"""Characters of a report.json that is attached; typst holds it in memory several times."""


def pieces(report: Report) -> Iterator[bytes]:
    """Yield the PDF's bytes; raise RenderError where it cannot be made."""
    attached = _attached(report)
    data = made_visible(pdf_data(report, _file("chart.css"), attached is not None))
    signs = unusual(data)
    # The fonts that typst brings are the same everywhere; the machine's own are searched for other scripts only.
    missing = refused(signs, system_fonts=False)
    others = bool(missing)
    if missing:
        missing = refused(signs, system_fonts=True)
    try:
        yield _compiled(_said(data, missing), attached or "", others, report)
    except _Refused:
        # A sign may print alone and not beside another: then all unusual ones are spelled out.
        yield _compiled_at_last(_said(data, signs), attached or "", report)


def get_ready() -> None:
    """Load what makes a PDF, and its words."""
    import typst

    format_words()
    typst.Fonts(include_system_fonts=False)


class _Refused(Exception):
    """Typst said no; the text of the exception is why."""


def _said(data: Any, missing: frozenset[str]) -> Any:
    if not missing:
        return data
    said = spelled_out(data, missing)
    return {**said, "limits": [*said["limits"], format_words().pdf["spelled"]]}


def _compiled_at_last(data: Any, attached: str, report: Report) -> bytes:
    try:
        return _compiled(data, attached, False, report)
    except _Refused as error:
        raise RenderError(f"report.pdf cannot be made: {error}; choose another --format") from None


def _compiled(data: Any, attached: str, system_fonts: bool, report: Report) -> bytes:
    import typst

    started = report.run.started if report.run.started.tzinfo else report.run.started.replace(tzinfo=UTC)
    try:
        made: bytes = typst.compile(
            _file("report.typ").encode(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False), "report": attached},
            pdf_standards=[*STANDARDS],
            font_paths=typst.Fonts(include_system_fonts=system_fonts),
            # The time of the scan, not of the writing: the same report is the same file.
            timestamp=int(started.timestamp()),
        )
    except typst.TypstError as error:
        raise _Refused(error.message) from None
    return made


def _attached(report: Report) -> str | None:
    """Return report.json as it is written beside the PDF, or nothing where it is too large."""
    parts: list[str] = []
    size = 0
    for part in report_json.pieces(report):
        parts.append(part)
        size += len(part)
        if size > MAX_ATTACHED:
            return None
    return "".join(parts)


def _file(name: str) -> str:
    return (data_folder("reports") / "pdf" / name).read_text(encoding="utf-8")
