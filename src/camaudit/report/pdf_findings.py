"""The findings of the PDF by the instrument they rest on: in goes a ``Report``, out come sections for JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from camaudit.model import Citation, Report, Verdict, Waiver
from camaudit.report.format_words import format_words
from camaudit.report.grouped import Group, groups, waived
from camaudit.report.html import linked
from camaudit.report.summary import instruments, name_of
from camaudit.report.words import words

Json = dict[str, Any]
Where = Callable[[Sequence[str]], str]

_SPOKEN = (Verdict.VIOLATION, Verdict.REVIEW)


def instrument_sections(report: Report, where: Where) -> list[Json]:
    """Return each instrument, those behind the worst verdicts first, with the findings that rest on it.

    A finding that rests on several stands under the first of them and names the others.
    """
    cited = [each.citation for each in instruments(report)]
    titles = {citation.instrument: citation.title for citation in cited}
    resting: dict[str, list[Group]] = {}
    elsewhere: dict[str, dict[str, None]] = {}
    for group in groups(report):
        named = {citation.instrument for citation in group.first.citations}
        home = next((citation.instrument for citation in cited if citation.instrument in named), "")
        resting.setdefault(home, []).append(group)
        for other in named - {home}:
            elsewhere.setdefault(other, {})[titles[home]] = None
    sections = []
    for each in cited:
        made = _section(each, resting.get(each.instrument, []), report, where)
        told = "; ".join(elsewhere.get(each.instrument, ()))
        said = format_words().pdf["elsewhere"].format(titles=told) if told else ""
        sections.append({**made, "elsewhere": said})
    bare = resting.get("")
    return [*sections, _bare(bare, report, where)] if bare else sections


def waived_sections(report: Report, where: Where) -> list[Json]:
    """Return what somebody accepted, by whom and until when."""
    found = ((group, group.first.waiver) for group in waived(report))
    return [_waived(group, waiver, where) for group, waiver in found if waiver is not None]


def _section(citation: Citation, resting: Sequence[Group], report: Report, where: Where) -> Json:
    labels = words().labels
    known = (
        labels["known"].format(date=citation.known_as_of),
        labels["confidence"].format(confidence=citation.confidence),
    )
    return {
        "title": citation.title,
        "citation": citation.citation,
        "url": citation.url,
        "link": linked(citation.url),
        "binds": citation.binds or labels["not_known"],
        "asks": citation.asks or labels["not_known"],
        "known": f"{'. '.join(known)}.",
        "recheck": labels["recheck"] if citation.recheck else "",
        "groups": [_group(group, report, where, citation.instrument) for group in resting],
        "documents": [
            {"states": n.states, "title": f"{n.document}: {n.title}", "correction": n.correction}
            for n in citation.documents
        ],
    }


def _bare(resting: Sequence[Group], report: Report, where: Where) -> Json:
    empty = dict.fromkeys(("citation", "url", "link", "binds", "asks", "known", "recheck", "elsewhere"), "")
    found = [_group(group, report, where, "") for group in resting]
    return {**empty, "title": format_words().pdf["no_instrument"], "groups": found, "documents": []}


def _group(group: Group, report: Report, where: Where, home: str) -> Json:
    catalogue, finding = words(), group.first
    policy = name_of(report.names, finding.policy)
    if finding.severity != "info":
        policy = f"{policy}, {catalogue.severities[finding.severity]}"
    others = [citation.title for citation in finding.citations if citation.instrument != home]
    count = catalogue.devices(len(group.devices))
    spoken = finding.verdict in _SPOKEN
    return {
        "standing": finding.state,
        "word": catalogue.findings[finding.shown_as],
        "title": finding.title,
        "policy": policy,
        "count": f"{count[:1].upper()}{count[1:]}.",
        "due": catalogue.labels["due"].format(date=catalogue.day(group.due)) if group.due else "",
        "reasons": list(group.reasons if spoken else group.reasons[:1]),
        "more": catalogue.labels["wordings_more"].format(n=group.more) if group.more and spoken else "",
        "questions": list(group.questions),
        "also": format_words().pdf["also"].format(titles="; ".join(others)) if others else "",
        "where": where(group.devices),
    }


def _waived(group: Group, waiver: Waiver, where: Where) -> Json:
    catalogue, finding = words(), group.first
    said = catalogue.labels["waiver"].format(
        date=catalogue.day(waiver.expires), who=waiver.granted_by, reason=waiver.reason
    )
    since = catalogue.labels["waiver_since"].format(date=catalogue.day(waiver.granted))
    cites = f"; {waiver.cites}" if waiver.cites else ""
    return {
        "word": catalogue.findings[finding.shown_as],
        "title": finding.title.rstrip("."),
        "waiver": f"{said} ({since}{cites})",
        "where": where(group.devices),
    }
