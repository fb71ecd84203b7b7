"""What of our own knowledge changed a verdict: the same facts, the same day, another answer.

In goes what was kept of the earlier judgement and what is known today, out come causes. What was known then is not
kept, only its digests and what came of it; where two parts changed, both are named.
"""

from __future__ import annotations

from camaudit.changes import Cause, FactChange, Known, Why
from camaudit.changes.facts import fact_changes, facts_of
from camaudit.changes.state import Said
from camaudit.model import Device, Judgement, KeptUnit


def knowledge_causes(
    rule: str, device: Device, held: KeptUnit | None, said: Said | None, kept: Judgement, known: Known
) -> tuple[Cause, ...]:
    """Return why ``rule`` says something else of the same ``device`` today; never nothing."""
    causes = []
    changed = {name for name in (*kept.marks, *known.marks) if kept.marks.get(name) != known.marks.get(name)}
    pack = rule.partition("/")[0]
    cited = tuple(c.instrument for c in said.finding.citations) if said and said.finding else ()
    rules = [pack] if f"pack:{pack}" in changed else []
    rules += [name for name in cited if f"instrument:{name}" in changed]
    if rules:
        causes.append(Cause(Why.RULES, names=tuple(rules)))
    otherwise = _otherwise(device, held)
    if otherwise and changed & {"signatures", "oui"}:
        causes.append(Cause(Why.SIGNATURES, otherwise))
    if "entities" in changed and not causes:
        causes.append(Cause(Why.OWNERS))
    if not causes and kept.tool_version != known.tool_version:
        causes.append(Cause(Why.PROGRAM, names=(kept.tool_version, known.tool_version)))
    return tuple(causes) or (Cause(Why.UNKNOWN, otherwise),)


def _otherwise(device: Device, held: KeptUnit | None) -> tuple[FactChange, ...]:
    """Return what is read today out of the same answers that was read otherwise then."""
    if held is None:
        return ()
    return fact_changes(held.facts, facts_of(device))
