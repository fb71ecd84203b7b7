"""``tickets-jira.csv`` and ``tickets-servicenow.csv``: in goes a ``Report``, out come the lines of the file.

No byte order mark, which an importer takes for a part of the first heading. No cell starts a formula, and what a
device wrote is neither markup to Jira nor code to ServiceNow.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from camaudit.errors import DataFileError
from camaudit.model import Report
from camaudit.report.csv import cell
from camaudit.report.safe import plain
from camaudit.report.tickets import Ticket, tickets
from camaudit.resources import shown_path

JIRA = (
    "Issue Key",
    "External Issue ID",
    "Summary",
    "Description",
    "Issue Type",
    "Priority",
    "Status",
    "Due Date",
    "Labels",
    "Labels",
    "Labels",
)
SERVICENOW = (
    "correlation_id",
    "correlation_display",
    "short_description",
    "description",
    "impact",
    "urgency",
    "state",
    "due_date",
    "u_action",
    "u_site",
    "u_who",
)
_PRIORITIES = {1: "High", 2: "Medium", 3: "Low"}
_MARKUP = re.compile(r"([\\{}\[\]!|*_^~])")
_CODE = re.compile(r"\[(/?)code\]", re.IGNORECASE)
_OURS = re.compile(r"camaudit-[0-9a-f]{8}-[0-9a-f]{10}(?:-[0-9]+)?")
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,30}-[0-9]{1,12}")
_MAX_LINE = 1000
_MAX_FILE = 64 * 1024 * 1024


def jira(report: Report, keys: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the file for Jira; ``keys`` are the issues that exist already, by the id of their ticket."""
    yield _row(JIRA)
    for each in tickets(report):
        said = _lines(each, lambda text: _MARKUP.sub(r"\\\1", text))
        done = "Done" if each.closed else "To Do"
        labels = ("camaudit", each.id, f"camaudit-{each.action}")
        head = ((keys or {}).get(each.id, ""), each.id, each.summary, said, "Task", _PRIORITIES[each.urgency])
        yield _row((*head, done, each.due.isoformat() if each.due else "", *labels))


def servicenow(report: Report) -> Iterator[str]:
    """Yield the file for ServiceNow; ``correlation_id`` is what to coalesce on."""
    yield _row(SERVICENOW)
    for each in tickets(report):
        said = _lines(each, lambda text: _CODE.sub(r"(\1code)", text))
        due = f"{each.due.isoformat()} 23:59:59" if each.due else ""
        level = str(each.urgency)
        head = (each.id, "camaudit", each.summary, said, level, level, "Closed" if each.closed else "Open")
        yield _row((*head, due, each.action, each.site, each.who))


def _lines(ticket: Ticket, escape: Callable[[str], str]) -> str:
    return "\n".join(f"{line.ours}{escape(line.said)}" for line in ticket.lines)


def _row(cells: Sequence[str]) -> str:
    quoted = (_cell(text).replace('"', '""') for text in cells)
    return ",".join(f'"{text}"' for text in quoted) + "\r\n"


def _cell(text: str) -> str:
    # Only the beginning of a cell starts a formula; a list inside one may begin its lines with a dash.
    first, *others = text.split("\n")
    return "\n".join((cell(first), *(plain(line, _MAX_LINE) for line in others)))


def keys_of(file: Path) -> dict[str, str]:
    """Read which issue each ticket is from an export of Jira: its key, and our id in a label or another column.

    Raises ``DataFileError`` where the file is no such export.
    """
    name = shown_path(file)
    try:
        if file.stat().st_size > _MAX_FILE:
            raise DataFileError((f"{name}:1: larger than {_MAX_FILE} bytes; is this the right file?",))
        text = file.read_text("utf-8-sig")
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except OSError as error:
        raise DataFileError((f"{name}:1: cannot be read: {error.strerror}; check the path",)) from None
    except (UnicodeDecodeError, csv.Error):
        raise DataFileError(
            (f"{name}:1: no CSV in UTF-8; export the issues from Jira as CSV (all fields)",)
        ) from None
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    if "issue key" not in heads:
        raise DataFileError((f"{name}:1: no column 'Issue key'; export the issues from Jira as CSV (all fields)",))
    place = heads.index("issue key")
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        key = row[place].strip() if place < len(row) else ""
        ids = {part for text in row for part in text.split() if _OURS.fullmatch(part)}
        if len(ids) == 1 and _KEY.fullmatch(key):
            ours = ids.pop()
            if found.setdefault(ours, key) != key:
                raise DataFileError(
                    (f"{name}:{number}: {key} and {found[ours]} are the same ticket; close one of them in Jira",)
                )
    return found
