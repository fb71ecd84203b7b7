"""The shapes that the JSON Schema of a report is put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def an_object(**properties: Schema) -> Schema:
    """Return an object of which every property is always there."""
    return {"type": "object", "required": sorted(properties), "properties": properties}


AMOUNT: Schema = {"type": "number", "minimum": 0}
ENDS = an_object(low=AMOUNT, high=AMOUNT)


def list_of(items: Schema) -> Schema:
    """Return a list of such items."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """Return what may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(words: Iterable[str]) -> Schema:
    """Return one of these words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def map_of(values: Schema) -> Schema:
    """Return an object of any keys, with such values."""
    return {"type": "object", "additionalProperties": values}
