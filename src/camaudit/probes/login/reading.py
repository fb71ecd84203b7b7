"""What came of one login: fields, channels and notes, and the observations that keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from camaudit.model import Observation, Outcome
from camaudit.probes.login.session import Login
from camaudit.probes.record import Fields, Record, joined

_OUTCOMES = {
    Login.ACCEPTED: Outcome.ANSWERED,
    Login.NOT_NEEDED: Outcome.ANSWERED,
    Login.REFUSED: Outcome.REFUSED,
    Login.NO_ANSWER: Outcome.SILENT,
}


@dataclass(slots=True)
class Reading:
    """What one reader got of one device; ``channels`` are the fields of each camera behind a recorder."""

    fields: Fields = field(default_factory=dict)
    channels: tuple[Fields, ...] = ()
    notes: list[str] = field(default_factory=list)

    def add(self, fields: Mapping[str, Iterable[str]]) -> None:
        """Add what one more answer said."""
        self.fields = joined(self.fields, fields)


def observations(
    record: Record, protocol: str, outcome: Login, reading: Reading, note: str = ""
) -> tuple[Observation, ...]:
    """Return the observation of a login, and one of each channel that it showed."""
    said = {**reading.fields, "login.outcome": (outcome.value,), "login.protocol": (protocol,)}
    notes = "; ".join(filter(None, (note, *reading.notes)))
    behind = Record(record.host, record.port, "channel", record.now)
    return (
        record.of(_OUTCOMES.get(outcome, Outcome.NOT_ASKED), said, notes),
        *(behind.answered(channel) for channel in reading.channels),
    )
