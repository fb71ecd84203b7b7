"""Reads lines for a SIEM as a stranger would: OCSF by its published schema, CEF by the rules that it states."""

from __future__ import annotations

import functools
import json
import re
from importlib.resources import files
from typing import Any

import jsonschema_rs
from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded

from camaudit.report import ocsf

_FRAME = re.compile(r"<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) - (CEF:0\|.*)", re.DOTALL)
_KEY = re.compile(r"(?:^|(?<= ))([A-Za-z0-9_.]+)=")


@functools.cache
def _ocsf() -> OcsfJsonSchemaEmbedded:
    text = (files("ocsf_json_schema") / "ocsf" / f"{ocsf.OCSF_VERSION}.json").read_text("utf-8")
    return OcsfJsonSchemaEmbedded(json.loads(text))


@functools.cache
def _check(class_uid: int) -> Any:
    name = _ocsf().lookup_class_name_from_uid(class_uid)
    return jsonschema_rs.validator_for(_ocsf().get_class_schema(name))


def events(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    for event in found:
        problems = [f"{e.instance_path}: {e.message}"[:300] for e in _check(event["class_uid"]).iter_errors(event)]
        assert problems == [], event
    return found


def parsed(line: str) -> tuple[list[str], dict[str, str]]:
    """Take a CEF line apart by the rules of its specification."""
    frame = _FRAME.fullmatch(line)
    assert frame, line
    assert 0 <= int(frame[1]) <= 191
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", frame[7], maxsplit=7)
    head = [part.replace("\\|", "|").replace("\\\\", "\\") for part in parts[:7]]
    extension = parts[7]
    places = [m for m in _KEY.finditer(extension) if not extension[: m.end() - 1].endswith("\\")]
    ends = [place.start() for place in places[1:]] + [len(extension) + 1]
    values = {m[1]: extension[m.end() : end - 1] for m, end in zip(places, ends, strict=True)}
    return head, {k: v.replace("\\=", "=").replace("\\\\", "\\") for k, v in values.items()}


DICTIONARY = {
    *(f"cs{n}{label}" for n in range(1, 7) for label in ("", "Label")),
    *(f"flexString{n}{label}" for n in (1, 2) for label in ("", "Label")),
    *("deviceCustomDate1", "deviceCustomDate1Label", "c6a3", "c6a3Label"),
    *("rt", "dst", "dmac", "dhost", "cat", "externalId", "deviceExternalId", "act", "request", "reason", "msg"),
}
"""The keys of the CEF dictionary that we use."""
