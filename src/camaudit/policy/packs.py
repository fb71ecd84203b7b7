"""One pack: from the form of its file to the pack that judges, with every reference checked.

In go the form, the instruments and the entities, out comes a ``Pack``, or what is wrong with it and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable

from camaudit.model import Verdict
from camaudit.policy.conditions import Parser, words_in
from camaudit.policy.facts import ASKABLE
from camaudit.policy.makers import MakerSet
from camaudit.policy.problems import Problems
from camaudit.policy.register import Instrument
from camaudit.policy.schema import Deadline, Effect, Pack, PackForm, Reasons, Rule, RuleForm
from camaudit.policy.wording import PLACEHOLDERS
from camaudit.policy.words import MAKER_WORDS, WORDS, About, Scope
from camaudit.resources import shown_path
from camaudit.signatures.schema import Entity
from camaudit.yamlio import Path

_REGISTERS = "instruments.yaml or of this pack"
_HOLE = re.compile(r"\{([^{}]*)\}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ASKABLE = frozenset({*ASKABLE, *(about.value for about in About if about is not About.SITE)})
_NEEDED = {
    Effect.RESTRICTS: "violation",
    Effect.ASKS: "review",
    Effect.ADVISES: "review",
    Effect.INFORMS: "compliant",
}
_ASKING = (Effect.ASKS, Effect.ADVISES)


def build_pack(
    file: Traversable,
    form: PackForm,
    known: Mapping[str, Instrument],
    entities: Mapping[str, Entity],
    wrong: list[str],
) -> Pack | None:
    """Check one pack and parse its conditions; add to ``wrong`` whatever is wrong, and return ``None`` then."""
    problems = Problems(file)
    parser = Parser(WORDS, tuple(form.makers), problems.add)
    _check_form(form, known, entities, problems)
    applies = parser.parse(form.applies_to, ("applies_to",), Scope.SITE)
    rules = tuple(_build_rule(rule, index, parser, problems) for index, rule in enumerate(form.rules))
    for index, rule in enumerate(form.rules):
        _check_rule(rule, ("rules", index), known, problems)
    wrong += problems.found
    whole = tuple(rule for rule in rules if rule is not None)
    if applies is None or problems.found:
        return None
    makers = {n: MakerSet(s.members, s.disputed, s.with_subsidiaries) for n, s in form.makers.items()}
    return Pack(
        id=form.id,
        title=form.title,
        jurisdiction=form.jurisdiction,
        status=form.status,
        about=form.about,
        version=form.version,
        applies_to=applies,
        makers=makers,
        rules=whole,
        file=shown_path(file),
        optional=form.optional,
    )


def check_instrument(
    instrument: Instrument, where: Path, problems: Problems, entities: Mapping[str, Entity]
) -> None:
    """Report what is wrong with one record of the register."""
    for key in ("binds", "asks", "installed_camera", "title", "citation"):
        if not str(getattr(instrument, key)).strip():
            problems.add((*where, key), "must not be empty")
    for number, name in enumerate(instrument.named):
        if name not in entities:
            problems.add((*where, "named", number), f"{name!r} is no entity of signatures/entities.yaml")


def _build_rule(form: RuleForm, index: int, parser: Parser, problems: Problems) -> Rule | None:
    where = ("rules", index)
    condition = parser.parse(form.violated_when, (*where, "violated_when"))
    if condition is None:
        return None
    serves = {
        name: site
        for name, given in form.serves.items()
        if (site := parser.parse(given, (*where, "serves", name), Scope.SITE)) is not None
    }
    asks_maker = bool(words_in(condition) & MAKER_WORDS)
    return Rule(form, condition, problems.line_of(where), asks_maker, serves)


def _check_form(
    form: PackForm, known: Mapping[str, Instrument], entities: Mapping[str, Entity], problems: Problems
) -> None:
    if not _ID.fullmatch(form.id):
        problems.add(("id",), "must be lower-case words joined by hyphens")
    if not form.rules:
        problems.add(("rules",), "must hold at least one rule")
    for name, makers in form.makers.items():
        for key, ids in (("members", makers.members), ("disputed", makers.disputed)):
            for number, maker in enumerate(ids):
                if maker not in entities:
                    problems.add(
                        ("makers", name, key, number), f"{maker!r} is no entity of signatures/entities.yaml"
                    )
        if not makers.members:
            problems.add(("makers", name, "members"), "must name at least one maker")
        _check_cites(makers.cites, ("makers", name, "cites"), known, problems)
    for index, instrument in enumerate(form.own_instruments):
        where = ("own_instruments", index)
        if instrument.force != "own_decision":
            problems.add((*where, "force"), "must be own_decision; laws belong in instruments.yaml")
        check_instrument(instrument, where, problems, entities)
    seen: set[str] = set()
    for index, rule in enumerate(form.rules):
        if rule.id in seen:
            problems.add(("rules", index, "id"), f"{rule.id!r} is there twice; ids must be unique in a pack")
        seen.add(rule.id)


def _check_cites(cites: tuple[str, ...], where: Path, known: Mapping[str, Instrument], problems: Problems) -> None:
    if not cites:
        problems.add(where, "must cite at least one instrument")
    for number, cited in enumerate(cites):
        if cited not in known:
            problems.add((*where, number), f"{cited!r} is no instrument of {_REGISTERS}")


def _check_rule(rule: RuleForm, where: Path, known: Mapping[str, Instrument], problems: Problems) -> None:
    if not _ID.fullmatch(rule.id):
        problems.add((*where, "id"), "must be lower-case words joined by hyphens")
    _check_cites(rule.cites, (*where, "cites"), known, problems)
    for name in rule.serves:
        if name not in known:
            problems.add((*where, "serves", name), f"{name!r} is no instrument of {_REGISTERS}")
    if rule.asks_site and rule.effect not in _ASKING:
        problems.add((*where, "asks_site"), "only a rule that asks takes it")
    needed = _NEEDED[rule.effect]
    if not getattr(rule.reason, needed).strip():
        problems.add((*where, "reason"), f"a rule that {rule.effect.value} needs a {needed} sentence")
    if rule.effect in _ASKING and not rule.question.strip():
        problems.add((*where, "question"), "a rule that asks needs its question")
    for key in rule.questions:
        if key not in _ASKABLE:
            problems.add(
                (*where, "questions", key), f"is nothing that can be unknown; use {', '.join(sorted(_ASKABLE))}"
            )
    for path, sentence in _sentences(rule):
        for hole in _HOLE.findall(sentence):
            if hole not in PLACEHOLDERS:
                problems.add((*where, *path), f"{{{hole}}} is no placeholder; there are {', '.join(PLACEHOLDERS)}")
    if rule.deadline is not None and not _is_one_deadline(rule.deadline):
        problems.add((*where, "deadline"), "give either fixed or days_after_first_seen (0 or more)")
    if rule.effective and rule.until and rule.until < rule.effective:
        problems.add((*where, "until"), "lies before effective")
    carried = any(known[name].carries_a_violation for name in rule.cites if name in known)
    # An instrument that is not sure enough comes to a review; its rule stands by for the day when it is.
    worst = {Verdict.VIOLATION} if carried else {Verdict.VIOLATION, Verdict.REVIEW}
    _check_examples(rule, where, problems, worst)


def _sentences(rule: RuleForm) -> Iterator[tuple[Path, str]]:
    for key in Reasons.__slots__:
        yield ("reason", key), getattr(rule.reason, key)
    for name, question in rule.questions.items():
        yield ("questions", name), question
    for key in ("question", "todo", "when"):
        yield (key,), getattr(rule, key)


def _is_one_deadline(deadline: Deadline) -> bool:
    days = deadline.days_after_first_seen
    return (deadline.fixed is None) != (days is None) and (days is None or days >= 0)


def _check_examples(rule: RuleForm, where: Path, problems: Problems, worst: set[Verdict]) -> None:
    expected = {example.expect for example in rule.examples}
    match rule.effect:
        case Effect.RESTRICTS:
            enough = bool(worst & expected) and len(expected) > 1
            need = f"at least one example that expects a {sorted(worst)[-1]} and one that expects another verdict"
        case Effect.ASKS | Effect.ADVISES:
            enough = Verdict.REVIEW in expected and len(expected) > 1
            need = "at least one example that expects a review and one that expects something else"
        case Effect.INFORMS:
            enough = Verdict.COMPLIANT in expected
            need = "at least one example that expects compliant"
    if not enough:
        problems.add((*where, "examples"), f"needs {need}")
