"""What a report still has to ask: the open points of a finding, and the questions that settle many of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from camaudit.model.words import Verdict


class Topic(StrEnum):
    """What an open point is about, which decides who can settle it and where the answer is kept."""

    SITE = "site"
    """A fact of the site, its place or its kind: kept as a line of the site file."""
    MAKER = "maker"
    KIND = "kind"
    """Who built a unit, or what it is: kept as a sighting, beside what the unit says of itself."""
    STANDING = "standing"
    STATE = "state"
    INSTRUMENT = "instrument"
    DECISION = "decision"
    """Something that a person has to weigh: kept as a decision, with who took it and until when it holds."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One open point of a finding: a fact of the site by its name, else what the question is about."""

    topic: Topic
    name: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one answer would make of some findings; ``None`` is no finding at all.

    ``then`` is what would be asked next, where the answer leaves them open.
    """

    policy: str
    title: str
    before: Verdict | None
    after: Verdict | None
    devices: tuple[str, ...]
    then: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer and what it would change; nothing where it changes nothing by itself."""

    answer: str
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, put once, with the devices whose reviews it settles.

    ``key`` names it to whoever answers: ``central_government``, ``maker:lts-cmip3432``,
    ``rule:hygiene/vendor-cloud-on``. With ``each`` an answer holds for one unit and says nothing of the next.
    """

    key: str
    topic: Topic
    text: str
    devices: tuple[str, ...]
    reviews: int
    """How many findings wait for it."""
    titles: tuple[str, ...] = ()
    """What those findings are about."""
    why: str = ""
    choices: tuple[Choice, ...] = ()
    each: bool = False
