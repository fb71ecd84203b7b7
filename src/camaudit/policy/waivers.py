"""Waivers: somebody with authority accepts a finding until a day; the verdict stays as it is.

In go findings, the waivers of the site and a day, out come the findings with their waivers, and a sentence for
each waiver that has run out, will soon, matches nothing, or was given for a rule that allows none.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable
from typing import Literal

from camaudit.errors import DataFileError
from camaudit.model import Device, Finding, Verdict, Waiver
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, lines_of, load

SOON_DAYS = 60
"""From how many days before its end a waiver is announced to end."""

_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")
_OPEN = (Verdict.VIOLATION, Verdict.REVIEW)


@dataclass(frozen=True, slots=True)
class _WaiverForm:
    __pydantic_config__ = STRICT
    rule: str
    targets: tuple[str, ...]
    reason: str
    granted_by: str
    granted: date
    expires: date
    cites: str = ""


@dataclass(frozen=True, slots=True)
class WaiversFile:
    """The waiver file of a site."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/waivers@1"]
    waivers: tuple[_WaiverForm, ...]


def load_waivers(file: Traversable) -> tuple[Waiver, ...]:
    """Read a waiver file; raise ``DataFileError`` with every problem at its line."""
    name = shown_path(file)
    forms = load(file, WaiversFile).waivers
    lines = lines_of(file)
    problems = []
    for index, form in enumerate(forms):
        for key, problem in _problems(form):
            line = lines.get(("waivers", index, key), lines.get(("waivers", index), 1))
            problems.append(f"{name}:{line}: waivers.{index}.{key}: {problem}")
    if problems:
        raise DataFileError(tuple(problems))
    return tuple(Waiver(f.rule, f.targets, f.reason, f.granted_by, f.granted, f.expires, f.cites) for f in forms)


def _problems(form: _WaiverForm) -> Iterable[tuple[str, str]]:
    for key, text in (("rule", form.rule), ("reason", form.reason), ("granted_by", form.granted_by)):
        if not text.strip():
            yield key, "must not be empty"
    if not form.targets or not all(target.strip() for target in form.targets):
        yield "targets", "must name at least one address, range, MAC address or device id"
    for target in form.targets:
        if "/" in target and _network(target) is None:
            yield "targets", f"{target!r} is not an address range; write 192.0.2.0/28 or the like"
    if form.expires < form.granted:
        yield "expires", f"lies before granted ({form.granted.isoformat()}); a waiver must end after it starts"


def apply_waivers(
    findings: Iterable[Finding],
    waivers: Iterable[Waiver],
    devices: Iterable[Device],
    today: date,
    *,
    unwaivable: Collection[str] = (),
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Fill ``Finding.waiver`` and return what has to be said of the waivers, a sentence each.

    ``unwaivable`` holds the ``pack/rule`` ids that take no waiver. Only violations and reviews are waived.
    """
    by_id = {device.id: device for device in devices}
    judged = list(findings)
    notices: list[str] = []
    for waiver in waivers:
        meant = [n for n, finding in enumerate(judged) if _means(waiver, finding, by_id)]
        refused = [n for n in meant if f"{judged[n].policy}/{judged[n].rule}" in unwaivable]
        notices += _notices(waiver, len(meant), len(refused), today)
        if waiver.granted <= today <= waiver.expires:
            for number in meant:
                if number not in refused:
                    judged[number] = _waived(judged[number], waiver)
    return tuple(judged), tuple(notices)


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    # Of two waivers for one finding the one that lasts longer stands; the order of the file decides nothing.
    if finding.waiver is not None and finding.waiver.expires >= waiver.expires:
        return finding
    return replace(finding, waiver=waiver)


def _notices(waiver: Waiver, meant: int, refused: int, today: date) -> Iterable[str]:
    named = f"The waiver of {waiver.rule} for {', '.join(waiver.targets)}, granted by {waiver.granted_by},"
    if waiver.expires < today:
        yield f"{named} ran out on {waiver.expires.isoformat()} and counts no longer: renew it, or act."
    elif waiver.granted > today:
        yield f"{named} starts on {waiver.granted.isoformat()} and does not count yet."
    elif not meant:
        yield f"{named} matches no open finding: take it out, or check its rule and targets."
    elif (waiver.expires - today).days <= SOON_DAYS:
        yield f"{named} runs out on {waiver.expires.isoformat()}: decide before then what comes after it."
    if refused:
        yield f"{named} was not applied to {refused} finding(s): their rule allows no waiver."


def _means(waiver: Waiver, finding: Finding, devices: Mapping[str, Device]) -> bool:
    if finding.verdict not in _OPEN or waiver.rule not in (finding.rule, f"{finding.policy}/{finding.rule}"):
        return False
    device = devices.get(finding.device)
    return device is not None and any(is_target(target.strip(), device) for target in waiver.targets)


def is_target(target: str, device: Device) -> bool:
    """Say whether a target (address, range, MAC address or device id) means this device."""
    if target == device.id:
        return True
    if _MAC.fullmatch(target):
        return _bare(target) in {_bare(mac) for mac in (device.mac, device.identification.mac) if mac}
    network = _network(target)
    addresses = (device.address, *device.also_at)
    return target in addresses or (network is not None and any(_lies_in(a, network) for a in addresses))


def _bare(mac: str) -> str:
    return re.sub(r"[^0-9a-f]", "", mac.lower())


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _lies_in(address: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(address) in network
    except ValueError:
        return False
