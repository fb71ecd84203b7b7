"""The closed sets of words that camaudit speaks in; each word is part of the outward contract."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What came of one probe. "Not asked", "no answer" and "no" stay three different things."""

    ANSWERED = "answered"
    REFUSED = "refused"
    SILENT = "silent"
    MALFORMED = "malformed"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_ASKED = "not_asked"


class Certainty(StrEnum):
    """How sure the maker is; a promise to the reader (see ``identify``)."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a device is."""

    CAMERA = "camera"
    RECORDER = "recorder"
    DOOR_STATION = "door-station"
    ENCODER = "encoder"
    OTHER = "other"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """How the label on the unit relates to who built it."""

    OWN_BRAND = "own_brand"
    SUBSIDIARY = "subsidiary"
    OEM = "oem"
    UNKNOWN = "unknown"


class Strength(StrEnum):
    """How much one sign says by itself (``signatures/README.md``)."""

    DECISIVE = "decisive"
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Verdict(StrEnum):
    """What a rule says of a device. ``REVIEW`` always carries the question that would settle it."""

    VIOLATION = "violation"
    REVIEW = "review"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How much a rule matters; it belongs to the rule, never to the certainty."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
