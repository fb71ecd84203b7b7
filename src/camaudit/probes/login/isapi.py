"""Hikvision's ISAPI with a login: in goes a session that may log in, out come fields and a recorder's channels.

Only GETs. Of users only the count is kept, of cloud settings only whether they are on: these documents hold names
and codes that are nobody's business here.
"""

from __future__ import annotations

from camaudit.probes.isapi import DEVICE_INFO
from camaudit.probes.login.channels import LIST_LIMIT, of_input_proxy
from camaudit.probes.login.reading import Reading
from camaudit.probes.login.session import Ended, LoginSession
from camaudit.probes.markup import Markup, read_markup
from camaudit.probes.message import Message
from camaudit.probes.record import Fields

TIME = "/ISAPI/System/time"
USERS = "/ISAPI/Security/users"
SERVICES = "/ISAPI/Security/adminAccesses"
CLOUD = "/ISAPI/System/Network/EZVIZ"
CAPABILITIES = ("/ISAPI/System/capabilities", "/ISAPI/Smart/capabilities")
CHANNELS = "/ISAPI/ContentMgmt/InputProxy/channels"
CHANNEL_STATES = "/ISAPI/ContentMgmt/InputProxy/channels/status"

_MOST_NAMES = 64
_RECORDERS = ("nvr", "dvr", "hybrid", "recorder")


async def read(login: LoginSession) -> Reading:
    """Log in by deviceInfo and read what an account of a reader may; raises ``Ended`` where the login failed."""
    reading = Reading()
    info = _document(await login.open(DEVICE_INFO))
    reading.add(info_fields(info))
    try:
        # What matters most comes first: a refusal ends the reading, and a reader may not see every setting.
        if _may_have_channels(info):
            await _read_channels(login, reading)
        for path, fields_of in (
            *((path, analytics_fields) for path in CAPABILITIES),
            (CLOUD, cloud_fields),
            (TIME, time_fields),
            (SERVICES, service_fields),
            (USERS, user_fields),
        ):
            reading.add(fields_of(_document(await login.get(path))))
    except Ended as ended:
        reading.notes.append(ended.note)
    return reading


async def _read_channels(login: LoginSession, reading: Reading) -> None:
    answer = await login.get(CHANNELS, limit=LIST_LIMIT)
    listed = _document(answer)
    if answer is None or listed is None or not listed.root.lower().startswith("inputproxychannel"):
        return
    reading.channels = of_input_proxy(listed, _document(await login.get(CHANNEL_STATES, limit=LIST_LIMIT)))
    reading.add({"isapi.channels": (str(len(reading.channels)),)})
    if not listed.is_well_formed:
        reading.notes.append("the list of channels was not whole: more may be behind this recorder")


def info_fields(info: Markup | None) -> Fields:
    """Return what deviceInfo says of the unit."""
    if info is None or info.root.lower() != "deviceinfo":
        return {}
    firmware = " ".join(filter(None, (info.first("firmwareVersion"), info.first("firmwareReleasedDate"))))
    return {
        "isapi.root": (info.root,),
        "isapi.namespace": info.namespaces,
        "isapi.manufacturer": info.values("manufacturer"),
        "isapi.model": info.values("model"),
        "isapi.firmware": (firmware,),
        "isapi.serial": info.values("serialNumber"),
        "isapi.device_type": info.values("deviceType"),
        "isapi.mac": info.values("macAddress"),
    }


def time_fields(document: Markup | None) -> Fields:
    """Return the clock of the unit with its offset from UTC, where it tells one."""
    return {"isapi.time": document.values("localTime")[:1]} if document else {}


def service_fields(document: Markup | None) -> Fields:
    """Return each network service as its protocol, port and whether it is on."""
    parts = document.after("AdminAccessProtocol") if document else ()
    return {"isapi.service": tuple(filter(None, map(_service, parts)))[:_MOST_NAMES]}


def _service(part: Markup) -> str:
    name, port, on = part.first("protocol"), part.first("portNo"), part.first("enabled").lower()
    return f"{name} {port} {'off' if on == 'false' else 'on'}" if name else ""


def cloud_fields(document: Markup | None) -> Fields:
    """Return whether the maker's cloud (EZVIZ, Hik-Connect) is on and registered; its codes are left out."""
    if document is None or document.root.lower() != "ezviz":
        return {}
    on, registered = document.first("enabled").lower(), document.first("registerStatus").lower()
    said = {"true": "enabled", "false": "disabled"}.get(on, "")
    return {"isapi.cloud": (f"{said}, registered" if said == "enabled" and registered == "true" else said,)}


def user_fields(document: Markup | None) -> Fields:
    """Return how many accounts there are, and how many of them administer; no name is kept."""
    if document is None or document.root.lower() != "userlist":
        return {}
    users = document.after("User")
    chiefs = sum(user.first("userLevel").lower().startswith("admin") for user in users)
    return {"isapi.users": (str(len(users)),), "isapi.administrators": (str(chiefs),)}


def analytics_fields(document: Markup | None) -> Fields:
    """Return the names of the functions that a capability document says are there."""
    tags = document.tags if document else ()
    names = dict.fromkeys(tag for tag, text in tags if tag.startswith("isSupport") and text.lower() == "true")
    return {"isapi.supports": tuple(names)[:_MOST_NAMES]}


def _may_have_channels(info: Markup | None) -> bool:
    kind = info.first("deviceType").lower() if info else ""
    return not kind or any(word in kind for word in _RECORDERS)


def _document(message: Message | None) -> Markup | None:
    if message is None or message.status != 200 or message.is_packed:
        return None
    return read_markup(message.body, limit=LIST_LIMIT)
