"""What became of an earlier plan: in go two reports of one site, out comes the state of each item.

An item closes by itself when the unit was seen again and asks for it no longer, or when something else stands
where it stood. A unit that is silent closes nothing: silence is not evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camaudit.changes import Seen, UnitChange, What
from camaudit.changes.closing import tells_less
from camaudit.changes.pairing import pair
from camaudit.model import Device, HostCoverage, PlanStep, Progress, Report
from camaudit.sameness import marks_from

_Item = tuple[str, str, str]
"""The action and the device of an item, and the key of its step."""
_NOT_ASKED = ("excluded", "error", "unasked")


def progress(before: Report, after: Report) -> tuple[Progress, ...]:
    """Return the items of both plans: those of the earlier one in its order, then the new ones."""
    earlier, later = _items(before.plan), _items(after.plan)
    became = {unit.before.id: unit for unit in _pairs(before, after) if unit.before is not None}
    now = {device.id: device for device in after.devices}
    open_now = {(action, device): key for key, (action, device, _) in later.items()}
    old, met = [], set()
    for key, item in earlier.items():
        if item[1] in became:
            told = _became(key, item, became[item[1]], later, open_now)
            old.append(told)
            met |= {key, open_now.get((told.action, told.device), "")} if told.state == "open" else {key}
    new = (
        Progress(key, action, device, now[device].address, "new", step=step)
        for key, (action, device, step) in later.items()
        if key not in met and device in now
    )
    return (*old, *new)


def _became(
    key: str, item: _Item, unit: UnitChange, later: Mapping[str, _Item], open_now: Mapping[tuple[str, str], str]
) -> Progress:
    action, name, step = item
    device = unit.after or unit.before
    here = device.address if device is not None else ""
    if unit.unseen:
        return Progress(key, action, name, here, "unseen", step=step)
    if What.REPLACED in unit.what or What.GONE in unit.what or unit.after is None:
        return Progress(key, action, name, here, "done", "gone" if unit.after is None else "replaced", step)
    # A unit that showed another mark this time goes by another id, and its items by other keys.
    renamed = unit.after.id != name and (action, unit.after.id) in open_now
    if key in later or renamed or tells_less(unit):
        return Progress(key, action, unit.after.id, here, "open", step=step)
    return Progress(key, action, unit.after.id, here, "done", "settled", step)


def _pairs(before: Report, after: Report) -> tuple[UnitChange, ...]:
    came = {host.address: host for host in after.coverage.hosts}
    finished = after.run.finished is not None

    def whereabouts(address: str) -> str:
        return _whereabouts(came.get(address), finished=finished)

    return pair(_seen(before.devices), _seen(after.devices), whereabouts)


def _whereabouts(host: HostCoverage | None, *, finished: bool) -> str:
    if host is None:
        return "silent" if finished else "not_asked"
    return "not_asked" if host.outcome in _NOT_ASKED else "refused" if host.outcome == "refused" else "other"


def _seen(devices: tuple[Device, ...]) -> tuple[Seen, ...]:
    return tuple(Seen(device, marks_from(device)) for device in devices)


def _items(steps: tuple[PlanStep, ...]) -> dict[str, _Item]:
    return dict(_each(steps))


def _each(steps: tuple[PlanStep, ...]) -> Iterator[tuple[str, _Item]]:
    for step in steps:
        for key, device in zip(step.items, step.devices, strict=False):
            yield key, (step.action, device, step.key)
