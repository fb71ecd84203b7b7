"""What was only said in a unit's name: an answer to everybody carries the sender that its sender wrote. Pure.

In go the observations of one address, out comes whether it never spoke itself, and which searches it answered
to everybody and left unanswered when it was asked in person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from camaudit.identify import plain_mac
from camaudit.model import OF_A_GROUP, Observation, Outcome

NOT_A_DEVICE = frozenset({"port", "mac", "traffic"})
_STATED_MACS = (
    *("sadp.mac", "dhip.mac", "wsd.mac", "hanwha.mac", "bosch.mac", "ipro.mac", "vivotek.mac", "sony.mac"),
    *("reolink.mac", "vstarcam.mac", "foscam.mac", "ubiquiti.mac"),
)
_NO_ANSWER = frozenset({Outcome.SILENT, Outcome.REFUSED, Outcome.MALFORMED})

Fields = Mapping[str, tuple[str, ...]]


def is_hearsay(items: Iterable[Observation], fields: Fields) -> bool:
    """Say whether the address never spoke itself: answers to searches of everybody, and no frame from its MAC."""
    told = [item for item in items if item.outcome is Outcome.ANSWERED and item.probe not in NOT_A_DEVICE]
    if not told or any(item.note != OF_A_GROUP for item in told):
        return False
    return not _is_framed(fields, _STATED_MACS)


def doubted(items: Iterable[Observation], fields: Fields) -> frozenset[str]:
    """Return the searches that were answered to everybody in its name and that it did not answer in person.

    Not where the unit's frames come from the MAC address that the answer states.
    """
    answered: set[str] = set()
    to_everybody: set[str] = set()
    unanswered: set[str] = set()
    for item in items:
        if item.outcome is Outcome.ANSWERED:
            (to_everybody if item.note == OF_A_GROUP else answered).add(item.probe)
        elif item.outcome in _NO_ANSWER:
            unanswered.add(item.probe)
    return frozenset(
        probe for probe in (to_everybody & unanswered) - answered if not _is_framed(fields, (f"{probe}.mac",))
    )


def _is_framed(fields: Fields, names: Iterable[str]) -> bool:
    """Say whether frames came from a MAC address that one of these fields states."""
    frames = {plain_mac(mac) for mac in fields.get("mac.address", ())} - {None}
    return not frames.isdisjoint(plain_mac(mac) for name in names for mac in fields.get(name, ()))
