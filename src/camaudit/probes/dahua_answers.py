"""What an answer of Dahua's CGI is by its form, whatever was asked: in go the target and the answer.

The interface is the platform's own, so the form of its answers says who built the unit, whoever sells it. Settings
hold passwords and names of people: no value is kept but those that are named here.
"""

from __future__ import annotations

import re

from camaudit.probes import dahua_rpc
from camaudit.probes.message import Message
from camaudit.probes.page import is_html
from camaudit.probes.record import Fields

_READ = 4 * 1024
_MOST_KEYS = 12
_SCRIPTS = frozenset(
    {
        *("magicBox", "configManager", "eventManager", "recordFinder", "mediaFileFind", "devVideoInput"),
        *("devVideoAnalyse", "devVideoOutput", "devAudioInput", "devAudioOutput", "storageDevice", "netApp"),
        *("LogicDeviceManager", "IntervideoManager", "recordManager", "coaxialControlIO", "global", "encode"),
        *("accessControl", "userManager", "log", "alarm", "VideoInAnalyse", "FaceInfoManager", "AccessUser"),
        *("videoStatServer", "faceRecognitionServer", "accessControlManager", "AccessFingerprint"),
        *("ThermographyManager", "RadiometryManager", "trafficParking", "audioDetect"),
        *("AccessCard", "AccessFace", "trafficSnap", "snapManager", "recordUpdater", "VideoTalkPeer", "ptz"),
        *("wlan", "upgrader", "split"),
    }
)
"""Scripts of its interface; ``audio.cgi`` and ``snapshot.cgi`` answer no text and stay out."""

_REALM = re.compile(r'"realm"\s{0,2}:\s{0,2}"(Login to [\w-]{4,40})"')
_TARGET = re.compile(r"/cgi-bin/(\w{2,24})\.cgi(?:\?([^#\s]{0,2000}))?\Z")
_API_ROOT = "/cgi-bin/api/"
_API = re.compile(
    rf"({_API_ROOT}(?:LogicDeviceManager|CloudUpgrader)/[A-Za-z]{{2,40}})(?:\.cgi)?(?:\?[^#\s]{{0,2000}})?\Z"
)
"""What newer firmware answers in JSON, each call at a path of its own."""
_FIRST_NAME = re.compile(r'\{\s{0,8}"([A-Za-z]{2,40})"\s{0,2}:')
_ACTION = re.compile(r"(?:^|&)action=([A-Za-z]{2,40})(?=[&.]|\Z)")
_NAME = re.compile(r"(?:^|&)name=([A-Za-z_]\w{1,40})(?=[&.\[]|\Z)")
_REFUSAL = re.compile(
    r"Error:?\s{1,4}([A-Z][A-Za-z ]{2,40}!|ErrorID(?= ?=)|Error -\d(?= getting)|Authority(?= ?: ?check fail))"
)
_CODE = re.compile(
    r'(?:\{\s{0,4}"error"\s{0,2}:\s{0,2})?\{\s{0,4}"code"\s{0,2}:\s{0,2}(\d{9})\s{0,2}(?:,\s{0,4}"message"\s{0,2}:|\})'
)
_EVENT = re.compile(r"(?m)^Code=([A-Z][A-Za-z_]{2,40});\s?action=(Start|Stop|Pulse|State);\s?index=\d")
_IDLE = re.compile(r"(?m)^Heartbeat$")
_LINE = re.compile(r"([A-Za-z][\w.\[\]@:-]{0,120}) ?=")
_BESIDE = re.compile(r"(?:build:\d{4}-\d\d-\d\d|Found Num: ?\d{1,4})\s*$")
"""Lines without a key: that of the program's build, which some put behind a comma, and how many were found."""
_INDEX = re.compile(r"\[[^\[\]]{0,40}\]")
_VALUES = {
    "type": "dahua.model",
    "deviceType": "dahua.model",
    "class": "dahua.device_class",
    "vendor": "dahua.vendor",
    "version": "dahua.firmware",
    "sn": "dahua.serial",
    "serialNumber": "dahua.serial",
    "hardwareVersion": "dahua.hardware",
    "table.T2UServer.UUID": "dahua.serial",
    "table.T2UServer.Address": "dahua.cloud_host",
    "table.T2UServer.RegisterServer": "dahua.cloud_host",
}
_DONE = ("done",)
_CHANGING = tuple(
    f"/cgi-bin/{name}.cgi?"
    for name in ("configManager", "accessControl", "coaxialControlIO", "recordUpdater", "AccessUser", "AccessCard")
)
"""Scripts that say no more than OK to a change; camaudit changes nothing, but captures of others show it."""

_TELLING = ("/cgi-bin/magicBox.cgi?", "/cgi-bin/configManager.cgi?")
"""Scripts whose values tell the unit; others have keys of the same names for other things."""

_VALUE = re.compile(
    rf"(?m)^(?:info\.)?({'|'.join(map(re.escape, _VALUES))}) ?= ?([!-~](?:[ -~]{{0,78}}[!-~])?)\s*$"
)


def plain_target(target: str) -> str:
    """Return script, action and name of a request to its interface, and nothing else of it; empty for others."""
    if dahua_rpc.TARGET.match(target):
        return target
    api = _API.match(target)
    if api:
        return api[1]
    found = _TARGET.match(target)
    if found is None or found[1] not in _SCRIPTS:
        return ""
    query = found[2] or ""
    parts = (("action", _ACTION.search(query)), ("name", _NAME.search(query)))
    asked = "&".join(f"{key}={value[1]}" for key, value in parts if value)
    return f"/cgi-bin/{found[1]}.cgi" + (f"?{asked}" if asked else "")


def answer_fields(target: str, message: Message) -> Fields:
    """Return ``dahua.answer`` (what was asked, and the form of what came) and the values that tell the unit."""
    asked = plain_target(target)
    text = "" if message.is_packed else message.text(_READ).replace("\r", "").strip()
    forms = _forms_of(text) if asked and not is_html(text) else ()
    if not forms and asked.startswith(_API_ROOT):
        forms = _named(text)
    if not forms or (forms == _DONE and not asked.startswith(_CHANGING)):
        return {}
    fields: dict[str, tuple[str, ...]] = {"dahua.answer": tuple(f"{_words(asked)}: {form}" for form in forms)}
    if dahua_rpc.TARGET.match(asked):
        challenge = _REALM.search(text)
        return {
            **fields,
            **dahua_rpc.value_fields(text),
            **({"dahua.realm": (challenge[1],)} if challenge else {}),
        }
    if message.status == 200 and asked.startswith(_TELLING):
        for key, value in _VALUE.findall(text):
            if key == "deviceType" and value.isdigit():
                continue  # on recorders a number of the platform's
            # The same key is the program's version in one answer and that of the board in another.
            name = "dahua.hardware" if asked.endswith("getHardwareVersion") else _VALUES[key]
            fields[name] = (*fields.get(name, ()), value)
    return fields


def form_of(text: str) -> str:
    """Return the form of a body: words of a refusal, number of an error, event, keys of JSON or of lines."""
    return next(iter(_forms_of(text)), "")


def _forms_of(text: str) -> tuple[str, ...]:
    refusal, code, event = _REFUSAL.match(text), _CODE.match(text), _EVENT.search(text)
    if refusal:
        return (f"Error {refusal[1]}",)
    if code:
        return (f"code {code[1]}",)
    if text.startswith("{"):
        return dahua_rpc.forms_of(text)
    if event:
        return (f"event {event[1]} {event[2]}",)
    if text == "OK":
        return _DONE
    if _IDLE.search(text):
        return ("event Heartbeat",)
    # The last line of a long answer is cut.
    lines = [line for line in text.split("\n") if line.strip() and not _BESIDE.match(line)]
    found = [_LINE.match(line) for line in (lines if len(text) < _READ else lines[:-1])]
    keys = [_INDEX.sub("[]", line[1]) for line in found if line]
    if not keys or len(keys) < len(found):
        return ()
    return ("keys " + " ".join(list(dict.fromkeys(keys))[:_MOST_KEYS]),)


def _named(text: str) -> tuple[str, ...]:
    first = _FIRST_NAME.match(text)
    return (f"keys {first[1]}",) if first else ()


def _words(asked: str) -> str:
    """Return ``/cgi-bin/magicBox.cgi?action=getVendor`` as ``magicBox getVendor``."""
    script, _, query = asked.removeprefix("/cgi-bin/").removeprefix("/").partition("?")
    return " ".join([script.removesuffix(".cgi"), *(part.partition("=")[2] for part in query.split("&") if part)])
