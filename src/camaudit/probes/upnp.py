"""The UPnP description of a root device: in goes the LOCATION it gave by SSDP, out come ``upnp.*`` fields.

The address is the device's wish. It is followed by one GET, over HTTP, at the very host that answered; whatever
points elsewhere is recorded as out of scope.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes import ssdp
from camaudit.probes.markup import read_markup
from camaudit.probes.message import Message
from camaudit.probes.paths import is_harmless
from camaudit.probes.record import Fields, Now, Record
from camaudit.probes.session import Session

_ELEMENTS = {
    "upnp.device_type": "deviceType",
    "upnp.friendly_name": "friendlyName",
    "upnp.manufacturer": "manufacturer",
    "upnp.model_name": "modelName",
    "upnp.model_number": "modelNumber",
    "upnp.serial": "serialNumber",
    "upnp.udn": "UDN",
}
# No device's description stands behind a question; a CGI, or an action, is never a description.
_DESCRIPTION = re.compile(r"[^?;]*\Z")


def place(address: str, location: str) -> tuple[int, str] | None:
    """Return port and path of a LOCATION that is at ``address``; ``None`` where it leads elsewhere."""
    try:
        parts = urlsplit(location)
        port = 80 if parts.port is None else parts.port
        same = ipaddress.ip_address(parts.hostname or "") == ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    # ``urlsplit`` drops line breaks, so the path is judged after it.
    path = parts.path or "/"
    wanted = parts.scheme == "http" and parts.username is None and not parts.query and 0 < port < 65536
    plain = is_harmless(path) and _DESCRIPTION.match(path) is not None
    return (port, path) if same and wanted and plain else None


def description_fields(message: Message) -> Fields | None:
    """Return the fields of the root device; ``None`` where the answer is no description."""
    markup = None if message.is_packed or message.status != 200 else read_markup(message.body)
    if markup is None or markup.root.lower() != "root":
        return None
    # Embedded devices follow the root device and have the same elements.
    devices = markup.after("device")
    return {field: devices[0].values(element)[:1] for field, element in _ELEMENTS.items()} if devices else None


async def description(host: Host, location: str, now: Now) -> Observation:
    """GET the description at ``location``, if it is at this very host."""
    found = place(host.address, location)
    if found is None:
        record = Record(host, ssdp.PORT, "upnp", now)
        note = f"LOCATION is not a description at the host that answered; not followed: {location[:120]}"
        return record.of(Outcome.OUT_OF_SCOPE, {}, note)
    port, path = found
    record = Record(host, port, "upnp", now)
    try:
        async with Session(host, port) as session:
            message = await session.get(path)
    except Stopped as stopped:
        return record.stopped(stopped)
    fields = description_fields(message)
    if fields is None:
        return record.of(Outcome.MALFORMED, {}, f"{message.status}: an answer that is no UPnP description")
    return record.answered(fields)
