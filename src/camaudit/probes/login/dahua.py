"""Dahua's CGI with a login: in goes a session that may log in, out come fields and a recorder's channels.

Only ``get`` actions. Of every table only the named settings are kept: some firmware writes passwords beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from camaudit.probes.dahua import SYSTEM_INFO
from camaudit.probes.dahua_answers import answer_fields
from camaudit.probes.login.channels import LIST_LIMIT, of_remote_devices
from camaudit.probes.login.reading import Reading
from camaudit.probes.login.session import Ended, LoginSession
from camaudit.probes.message import Message
from camaudit.probes.record import Fields

_BOX = "/cgi-bin/magicBox.cgi?action="
_CONFIG = "/cgi-bin/configManager.cgi?action=getConfig&name="
DEVICE_TYPE = f"{_BOX}getDeviceType"
DEVICE_CLASS = f"{_BOX}getDeviceClass"
VENDOR = f"{_BOX}getVendor"
VERSION = f"{_BOX}getSoftwareVersion"
NETWORK = f"{_CONFIG}Network"
CLOUD = f"{_CONFIG}T2UServer"
ANALYTICS = "/cgi-bin/devVideoAnalyse.cgi?action=getcaps&channel=1"
REMOTE_DEVICES = f"{_CONFIG}RemoteDevice"
CHANNEL_NAMES = f"{_CONFIG}ChannelTitle"
CHANNEL_STATES = "/cgi-bin/LogicDeviceManager.cgi?action=getCameraState&uniqueChannels[0]=-1"

_MOST_NAMES = 64
_RECORDERS = ("NVR", "DVR", "XVR", "HCVR", "EVS")
_MAC = re.compile(r"(?im)^table\.Network\.\w{1,20}\.PhysicalAddress=([0-9a-f:.-]{12,17})\s*$")
_RULE = re.compile(r"SupportedRules\.([A-Za-z]{3,40})\b")
_NAME = re.compile(r"(?m)^table\.ChannelTitle\[(\d{1,4})\]\.Name=(.{0,200})$")
_STATE = re.compile(r"(?m)^states\[(\d{1,4})\]\.(channel|connectionState)=(.{0,40})$")


async def read(login: LoginSession) -> Reading:
    """Log in by getSystemInfo and read what a reader may; raises ``Ended`` where the login failed."""
    reading = Reading()
    opened = await login.open(SYSTEM_INFO)
    reading.add(answer_fields(SYSTEM_INFO, opened))
    try:
        for path in _NAMES:
            await _read(login, reading, path)
        # The cameras before the settings: a refusal ends the reading, and a reader may not see every setting.
        if any(_is_recorder(value) for value in reading.fields.get("dahua.device_class", ())):
            await _read_channels(login, reading)
        for path, fields_of in _SETTINGS:
            reading.add(fields_of(await _read(login, reading, path)))
    except Ended as ended:
        reading.notes.append(ended.note)
    return reading


async def _read(login: LoginSession, reading: Reading, path: str) -> str:
    answer = await login.get(path)
    if answer is not None:
        reading.add(answer_fields(path, answer))
    return _text(answer)


async def _read_channels(login: LoginSession, reading: Reading) -> None:
    settings = await login.get(REMOTE_DEVICES, limit=LIST_LIMIT)
    if settings is None or settings.status != 200:
        return
    names = {int(at): name.strip() for at, name in _NAME.findall(_text(await login.get(CHANNEL_NAMES)))}
    states = camera_states(_text(await login.get(CHANNEL_STATES)))
    reading.channels = of_remote_devices(_text(settings), names, states)
    reading.add({"dahua.channels": (str(len(reading.channels)),)})
    if len(settings.body) >= LIST_LIMIT - 4096:
        reading.notes.append("the list of channels was too long: more may be behind this recorder")


def cloud_fields(text: str) -> Fields:
    """Return whether the maker's cloud is on."""
    said = {"true": "enabled", "false": "disabled"}
    values = (said.get(value.lower(), "") for value in _values(text, "table.T2UServer.Enable"))
    return {"dahua.cloud": tuple(filter(None, values))}


def analytics_fields(text: str) -> Fields:
    """Return the names of the analysis rules that the unit says it supports."""
    return {"dahua.supports": tuple(dict.fromkeys(_RULE.findall(text)))[:_MOST_NAMES]}


def camera_states(text: str) -> dict[int, str]:
    """Return the state of each channel, counted from 0: ``Connected``, ``Unconnect`` or ``Empty``."""
    rows: dict[str, dict[str, str]] = {}
    for row, name, value in _STATE.findall(text):
        rows.setdefault(row, {})[name] = value.strip()
    return {
        int(row["channel"]): row.get("connectionState", "")
        for row in rows.values()
        if _is_number(row.get("channel"))
    }


def _is_number(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit() and len(text) <= 4


def _is_recorder(text: str) -> bool:
    return text.upper().startswith(_RECORDERS)


def _values(text: str, key: str) -> tuple[str, ...]:
    found = re.findall(rf"(?m)^{re.escape(key)}=(.{{0,200}})$", text)
    return tuple(value.strip() for value in found if value.strip())


_NAMES = (DEVICE_TYPE, DEVICE_CLASS, VENDOR, VERSION)
_SETTINGS: tuple[tuple[str, Callable[[str], Fields]], ...] = (
    (NETWORK, lambda text: {"dahua.mac": tuple(_MAC.findall(text))[:1]}),
    (CLOUD, cloud_fields),
    (ANALYTICS, analytics_fields),
)


def _text(message: Message | None) -> str:
    if message is None or message.status != 200:
        return ""
    return message.text(LIST_LIMIT).replace("\r", "")
