"""``estate.html``: in goes an ``EstateReport``, out comes one page without a script that needs no other file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from camaudit import __version__
from camaudit.report import templates
from camaudit.report.estate import EstateReport, SiteLine, cost_text
from camaudit.report.estate_words import EstateWords, estate_words

_KEYS = ("name", "area", "state", "video", "violations", "reviews", "compliant", "due", "cost")


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    page: str
    cells: tuple[str, ...]


def render(report: EstateReport, pages: Mapping[str, str]) -> str:
    """Return the page; ``pages`` holds the address of each site's own report, where there is one."""
    words, totals = estate_words(), report.totals
    style = templates.style()
    tables = [(words.sections["sites"], [_row(line, words, pages) for line in report.lines])]
    if report.areas:
        tables.append((words.sections["areas"], [_row(line, words, {}) for line in report.areas]))
    return templates.template("estate.html.j2").render(
        report=report,
        totals=totals,
        e=words,
        keys=_KEYS,
        answer=answer(report),
        more=more(report),
        makers=[(report.names.get(maker, maker), number) for maker, number in totals.makers.items()],
        tables=tables,
        policy=templates.content_policy(style),
        style=Markup(style),  # noqa: S704 - our own file, not what a device wrote
        version=__version__,
    )


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
