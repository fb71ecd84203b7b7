"""What an answer of Dahua's JSON interface is by its form: in goes its text, out come its words.

The same program answers under every label, so the names that it gives to things say who built the unit. camaudit
does not ask this interface; imports and recordings of other tools show it. Of values only those are kept that tell
the unit.
"""

from __future__ import annotations

import json
import re

from camaudit.probes.record import Fields

TARGET = re.compile(r"/(?:RPC2(?:_Login)?|OutsideCmd)\Z")

_KEYS = re.compile(r'"(id|params|result|session|error)"\s{0,2}:')
_NOTICE = re.compile(r'"method"\s{0,2}:\s{0,2}"client\.(notify[A-Z][A-Za-z]{2,30})"')
_WORD = re.compile(r'"(\w{5,30})"\s{0,2}:')
_TELLING = frozenset(
    {
        *("SecurityBaseLineVersion", "WebVersion", "BuildDate", "updateSerial", "deviceType", "serialNumber"),
        *("processor", "keepAliveInterval", "asymmetric", "cipher", "remainLockSecond", "AbroadInfo"),
        *("LockLoginEnable", "LoginFailLockTime", "MachineName", "InitType", "PwdResetWay"),
    }
)
"""Names of its own that are shown; anything else in an answer may be somebody's."""

_VALUES = {
    "Vendor": "dahua.vendor",
    "deviceType": "dahua.model",
    "sn": "dahua.serial",
    "serialNumber": "dahua.serial",
    "Version": "dahua.firmware",
}
_LONGEST = 80
_CLASSES = frozenset(
    {"IPC", "NVR", "DVR", "XVR", "HCVR", "VTO", "VTH", "SD", "PTZ", "TPC", "ITC", "EVS", "IVSS", "NVS"}
)


def forms_of(text: str) -> tuple[str, ...]:
    """Return the forms of an answer: its outermost names, and those names within that only this interface has."""
    notice = _NOTICE.search(text)
    if notice:
        return (notice[1],)
    names = set(_KEYS.findall(text))
    if not {"id", "result"} <= names:
        return ()
    within = sorted(_TELLING.intersection(_WORD.findall(text)))
    return (f"rpc {' '.join(sorted(names))}", *([f"rpc of {' '.join(within)}"] if within else []))


def value_fields(text: str) -> Fields:
    """Return vendor, model, serial number and firmware where an answer gives them; nothing of what is cut off."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    params = answer.get("params") if isinstance(answer, dict) and answer.get("result") is True else None
    if not isinstance(params, dict):
        return {}
    fields: dict[str, tuple[str, ...]] = {}
    parts = [part for part in (params, params.get("info"), params.get("version")) if isinstance(part, dict)]
    for part in parts:
        for key, name in _VALUES.items():
            fields.update(_kept(name, part.get(key)))
    kind = params.get("type")
    # One name in two answers: the class of the unit, or its model.
    return {**fields, **_kept("dahua.device_class" if str(kind) in _CLASSES else "dahua.model", kind)}


def _kept(name: str, value: object) -> Fields:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return {}
    is_one = value.isascii() and value.isprintable() and value == value.strip()
    # Words for a sort and numbers of platforms stand where a model may stand.
    is_model = not value.isdecimal() and any(letter.isdigit() for letter in value)
    return {name: (value,)} if is_one and (is_model or name != "dahua.model") else {}
