"""What a probe leaves behind: an ``Observation``, also where nothing came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from camaudit.model import Observation, Outcome, Target
from camaudit.net.wire import Host, Stopped
from camaudit.probes.text import bounded

Now = Callable[[], datetime]
"""Gives the time at which an observation was made."""

Fields = dict[str, tuple[str, ...]]
"""Names of ``signatures.fields.FIELDS`` to the values read."""


@dataclass(frozen=True, slots=True)
class Record:
    """Writes the observations of one probe about one port."""

    host: Host
    port: int
    probe: str
    now: Now

    def answered(self, fields: Mapping[str, Iterable[str]], note: str = "") -> Observation:
        """Record that the protocol was spoken."""
        return self.of(Outcome.ANSWERED, fields, note)

    def stopped(self, stopped: Stopped) -> Observation:
        """Record why nothing was read."""
        return self.of(stopped.outcome, {}, stopped.note)

    def of(self, outcome: Outcome, fields: Mapping[str, Iterable[str]], note: str = "") -> Observation:
        """Record any outcome, with the fields that were read all the same."""
        target = Target(self.host.address, self.port)
        return Observation(target, self.probe, outcome, bounded(fields), self.now(), note)


def joined(*parts: Mapping[str, Iterable[str]]) -> Fields:
    """Return the fields of several answers as one mapping, values in the order in which they came."""
    whole: Fields = {}
    for part in parts:
        for name, values in part.items():
            known = whole.get(name, ())
            whole[name] = known + tuple(value for value in dict.fromkeys(values) if value not in known)
    return whole


async def ask_by_datagram(
    record: Record,
    requests: Iterable[bytes],
    parse: Callable[[bytes], Mapping[str, tuple[str, ...]] | None],
    *,
    wait_s: float,
    reply_port: int = 0,
) -> tuple[Observation, ...]:
    """Send each request until one is answered, and record what the answers say together.

    Answers of one host on one port are one device's; ``malformed`` means that none spoke the protocol.
    """
    last = Stopped(Outcome.SILENT, "no answer")
    for request in requests:
        try:
            answers = await record.host.datagram(record.port, request, wait_s=wait_s, reply_port=reply_port)
        except Stopped as stopped:
            if last.outcome is Outcome.SILENT:
                last = stopped
            if stopped.outcome is not Outcome.SILENT:
                break
            continue
        read = [fields for fields in map(parse, answers) if fields is not None]
        if read:
            return (record.answered(joined(*read)),)
        last = Stopped(Outcome.MALFORMED, f"an answer that is not {record.probe}")
    return (record.stopped(last),)
