"""When a rule speaks up, in plain language: in goes a condition, out come the lines of a list in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from camaudit.policy.conditions import All, AnyOf, Ask, Condition, Not
from camaudit.policy.facts import FACTS, kind_means
from camaudit.report.rulebook_words import rulebook_words
from camaudit.report.words import words


def in_words(condition: Condition, depth: int = 0) -> Iterator[str]:
    """Yield a condition as a list, its parts one step further in."""
    w = rulebook_words().condition
    dash = f"{'  ' * depth}- "
    match condition:
        case All(parts) | AnyOf(parts):
            yield dash + w["all" if isinstance(condition, All) else "any"]
            for part in parts:
                yield from in_words(part, depth + 1)
        case Not(part):
            yield dash + w["not"]
            yield from in_words(part, depth + 1)
        case Ask():
            yield dash + _asked(condition)


def _asked(ask: Ask) -> str:
    w = rulebook_words().condition
    either = f" {w['or']} "
    match ask.word:
        case "jurisdiction":
            values = either.join(place_name(each) for each in ask.argument)
        case "site_kind":
            values = either.join(kind_means(each) for each in ask.argument)
        case "fact":
            values = FACTS[ask.argument[0]].question
        case "kind_in":
            values = either.join(words().kinds[each] for each in ask.argument)
        case _:
            values = either.join(rulebook_words().values.get(each, each) for each in ask.argument)
    return w[ask.word].format(values=values)


def place_name(code: str) -> str:
    """Return the name of a country or a part of it, with its code; an unknown one is its code alone."""
    name = rulebook_words().places.get(code)
    return f"{name} ({code})" if name and code != "any" else name or code
