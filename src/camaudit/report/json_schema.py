"""The JSON Schema of ``camaudit/report@1``: in goes nothing, out comes what ``camaudit schema report`` prints.
Objects stay open (no ``additionalProperties: false``): a reader must bear fields that are added later.
"""

from __future__ import annotations

from dataclasses import fields

from camaudit.model import Certainty, Kind, Load, Outcome, Relation, Severity, Strength, Topic, Verdict
from camaudit.report.background import background_schema
from camaudit.report.json_changes_schema import since_schema, trend_schema
from camaudit.report.json_placed import placed_schema, reconciled_schema
from camaudit.report.json_plan_schema import costs_schema, progress_schema, question_schema, step_schema
from camaudit.report.json_shapes import (
    COUNT,
    DAY,
    MOMENT,
    SHARE,
    TEXT,
    YES_NO,
    Schema,
    an_object,
    list_of,
    map_of,
    maybe,
    one_of,
)
from camaudit.report.summary import STANDINGS

SCHEMA = "camaudit/report@1"


def schema() -> Schema:
    """Return the JSON Schema of report.json."""
    whole = an_object(
        schema={"const": SCHEMA},
        judged_as_of=DAY,
        run=_run(),
        site=_site(),
        policies=list_of(an_object(id=TEXT, name=TEXT)),
        notices=list_of(TEXT),
        summary=map_of(COUNT),
        coverage=_coverage(),
        devices=list_of(_device()),
        findings=list_of(_finding()),
        remediation=list_of(step_schema()),
        register=reconciled_schema(),
        audience=TEXT,
        costs=costs_schema(),
        specification=list_of(TEXT),
        progress=list_of(progress_schema()),
        changes=since_schema(),
        trend=trend_schema(),
        questions=list_of(question_schema()),
    )
    # Written only where somebody asked for it, so nobody may count on it.
    whole["properties"]["background"] = background_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "camaudit report",
        **whole,
    }


def _run() -> Schema:
    return an_object(
        id=TEXT,
        started=MOMENT,
        finished=maybe(MOMENT),
        tool_version=TEXT,
        origin=TEXT,
        knowledge=map_of(TEXT),
        scope=list_of(TEXT),
        excluded=list_of(TEXT),
    )


def _site() -> Schema:
    return an_object(name=TEXT, jurisdiction=TEXT, kind=TEXT, facts=map_of({"type": ["boolean", "string"]}))


def _coverage() -> Schema:
    load = maybe(an_object(**{part.name: COUNT for part in fields(Load)}))
    host = an_object(address=TEXT, outcome=TEXT, probes=map_of(one_of(Outcome)), notes=list_of(TEXT), load=load)
    asked = map_of(map_of(COUNT))
    cause = an_object(id=TEXT, cause=TEXT, step=TEXT)
    numbers = ("addresses", "answered", "silent", "refused", "excluded", "error", "unasked")
    parts = {
        "limits": list_of(TEXT),
        "protocols": asked,
        "causes": list_of(cause),
        "heaviest": load,
        "hosts": list_of(host),
    }
    return an_object(**{name: COUNT for name in numbers}, **parts)


def _device() -> Schema:
    maker = an_object(id=maybe(TEXT), name=maybe(TEXT), certainty=one_of(Certainty), confidence=SHARE)
    cloud = one_of(("enabled", "disabled", "unknown"))
    return an_object(
        id=TEXT,
        address=TEXT,
        location=maybe(TEXT),
        mac=maybe(TEXT),
        also_at=list_of(TEXT),
        first_seen=maybe(DAY),
        verdict=one_of(STANDINGS),
        kind=one_of(Kind),
        video=YES_NO,
        maker=maker,
        brand=maybe(an_object(id=maybe(TEXT), name=TEXT)),
        relation=one_of(Relation),
        model=maybe(TEXT),
        firmware=maybe(TEXT),
        firmware_date=maybe(DAY),
        serial=maybe(TEXT),
        channels=an_object(reported=maybe(COUNT), identified=maybe(COUNT)),
        recorded=list_of(_recorded()),
        state=an_object(
            activated=maybe(YES_NO),
            cloud=cloud,
            analytics=list_of(TEXT),
            locked=maybe(YES_NO),
            access_terminal=YES_NO,
        ),
        exposed=list_of(TEXT),
        vulnerabilities=list_of(_vulnerability()),
        evidence=list_of(_evidence()),
        candidates=list_of(an_object(maker=TEXT, confidence=SHARE)),
        contradictions=list_of(TEXT),
        next_step=TEXT,
        noted=maybe(an_object(location=TEXT, owner=TEXT, decision=TEXT, decided_by=TEXT, note=TEXT)),
        **placed_schema(),
    )


def _recorded() -> Schema:
    texts = ("recorder", "recorder_address", "channel", "name", "address")
    return an_object(**{name: TEXT for name in texts}, online=maybe(YES_NO))


def _vulnerability() -> Schema:
    return an_object(
        id=TEXT,
        known_exploited=YES_NO,
        status=one_of(("affected", "possibly_affected", "fixed")),
        title=TEXT,
        listed_as_exploited=maybe(DAY),
        checked=maybe(DAY),
        note=TEXT,
    )


def _evidence() -> Schema:
    return an_object(
        signature=TEXT,
        channel=TEXT,
        field=TEXT,
        excerpt=TEXT,
        claim=TEXT,
        extracted=map_of(TEXT),
        weight={"type": "number"},
        counted=YES_NO,
        strength=one_of(Strength),
        basis=TEXT,
        source=TEXT,
        note=TEXT,
    )


def _finding() -> Schema:
    return an_object(
        device=TEXT,
        policy=TEXT,
        rule=TEXT,
        title=TEXT,
        verdict=one_of(Verdict),
        severity=one_of(Severity),
        reason=TEXT,
        question=TEXT,
        citations=list_of(_citation()),
        due=maybe(DAY),
        remedy=TEXT,
        waiver=maybe(_waiver()),
        advice=YES_NO,
        todo=TEXT,
        when=TEXT,
        asks=list_of(an_object(about=one_of(Topic), name=TEXT)),
    )


def _citation() -> Schema:
    note = an_object(document=TEXT, title=TEXT, states=TEXT, correction=TEXT)
    return an_object(
        instrument=TEXT,
        title=TEXT,
        citation=TEXT,
        url=TEXT,
        known_as_of=TEXT,
        binds=TEXT,
        asks=TEXT,
        confidence=TEXT,
        recheck=YES_NO,
        documents=list_of(TEXT),
        document_notes=list_of(note),
    )


def _waiver() -> Schema:
    return an_object(
        rule=TEXT,
        targets=list_of(TEXT),
        reason=TEXT,
        granted_by=TEXT,
        granted=DAY,
        expires=DAY,
        cites=TEXT,
    )
