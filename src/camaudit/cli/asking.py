"""The interview of ``camaudit init``: in go answers by flags and at the terminal, out comes a ``Site``.

Each question says why it matters and takes "don't know". Whatever is not known stays out of the site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import typer

from camaudit.answers.meaning import kind_of, network_problem, place, yes_or_no
from camaudit.errors import ScopeError, UsageError
from camaudit.model import Site
from camaudit.phrases import phrases
from camaudit.policy.facts import kind_means
from camaudit.scan import parse_scope
from camaudit.site import FACTS, SITE_KINDS, questions_for

CORE = "core_network"
"""The fact that the question for the core network's ranges stands for."""
NONE = ("none",)
"""The answer that no camera is near a core network, which is more than not knowing its ranges."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """What flags have answered, checked; ``None`` is a question that is still to be asked."""

    name: str | None = None
    jurisdiction: str | None = None
    kind: str | None = None
    scope: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    core_networks: tuple[str, ...] | None = None
    facts: Mapping[str, bool | None] = field(default_factory=dict)


def interview(given: Given, *, ask: bool) -> Site:
    """Return the site; without ``ask`` whatever the flags left out stays unknown.

    Raises UsageError where the answers end before the questions do.
    """
    said = phrases().init

    def answer(flag: T | None, question: Callable[[], T], unknown: T) -> T:
        return flag if flag is not None else question() if ask else unknown

    if ask:
        typer.echo(said["start"])
    name = answer(given.name, _name, said["name_default"])
    jurisdiction = answer(given.jurisdiction, _jurisdiction, "")
    kind = answer(given.kind, _kind, "")
    scope = answer(given.scope, lambda: _listed("scope", target_problem), ())
    exclude = answer(given.exclude, lambda: _listed("exclude", target_problem), ())
    core = answer(given.core_networks, lambda: _listed("core_networks", network_problem), ())
    # "None" settles the fact for every kind of site; ranges settle it by themselves.
    settled = {CORE: False} if core == NONE else {}
    site = Site(name, jurisdiction, kind, settled, scope, exclude, core_networks=() if core == NONE else core)
    return _with_facts(site, given.facts, ask=ask)


def _with_facts(site: Site, given: Mapping[str, bool | None], *, ask: bool) -> Site:
    for fact in FACTS.values():
        if fact.name in given:
            answer = given[fact.name]
        elif ask and fact.name != CORE and fact in questions_for(site):
            answer = _yes_or_no(fact.question, fact.why)
        else:
            continue
        if answer is not None:
            site = replace(site, facts={**site.facts, fact.name: answer})
    return site


def target_problem(text: str) -> str:
    """Say what is wrong with a target; a host name is not looked up, because nothing may be sent."""
    if text.startswith("@") or not (":" in text or text[:1].isdigit()):
        return ""
    try:
        parse_scope((text,), allow_public=True)
    except ScopeError as error:
        return str(error)
    return ""


def _name() -> str:
    said = phrases().init
    _explain("name")
    return _prompt("name", default=said["name_default"]).strip() or said["name_default"]


def _jurisdiction() -> str:
    return _until("jurisdiction", place, phrases().init["jurisdiction_wrong"])


def _kind() -> str:
    said = phrases().init

    def list_them() -> None:
        for number, word in enumerate(SITE_KINDS, start=1):
            typer.echo(said["kind_line"].format(n=number, word=word, means=kind_means(word)))

    return _until("kind", kind_of, said["kind_wrong"].format(n=len(SITE_KINDS)), list_them)


def _until(
    key: str, accepts: Callable[[str], str | None], wrong: str, also: Callable[[], None] | None = None
) -> str:
    _explain(key)
    if also is not None:
        also()
    while True:
        said = _prompt(key, default=phrases().init["unknown_default"])
        if yes_or_no(said) is None:
            return ""
        meant = accepts(said.strip())
        if meant is not None:
            return meant
        typer.echo(wrong)


def _listed(key: str, problem: Callable[[str], str]) -> tuple[str, ...]:
    said = phrases().init
    _explain(key)
    while True:
        default = said["none"] if key == "exclude" else said["unknown_default"]
        answer = _prompt(key, default=default).strip()
        if yes_or_no(answer) is None:
            return ()
        if answer.lower() == said["none"]:
            return NONE if key == "core_networks" else ()
        parts = tuple(part.strip() for part in answer.split(",") if part.strip())
        wrong = [told for told in map(problem, parts) if told]
        if parts and not wrong:
            return parts
        typer.echo(wrong[0] if wrong else said[f"{key}_hint"])


def _yes_or_no(question: str, why: str) -> bool | None:
    said = phrases().init
    typer.echo(said["question"].format(question=question, why=why))
    while True:
        answer = yes_or_no(_read(said["fact_hint"], said["unknown_default"], question))
        if not isinstance(answer, str):
            return answer
        typer.echo(said["yes_no_wrong"])


def _explain(key: str) -> None:
    said = phrases().init
    typer.echo(said["question"].format(question=said[key], why=said[f"{key}_why"]))


def _prompt(key: str, default: str) -> str:
    said = phrases().init
    return _read(said[f"{key}_hint"], default, said[key])


def _read(hint: str, default: str, question: str) -> str:
    try:
        return str(typer.prompt(f"  {hint}", default=default))
    except typer.Abort:
        # Nobody is there to answer, or the answers that were piped in are used up.
        typer.echo()
        raise UsageError(phrases().init["ended"].format(question=question)) from None
