"""What was said of a run once: kept so that a later look can tell what has changed since, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from camaudit.model.judged import Waiver
from camaudit.model.reported import Site


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """One device as it was identified then, and the state of each rule (``pack/rule``) that spoke of it."""

    addresses: tuple[str, ...]
    facts: Mapping[str, str]
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement of a run: by what it was made, and what came out.

    ``marks`` holds a digest of each part of what camaudit knew: ``signatures``, ``oui``, ``entities``,
    ``pack:<id>`` and ``instrument:<id>``. The knowledge itself is not kept.
    """

    run: str
    judged: datetime
    as_of: date
    tool_version: str
    marks: Mapping[str, str]
    site: Site
    waivers: tuple[Waiver, ...]
    chosen: tuple[str, ...]
    units: tuple[KeptUnit, ...] = ()
