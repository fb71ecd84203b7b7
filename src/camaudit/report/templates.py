"""The templates of the HTML page and what they print by: in go names and values, out comes inert markup."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from camaudit.report import background
from camaudit.report.device_view import DeviceView
from camaudit.report.places import in_short
from camaudit.report.safe import visible
from camaudit.report.sentences import four_answers
from camaudit.report.words import words
from camaudit.resources import data_folder

Block = tuple[str, tuple[str, ...]]
_LINKED = ("http", "https")
_SHORT = 400


def content_policy(page_style: str, script: str = "") -> str:
    """Return the content security policy that lets exactly this style and this script, or no script, work."""
    scripts = f"script-src 'sha256-{_digest(script)}'; " if script else ""
    styles = f"style-src 'sha256-{_digest(page_style)}'; "
    return f"default-src 'none'; {styles}{scripts}base-uri 'none'; form-action 'none'"


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
def environment() -> Environment:
    """Return the templates of the page: whatever they print is made visible and escaped."""
    made = Environment(
        loader=FunctionLoader(file_text),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(four_answers=four_answers, reported=background.reported, stated=background.stated)
    made.filters.update(
        linked=linked,
        clip=visible,
        day=_day,
        in_short=in_short,
        addresses=_addresses,
        as_lines=_as_lines,
        upper_first=_upper_first,
        lower_first=_lower_first,
    )
    return made


def _addresses(ids: Iterable[str], by_id: Mapping[str, DeviceView]) -> list[str]:
    return [by_id[device].device.address for device in ids]


def _day(day: date | None) -> str:
    return words().day(day) if day else ""


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def template(name: str) -> Template:
    """Return one of the house's page templates."""
    return environment().get_template(name)


def style() -> str:
    """Return the style that all pages share."""
    return file_text("style.css")


def file_text(name: str) -> str:
    """Return a file of ``reports/html``."""
    return (data_folder("reports") / "html" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _as_lines(text: str) -> Markup:
    """Return a text of our own with its lines kept; each is made visible and escaped like any other."""
    return Markup("\n").join(_escaped(line) for line in text.replace("\t", "    ").splitlines())
