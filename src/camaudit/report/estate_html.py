"""``estate.html``: in goes an ``EstateReport``, out comes one page without a script that needs no other file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from camaudit import __version__
from camaudit.report import templates
from camaudit.report.estate import EstateReport, SiteLine, cost_text
from camaudit.report.estate_budget import Row
from camaudit.report.estate_words import EstateWords, estate_words
from camaudit.report.safe import visible
from camaudit.report.words import words as spoken

_KEYS = ("name", "area", "state", "video", "violations", "reviews", "compliant", "due", "cost")
_MOST_RANKED = 100
_MOST_LISTED = 2500
"""Sites in the table of the worst, and on the page: a page of 20,000 sites nobody opens."""
_MOST_NAMES = 30
_BUDGET = ("term", "action", "sites", "units", "cost", "unpriced")


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    page: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of sites; ``note`` stands above it, and where it is ``folded`` the reader opens it."""

    title: str
    rows: tuple[_Row, ...]
    note: str = ""
    folded: bool = False


def render(report: EstateReport, pages: Mapping[str, str]) -> str:
    """Return the page; ``pages`` holds the address of each site's own report, where there is one."""
    words, totals = estate_words(), report.totals
    style = templates.style()
    return templates.template("estate.html.j2").render(
        report=report,
        totals=totals,
        e=words,
        keys=_KEYS,
        answer=answer(report),
        more=more(report),
        gaps=tuple(gaps(report, _MOST_NAMES)),
        makers=[(report.names.get(maker, maker), number) for maker, number in totals.makers.items()],
        tables=tuple(_tables(report, words, pages)),
        budget_keys=_BUDGET,
        budget=[_budget_row(row, words) for row in report.budget],
        policy=templates.content_policy(style),
        style=Markup(style),  # noqa: S704 - our own file, not what a device wrote
        version=__version__,
    )


def _tables(report: EstateReport, words: EstateWords, pages: Mapping[str, str]) -> Iterator[_Table]:
    lines, number = report.lines, len(report.lines)
    listed = lines[:_MOST_LISTED]
    note = words.too_many.format(shown=len(listed), all=number) if len(listed) < number else ""
    ranked = listed if number <= _MOST_RANKED else listed[:_MOST_RANKED]
    worst = words.worst.format(shown=len(ranked), all=number) if len(ranked) < number else ""
    yield _Table(words.sections["sites"], tuple(_row(line, words, pages) for line in ranked), worst)
    if report.areas:
        yield _Table(words.sections["areas"], tuple(_row(line, words, {}) for line in report.areas))
    if len(ranked) < number:
        found = sorted(listed, key=lambda line: (line.area, line.name or line.id))
        yield _Table(words.sections["all"], tuple(_row(line, words, pages) for line in found), note, folded=True)


def _budget_row(row: Row, words: EstateWords) -> tuple[str, ...]:
    return (
        _term(row.term, words),
        spoken().actions.get(row.action, row.action),
        f"{row.sites:,}",
        f"{row.units:,}",
        cost_text(row.cost),
        f"{row.unpriced:,}" if row.unpriced else "",
    )


def _term(term: str, words: EstateWords) -> str:
    """Return a third of a year as its first and last month; ``overdue`` and no day have words of their own."""
    if term in words.terms:
        return words.terms[term]
    if not term:
        return words.terms["none"]
    first = date.fromisoformat(term)
    return words.terms["term"].format(first=f"{first:%Y-%m}", last=f"{first:%Y}-{first.month + 3:02}")


def gaps(report: EstateReport, most_names: int) -> Iterator[str]:
    """Yield which sites are not known well: never scanned, waiting, late, in part; each by its name."""
    words, lines = estate_words(), sorted(report.lines, key=lambda line: line.name or line.id)
    late = [line for line in lines if report.is_late(line)]
    kinds = (
        ("never", [_name(line) for line in lines if line.state == "never"]),
        ("waiting", [words.since.format(name=_name(line), day=line.waiting) for line in lines if line.waiting]),
        ("late", [f"{_name(line)} ({line.scanned})" for line in late]),
        ("partly", [_name(line) for line in lines if line.state == "partly"]),
    )
    for kind, names in kinds:
        if names:
            shown = ", ".join(names[:most_names])
            if len(names) > most_names:
                shown = words.more_names.format(names=shown, n=len(names) - most_names)
            yield words.gaps[kind].format(n=len(names), names=shown, days=report.late_after)


def _name(line: SiteLine) -> str:
    return visible(line.name or line.id, 60)


def answer(report: EstateReport) -> str:
    """Return the sentence that a reader needs first."""
    words, sites = estate_words(), len(report.lines)
    if all(line.state == "never" for line in report.lines):
        return words.answer["nothing"]
    broken = sum(line.counts["violations"] > 0 for line in report.lines)
    return words.answer["some" if broken else "none"].format(**report.totals.counts, sites=broken, all=sites)


def more(report: EstateReport) -> tuple[str, ...]:
    """Return what has to be known beside it: what is open, what was not reached, what it costs."""
    words, totals = estate_words(), report.totals
    missed = sum(line.state != "complete" for line in report.lines)
    found = (
        words.open.format(**totals.counts) if totals.counts["reviews"] else "",
        words.missing.format(sites=missed, all=len(report.lines)) if missed else "",
        words.money.format(cost=cost_text(totals.cost)) if totals.cost else "",
    )
    return tuple(filter(None, found))


def _row(line: SiteLine, words: EstateWords, pages: Mapping[str, str]) -> _Row:
    texts = {"area": line.area, "state": words.states[line.state], "due": line.due, "cost": cost_text(line.cost)}
    shown = {**{key: f"{number:,}" for key, number in line.counts.items()}, **texts}
    return _Row(line.name or line.id, pages.get(line.id, ""), tuple(shown[key] for key in _KEYS[1:]))
