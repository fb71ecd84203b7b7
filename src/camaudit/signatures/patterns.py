"""What a pattern of the knowledge base may look like: it compiles, and no hostile text can stall it. Pure."""

from __future__ import annotations

import re

from camaudit.signatures.linear import stalls

MOST = 1000
"""Characters of a pattern: looking whether one stalls takes time with the square of its length."""

_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")
_MARK = re.compile(r"(?:[?*+]|\{\d{0,9}(?:,\d{0,9})?\})[?+]?")


def wrong_pattern(pattern: str) -> str:
    """Return what is wrong with a pattern, or an empty text."""
    if len(pattern) > MOST:
        return f"pattern {pattern[:40]!r} has {len(pattern)} characters; write at most {MOST}, or two signs"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"pattern {pattern!r} does not compile: {error}"
    stall = stalls(pattern)
    if stall is None:
        return ""
    how = f" as {stall.text!r} is repeated" if stall.text else ""
    return (
        f"pattern {pattern!r} could be stalled by a hostile text: the work grows {stall.growth}{how}; limit its "
        "repeats ({0,40} in place of *), anchor it (^), or let what follows a repeat begin with another character"
    )


def _after_class(pattern: str, at: int) -> int:
    at += 2 if pattern[at + 1 : at + 2] == "^" else 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def needed_text(pattern: str) -> str:
    """Return a text that stands in everything the pattern matches, in small letters; empty where none is sure.

    Only what stands outside every group, class and alternative counts: to look for it first costs a hundredth of a
    search that finds nothing.
    """
    start = _FLAGS.match(pattern)
    if start is not None and "x" in start[0]:
        return ""
    at = start.end() if start is not None else 0
    runs, run = [""], ""
    while at < len(pattern):
        char = pattern[at]
        if char == "|":
            return ""
        after, text = _piece(pattern, at)
        mark = pattern[after : after + 1]
        optional = mark in ("?", "*", "{")
        if text and not optional:
            run += text
        if not text or optional or mark == "+":
            runs.append(run)
            run = ""
        at = _after_mark(pattern, after)
    return max((*runs, run), key=len).lower()


def _piece(pattern: str, at: int) -> tuple[int, str]:
    """Return where the piece at ``at`` ends, and the character that it must be, if it is one."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1 : at + 2]
        # A letter or digit after a backslash is a class, an anchor, a number or a back reference.
        return at + 2, "" if escaped.isalnum() else escaped
    if char == "[":
        return _after_class(pattern, at), ""
    if char == "(":
        return _after_group(pattern, at), ""
    return at + 1, "" if char in ".^$" or not char.isascii() else char


def _after_group(pattern: str, at: int) -> int:
    depth = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "[":
            at = _after_class(pattern, at)
            continue
        depth += (char == "(") - (char == ")")
        at += 2 if char == "\\" else 1
        if not depth:
            break
    return at


def _after_mark(pattern: str, at: int) -> int:
    """Return where a repetition ends that starts at ``at``, its greed included; ``at`` where there is none."""
    found = _MARK.match(pattern, at)
    return found.end() if found is not None else at
