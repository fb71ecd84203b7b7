"""ONVIF's device service before a login: in goes a web port, out come ``onvif.*`` fields.

Only ``Get`` operations are sent. The clock is asked first; where no SOAP comes back there is no ONVIF (a peer
called lighttpd and nginx ONVIF for their 404), and nothing more is asked.
"""

from __future__ import annotations

from datetime import UTC, datetime

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.markup import Markup, read_markup
from camaudit.probes.message import Message, realms
from camaudit.probes.paths import is_harmless
from camaudit.probes.record import Fields, Now, Record, joined
from camaudit.probes.scopes import scope_fields
from camaudit.probes.session import AGENT, Session

PATH = "/onvif/device_service"
FIRST = "GetSystemDateAndTime"
SERVICES = "GetServices"
CAPABILITIES = "GetCapabilities"
"""Asked where GetServices (2011) is not known."""
SCOPES = "GetScopes"
OTHERS = ("GetHostname", "GetEndpointReference", "GetDeviceInformation", SCOPES)
"""The last two need a login by the specification; an answer without one is a finding of its own."""

ASKS_FOR_LOGIN = "asks for a login"
"""The note of a service that wants one even for its clock; then only its discovery says that it is ONVIF."""

WHOLE = (SERVICES, CAPABILITIES, *OTHERS)
BRIEF = ("GetHostname", "GetEndpointReference", "GetDeviceInformation")
"""What is left to ask of a unit whose scopes came by WS-Discovery: its own word for itself, by another way."""

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
_PARAMETERS = {
    SERVICES: "<IncludeCapability>false</IncludeCapability>",
    CAPABILITIES: "<Category>All</Category>",
}
# The npm mock matches this Body tag and the one-line form to the letter; real devices do not mind.
_ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{header}'
    '<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    '<{operation} xmlns="{namespace}">{parameters}</{operation}></s:Body></s:Envelope>'
)
_ANSWERS: dict[str, dict[str, str]] = {
    "GetHostname": {"onvif.hostname": "Name"},
    "GetEndpointReference": {"onvif.endpoint_reference": "GUID"},
    SERVICES: {"onvif.service": "Namespace", "onvif.xaddr": "XAddr"},
    "GetDeviceInformation": {
        "onvif.manufacturer": "Manufacturer",
        "onvif.model": "Model",
        "onvif.firmware": "FirmwareVersion",
        "onvif.serial": "SerialNumber",
        "onvif.hardware": "HardwareId",
    },
    CAPABILITIES: {"onvif.xaddr": "XAddr"},
}
_SERVICE_OF = {
    "Device": DEVICE,
    "Media": MEDIA,
    "Events": "http://www.onvif.org/ver10/events/wsdl",
    "Imaging": "http://www.onvif.org/ver20/imaging/wsdl",
    "PTZ": "http://www.onvif.org/ver20/ptz/wsdl",
    "Analytics": "http://www.onvif.org/ver20/analytics/wsdl",
}


async def service(
    host: Host, port: int, *, tls: bool, path: str = PATH, now: Now, told: bool = False
) -> tuple[Observation, ...]:
    """Ask the operations that need no login, and once each the two whose refusal or answer tells something.

    ``told`` says that WS-Discovery gave the scopes already: then only what it does not tell is asked.
    """
    record = Record(host, port, "onvif", now)
    if not is_harmless(path):
        return (record.of(Outcome.NOT_ASKED, {}, "the path that the device gave is no path"),)
    try:
        async with Session(host, port, tls=tls) as session:
            return (await _ask(session, path, record, BRIEF if told else WHOLE),)
    except Stopped as stopped:
        return (record.stopped(stopped),)


def request(
    operation: str,
    authority: str,
    path: str,
    *,
    namespace: str = DEVICE,
    header: str = "",
    lines: tuple[str, ...] = (),
) -> bytes:
    """Return the POST that calls a ``Get`` operation, of the device service where no other ``namespace`` is given.

    ``header`` is a whole SOAP header, ``lines`` are header lines of HTTP; both are a login's.
    """
    parameters = _PARAMETERS.get(operation, "")
    text = _ENVELOPE.format(operation=operation, namespace=namespace, parameters=parameters, header=header)
    body = text.encode("ascii", "xmlcharrefreplace")
    more = "".join(f"{line}\r\n" for line in lines)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {AGENT}\r\n{more}"
        f'Content-Type: application/soap+xml; charset=utf-8; action="{namespace}/{operation}"\r\n'
        f"Content-Length: {len(body)}\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n"
    ).encode() + body


def read_answer(message: Message) -> Markup | None:
    """Return the SOAP envelope of an answer; ``None`` where it carries none that ONVIF would send."""
    markup = None if message.is_packed else read_markup(message.body)
    if markup is None or markup.root.lower() != "envelope":
        return None
    is_onvif = any("onvif.org" in namespace for namespace in markup.namespaces)
    return markup if is_onvif or "NotAuthorized" in " ".join(markup.values("Value")) else None


def answer_fields(operation: str, message: Message) -> Fields:
    """Return the ``onvif.*`` fields of the answer to one operation: of its SOAP, and of a challenge of HTTP."""
    fields = _challenge(message)
    markup = read_answer(message)
    if markup is None:
        return fields
    fields |= {
        "onvif.server": message.values("Server"),
        "onvif.namespace": markup.namespaces,
        "onvif.declared": (" ".join(markup.namespaces),),
    }
    if not markup.has(f"{operation}Response"):
        return fields | {"onvif.fault": _fault(markup)}
    fields["onvif.answered"] = (operation,)
    for field, element in _ANSWERS.get(operation, {}).items():
        fields[field] = markup.values(element)
    if operation == CAPABILITIES:
        fields["onvif.service"] = tuple(name for tag, name in _SERVICE_OF.items() if markup.has(tag))
    if operation == SCOPES:
        items = markup.values("ScopeItem")
        fields |= {"onvif.scope": items, **scope_fields(" ".join(" ".join(items).split()))}
    if operation == FIRST:
        fields["onvif.utc"] = _clock(markup)
    return fields


async def _ask(session: Session, path: str, record: Record, operations: tuple[str, ...]) -> Observation:
    first = await session.ask(request(FIRST, session.authority, path))
    if read_answer(first) is None:
        return record.of(Outcome.REFUSED, {}, _why_not(first))
    fields = answer_fields(FIRST, first)
    try:
        for operation in operations:
            if operation == CAPABILITIES and SERVICES in fields.get("onvif.answered", ()):
                continue
            message = await session.ask(request(operation, session.authority, path))
            fields = joined(fields, answer_fields(operation, message))
    except Stopped as stopped:
        return record.answered(fields, f"stopped before the end: {stopped.note}")
    return record.answered(fields)


def _challenge(message: Message) -> Fields:
    """Return how a web server asks for a login; many give a model or a serial number by it."""
    challenges = message.values("WWW-Authenticate") if message.status == 401 else ()
    return {"onvif.auth": challenges, "onvif.realm": realms(challenges)} if challenges else {}


def _why_not(message: Message) -> str:
    if message.status == 401:
        return ASKS_FOR_LOGIN
    return f"{message.status}: no ONVIF here"


def _fault(markup: Markup) -> tuple[str, ...]:
    """Return the most exact code of a fault: the last Value of SOAP 1.2, or SOAP 1.1's faultcode."""
    return (markup.values("Value") or markup.values("faultcode"))[-1:]


def _clock(markup: Markup) -> tuple[str, ...]:
    """Return the UTC time of the device as ISO text; nothing where it is no time."""
    for part in markup.after("UTCDateTime"):
        numbers = [part.first(name) for name in ("Year", "Month", "Day", "Hour", "Minute", "Second")]
        if not all(number.isascii() and number.isdigit() and len(number) <= 4 for number in numbers):
            continue
        year, month, day, hour, minute, second = map(int, numbers)
        try:
            return (datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat(),)
        except ValueError:
            continue
    return ()
