"""What a unit's settings say, read with an account: in go fields, out come its cloud and its analytics. Pure.

A function counts where the unit says that it has it; whether it is switched on is another question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from camaudit.model import DeviceState

_CLOUD_FIELDS = ("isapi.cloud", "dahua.cloud")
_FUNCTION_FIELDS = ("isapi.supports", "dahua.supports")
_FUNCTIONS = {
    "face-detection": ("isSupportFaceDetect", "FaceDetection"),
    "face-capture": ("isSupportFaceSnap", "isSupportFaceCapture", "isSupportFaceCaptureStatistics"),
    "face-recognition": (
        *("isSupportFaceContrast", "isSupportFaceRecognition", "isSupportFaceRecognizeMode"),
        *("FaceRecognition", "FaceAttribute"),
    ),
    "human-attributes": ("isSupportHumanAttribute", "HumanTrait"),
    "number-plates": ("isSupportANPR", "isSupportVehicleDetection", "TrafficJunction", "TrafficPlate"),
    "people-counting": ("isSupportCounting", "isSupportPeopleCounting", "NumberStat", "ManNumDetection"),
    "people-detection": ("isSupportPeopleDetection",),
    "heat-map": ("isSupportHeatmap", "HeatMap"),
    "line-crossing": ("isSupportLineDetection", "CrossLineDetection"),
    "intrusion": ("isSupportFieldDetection", "CrossRegionDetection"),
    "region-entrance": ("isSupportRegionEntrance",),
    "region-exiting": ("isSupportRegionExiting",),
    "loitering": ("isSupportLoitering", "WanderDetection"),
    "gathering": ("isSupportGroup", "CrowdDetection", "RioterDetection"),
    "fast-movement": ("isSupportRapidMove", "MoveDetection"),
    "parking": ("isSupportParking", "ParkingDetection"),
    "left-object": ("isSupportUnattendedBaggage", "LeftDetection"),
    "removed-object": ("isSupportAttendedBaggage", "TakenAwayDetection"),
    "audio-detection": ("isSupportAudioDetection",),
}
"""Our word for a function, and the names that makers give it (compared without case)."""

_WORD_OF = {name.lower(): word for word, names in _FUNCTIONS.items() for name in names}


def with_settings(state: DeviceState, fields: Mapping[str, tuple[str, ...]]) -> DeviceState:
    """Return the state with what the unit's settings add; they say more than what it announces to anybody."""
    if fields.keys().isdisjoint((*_CLOUD_FIELDS, *_FUNCTION_FIELDS)):
        return state
    cloud = {value.partition(",")[0] for value in _values(fields, _CLOUD_FIELDS)}
    said = "enabled" if "enabled" in cloud else ("disabled" if "disabled" in cloud else state.cloud)
    words = {_WORD_OF.get(name.lower(), "") for name in _values(fields, _FUNCTION_FIELDS)}
    return replace(state, cloud=said, analytics=tuple(word for word in _FUNCTIONS if word in words))


def _values(fields: Mapping[str, tuple[str, ...]], names: Iterable[str]) -> Iterable[str]:
    return (value for name in names for value in fields.get(name, ()))
