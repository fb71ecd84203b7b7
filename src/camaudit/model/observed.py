"""From a target to what the signatures read in its replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import datetime

from camaudit.model.words import Outcome, Strength


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to ask: an address, and the port where one is meant."""

    address: str
    port: int | None = None


OF_A_GROUP = "an answer to a search of the whole network"
"""The note of an answer that nobody asked this address for: whoever sent it wrote the sender's address himself."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one probe got from one target, kept raw and for ever.

    ``fields`` maps a name of ``signatures.fields.FIELDS`` to every value read, as sent (bounded and decoded,
    never interpreted). ``note`` says why there is no answer, in words for the coverage page, or that
    it is one ``OF_A_GROUP``.
    """

    target: Target
    probe: str
    outcome: Outcome
    fields: Mapping[str, tuple[str, ...]]
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signature that spoke: what it read, what it claims, and how it counted (weight in nats)."""

    signature: str
    claim: str
    channel: str
    field: str
    weight: float
    excerpt: str
    strength: Strength
    basis: str
    source: str
    extracted: Mapping[str, str] = with_default(default_factory=dict)
    counted: bool = False
    note: str = ""
