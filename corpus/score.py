"""Identification against truth: out come the shares that say how far camaudit can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from camaudit.identify import POSSIBLE, identify
from camaudit.model import Certainty, Identification, Kind, Relation
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of, match
from camaudit.signatures.oui import OuiTable
from corpus.form import Recording
from corpus.replay import observations

ACCUSED = ("hikvision", "dahua")
"""The makers that a wrong name hurts most: most instruments name these two."""

_SURE = frozenset({Certainty.PROBABLE, Certainty.CONFIRMED})
_REBADGED = frozenset({Relation.OEM, Relation.SUBSIDIARY})
BINS = (0.0, 0.3, 0.5, 0.8, 0.95, 1.0001)


@dataclass(frozen=True, slots=True)
class Case:
    """One recording and what camaudit made of it."""

    recording: Recording
    found: Identification
    restricted: bool
    """Whether the true maker is one that rules restrict by name or by its seat."""

    @property
    def is_camera(self) -> bool:
        """Whether the device takes, records or shows pictures."""
        return self.recording.truth.kind not in (Kind.OTHER, Kind.UNKNOWN)

    @property
    def right(self) -> bool:
        """Whether the maker that camaudit names is the true one."""
        return self.found.maker is not None and self.found.maker == self.recording.truth.maker

    @property
    def named(self) -> bool:
        """Whether camaudit is sure enough that a verdict may rest on the name."""
        return self.found.certainty in _SURE

    @property
    def accused_wrongly(self) -> bool:
        """Whether a device of somebody else is called Hikvision or Dahua, surely enough for a verdict."""
        other = self.recording.truth.maker != self.found.maker
        known = self.recording.truth.maker is not None or not self.is_camera
        return self.named and self.found.maker in ACCUSED and other and known

    @property
    def rebadge_right(self) -> bool:
        """Whether maker and relation of a unit under another label are both right."""
        return self.right and self.found.relation is self.recording.truth.relation


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    good: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 1 where there was nothing to get wrong."""
        return self.good / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The cameras whose confidence lies in one band: the mean of it and how often the name was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def judged(recordings: Iterable[Recording], knowledge: Knowledge, oui: OuiTable) -> tuple[Case, ...]:
    """Identify each recorded device as an audit would."""
    cases = []
    for recording in recordings:
        fields = fields_of(observations(recording), oui)
        found = identify(fields, match(fields, knowledge), knowledge)
        maker = knowledge.entities.get(recording.truth.maker or "")
        cases.append(Case(recording, found, maker is not None and maker.prc_law == "subject"))
    return tuple(cases)


def told(cases: Iterable[Case]) -> list[Case]:
    """The cameras whose maker is known and whose replies let it be named at all."""
    return [c for c in cases if c.is_camera and c.recording.truth.maker is not None and c.recording.told]


def recall(cases: Iterable[Case]) -> Share:
    """Of the restricted makers' cameras that can be told, those not missed: the maker right, at least possible."""
    return _share(told(cases), lambda c: c.right, lambda c: c.restricted)


def maker_right(cases: Iterable[Case]) -> Share:
    """Of all cameras that can be told, those with the right maker."""
    return _share(told(cases), lambda c: c.right)


def verdict_ready(cases: Iterable[Case]) -> Share:
    """Of all cameras that can be told, those named surely enough for a verdict, and rightly."""
    return _share(told(cases), lambda c: c.right and c.named)


def precision(cases: Iterable[Case]) -> Share:
    """Of the devices of a known truth that were named surely, those named rightly."""
    known = [c for c in cases if c.named and (c.recording.truth.maker is not None or not c.is_camera)]
    return _share(known, lambda c: c.right)


def rebadges(cases: Iterable[Case]) -> Share:
    """Of the units under another label that can be told, those with maker and relation right."""
    return _share(told(cases), lambda c: c.rebadge_right, lambda c: c.recording.truth.relation in _REBADGED)


def shown_rebadges(cases: Iterable[Case]) -> Share:
    """The same of those alone whose replies show that they are under another label."""
    return rebadges([c for c in cases if c.recording.label])


def abstained(cases: Iterable[Case]) -> Share:
    """Of all cameras, those of which camaudit says that it does not know the maker."""
    return _share([c for c in cases if c.is_camera], lambda c: c.found.maker is None)


def false_accusations(cases: Iterable[Case]) -> list[Case]:
    """The devices of others that were called Hikvision or Dahua."""
    return [c for c in cases if c.accused_wrongly]


def brier(cases: Iterable[Case]) -> float:
    """The mean squared distance between the confidence in the named maker and its being right (0 is best).

    Over every device of which camaudit names a maker and somebody knows the truth; Brier 1950.
    """
    errors = [(c.found.confidence - c.right) ** 2 for c in _named_and_known(cases)]
    return sum(errors) / len(errors) if errors else 0.0


def reliability(cases: Iterable[Case]) -> tuple[Bin, ...]:
    """The same devices by confidence: a calibrated tool is right about as often as it says."""
    known = _named_and_known(cases)
    found = []
    for low, high in pairwise(BINS):
        inside = [c for c in known if low <= c.found.confidence < high]
        if inside:
            mean = sum(c.found.confidence for c in inside) / len(inside)
            found.append(Bin(low, min(high, 1.0), len(inside), mean, sum(c.right for c in inside) / len(inside)))
    return tuple(found)


def _named_and_known(cases: Iterable[Case]) -> list[Case]:
    known = [c for c in cases if c.recording.truth.maker is not None or not c.is_camera]
    return [c for c in known if c.found.maker is not None and c.found.confidence >= POSSIBLE]


def _share(
    cases: Sequence[Case], good: Callable[[Case], bool], among: Callable[[Case], bool] | None = None
) -> Share:
    chosen = [c for c in cases if among is None or among(c)]
    return Share(sum(map(good, chosen)), len(chosen))
