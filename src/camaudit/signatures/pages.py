"""Labels on a unit's own pages: title, line of rights, logo, and variables that hold the customer's name. Pure.

In go the texts of pages, out come pairs: what shows a label, and the text that holds it. Whose it is and whether
it counts is asked elsewhere: the words of a page are the firmware's, but some are those of a library's author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

MAX_PAGE = 8192

_RIGHTS = re.compile(
    r"(?i)(?:\u00a9|&copy;|&#169;|\bcopyright\b)[\s,:.()c\u00a9-]{0,8}(?:(?:19|20)\d\d[\s,-]{0,3}){0,2}(?:by )?"
    r"(?P<holder>[A-Za-z0-9][A-Za-z0-9&+.'_ -]{1,40})"
)
"""The line on a page that says whose work it is."""

_RESERVED = re.compile(r"(?i)[\s,.;-]{1,3}all rights? reserved")
_ENDS = re.compile(r"(?i)[,;<]|\.(?: |$)| all rights?")
_LIBRARIES = re.compile(
    r"(?i)\b(?:jquery|bootstrap|foundation|dojo|yahoo|google|microsoft|adobe|mozilla|apple|twitter|github|angular|vue"
    r"|react|sencha|videolan|w3c|apache|john resig|contributors|authors?)\b"
)
"""Whose rights stand in pages because their code is used."""

_VARIABLE = re.compile(
    r"(?i)[\"'.\s;,{(_](?:[a-z]{1,6}_)?(?:sz|str|s|m_sz)?_?(?:oem|customer|brand|vendor|manufacturer|company)"
    r"[_-]?(?:name|info|title|label|brand|vendor|type)?[\"']?\s{0,3}[=:]\s{0,3}"
    r"[\"'](?P<label>[A-Za-z0-9][^\"'<>\n]{1,40})[\"']"
)
"""A variable that is named for the customer; a build that is made for one holds its name."""

_IMAGE = re.compile(r"(?i)<img ([^<>]{2,300})>")
_NAMED_LOGO = re.compile(
    r"(?i)\b(?:id|class)=[\"'][^\"'<>]{0,30}logo[^\"'<>]{0,30}[\"'][^<>]{0,40}>(?P<inside>[^\n]{2,200})"
)
_ALT = re.compile(r"(?i)\b(?:alt|title)=[\"']([^\"'<>]{2,40})[\"']")
"""A picture, the part of a page that is named for a logo, and the words in place of a picture."""


def rights(page: str) -> Iterator[tuple[str, str]]:
    """Yield each line of rights with the text that follows its sign, which begins with the holder's name."""
    for found in _RIGHTS.finditer(page[:MAX_PAGE]):
        yield found[0], unescape(found["holder"])


def holders(page: str) -> Iterator[tuple[str, str]]:
    """Yield each line that reserves all rights, with its holder's name, where that is no library's author."""
    text = page[:MAX_PAGE]
    for found in _RIGHTS.finditer(text):
        rest = text[found.start("holder") : found.end() + 60]
        if _RESERVED.search(rest) and not _LIBRARIES.search(rest):
            yield found[0], _ENDS.split(unescape(rest), maxsplit=1)[0]


def variables(page: str) -> Iterator[tuple[str, str]]:
    """Yield each variable that is named for the customer, with the text in it."""
    yield from _found(_VARIABLE, page)


def logos(page: str) -> Iterator[tuple[str, str]]:
    """Yield what holds a logo, and the words in its place."""
    text = page[:MAX_PAGE]
    tags = [tag for tag in _IMAGE.findall(text) if "logo" in tag.lower()]
    for found in _NAMED_LOGO.finditer(text):
        inside = found["inside"].lstrip()
        tags.append(inside.partition(">")[0] if inside.startswith("<img") else f'alt="{inside.partition("<")[0]}"')
    for tag in dict.fromkeys(tags):
        for words in _ALT.findall(tag):
            yield tag, unescape(words)


def _found(pattern: re.Pattern[str], page: str) -> Iterator[tuple[str, str]]:
    for found in pattern.finditer(page[:MAX_PAGE]):
        if not _LIBRARIES.search(found["label"]):
            yield found[0].strip(), unescape(found["label"])
