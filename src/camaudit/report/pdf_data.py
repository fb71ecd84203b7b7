"""The data of the PDF: in goes a ``Report``, out come values that JSON knows, for ``reports/pdf/report.typ``.

Pure. Every text may hold anything that a device or a pack wrote; ``legible`` makes it harmless afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from camaudit.model import PlanStep, Report
from camaudit.report.charts import WIDTH, charts
from camaudit.report.format_words import format_words
from camaudit.report.html import drawn
from camaudit.report.pdf_changes import change_data
from camaudit.report.pdf_findings import instrument_sections, waived_sections
from camaudit.report.pdf_tables import device_table, evidence_table, other_table
from camaudit.report.places import in_short
from camaudit.report.reach import causes, protocols, restraint
from camaudit.report.sentences import answer
from camaudit.report.summary import STRIP, counts, judged, questions
from camaudit.report.words import words

Json = dict[str, Any]

MAX_STEPS = 300
MAX_QUESTIONS = 300
MAX_NOTICES = 4
"""Notices on the first page, which is to stay one page; the rest stand with the limits."""
_MAX_LIMITS = 200
_ALWAYS = ("violation", "review", "compliant")
_LABELS = (
    *("binds", "asks", "documents", "imprecise", "documents_note", "waivers_note", "question", "limits"),
    *("limits_none", "negative", "negative_title", "contents", "scope", "excluded"),
)
_SECTIONS = (
    *("decide", "findings", "plan", "questions", "waivers", "devices", "others", "coverage"),
    *("knowledge", "glossary", "notices"),
)
_DEVICE_HEADS = ("verdict", "address", "device", "maker", "firmware", "next_step", "due")
_REACH = ("answered", "silent", "refused", "excluded", "error", "unasked")


def pdf_data(report: Report, style: str, attached: bool) -> Json:
    """Return all that the PDF says; ``style`` is the look of the charts, ``attached`` whether report.json is."""
    where = _where(report)
    items = judged(report)
    catalogue, said = words(), format_words().pdf
    steps, step_note = _capped([_step(step, where) for step in report.plan[:MAX_STEPS]], len(report.plan), "steps")
    asked = questions(report)
    question_rows = [
        {
            "question": each.text,
            "settles": catalogue.labels["settles"].format(devices=catalogue.devices(len(each.devices))),
            "where": where(each.devices),
        }
        for each in asked[:MAX_QUESTIONS]
    ]
    shown, question_note = _capped(question_rows, len(asked), "questions")
    return {
        **_head(report),
        **_first_page(report, style),
        "words": _words(),
        "attached": said["attached" if attached else "not_attached"],
        "report": said["report_is"] if attached else None,
        "advice": catalogue.labels["not_legal_advice"],
        "causes": [[catalogue.causes[name].cause, catalogue.causes[name].step] for name in causes(report)],
        "instruments": instrument_sections(report, where),
        "waived": waived_sections(report, where),
        **change_data(report),
        "plan": steps,
        "plan_capped": step_note,
        "questions": shown,
        "questions_capped": question_note,
        **device_table(items, report),
        **other_table(items),
        **evidence_table(items, report),
        **_coverage(report),
        **_knowledge(report),
    }


def _capped(rows: list[Json], total: int, sort: str) -> tuple[list[Json], str | None]:
    note = format_words().pdf[f"capped_{sort}"]
    return rows, note.format(n=len(rows), total=total) if len(rows) < total else None


def _head(report: Report) -> Json:
    catalogue, said = words(), format_words().pdf
    brand = catalogue.labels["report"]
    judged_as_of = catalogue.labels["judged"].format(date=catalogue.day(report.judged_as_of))
    subtitle = said["subtitle"].format(site=report.site.name, date=catalogue.day(report.judged_as_of))
    day = report.judged_as_of
    return {
        "lang": catalogue.language,
        "region": said["region"],
        "brand": brand,
        "title": f"{brand}: {report.site.name}" if report.site.name else brand,
        "subtitle": subtitle if report.site.name else judged_as_of,
        "dated": [day.year, day.month, day.day],
        "foot": said["foot"].format(brand=brand, run=report.run.id, version=report.run.tool_version),
    }


def _first_page(report: Report, style: str) -> Json:
    catalogue, number = words(), counts(report)
    told = answer(report, catalogue)
    rest = len(report.notices) - MAX_NOTICES
    more = format_words().pdf["notices_more"].format(n=rest, section=catalogue.sections["coverage"])
    return {
        "answer": {
            "standing": told.standing,
            "headline": told.headline,
            "lead": told.lead,
            "decisions": list(told.decisions),
        },
        "notices": [*report.notices[:MAX_NOTICES], *([more] if rest > 0 else [])],
        "all_notices": list(report.notices) if rest > 0 else [],
        "tiles": [
            {
                "standing": str(standing),
                "n": number[key],
                "word": catalogue.verdicts[standing],
                "meaning": catalogue.verdict_meanings[standing],
            }
            for standing, key in STRIP
            if number["video"] and (number[key] or standing in _ALWAYS)
        ],
        "charts": [
            {"title": chart.title, "spoken": chart.spoken, "svg": drawn(chart, WIDTH, style)}
            for chart in charts(report, catalogue)
            if chart.bars
        ],
    }


def _words() -> Json:
    catalogue, said = words(), format_words().pdf
    columns, labels = catalogue.columns, catalogue.labels
    protocol = (
        catalogue.charts["column_protocol"],
        catalogue.probes["answered"],
        catalogue.charts["column_other"],
    )
    return {
        **{key: labels[key] for key in _LABELS},
        **{key: catalogue.sections[key] for key in _SECTIONS},
        **{key: said[key] for key in ("page", "devices_none", "evidence", "evidence_note")},
        "causes": labels["causes_title"],
        "reach_text": catalogue.charts["reach_text"],
        "protocols": catalogue.charts["protocols"],
        "outcome": columns["outcome"],
        "column_count": catalogue.charts["column_count"],
        "protocol_heads": [text[:1].upper() + text[1:] for text in protocol],
        "device_heads": [columns[key] for key in _DEVICE_HEADS],
        "other_heads": [columns[key] for key in ("address", "mac", "kind")],
        "evidence_heads": [columns[key] for key in ("device", "maker", "where", "read", "means")],
    }


def _where(report: Report) -> Callable[[Sequence[str]], str]:
    addresses = {device.id: device.address for device in report.devices}

    def where(devices: Sequence[str]) -> str:
        ranges, beyond = in_short(addresses[each] for each in devices if each in addresses)
        return ", ".join([*ranges, format_words().pdf["rest"].format(n=beyond)] if beyond else ranges)

    return where


def _step(step: PlanStep, where: Callable[[Sequence[str]], str]) -> Json:
    catalogue, cost = words(), step.cost
    said = format_words().pdf["cost"]
    return {
        "order": step.order,
        "title": step.title,
        "action": catalogue.actions.get(step.action, step.action),
        "by": catalogue.labels["by"].format(date=catalogue.day(step.by)) if step.by else "",
        "count": catalogue.devices(len(step.devices)),
        "cost": said.format(currency=cost.currency, low=f"{cost.low:,.0f}", high=f"{cost.high:,.0f}")
        if cost
        else "",
        "why": step.why,
        "where": where(step.devices),
    }


def _coverage(report: Report) -> Json:
    catalogue, reach = words(), report.coverage
    labels = catalogue.labels
    shown = [name for name in _REACH if getattr(reach, name) or name in ("answered", "silent")]
    limits = list(reach.limits)
    cut = [labels["and_more"].format(n=len(limits) - _MAX_LIMITS)] if len(limits) > _MAX_LIMITS else []
    return {
        "reach": [
            *([catalogue.hosts[name], getattr(reach, name)] for name in shown),
            [labels["in_all"], reach.addresses],
        ],
        "protocols": [
            [
                catalogue.channels.get(each.name, each.name),
                each.answered,
                sum(each.outcomes.values()) - each.answered,
            ]
            for each in protocols(reach)
        ],
        "scope": _listed(report.run.scope),
        "excluded": _listed(report.run.excluded),
        "imported": labels["imported"] if report.run.origin == "import" else "",
        "restraint": restraint(reach),
        "limits": [*limits[:_MAX_LIMITS], *cut],
    }


def _listed(texts: Sequence[str], most: int = 200) -> str:
    rest = [words().labels["and_more"].format(n=len(texts) - most)] if len(texts) > most else []
    return ", ".join([*texts[:most], *rest]) or words().labels["none"]


def _knowledge(report: Report) -> Json:
    catalogue, site = words(), report.site
    labels = catalogue.labels
    said = {True: labels["is_true"], False: labels["is_false"]}
    facts = [
        f"{name.replace('_', ' ')}: {said[value] if isinstance(value, bool) else value}"
        for name, value in site.facts.items()
    ]
    named = [report.names.get(policy, policy) for policy in report.policies]
    place = [part for part in (site.name, site.kind, site.jurisdiction) if part]
    rows = [
        [labels["site"], ", ".join(place) or labels["not_known"]],
        [labels["facts"], "; ".join(facts) or labels["facts_none"]],
        [labels["policies"], "; ".join(named) or labels["policies_none"]],
        [labels["as_of"], f"{catalogue.day(report.judged_as_of)}. {labels['unchecked']}"],
    ]
    rows += [[catalogue.knowledge.get(name, name), value] for name, value in report.run.knowledge.items()]
    return {"knowledge": rows, "glossary": [[each.term, each.text] for each in catalogue.glossary]}
