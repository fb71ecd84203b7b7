"""What became of an earlier plan: in go two reports of one site, out comes the state of each item.

An item closes by itself when the unit was seen again and asks for it no longer, or when another unit answers at
its address. A unit that is silent closes nothing: silence is not evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camaudit.model import Device, PlanStep, Progress, Report

_Item = tuple[str, str, str]
"""The action and the device of an item, and the key of its step."""


def progress(before: Report, after: Report) -> tuple[Progress, ...]:
    """Return the items of both plans: those of the earlier one in its order, then the new ones."""
    earlier, later = _items(before.plan), _items(after.plan)
    was, now = _by_id(before), _by_id(after)
    at = {address: d for d in after.devices for address in (d.address, *d.also_at)}
    old = tuple(
        _became(key, item, was[item[1]], key in later, now, at) for key, item in earlier.items() if item[1] in was
    )
    new = tuple(
        Progress(key, action, device, now[device].address, "new", step=step)
        for key, (action, device, step) in later.items()
        if key not in earlier and device in now
    )
    return (*old, *new)


def _became(
    key: str, item: _Item, device: Device, still: bool, now: Mapping[str, Device], at: Mapping[str, Device]
) -> Progress:
    action, name, step = item
    here = now[name].address if name in now else device.address
    became, how = "unseen", ""
    if still:
        became = "open"
    elif name in now:
        became, how = "done", "settled"
    elif any(address in at for address in (device.address, *device.also_at)):
        became, how = "done", "replaced"
    return Progress(key, action, name, here, became, how, step)


def _items(steps: tuple[PlanStep, ...]) -> dict[str, _Item]:
    return dict(_pairs(steps))


def _pairs(steps: tuple[PlanStep, ...]) -> Iterator[tuple[str, _Item]]:
    for step in steps:
        for key, device in zip(step.items, step.devices, strict=False):
            yield key, (step.action, device, step.key)


def _by_id(report: Report) -> dict[str, Device]:
    return {device.id: device for device in report.devices}
