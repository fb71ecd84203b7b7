"""What of a comparison is worth a message: in go a ``Difference`` and what a receiver knows, out come changes.

A finding that opens, closes or speaks otherwise. Compliant units and advice are no news. A unit that no longer
answers closes nothing: it is told once as unseen and remembered, so that its return is no new finding either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from camaudit.changes import Difference, UnitChange, VerdictChange, What
from camaudit.changes.compare import WAIVED
from camaudit.model import Device, Finding, Report, Verdict
from camaudit.report.change_sentences import how, why
from camaudit.report.change_words import change_words
from camaudit.report.sentences import called
from camaudit.report.words import words
from camaudit.telling.news import Change, Kind, mark

Absent = Mapping[str, Mapping[str, Any]]
"""Units that went missing by their id: ``address``, ``label``, ``open`` (state by ``pack/rule``), ``said``."""

_OPEN = (Verdict.VIOLATION.value, Verdict.REVIEW.value)
_NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: the difference, the later report, what was absent, and what the ids begin with."""

    found: Difference
    report: Report
    absent: Absent
    seed: str

    def findings(self) -> dict[str, dict[str, Finding]]:
        """Return the findings of the later report by device, then by ``pack/rule``."""
        found: dict[str, dict[str, Finding]] = {}
        for each in self.report.findings:
            found.setdefault(each.device, {})[f"{each.policy}/{each.rule}"] = each
        return found


def changes_of(compared: Compared) -> tuple[tuple[Change, ...], Absent]:
    """Return the changes in the order of the later run, and what is absent now."""
    said: dict[int, list[VerdictChange]] = {}
    for each in compared.found.verdicts:
        said.setdefault(id(each.unit), []).append(each)
    told: list[Change] = []
    findings = compared.findings()
    here = {device.id for device in compared.report.devices}
    absent = {name: unit for name, unit in compared.absent.items() if name not in here}
    for unit in compared.found.units:
        verdicts = said.get(id(unit), [])
        if What.GONE in unit.what:
            told += _gone(unit, verdicts, compared, absent)
            continue
        now = findings.get(unit.after.id, {}) if unit.after else {}
        spoken = tuple(_spoken(unit, verdicts, now, compared))
        if unit.after is not None and unit.after.id in compared.absent:
            # What is open of it was told before it went; what it stands in the place of is another unit's.
            told += (each for each in spoken if each.device != unit.after.id)
            told += _back(unit.after, compared.absent[unit.after.id], now, compared)
        else:
            told += spoken
    return tuple(told), absent


def _spoken(
    unit: UnitChange, verdicts: list[VerdictChange], findings: Mapping[str, Finding], compared: Compared
) -> Iterator[Change]:
    for each in verdicts:
        before, after = _state(each.before, each.waived_before), _state(each.after, each.waived_after)
        key, reason = f"{each.policy}/{each.rule}", why(each, compared.report.names)
        for kind, device, states in _kinds(unit, before, after):
            yield _change(kind, device, key, states, reason, findings.get(key), compared, each.title)
    if What.REPLACED in unit.what and unit.after is not None:
        # The rule says the same of both units, so no verdict changed; but what is broken now is another unit.
        known = {f"{each.policy}/{each.rule}" for each in verdicts}
        for key, finding in findings.items():
            if key not in known and _is_open(_state_of(finding)):
                state, reason = _state_of(finding), change_words().replaced
                for kind, device, states in _kinds(unit, state, state):
                    yield _change(kind, device, key, states, reason, finding, compared)


def _kinds(unit: UnitChange, before: str, after: str) -> Iterator[tuple[Kind, Device, tuple[str, str]]]:
    """Yield what became of a finding and of which unit: what is open of a unit closes when another replaces it."""
    if unit.before is not None and unit.after is not None and What.REPLACED in unit.what:
        if _is_open(before):
            yield Kind.CLOSED, unit.before, (before, "")
        if _is_open(after):
            yield Kind.OPENED, unit.after, ("", after)
        return
    kind, device = _kind(before, after), unit.after or unit.before
    if kind is not None and device is not None:
        # A unit that is known again under another id closes what was opened under the first.
        yield kind, unit.before if kind is Kind.CLOSED and unit.before else device, (before, after)


def _kind(before: str, after: str) -> Kind | None:
    was, now = _is_open(before), _is_open(after)
    if now:
        return None if before == after else Kind.CHANGED if was else Kind.OPENED
    return Kind.CLOSED if was else None


def _gone(
    unit: UnitChange, verdicts: list[VerdictChange], compared: Compared, absent: dict[str, Mapping[str, Any]]
) -> Iterator[Change]:
    was = {f"{v.policy}/{v.rule}": _state(v.before, v.waived_before) for v in verdicts}
    still_open = {key: state for key, state in was.items() if _is_open(state)}
    device = unit.before
    if device is None or not still_open:
        return
    label = called(device, compared.report.names, words())
    said = unit.whereabouts != _NOT_ASKED
    absent[device.id] = {"address": device.address, "label": label, "open": still_open, "said": said}
    if said:
        yield Change(
            id=mark(compared.seed, device.id, Kind.UNSEEN),
            kind=Kind.UNSEEN,
            why=how(unit, compared.report.names),
            device=device.id,
            address=device.address,
            label=label,
            before=min(still_open.values(), key=_OPEN.index),
        )


def _back(
    device: Device, was: Mapping[str, Any], findings: Mapping[str, Finding], compared: Compared
) -> Iterator[Change]:
    """Yield what is new of a unit that was away: against what was open of it before."""
    if was["said"]:
        yield Change(
            id=mark(compared.seed, device.id, Kind.SEEN_AGAIN),
            kind=Kind.SEEN_AGAIN,
            why="",
            device=device.id,
            address=device.address,
            label=called(device, compared.report.names, words()),
        )
    for key in dict.fromkeys((*was["open"], *findings)):
        finding = findings.get(key)
        before, after = was["open"].get(key, ""), _state_of(finding) if finding else ""
        kind = _kind(before, after)
        if kind is not None:
            yield _change(kind, device, key, (before, after), change_words().why["device_same"], finding, compared)


def _change(
    kind: Kind,
    device: Device,
    key: str,
    states: tuple[str, str],
    reason: str,
    finding: Finding | None,
    compared: Compared,
    title: str = "",
) -> Change:
    policy, _, rule = key.partition("/")
    return Change(
        id=mark(compared.seed, device.id, key, kind, *states),
        kind=kind,
        why=reason,
        device=device.id,
        address=device.address,
        label=called(device, compared.report.names, words()),
        policy=policy,
        rule=rule,
        title=finding.title if finding else title or rule,
        before=states[0],
        after=states[1],
        severity=finding.severity.value if finding and kind is not Kind.CLOSED else "info",
        due=finding.due if finding and kind is not Kind.CLOSED else None,
    )


def _state_of(finding: Finding) -> str:
    return _state(finding.state, waived=finding.waiver is not None)


def _state(state: str, waived: bool) -> str:
    return f"{state}{WAIVED}" if state and waived else state


def _is_open(state: str) -> bool:
    return state in _OPEN
