"""The JSON Schema of ``camaudit/report@1``: in goes nothing, out comes what ``camaudit schema report`` prints.
Objects stay open (no ``additionalProperties: false``): a reader must bear fields that are added later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from camaudit.model import Certainty, Kind, Outcome, Relation, Severity, Strength, Verdict
from camaudit.report.background import background_schema
from camaudit.report.json_placed import listed as _list
from camaudit.report.json_placed import placed_schema, reconciled_schema
from camaudit.report.summary import STANDINGS

SCHEMA = "camaudit/report@1"

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_YES_NO: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": sorted(properties), "properties": properties}


_AMOUNT: Schema = {"type": "number", "minimum": 0}
_ENDS = _object(low=_AMOUNT, high=_AMOUNT)


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def schema() -> Schema:
    """Return the JSON Schema of report.json."""
    whole = _object(
        schema={"const": SCHEMA},
        judged_as_of=_DAY,
        run=_run(),
        site=_site(),
        policies=_list(_object(id=_TEXT, name=_TEXT)),
        notices=_list(_TEXT),
        summary=_map(_COUNT),
        coverage=_coverage(),
        devices=_list(_device()),
        findings=_list(_finding()),
        remediation=_list(_step()),
        register=reconciled_schema(),
        audience=_TEXT,
        costs=_costs(),
        specification=_list(_TEXT),
        progress=_list(_progress()),
    )
    # Written only where somebody asked for it, so nobody may count on it.
    whole["properties"]["background"] = background_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "camaudit report",
        **whole,
    }


def _run() -> Schema:
    return _object(
        id=_TEXT,
        started=_MOMENT,
        finished=_maybe(_MOMENT),
        tool_version=_TEXT,
        origin=_TEXT,
        knowledge=_map(_TEXT),
        scope=_list(_TEXT),
        excluded=_list(_TEXT),
    )


def _site() -> Schema:
    return _object(name=_TEXT, jurisdiction=_TEXT, kind=_TEXT, facts=_map({"type": ["boolean", "string"]}))


def _coverage() -> Schema:
    host = _object(address=_TEXT, outcome=_TEXT, probes=_map(_one_of(Outcome)), notes=_list(_TEXT))
    asked = _map(_map(_COUNT))
    cause = _object(id=_TEXT, cause=_TEXT, step=_TEXT)
    numbers = ("addresses", "answered", "silent", "refused", "excluded", "error", "unasked")
    parts = {"limits": _list(_TEXT), "protocols": asked, "causes": _list(cause), "hosts": _list(host)}
    return _object(**{name: _COUNT for name in numbers}, **parts)


def _device() -> Schema:
    maker = _object(id=_maybe(_TEXT), name=_maybe(_TEXT), certainty=_one_of(Certainty), confidence=_SHARE)
    cloud = _one_of(("enabled", "disabled", "unknown"))
    return _object(
        id=_TEXT,
        address=_TEXT,
        location=_maybe(_TEXT),
        mac=_maybe(_TEXT),
        also_at=_list(_TEXT),
        first_seen=_maybe(_DAY),
        verdict=_one_of(STANDINGS),
        kind=_one_of(Kind),
        video=_YES_NO,
        maker=maker,
        brand=_maybe(_object(id=_maybe(_TEXT), name=_TEXT)),
        relation=_one_of(Relation),
        model=_maybe(_TEXT),
        firmware=_maybe(_TEXT),
        firmware_date=_maybe(_DAY),
        serial=_maybe(_TEXT),
        channels=_object(reported=_maybe(_COUNT), identified=_maybe(_COUNT)),
        recorded=_list(_recorded()),
        state=_object(activated=_maybe(_YES_NO), cloud=cloud, analytics=_list(_TEXT), locked=_maybe(_YES_NO)),
        exposed=_list(_TEXT),
        vulnerabilities=_list(_vulnerability()),
        evidence=_list(_evidence()),
        candidates=_list(_object(maker=_TEXT, confidence=_SHARE)),
        contradictions=_list(_TEXT),
        next_step=_TEXT,
        noted=_maybe(_object(location=_TEXT, owner=_TEXT, decision=_TEXT, decided_by=_TEXT, note=_TEXT)),
        **placed_schema(),
    )


def _recorded() -> Schema:
    texts = ("recorder", "recorder_address", "channel", "name", "address")
    return _object(**{name: _TEXT for name in texts}, online=_maybe(_YES_NO))


def _vulnerability() -> Schema:
    return _object(
        id=_TEXT,
        known_exploited=_YES_NO,
        status=_one_of(("affected", "possibly_affected", "fixed")),
        title=_TEXT,
        listed_as_exploited=_maybe(_DAY),
        checked=_maybe(_DAY),
        note=_TEXT,
    )


def _evidence() -> Schema:
    return _object(
        signature=_TEXT,
        channel=_TEXT,
        field=_TEXT,
        excerpt=_TEXT,
        claim=_TEXT,
        extracted=_map(_TEXT),
        weight={"type": "number"},
        counted=_YES_NO,
        strength=_one_of(Strength),
        basis=_TEXT,
        source=_TEXT,
        note=_TEXT,
    )


def _finding() -> Schema:
    return _object(
        device=_TEXT,
        policy=_TEXT,
        rule=_TEXT,
        title=_TEXT,
        verdict=_one_of(Verdict),
        severity=_one_of(Severity),
        reason=_TEXT,
        question=_TEXT,
        citations=_list(_citation()),
        due=_maybe(_DAY),
        remedy=_TEXT,
        waiver=_maybe(_waiver()),
        advice=_YES_NO,
        todo=_TEXT,
        when=_TEXT,
    )


def _citation() -> Schema:
    note = _object(document=_TEXT, title=_TEXT, states=_TEXT, correction=_TEXT)
    return _object(
        instrument=_TEXT,
        title=_TEXT,
        citation=_TEXT,
        url=_TEXT,
        known_as_of=_TEXT,
        binds=_TEXT,
        asks=_TEXT,
        confidence=_TEXT,
        recheck=_YES_NO,
        documents=_list(_TEXT),
        document_notes=_list(note),
    )


def _waiver() -> Schema:
    return _object(
        rule=_TEXT,
        targets=_list(_TEXT),
        reason=_TEXT,
        granted_by=_TEXT,
        granted=_DAY,
        expires=_DAY,
        cites=_TEXT,
    )


def _step() -> Schema:
    line = _object(what=_TEXT, quantity=_ENDS, price=_ENDS, low=_AMOUNT, high=_AMOUNT)
    cost = _object(currency=_TEXT, lines=_list(line), unpriced=_list(_TEXT), low=_AMOUNT, high=_AMOUNT)
    return _object(
        order={"type": "integer", "minimum": 1},
        action=_TEXT,
        title=_TEXT,
        devices=_list(_TEXT),
        why=_TEXT,
        by=_maybe(_DAY),
        cost=_maybe(cost),
        key=_TEXT,
        items=_list(_object(key=_TEXT, device=_TEXT)),
        by_from=_one_of(("instrument", "site", "")),
        who=_TEXT,
        effort=_maybe(_object(text=_TEXT, hours=_maybe(_ENDS))),
        noted=_maybe(_object(responsible=_TEXT, status=_TEXT, done=_maybe(_DAY), note=_TEXT)),
    )


def _costs() -> Schema:
    table = _object(currency=_TEXT, source=_TEXT, dated=_maybe(_DAY), note=_TEXT)
    year, money = _maybe({"type": "integer"}), {"currency": _TEXT, "low": _AMOUNT, "high": _AMOUNT}
    total = _object(site=_TEXT, year=year, steps=_COUNT, unpriced=_COUNT, **money)
    return _object(prices=_maybe(table), totals=_list(total))


def _progress() -> Schema:
    words = {"state": _one_of(("done", "open", "unseen", "new")), "how": _one_of(("replaced", "settled", ""))}
    return _object(key=_TEXT, action=_TEXT, device=_TEXT, address=_TEXT, **words)
