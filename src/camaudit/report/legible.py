"""Text that a PDF can print: in goes data with any text in it, out comes the same with every sign printable.

A PDF/A file must not hold a sign that no font of its has, so one camera's name could stop the whole report. Which
signs the fonts at hand can print is asked of typst itself, by setting each unusual one once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from camaudit.report.safe import visible

_SIGNS = b'#set document(title: "signs")\n#for each in json(bytes(sys.inputs.signs)) [ #each ]\n'
_REFUSED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\(.)")
_MAX_WORD = 18
_PICTURES = 0x2400
_BREAK = "\u200b"
_AS_IT_IS = frozenset({"svg", "link"})
_LONG_WORD = re.compile(rf"\S{{{_MAX_WORD + 1},}}")
STANDARDS: Final = ("a-3a", "ua-1")
"""For archives and for screen readers, both at once."""


def made_visible(value: Any) -> Any:
    """Return data in which each text is one visible line whose words can be broken, but not where a link leads."""
    if isinstance(value, str):
        return _LONG_WORD.sub(_breakable, visible(value))
    if isinstance(value, Mapping):
        return {key: item if key in _AS_IT_IS else made_visible(item) for key, item in value.items()}
    return [made_visible(item) for item in value] if isinstance(value, list | tuple) else value


def spelled_out(value: Any, signs: frozenset[str]) -> Any:
    """Return data in which each of ``signs`` is written by its number, such as ``[U+67AA]``."""
    if not signs:
        return value
    if isinstance(value, str):
        return value if signs.isdisjoint(value) else "".join(_number(c) if c in signs else c for c in value)
    if isinstance(value, Mapping):
        return {key: spelled_out(item, signs) for key, item in value.items()}
    return [spelled_out(item, signs) for item in value] if isinstance(value, list | tuple) else value


def unusual(value: Any) -> frozenset[str]:
    """Return every sign beyond ASCII that occurs."""
    return frozenset(c for text in _texts(value) if not text.isascii() for c in text if c > "\x7e")


def refused(signs: Iterable[str], system_fonts: bool) -> frozenset[str]:
    """Return those of ``signs`` that no font at hand can print."""
    import typst

    asked = sorted(set(signs))
    if not asked:
        return frozenset()
    fonts = typst.Fonts(include_system_fonts=system_fonts)
    try:
        typst.compile(
            _SIGNS, sys_inputs={"signs": json.dumps(asked)}, pdf_standards=[*STANDARDS], font_paths=fonts
        )
    except typst.TypstError as error:
        named = {c for found in _REFUSED.findall(error.diagnostic) for c in _unescaped(found)}
        # What is refused without being named cannot be told apart: then none of them is printed.
        return frozenset(named & set(asked)) or frozenset(asked)
    return frozenset()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _number(sign: str) -> str:
    code = ord(sign)
    # ``visible`` shows a control character as its picture (U+241B for escape).
    return f"\\x{code - _PICTURES:02x}" if _PICTURES <= code < _PICTURES + 0x20 else f"[U+{code:04X}]"


def _breakable(match: re.Match[str]) -> str:
    word = match[0]
    return _BREAK.join(word[at : at + _MAX_WORD] for at in range(0, len(word), _MAX_WORD))
