"""``report.html``: in goes a ``Report``, out comes one page that needs no network and no other file.

The templates, the style and the script lie in ``reports/html``. The page's own policy (CSP) lets nothing run or
load but the one style and the one script whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from camaudit.model import Coverage, HostCoverage, Report
from camaudit.report import background
from camaudit.report.charts import WIDTH, Chart, charts
from camaudit.report.device_view import DeviceView, device_views, filters, signs_of
from camaudit.report.grouped import groups, waived
from camaudit.report.page_data import Shown, page_data
from camaudit.report.placed import counted, row_views
from camaudit.report.places import in_short
from camaudit.report.reach import causes, protocols
from camaudit.report.safe import visible
from camaudit.report.sentences import answer, four_answers
from camaudit.report.summary import STRIP, counts, instruments, judged, name_of, questions
from camaudit.report.words import remedy, words
from camaudit.resources import data_folder

Block = tuple[str, tuple[str, ...]]
_LINKED = ("http", "https")
_MAX_HOSTS = 1024
_SHORT = 400
_TELLING = ("answered", "error")


def render(report: Report) -> str:
    """Return the whole report as one HTML page."""
    return "".join(pieces(report))


def compile_templates() -> None:
    """Compile every template and read every word, so that only filling in is left."""
    words()
    environment = _environment()
    for file in data_folder("reports").joinpath("html").iterdir():
        if file.name.endswith(".j2"):
            environment.get_template(file.name)


def pieces(report: Report) -> Iterator[str]:
    """Yield the text of ``render`` bit by bit: the page of a fleet of thousands is never held whole."""
    catalogue = words()
    views = device_views(judged(report), report.names, catalogue)
    cited = instruments(report)
    signs = signs_of(views)
    hosts = _hosts(report.coverage)
    style, script = _file("style.css"), _file("script.js")
    data = page_data(Shown(report, views, signs, cited, hosts, catalogue))
    page = _environment().get_template("report.html.j2")
    yield from page.generate(
        report=report,
        w=catalogue,
        number_of={c.citation.instrument: n for n, c in enumerate(cited, start=1)},
        policy_name=lambda policy: name_of(report.names, policy),
        answer=answer(report, catalogue),
        counts=counts(report),
        charts=charts(report, catalogue),
        chart_width=WIDTH,
        groups=groups(report),
        by_id={view.device.id: view for view in views},
        others=sum(not view.is_video for view in views),
        questions=questions(report),
        instruments=cited,
        waived=waived(report),
        first_of={step.action: step.order for step in reversed(report.plan)},
        remedies={step.action: paragraphs(remedy(step.action)) for step in report.plan},
        style=Markup(style),  # noqa: S704 - our own file, not what a device wrote
        script=Markup(script),  # noqa: S704 - our own file, not what a device wrote
        data=Markup(data),  # noqa: S704 - JSON without a character that could end or begin an element
        policy=content_policy(style, script),
        signs=signs,
        strip=STRIP,
        hosts=hosts,
        filters=filters(views, report.names, catalogue),
        protocols=protocols(report.coverage),
        register=row_views(report, catalogue),
        register_counts=counted(report, catalogue),
        causes=[catalogue.causes[name] for name in causes(report)],
    )


def drawn(chart: Chart, width: int, style: str) -> str:
    """Return a chart as an SVG file of its own, with ``style`` in it."""
    looks = Markup(style)  # noqa: S704 - our own file, not what a device wrote
    return _environment().get_template("chart.svg.j2").render(chart=chart, chart_width=width, style=looks)


def _hosts(coverage: Coverage) -> tuple[HostCoverage, ...]:
    """Return the addresses to list: all of a small site, of a large one those that something came of."""
    if len(coverage.hosts) <= _MAX_HOSTS:
        return coverage.hosts
    return tuple(host for host in coverage.hosts if host.outcome in _TELLING)


def content_policy(style: str, script: str) -> str:
    """Return the content security policy that lets exactly this style and this script work."""
    return (
        "default-src 'none'; "
        f"style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def paragraphs(text: str) -> tuple[Block, ...]:
    """Return the paragraphs (``p``) and lists (``ul``) of a page in plain text; nothing else is understood."""
    blocks: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.strip().splitlines() if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("- "):
            items = "\n".join(lines).removeprefix("- ").split("\n- ")
            blocks.append(("ul", tuple(" ".join(item.split()) for item in items)))
        else:
            blocks.append(("p", (" ".join(lines),)))
    return tuple(blocks)


def linked(url: str) -> str:
    """Return a web address that may stand in a link, else nothing: ``javascript:`` and the like are text only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in _LINKED and parts.netloc else ""


def _shown(value: object) -> object:
    """Make every text that a template prints visible, whoever wrote it; ``Markup`` is our own."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _escaped(value) if len(value) <= _SHORT else escape(visible(value))
    return value


@lru_cache(maxsize=16384)
def _escaped(text: str) -> Markup:
    """Return a short text made visible and escaped; a report says most of its words thousands of times."""
    return escape(visible(text))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(four_answers=four_answers, reported=background.reported, stated=background.stated)
    environment.filters.update(
        linked=linked,
        clip=visible,
        day=_day,
        in_short=in_short,
        addresses=_addresses,
        upper_first=_upper_first,
        lower_first=_lower_first,
    )
    return environment


def _addresses(ids: Iterable[str], by_id: Mapping[str, DeviceView]) -> list[str]:
    return [by_id[device].device.address for device in ids]


def _day(day: date | None) -> str:
    return words().day(day) if day else ""


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def template(name: str) -> Template:
    """Return one of the house's page templates, for a page of another kind."""
    return _environment().get_template(name)


def style() -> str:
    """Return the style that all pages share."""
    return _file("style.css")


def _file(name: str) -> str:
    return (data_folder("reports") / "html" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
