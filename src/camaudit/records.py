"""What people state of units in the site file: supplier's letters, sightings, decisions. Forms in, values out.

The same values go back as the lines of the file; ``site`` reads and writes the rest of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from camaudit.model import Attestation, Decision, Kind, Sighting
from camaudit.yamlio import STRICT

Problem = tuple[tuple[str | int, ...], str]


@dataclass(frozen=True, slots=True)
class AttestationForm:
    """A supplier's letter, as the site file records it; makers are ids of ``signatures/entities.yaml``."""

    __pydantic_config__ = STRICT
    targets: tuple[str, ...]
    not_made_by: tuple[str, ...]
    given_by: str
    dated: date
    reference: str = ""

    def value(self) -> Attestation:
        """Return the letter."""
        return Attestation(self.targets, self.not_made_by, self.given_by, self.dated, self.reference)


@dataclass(frozen=True, slots=True)
class SightingForm:
    """What somebody saw on units and when; ``made_by`` is an id of the entities, or ``somebody-else``."""

    __pydantic_config__ = STRICT
    targets: tuple[str, ...]
    seen_by: str
    seen_on: date
    made_by: str = ""
    kind: Kind = Kind.UNKNOWN
    how: str = ""
    reads: str = ""
    reference: str = ""

    def value(self) -> Sighting:
        """Return the sighting."""
        about = (self.made_by, self.kind, self.how, self.reads, self.reference)
        return Sighting(self.targets, self.seen_by, self.seen_on, *about)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What somebody decided on an open question, and the day by which to look at it again."""

    __pydantic_config__ = STRICT
    question: str
    targets: tuple[str, ...]
    answer: str
    decided_by: str
    decided_on: date
    review_by: date
    reference: str = ""

    def value(self) -> Decision:
        """Return the decision."""
        by = (self.decided_by, self.decided_on, self.review_by, self.reference)
        return Decision(self.question, self.targets, self.answer, *by)


def problems(
    letters: Iterable[AttestationForm], sightings: Iterable[SightingForm], decisions: Iterable[DecisionForm]
) -> Iterator[Problem]:
    """Yield what is wrong, each with its place in the file."""
    for index, letter in enumerate(letters):
        texts = {"targets": letter.targets, "not_made_by": letter.not_made_by, "given_by": (letter.given_by,)}
        yield from _empty(("attestations", index), texts)
    for index, seen in enumerate(sightings):
        yield from _empty(("sightings", index), {"targets": seen.targets, "seen_by": (seen.seen_by,)})
        if not seen.made_by and seen.kind is Kind.UNKNOWN:
            yield ("sightings", index), "says neither made_by nor kind; write what was seen"
        if seen.made_by == "somebody-else" and not seen.reads.strip():
            yield ("sightings", index), "names no maker; write under reads what the label or the papers say"
    for index, taken in enumerate(decisions):
        named = {"question": (taken.question,), "answer": (taken.answer,), "decided_by": (taken.decided_by,)}
        yield from _empty(("decisions", index), {"targets": taken.targets, **named})
        if taken.review_by < taken.decided_on:
            yield ("decisions", index, "review_by"), "lies before decided_on; a decision must hold for some time"


def _empty(where: tuple[str | int, ...], texts: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
    for key, parts in texts.items():
        if not parts or not all(part.strip() for part in parts):
            yield (*where, key), "must not be empty"


def quoted(text: str) -> str:
    """Return a text as a YAML scalar that reads back as itself: a JSON string, less what YAML forbids."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain)


def letter_lines(letter: Attestation) -> list[str]:
    """Return a letter as the lines of a mapping, without the indent."""
    return [
        f"targets: {_list(letter.targets)}",
        f"not_made_by: {_list(letter.not_made_by)}",
        f"given_by: {quoted(letter.given_by)}",
        f"dated: {letter.dated.isoformat()}",
        *_optional(reference=letter.reference),
    ]


def sighting_lines(seen: Sighting) -> list[str]:
    """Return a sighting as the lines of a mapping, without the indent."""
    return [
        f"targets: {_list(seen.targets)}",
        *_optional(made_by=seen.made_by, kind="" if seen.kind is Kind.UNKNOWN else seen.kind.value),
        f"seen_by: {quoted(seen.seen_by)}",
        f"seen_on: {seen.seen_on.isoformat()}",
        *_optional(how=seen.how, reads=seen.reads, reference=seen.reference),
    ]


def decision_lines(taken: Decision) -> list[str]:
    """Return a decision as the lines of a mapping, without the indent."""
    return [
        f"question: {quoted(taken.question)}",
        f"targets: {_list(taken.targets)}",
        f"answer: {quoted(taken.answer)}",
        f"decided_by: {quoted(taken.decided_by)}",
        f"decided_on: {taken.decided_on.isoformat()}",
        f"review_by: {taken.review_by.isoformat()}",
        *_optional(reference=taken.reference),
    ]


def as_item(lines: Iterable[str], indent: str = "  ") -> list[str]:
    """Return the lines of a mapping as an item of a list."""
    return [f"{indent}{'  ' if number else '- '}{line}" for number, line in enumerate(lines)]


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def _optional(**texts: str) -> list[str]:
    return [f"{key}: {quoted(text)}" for key, text in texts.items() if text]
