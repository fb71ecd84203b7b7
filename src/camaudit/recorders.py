"""The cameras behind recorders: in go what was seen and what recorders list, out come cameras with their home.

A camera that was seen directly too stays one device; one that only a recorder tells of becomes a device of its
own, judged by what the recorder says. Pure.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from camaudit.model import Certainty, Device, Identification, Kind, Observation, Recorded
from camaudit.model.figures import whole_number
from camaudit.sameness import Marks, home_of

PROBE = "channel"
_NAMED = (Certainty.CONFIRMED, Certainty.PROBABLE)
_MOST_LISTED = 12
_LISTS = ("isapi.channels", "dahua.channels")


@dataclass(frozen=True, slots=True)
class Camera:
    """One channel of the recorder at ``recorder``, and what it tells of the camera there."""

    recorder: str
    number: str
    seen: Observation

    @property
    def key(self) -> str:
        """Return the name by which a camera goes that only a recorder knows."""
        return f"{self.recorder}#{self.number}"

    def told(self, name: str) -> str:
        """Return a field of the channel, or nothing."""
        return next(iter(self.seen.fields.get(f"channel.{name}", ())), "")

    def recorded(self, recorder: str) -> Recorded:
        """Return this channel as a part of the device that it shows; ``recorder`` is the recorder's id."""
        online = {"true": True, "connected": True, "false": False, "unconnect": False}.get(
            self.told("online").lower()
        )
        return Recorded(
            recorder, self.recorder, self.number, self.told("name")[:80], self.told("address")[:60], online
        )


Parted = tuple[dict[str, tuple[Observation, ...]], tuple[Camera, ...]]


def parted(observations: Mapping[str, tuple[Observation, ...]]) -> Parted:
    """Part what a host said of itself from what it said of the cameras behind it."""
    own: dict[str, tuple[Observation, ...]] = {}
    cameras: dict[str, Camera] = {}
    for address, seen in observations.items():
        own[address] = tuple(item for item in seen if item.probe != PROBE)
        for place, item in enumerate((item for item in seen if item.probe == PROBE), start=1):
            number = next(iter(item.fields.get("channel.number", ())), str(place))
            camera = Camera(address, number[:20], item)
            cameras[camera.key] = camera
    # Not as they came: of two recorders that list one camera the same must name it in every run.
    return own, tuple(sorted(cameras.values(), key=_order))


def _order(camera: Camera) -> tuple[int, int, str, int, str]:
    number = whole_number(camera.number, 10**9) or 0
    try:
        parsed = ipaddress.ip_address(camera.recorder.partition("%")[0])
    except ValueError:
        return 9, 0, camera.recorder, number, camera.number
    return parsed.version, int(parsed), "", number, camera.number


def homes(
    cameras: Iterable[Camera], units: Iterable[tuple[str, ...]], marks: Mapping[str, Marks]
) -> dict[str, list[Camera]]:
    """Return the cameras of each unit by its first address, or by the first camera's key where it has no other."""
    shown = [(unit, _together([marks[address] for address in unit])) for unit in units]
    found: dict[str, list[Camera]] = defaultdict(list)
    only_listed: list[tuple[tuple[str, ...], Marks]] = []
    for camera in cameras:
        mine = marks[camera.key]
        others = [(unit, of_unit) for unit, of_unit in shown if camera.recorder not in unit]
        # Two recorders may list one camera; then its own marks must say so: their networks may be alike.
        home = home_of(mine, camera.told("address"), others) or home_of(mine, "", only_listed)
        if home is None:
            only_listed.append(((camera.key,), mine))
        found[home[0] if home else camera.key].append(camera)
    return dict(found)


def _together(marks: list[Marks]) -> Marks:
    first, *others = marks
    for other in others:
        given = {name: getattr(other, name) for name in ("serial", "mac", "uuid", "maker", "model", "firmware")}
        first = replace(first, **{name: getattr(first, name) or value for name, value in given.items()})
    return first


def camera_of(found: Identification, camera: Camera) -> Identification:
    """Return what is known of a camera that only a recorder told of: a camera at least, and how to learn more."""
    kind = Kind.CAMERA if found.kind is Kind.UNKNOWN else found.kind
    if found.certainty in _NAMED:
        return replace(found, kind=kind, video=True)
    where = f"channel {camera.number} of the recorder at {camera.recorder}"
    named = f" ({camera.told('name')[:40]})" if camera.told("name") else ""
    step = f"Read the label on the camera at {where}{named}, or open its own page from the recorder's menu."
    return replace(found, kind=kind, video=True, next_step=step)


def told_of(devices: Iterable[Device]) -> Iterator[str]:
    """Yield what a reader must know first of the cameras behind recorders: how many nobody has identified."""
    recorders = [one.identification for one in devices if one.identification.kind is Kind.RECORDER]
    read = [one for one in recorders if one.channels_identified is not None]
    unread = [one for one in recorders if one.channels_identified is None and one.channels_reported]
    reported = sum(one.channels_reported or 0 for one in read)
    identified = sum(one.channels_identified or 0 for one in read)
    if read:
        unknown = reported - identified
        yield f"Behind recorders: {reported} cameras reported, {identified} identified, {unknown} unknown."
    if unread:
        channels = sum(one.channels_reported or 0 for one in unread)
        yield (
            f"Behind recorders not read: {channels} channels on {len(unread)} recorder(s), whose cameras may be "
            "missing here; give camaudit a read-only account (--credentials)."
        )


def has_list(seen: Iterable[Observation]) -> bool:
    """Say whether a recorder's list of cameras was read, be it empty."""
    return any(name in item.fields for item in seen for name in _LISTS)


def recorder_of(
    found: Identification, cameras: Mapping[str, Certainty] | None, *, was_read: bool
) -> Identification:
    """Return what is known of a recorder with its channels counted; ``cameras`` are the certainties by channel."""
    if cameras is None:
        if found.kind is not Kind.RECORDER or not found.channels_reported:
            return found
        if was_read:
            step = "It lists no network camera: look at the cameras on its own cables, which no network shows."
            return replace(found, channels_identified=0, next_step=f"{found.next_step} {step}".strip())
        step = (
            f"{found.channels_reported} channels are reported and the cameras behind them were not read: give "
            "camaudit a read-only account of this recorder (--credentials)."
        )
        return replace(found, next_step=f"{found.next_step} {step}".strip())
    unknown = [channel for channel, certainty in cameras.items() if certainty not in _NAMED]
    counted = replace(found, channels_reported=len(cameras), channels_identified=len(cameras) - len(unknown))
    if not unknown:
        return counted
    listed = ", ".join(unknown[:_MOST_LISTED]) + (" and more" if len(unknown) > _MOST_LISTED else "")
    step = (
        f"Of {len(cameras)} cameras behind this recorder {len(cameras) - len(unknown)} are identified; read the "
        f"labels of the others (channels {listed})."
    )
    return replace(counted, next_step=f"{found.next_step} {step}".strip())
