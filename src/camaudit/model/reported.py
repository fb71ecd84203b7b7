"""A run, its site and coverage, and the report that holds everything a renderer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from camaudit.model.asked import Question
from camaudit.model.changed import Trend, UnitChange, VerdictChange
from camaudit.model.identified import Device
from camaudit.model.judged import Allegation, Attestation, Decision, Finding, PlanStep, Progress, Sighting
from camaudit.model.noted import Notes
from camaudit.model.placed import Reconciled
from camaudit.model.planned import Planning
from camaudit.model.words import Outcome


@dataclass(frozen=True, slots=True)
class Load:
    """What asking one host cost it. Bytes are those of questions and answers, without the network's own."""

    knocks: int = 0
    """TCP ports tried, each time counted."""
    connections: int = 0
    """TCP connections opened."""
    at_once: int = 0
    """Most connections at one time."""
    requests: int = 0
    datagrams: int = 0
    bytes_out: int = 0
    bytes_in: int = 0


@dataclass(frozen=True, slots=True)
class HostCoverage:
    """What was asked of one address and what came of it."""

    address: str
    outcome: str
    probes: Mapping[str, Outcome] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    load: Load | None = None
    """``None`` where it was not counted: imported, or asked by an older camaudit."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scan reached; it is what makes "none found" worth something."""

    addresses: int
    answered: int
    silent: int
    refused: int
    excluded: int = 0
    error: int = 0
    unasked: int = 0
    hosts: tuple[HostCoverage, ...] = ()
    limits: tuple[str, ...] = ()
    """What could not be done and why (no privilege, multicast blocked), a line each."""


@dataclass(frozen=True, slots=True)
class Run:
    """One scan: when, with what knowledge, over which scope."""

    id: str
    started: datetime
    finished: datetime | None
    tool_version: str
    scope: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    knowledge: Mapping[str, str] = field(default_factory=dict)
    origin: str = "scan"
    """``scan``, ``import`` (files alone), ``scan+import`` (both), ``listen`` (others' packets), ``switches``."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the cameras hang and what the operator said of it; a fact left out is unknown, not false."""

    name: str
    jurisdiction: str = ""
    kind: str = ""
    facts: Mapping[str, bool | str] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    core_networks: tuple[str, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names for addresses and ranges that belong together; a credentials file may name them."""
    planning: Planning = field(default_factory=Planning)
    sightings: tuple[Sighting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    language: str = ""
    """The language of its reports; empty is English."""
    quiet_hours: tuple[str, ...] = ()
    """Times of day in which nothing is sent, as the operator wrote them: ``08:00-16:00 Europe/London``."""


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier run of the site, judged as of ``as_of``; ``unseen`` could not be checked."""

    run: Run
    as_of: date
    units: tuple[UnitChange, ...]
    verdicts: tuple[VerdictChange, ...]
    unseen: tuple[VerdictChange, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a renderer needs; one view, many formats."""

    run: Run
    site: Site
    judged_as_of: date
    devices: tuple[Device, ...]
    findings: tuple[Finding, ...]
    plan: tuple[PlanStep, ...]
    coverage: Coverage
    policies: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    """What the reader must know first: expired waivers, packs left out, uncalibrated makers."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Entity and policy ids to the names people know them by."""
    background: tuple[Allegation, ...] | None = None
    """What is alleged of the makers found here; ``None`` unless somebody asked for it."""
    notes: Notes = field(default_factory=Notes)
    """What people wrote of units and steps; no evidence, and no part of any verdict."""
    reconciled: tuple[Reconciled, ...] = ()
    """The asset register against what was seen; empty where none was imported."""
    specification: tuple[str, ...] = ()
    """What a unit that takes the place of another must be, a requirement each; empty where nothing is replaced."""
    progress: tuple[Progress, ...] = ()
    """What became of the items of an earlier plan, where one was compared."""
    locations: Mapping[str, str] = field(default_factory=dict)
    """Where each unit hangs, by device id, as far as somebody said."""
    audience: str = ""
    """Whom the report is for (``report.audience``); empty shows everything."""
    questions: tuple[Question, ...] = ()
    """What is still to be answered, the question that settles most findings first."""
    since: Since | None = None
    """What changed since an earlier run, where one was compared."""
    trend: Trend | None = None
    """How many were left term by term, where somebody asked for it."""
