"""One address read: in go its observations, out comes each unit that answers there and what it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from camaudit import forwarding
from camaudit.exposure import exposures_of
from camaudit.hearsay import NOT_A_DEVICE, doubted, is_hearsay
from camaudit.identify import identify, unconfirmed
from camaudit.model import OF_A_GROUP, Certainty, Identification, Observation, Outcome
from camaudit.sameness import Marks, marks_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of, match
from camaudit.signatures.oui import OuiTable


@dataclass(frozen=True, slots=True)
class Host:
    """What one address said of itself, read: all that its device is made of where no other address is involved."""

    identification: Identification
    marks: Marks
    exposed: tuple[str, ...] = ()


def read_host(
    items: tuple[Observation, ...], knowledge: Knowledge, oui: OuiTable, *, ledger: bool = True
) -> Host | None:
    """Read what one address said of itself, with or without the evidence; nothing where it did not answer."""
    return read(items, knowledge, oui, ledger=ledger) if _answered(items) else None


def read(items: tuple[Observation, ...], knowledge: Knowledge, oui: OuiTable, *, ledger: bool = True) -> Host:
    fields = fields_of(items, oui)
    found = identify(fields, match(fields, knowledge), knowledge, ledger=ledger)
    if is_hearsay(items, fields):
        # Whose serial number that is, nobody knows either: it joins no two addresses.
        return Host(unconfirmed(found), Marks(), exposures_of(items))
    unanswered = doubted(items, fields)
    if unanswered:
        own = [item for item in items if not (item.probe in unanswered and item.note == OF_A_GROUP)]
        return _doubtful(found, read(tuple(own), knowledge, oui, ledger=ledger), items)
    return Host(found, marks_of(found, fields), exposures_of(items))


def _doubtful(found: Identification, own: Host, items: tuple[Observation, ...]) -> Host:
    """Return a unit in whose name something was answered that it did not say itself; ``own`` is without that."""
    said = own.identification
    if said.certainty not in (Certainty.CONFIRMED, Certainty.PROBABLE):
        return Host(unconfirmed(found), own.marks, exposures_of(items))
    return replace(own, identification=found) if said.maker == found.maker else own


def units_at(
    address: str, items: tuple[Observation, ...], knowledge: Knowledge, oui: OuiTable
) -> dict[str, tuple[tuple[Observation, ...], Host | None]]:
    """Return the answers of each unit behind an address, read."""
    host = read_host(items, knowledge, oui)
    parts = {address: items} if host is None else _parts(address, items, host, knowledge, oui)
    if len(parts) == 1:
        return {address: (items, host)}
    return {key: (part, _forwarded(read_host(part, knowledge, oui), address, key)) for key, part in parts.items()}


def has_several_units(items: tuple[Observation, ...], host: Host, knowledge: Knowledge, oui: OuiTable) -> bool:
    """Say whether an address stands for more than one unit; ``host`` is what its answers say together."""
    return len(_parts("", items, host, knowledge, oui)) > 1


def are_apart(one: Observation, other: Observation, knowledge: Knowledge, oui: OuiTable) -> bool:
    """Say whether what two ports of an address answered is of two units."""
    parts = forwarding.units_at("", (one, other), contested=True, read=_alone(knowledge, oui))
    return len(parts) > 1


def _parts(
    address: str, items: tuple[Observation, ...], host: Host, knowledge: Knowledge, oui: OuiTable
) -> dict[str, tuple[Observation, ...]]:
    contested = bool(host.identification.contradictions)
    return forwarding.units_at(address, items, contested=contested, read=_alone(knowledge, oui))


def _alone(knowledge: Knowledge, oui: OuiTable) -> forwarding.Read:
    def alone(items: tuple[Observation, ...]) -> tuple[Identification, Marks]:
        told = read(items, knowledge, oui)
        return told.identification, told.marks

    return alone


def _forwarded(host: Host | None, address: str, key: str) -> Host | None:
    if host is None or key == address:
        return host
    found = host.identification
    step = (
        f"It answers at {key}, where another unit answers at {address}: look where that address forwards the port."
    )
    return replace(host, identification=replace(found, next_step=f"{found.next_step} {step}".strip()))


def maker_of(seen: Iterable[Observation], knowledge: Knowledge, oui: OuiTable) -> str:
    """Return the id of who made the host that told ``seen``, where that is at least probable; else nothing."""
    fields = fields_of(seen, oui)
    found = identify(fields, match(fields, knowledge), knowledge)
    return found.maker or "" if found.certainty in (Certainty.CONFIRMED, Certainty.PROBABLE) else ""


def _answered(seen: tuple[Observation, ...]) -> bool:
    if any(o.outcome is Outcome.ANSWERED and o.probe not in NOT_A_DEVICE for o in seen):
        return True
    return any(o.probe == "port" and o.outcome is Outcome.ANSWERED for o in seen)
