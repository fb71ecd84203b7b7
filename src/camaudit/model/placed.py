"""What is known of a unit besides itself: where it is plugged in, whom it talks to, what a register says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that a unit talked to: ``seen_in`` ``dns`` (asked for) or ``tls`` (connected to), and whose it is.

    ``cloud`` and ``maker`` are empty where the host belongs to no cloud that is known.
    """

    host: str
    seen_in: str
    cloud: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """The port of a switch behind which a unit is. ``power``: ``on``, ``off``, ``none`` (no PoE) or not known."""

    switch: str
    port: str
    vlan: str = ""
    power: str = ""
    label: str = ""
    """What the switch's administrator called the port."""


class Matched(StrEnum):
    """What became of a row of the register, or of a unit that no row names."""

    SEEN = "seen"
    DIFFERENT = "different"
    NOT_SEEN = "not_seen"
    UNREGISTERED = "unregistered"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is registered otherwise than seen; ``what`` is maker, model, serial, mac or address."""

    what: str
    registered: str
    seen: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One row of the register against what was seen, or a unit that no row names.

    ``row`` is file and line; ``device`` the id of the unit; ``by`` what both share: serial, mac or address.
    ``reach`` says of a row that was not seen what was asked: a key of the report's words.
    """

    matched: Matched
    row: str = ""
    name: str = ""
    location: str = ""
    address: str = ""
    mac: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""
    device: str = ""
    by: str = ""
    differences: tuple[Difference, ...] = ()
    reach: str = ""
