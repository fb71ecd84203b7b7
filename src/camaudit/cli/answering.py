"""The answers of ``camaudit init`` that come by flags: in go texts, out comes what they say, or what is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from camaudit.answers.meaning import kind_of, network_problem, place, yes_or_no
from camaudit.cli.asking import NONE, Given, target_problem
from camaudit.errors import UsageError
from camaudit.phrases import phrases
from camaudit.site import FACTS, SITE_KINDS


def given(
    name: str | None,
    jurisdiction: str | None,
    kind: str | None,
    scope: Sequence[str] | None,
    exclude: Sequence[str] | None,
    core_networks: Sequence[str] | None,
    facts: Sequence[str] | None,
) -> Given:
    """Check every answer by flag; raise UsageError with what is wrong and what to write instead."""
    said = phrases().init
    kinds = ", ".join(SITE_KINDS)
    runs = _word(kind, kind_of, said["flag_kind"].format(value=kind, kinds=kinds))
    return Given(
        name=name.strip() if name and name.strip() else None,
        jurisdiction=_word(jurisdiction, place, said["flag_jurisdiction"].format(value=jurisdiction)),
        kind=runs,
        scope=_listed(scope, target_problem),
        exclude=_listed(exclude, target_problem),
        core_networks=NONE if _is_none(core_networks) else _listed(core_networks, _core_problem),
        facts=dict(_fact(text, runs or "") for text in facts or ()),
    )


def _word(text: str | None, meant: Callable[[str], str | None], wrong: str) -> str | None:
    if text is None or yes_or_no(text) is None:
        return None if text is None else ""
    found = meant(text.strip())
    if found is None:
        raise UsageError(wrong)
    return found


def _listed(texts: Sequence[str] | None, problem: Callable[[str], str]) -> tuple[str, ...] | None:
    if texts is None:
        return None
    parts = tuple(part.strip() for text in texts for part in text.split(",") if part.strip())
    for part in parts:
        if told := problem(part):
            raise UsageError(told)
    return parts


def _is_none(texts: Sequence[str] | None) -> bool:
    return bool(texts) and [text.strip().lower() for text in texts or ()] == [phrases().init["none"]]


def _core_problem(text: str) -> str:
    return phrases().init["flag_network"].format(value=text) if network_problem(text) else ""


def _fact(text: str, kind: str) -> tuple[str, bool | None]:
    said = phrases().init
    name, sign, answer = (part.strip() for part in text.partition("="))
    if name not in FACTS:
        near = difflib.get_close_matches(name, FACTS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(FACTS)}"
        raise UsageError(said["flag_no_fact"].format(name=name, hint=hint))
    value = yes_or_no(answer)
    if isinstance(value, str) or not sign:
        raise UsageError(said["flag_fact"].format(value=text, example=name))
    kinds = FACTS[name].kinds
    if value and kind and kinds and kind not in kinds:
        raise UsageError(said["flag_never"].format(name=name, kind=kind, kinds=" or ".join(kinds)))
    return name, value
