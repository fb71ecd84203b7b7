"""What an HTML page says without being run: title and where it sends the browser. Text in, text out."""

from __future__ import annotations

import html
import re

_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,1000})", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]{0,1000}>", re.IGNORECASE)
_META_URL = re.compile(r"\burl\s{0,9}=\s{0,9}['\"]?([^\s'\"<>;]{1,1000})", re.IGNORECASE)
_SCRIPT_URL = re.compile(
    r"\blocation(?:\.(?:href|replace|assign))?\s{0,9}[=(]\s{0,9}['\"]([^'\"<>\n]{1,1000})['\"]", re.IGNORECASE
)
_MAX_TARGETS = 8


def title(text: str) -> str:
    """Return the text of ``<title>``, white space made single, or an empty text."""
    found = _TITLE.search(text)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def sent_on_to(text: str) -> tuple[str, ...]:
    """Return the targets of refresh tags and of scripts that set the location, as written."""
    refreshes = (tag for tag in _META.findall(text) if "refresh" in tag.lower())
    targets = [found[1] for found in map(_META_URL.search, refreshes) if found]
    targets += _SCRIPT_URL.findall(text)
    return tuple(dict.fromkeys(targets))[:_MAX_TARGETS]


def is_html(text: str) -> bool:
    """Say whether a body is a web page."""
    start = text[:512].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<!--")) or "<html" in start
