"""Uniview's web interface for software (LAPI) before a login: in goes a web port, out come ``lapi.*`` fields.

One GET. A refusal is JSON that names the path it was asked for, which no other server writes.
"""

from __future__ import annotations

import json

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.message import Message, realms
from camaudit.probes.record import Fields, Now, Record
from camaudit.probes.session import Session

BASIC_INFO = "/LAPI/V1.0/System/DeviceBasicInfo"

_BODY_LIMIT = 4 * 1024
_MEMBERS = {
    "lapi.model": ("ProductModel", "DeviceModel"),
    "lapi.serial": ("SerialNo", "SerialNumber"),
    "lapi.firmware": ("FirmwareVersion",),
    "lapi.manufacturer": ("Manufacturer",),
}
"""Members of an open answer, as different firmware names them."""


async def edges(host: Host, port: int, *, tls: bool, now: Now) -> tuple[Observation, ...]:
    """Ask for the basic information without a login."""
    record = Record(host, port, "lapi", now)
    try:
        async with Session(host, port, tls=tls) as session:
            message = await session.get(BASIC_INFO)
    except Stopped as stopped:
        return (record.stopped(stopped),)
    fields = info_fields(message)
    if "lapi.url" in fields:
        return (record.answered(fields),)
    return (record.of(Outcome.REFUSED, {}, f"{message.status}: no LAPI"),)


def info_fields(message: Message) -> Fields:
    """Return the ``lapi.*`` fields of an answer; empty where it is not LAPI's."""
    said = _response(message)
    url = said.get("ResponseURL")
    if not isinstance(url, str):
        return {}
    challenges = message.values("WWW-Authenticate")
    data = said.get("Data")
    places = (said, data if isinstance(data, dict) else {})
    fields: Fields = {"lapi.url": (url,), "lapi.status": (str(message.status),), "lapi.realm": realms(challenges)}
    for field, names in _MEMBERS.items():
        found = (place.get(name) for place in places for name in names)
        fields[field] = tuple(value for value in found if isinstance(value, str))[:1]
    return fields


def _response(message: Message) -> dict[str, object]:
    try:
        body = json.loads(message.text(_BODY_LIMIT))
    except (ValueError, RecursionError):
        return {}
    said = body.get("Response") if isinstance(body, dict) else None
    return said if isinstance(said, dict) else {}
