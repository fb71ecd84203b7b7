"""Where units are, whom they talk to, and the register against what was seen: in go values, out come words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from camaudit.model import Contact, Matched, Reconciled, Report, SwitchPort
from camaudit.report.sentences import called
from camaudit.report.summary import name_of
from camaudit.report.words import Words

_ORDER = (Matched.DIFFERENT, Matched.UNREGISTERED, Matched.NOT_SEEN, Matched.SEEN)
"""What needs somebody's eyes first."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the comparison in words."""

    matched: str
    word: str
    row: str
    registered: str
    found: str
    what: str


def port_words(port: SwitchPort, words: Words) -> str:
    """Return a port in words, with what can be done there."""
    name = port.switch.strip()
    bare = name[len("switch") :].strip(" -_") if name.lower().startswith("switch") else name
    text = words.placed["port"].format(switch=bare or name, port=port.port)
    return words.placed[f"port_{port.power}"].format(port=text) if port.power in ("on", "off", "none") else text


def contact_words(contact: Contact, names: Mapping[str, str], words: Words) -> str:
    """Return a host that a unit talked to, with whose cloud it is."""
    if not contact.cloud:
        return contact.host
    maker = name_of(names, contact.maker)
    return words.placed["contact"].format(host=contact.host, cloud=contact.cloud, maker=maker)


def row_views(report: Report, words: Words) -> tuple[RowView, ...]:
    """Return the lines of the comparison, what needs somebody's eyes first."""
    found = {device.id: called(device, report.names, words) for device in report.devices}
    addresses = {device.id: device.address for device in report.devices}
    rows = sorted(report.reconciled, key=lambda row: _ORDER.index(row.matched))
    return tuple(_view(row, report, found, addresses, words) for row in rows)


def counted(report: Report, words: Words) -> str:
    """Return how many rows came to what, in one line; empty without a register."""
    if not report.reconciled:
        return ""
    numbers = Counter(row.matched for row in report.reconciled)
    return words.placed["counts"].format(**{str(each): numbers[each] for each in Matched})


def _view(
    row: Reconciled, report: Report, found: Mapping[str, str], addresses: Mapping[str, str], words: Words
) -> RowView:
    said = (row.name, row.maker, row.model, row.serial, row.address or row.mac, row.location)
    seen = f"{found[row.device]}, {addresses[row.device]}" if row.device in found else ""
    registered = "" if row.matched is Matched.UNREGISTERED else ", ".join(filter(None, said))
    text = "; ".join(_what(row, report.names, words))
    return RowView(
        str(row.matched), words.placed[row.matched], row.row, registered, seen, text[:1].upper() + text[1:]
    )


def _what(row: Reconciled, names: Mapping[str, str], words: Words) -> Iterator[str]:
    said = words.placed
    if row.matched is Matched.UNREGISTERED:
        yield said["unregistered_what"]
    elif row.matched is Matched.NOT_SEEN:
        yield said[f"reach_{row.reach}"]
    else:
        yield said[f"by_{row.by}"]
    for each in row.differences:
        seen = name_of(names, each.seen) if each.what == "maker" else each.seen
        yield said["difference"].format(what=said[each.what], registered=each.registered, seen=seen)
