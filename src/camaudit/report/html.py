"""``report.html``: in goes a ``Report``, out comes one page that needs no network and no other file.

The templates, the style and the script lie in ``reports/html``. The page's own policy (CSP) lets nothing run or
load but the one style and the one script whose hashes it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from camaudit.language import ENGLISH, english, language
from camaudit.model import Coverage, HostCoverage, Report
from camaudit.report.asked import with_outcomes
from camaudit.report.audience import sections_of
from camaudit.report.board import board_view
from camaudit.report.change_words import change_words
from camaudit.report.charts import WIDTH, Chart, charts
from camaudit.report.charts_more import more_charts
from camaudit.report.containment import containment, notes_of, snippets
from camaudit.report.costs import cost_view
from camaudit.report.device_view import device_views, filters, signs_of
from camaudit.report.documents import documents
from camaudit.report.foreign import with_languages
from camaudit.report.grouped import groups, waived
from camaudit.report.page_data import Shown, page_data
from camaudit.report.placed import counted, row_views
from camaudit.report.plan_view import progress_view, step_views
from camaudit.report.reach import causes, protocols, restraint
from camaudit.report.readers import BOARD
from camaudit.report.sentences import answer
from camaudit.report.since_view import since_view
from camaudit.report.summary import STRIP, counts, instruments, judged, name_of, questions
from camaudit.report.templates import content_policy, environment, file_text, linked, paragraphs
from camaudit.report.trend_view import trend_view
from camaudit.report.words import Words, remedy, words
from camaudit.resources import data_folder

__all__ = ["compile_templates", "drawn", "linked", "paragraphs", "pieces", "render"]

_MAX_HOSTS = 1024
_MAX_SNIPPET = 12_000
_TELLING = ("answered", "error")


def render(report: Report) -> str:
    """Return the whole report as one HTML page."""
    return "".join(pieces(report))


def compile_templates() -> None:
    """Compile every template and read every word, so that only filling in is left."""
    words()
    made = environment()
    for file in data_folder("reports").joinpath("html").iterdir():
        if file.name.endswith(".j2"):
            made.get_template(file.name)


def pieces(report: Report) -> Iterator[str]:
    """Yield the text of ``render`` bit by bit: the page of a fleet of thousands is never held whole."""
    catalogue = words(marked=True)
    if report.audience == BOARD:
        yield from _spoken(_board(report, catalogue))
        return
    views = device_views(judged(report), report.names, catalogue, report.locations)
    # Worked out once: of twenty thousand devices each of these takes its time.
    held = _held(report, catalogue)
    sections = tuple(name for name in sections_of(report.audience) if held.get(name, True))
    hosts, cited = _hosts(report.coverage), instruments(report)
    signs = signs_of(views) if "signs" in sections else ()
    style, script = file_text("style.css"), file_text("script.js")
    data = page_data(Shown(report, views, signs, cited, hosts, catalogue, frozenset(sections)))
    values = {
        **_of_the_plan(report, catalogue),
        **held,
        "sections": sections,
        "number_of": {c.citation.instrument: n for n, c in enumerate(cited, start=1)},
        "by_id": {view.device.id: view for view in views},
        "others": sum(not view.is_video for view in views),
        "instruments": cited,
        "style": Markup(style),  # noqa: S704 - our own file, not what a device wrote
        "script": Markup(script),  # noqa: S704 - our own file, not what a device wrote
        "data": Markup(data),  # noqa: S704 - JSON without a character that could end or begin an element
        "policy": content_policy(style, script),
        "signs": signs,
        "hosts": hosts,
        "filters": filters(views, report.names, catalogue),
        "protocols": protocols(report.coverage),
        "restraint": restraint(report.coverage),
        "causes": [catalogue.causes[name] for name in causes(report)],
    }
    yield from _spoken(environment().get_template("report.html.j2").generate(**values))


def _spoken(pieces: Iterator[str]) -> Iterator[str]:
    """Yield a page with what is still English marked as such; a page in English has nothing to mark."""
    yield from pieces if language() == ENGLISH else with_languages(pieces)


def _board(report: Report, catalogue: Words) -> Iterator[str]:
    style = file_text("style.css")
    values = {
        **_of_the_words(report, catalogue, counts(report)),
        "board": board_view(report, catalogue),
        "style": Markup(style),  # noqa: S704 - our own file, not what a device wrote
        "policy": content_policy(style),
    }
    yield from environment().get_template("board.html.j2").generate(**values)


def _held(report: Report, catalogue: Words) -> dict[str, object]:
    """Return what the sections show, by the names of the sections where one is empty without it."""
    number, found, grouped = counts(report), waived(report), groups(report)
    video = number["video"]
    return {
        **_of_the_words(report, catalogue, number),
        "containment": _containment(report),
        "nothing": not video,
        "background": report.background is not None,
        "changes": report.since is not None or report.trend is not None,
        "plan": bool(report.plan or report.progress),
        "groups": grouped,
        "findings": bool(grouped),
        "devices": bool(video),
        "instruments": any(finding.citations for finding in report.findings),
        "questions": with_outcomes(questions(report), report.names, catalogue),
        "documents": documents(instruments(report)),
        "register": row_views(report, catalogue),
        "register_counts": counted(report, catalogue),
        "waived": found,
        "waivers": bool(found),
        "signs": any(device.identification.evidence for device in report.devices),
    }


def _of_the_words(report: Report, catalogue: Words, number: Mapping[str, int]) -> dict[str, object]:
    return {
        "report": report,
        "w": catalogue,
        "policy_name": lambda policy: name_of(report.names, policy),
        "answer": answer(report, catalogue, english),
        "counts": number,
        "charts": (*charts(report, catalogue), *more_charts(report, catalogue)),
        "chart_width": WIDTH,
        "strip": STRIP,
    }


def _of_the_plan(report: Report, catalogue: Words) -> dict[str, object]:
    return {
        "steps": step_views(report, catalogue),
        "costs": cost_view(report, catalogue),
        "progress": progress_view(report, catalogue),
        "since": since_view(report, catalogue),
        "trend": trend_view(report, catalogue),
        "more_words": change_words().since["more"],
        "first_of": {step.action: step.order for step in reversed(report.plan)},
        "remedies": {step.action: paragraphs(remedy(step.action)) for step in report.plan},
    }


def _containment(report: Report) -> dict[str, object]:
    """Return the rules to paste; those of a fleet of thousands lie in their files only."""
    found = containment(report)
    if found is None:
        return {}
    shown = ((name, text if len(text) <= _MAX_SNIPPET else "") for name, text in snippets(found))
    return {"notes": notes_of(found), "snippets": tuple(shown)}


def _hosts(coverage: Coverage) -> tuple[HostCoverage, ...]:
    """Return the addresses to list: all of a small site, of a large one those that something came of."""
    if len(coverage.hosts) <= _MAX_HOSTS:
        return coverage.hosts
    return tuple(host for host in coverage.hosts if host.outcome in _TELLING)


def drawn(chart: Chart, width: int, style: str) -> str:
    """Return a chart as an SVG file of its own, with ``style`` in it."""
    looks = Markup(style)  # noqa: S704 - our own file, not what a device wrote
    return environment().get_template("chart.svg.j2").render(chart=chart, chart_width=width, style=looks)
