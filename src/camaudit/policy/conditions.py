"""The words of a rule's condition, each one function, and their yes, no and unknown.

In goes the condition as YAML read it, out come objects that answer about a site and a device. There are no
expressions in packs: a lawyer can read one, and loading one from elsewhere runs nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from camaudit.model import Kind
from camaudit.policy.facts import FACTS, SITE_KINDS
from camaudit.policy.words import WORDS, Answer, Question, Scope, Subject, Word

Path = tuple[str | int, ...]
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is; one part that is false settles it."""

    parts: tuple[Condition, ...]

    def answer(self, subject: Subject) -> Answer:
        """Join the answers of the parts (Kleene's strong and)."""
        return _joined([part.answer(subject) for part in self.parts], settles=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is; one part that is true settles it."""

    parts: tuple[Condition, ...]

    def answer(self, subject: Subject) -> Answer:
        """Join the answers of the parts (Kleene's strong or)."""
        return _joined([part.answer(subject) for part in self.parts], settles=True)


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false; unknown stays unknown."""

    part: Condition

    def answer(self, subject: Subject) -> Answer:
        """Turn the answer of the part round."""
        inner = self.part.answer(subject)
        return inner if inner.truth is None else Answer(not inner.truth)


@dataclass(frozen=True, slots=True)
class Ask:
    """One word with its argument."""

    word: str
    argument: tuple[str, ...]
    ask: Question = field(repr=False)

    def answer(self, subject: Subject) -> Answer:
        """Ask the word about the subject."""
        return self.ask(subject, self.argument)


Condition = All | AnyOf | Not | Ask


def _joined(answers: list[Answer], *, settles: bool) -> Answer:
    if any(answer.truth is settles for answer in answers):
        return Answer(settles)
    gaps = tuple(dict.fromkeys(gap for answer in answers for gap in answer.gaps))
    return Answer(None, gaps) if any(answer.truth is None for answer in answers) else Answer(not settles)


def words_in(condition: Condition) -> frozenset[str]:
    """Return the words that a condition uses."""
    match condition:
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(words_in(part) for part in parts))
        case Not(part):
            return words_in(part)
        case Ask(word):
            return frozenset({word})


def site_words(condition: Condition) -> tuple[Ask, ...]:
    """Return the words about the site that a condition asks, in its order."""
    match condition:
        case All(parts) | AnyOf(parts):
            return tuple(word for part in parts for word in site_words(part))
        case Not(part):
            return site_words(part)
        case Ask(word):
            return (condition,) if WORDS[word].scope is Scope.SITE else ()


@dataclass(frozen=True, slots=True)
class Parser:
    """Reads the conditions of one file: what sets it declares, and where to say what is wrong."""

    words: Mapping[str, Word]
    sets: tuple[str, ...]
    report: Callable[[Path, str], None]

    def parse(self, data: object, where: Path, scope: Scope = Scope.DEVICE) -> Condition | None:
        """Turn YAML data into a condition, or report each problem at its path and return ``None``."""
        if not isinstance(data, Mapping) or len(data) != 1:
            self.report(where, "must be one word with its argument; join several with all: or any:")
            return None
        name, argument = next(iter(data.items()))
        path = (*where, str(name))
        match str(name):
            case "all" | "any" as joiner:
                parts = self._parts(argument, path, scope)
                return None if parts is None else All(parts) if joiner == "all" else AnyOf(parts)
            case "not":
                part = self.parse(argument, path, scope)
                return None if part is None else Not(part)
            case other:
                return self._word(other, argument, path, scope)

    def _parts(self, data: object, where: Path, scope: Scope) -> tuple[Condition, ...] | None:
        # An empty all: is always true and an empty any: never; either would judge without saying what by.
        if not isinstance(data, list) or not data:
            self.report(where, "must list at least one condition")
            return None
        parts = [self.parse(item, (*where, index), scope) for index, item in enumerate(data)]
        found = tuple(part for part in parts if part is not None)
        return found if len(found) == len(parts) else None

    def _word(self, name: str, argument: object, where: Path, scope: Scope) -> Condition | None:
        word = self.words.get(name)
        if word is None:
            near = difflib.get_close_matches(name, [*self.words, "all", "any", "not"], n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known words are {', '.join(self.words)}, all, any, not"
            )
            self.report(where, f"unknown word; {hint}")
            return None
        if scope is Scope.SITE and word.scope is not Scope.SITE:
            self.report(where, "asks about a device; here only words about the site may stand")
            return None
        values = argument if isinstance(argument, list) else [argument]
        given = tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)
        problem = self._problem(word, given)
        if problem:
            self.report(where, problem)
            return None
        return Ask(name, given, word.ask)

    def _problem(self, word: Word, given: tuple[str, ...]) -> str:
        if not given:
            return "needs an argument"
        if len(given) > 1 and not word.takes_many:
            return "takes one value, not a list"
        if word.values == "jurisdiction":
            bad = [value for value in given if not _JURISDICTION.fullmatch(value)]
            return f"{bad[0]!r} is not a jurisdiction; write US, GB-ENG or the like" if bad else ""
        allowed = self._allowed(word)
        bad = [value for value in given if value not in allowed]
        return f"{bad[0]!r} is not one of {', '.join(allowed) or '(none declared)'}" if bad else ""

    def _allowed(self, word: Word) -> tuple[str, ...]:
        match word.values:
            case "makers":
                return self.sets
            case "fact":
                return tuple(FACTS)
            case "site_kind":
                return SITE_KINDS
            case "kind":
                return tuple(kind.value for kind in Kind)
            case listed:
                return tuple(listed.split("|"))
