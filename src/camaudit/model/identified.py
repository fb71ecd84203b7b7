"""Who made a device, whose label it carries, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camaudit.model.observed import Evidence
from camaudit.model.placed import Contact, SwitchPort
from camaudit.model.words import Certainty, Kind, Relation


@dataclass(frozen=True, slots=True)
class Candidate:
    """A maker that could be meant, with its share of the belief (0 to 1)."""

    maker: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What the device says of its own state; ``None`` and ``unknown`` mean that it did not say."""

    activated: bool | None = None
    cloud: str = "unknown"
    analytics: tuple[str, ...] = ()
    locked: bool | None = None
    access_terminal: bool = False
    """Whether it is a terminal that opens a door and has a camera of its own."""


@dataclass(frozen=True, slots=True)
class Identification:
    """Who made a device, whose label it carries, and why we think so. Ids are of ``entities.yaml``."""

    maker: str | None
    certainty: Certainty
    confidence: float
    brand: str | None = None
    brand_name: str | None = None
    relation: Relation = Relation.UNKNOWN
    kind: Kind = Kind.UNKNOWN
    video: bool = False
    """Whether anything showed that this is video equipment at all."""
    model: str | None = None
    firmware: str | None = None
    firmware_date: date | None = None
    serial: str | None = None
    mac: str | None = None
    channels_reported: int | None = None
    channels_identified: int | None = None
    """How many of them have a maker that is at least probable; ``None`` where the recorder was not read."""
    state: DeviceState = DeviceState()
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    contradictions: tuple[str, ...] = ()
    next_step: str = ""
    """When the maker is not certain: the cheapest way to find out."""


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """A known weakness of a device's firmware, judged by model and version only.

    ``status`` is ``affected``, ``possibly_affected`` (the range or the version is not known) or ``fixed``;
    ``known_exploited`` is the day on which an authority listed it as used in attacks.
    """

    id: str
    title: str
    status: str
    known_exploited: date | None = None
    source: tuple[str, ...] = ()
    checked: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """That a camera is on a recorder's channel; ``recorder`` is a device's id, ``address`` as it says.

    ``online`` says whether the recorder reaches it, where it tells.
    """

    recorder: str
    recorder_address: str
    channel: str
    name: str = ""
    address: str = ""
    online: bool | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """One physical unit as far as the scan could tell, at one or more addresses.

    A camera that only a recorder told of has that one's address and its channel: ``192.0.2.24#3``.
    """

    id: str
    address: str
    identification: Identification
    mac: str | None = None
    also_at: tuple[str, ...] = ()
    first_seen: date | None = None
    vulnerabilities: tuple[Vulnerability, ...] = ()
    exposed: tuple[str, ...] = ()
    """What it lets anybody see, by the names of ``exposure.EXPOSURES``; a name that is missing says nothing."""
    recorded: tuple[Recorded, ...] = ()
    """The channels of recorders on which it is."""
    ports: tuple[SwitchPort, ...] = ()
    """Where it is plugged in, as far as a switch's table tells; two where two switches say so."""
    uuid: str = ""
    """The UUID it shows at its own addresses; empty where it shows none or a placeholder."""
    contacts: tuple[Contact, ...] = ()
    """Whom it was heard talking to; never a sign of who made it."""
