"""What the columns of a run may hold, for rows that a stranger may have written: a value in, yes or no out.

What is taken once is read at every report from then on, so what no reader could read is refused at the door. The
scope of a run that is read back is addresses, never a name to look up or a file to read.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Integer, String

from camaudit.model import Load, Outcome, Waiver
from camaudit.store import tables
from camaudit.store.sites import site_of

_MOST = 2**53
"""Up to here every program reads a number of JSON alike."""

_MOST_PORT = 65535
_LOADS = frozenset(each.name for each in fields(Load))
_WAIVED = {each.name for each in fields(Waiver)}

Holds = Callable[[Any], bool]


def fits(column: Column[Any], value: object) -> bool:
    """Say whether a value is one that this column holds: its type, its length and its form."""
    if value is None:
        return bool(column.nullable)
    named = f"{column.table.name}.{column.name}"
    if isinstance(column.type, tables.UtcDateTime):
        return isinstance(value, datetime) and _is_near(value)
    if isinstance(column.type, Integer):
        most = _MOST_PORT if column.name == "port" else _MOST
        return type(value) is int and 0 <= value <= most
    if isinstance(column.type, String):
        # PostgreSQL holds no NUL in a column of text; in JSON it is written as an escape, and devices do say it.
        is_text = isinstance(value, str) and len(value) <= (column.type.length or 0) and "\0" not in value
        return is_text and _is_storable(value) and _FORMS.get(named, _anything)(value)
    return _is_storable(value) and _FORMS[named](value)


def _is_near(value: datetime) -> bool:
    # The first and the last day of the calendar have no place in every zone.
    return value.tzinfo is not None and 1970 <= value.year <= 2999


def _is_storable(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _anything(_: object) -> bool:
    return True


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_mapping_of_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())


def _are_fields(value: object) -> bool:
    return isinstance(value, Mapping) and all(_are_texts(texts) for texts in value.values())


def _is_load(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and _LOADS.issuperset(value)
        and all(type(number) is int and 0 <= number <= _MOST for number in value.values())
    )


def _is_site(value: object) -> bool:
    try:
        return isinstance(value, Mapping) and bool(site_of(value))
    except ValueError:
        return False


def _is_span(text: str) -> bool:
    first, _, last = text.partition("-")
    try:
        if "/" in text:
            return bool(ipaddress.ip_network(text, strict=False))
        begin, end = (ipaddress.ip_address(each) for each in (first, last or first))
    except ValueError:
        return False
    return begin.version == end.version and int(begin) <= int(end)


def _are_spans(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(_are_texts(part) and all(map(_is_span, part)) for part in value)
    )


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _are_waivers(value: object) -> bool:
    return isinstance(value, list) and all(_is_waiver(each) for each in value)


def _is_waiver(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and _WAIVED.issuperset(value)
        and all(_is_day(value.get(name)) for name in ("granted", "expires"))
        and all(_are_texts(each) if name == "targets" else isinstance(each, str) for name, each in value.items())
    )


def _are_units(value: object) -> bool:
    return isinstance(value, list) and all(_is_unit(each) for each in value)


def _is_unit(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 3:
        return False
    places, facts, states = value
    return _are_texts(places) and _is_mapping_of_texts(facts) and _is_mapping_of_texts(states)


_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_FORMS: Mapping[str, Holds] = {
    "runs.site": _is_site,
    "runs.scope": _are_texts,
    "runs.excluded": _are_texts,
    "runs.resolved": _are_spans,
    "runs.limits": _are_texts,
    "hosts.notes": _are_texts,
    "hosts.load": _is_load,
    "observations.outcome": _OUTCOMES.__contains__,
    "observations.fields": _are_fields,
    "judgements.as_of": _is_day,
    "judgements.marks": _is_mapping_of_texts,
    "judgements.site": _is_site,
    "judgements.waivers": _are_waivers,
    "judgements.chosen": _are_texts,
    "judgements.units": _are_units,
}
