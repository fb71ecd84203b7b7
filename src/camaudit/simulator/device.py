"""What a device file says, as values: the shape that the loader fills and the responders read.

Nothing here does any work. A text may still hold the live names of ``placeholders.LIVE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.simulator.fragile import Fragile

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReplySpec:
    """One prepared answer of a text protocol (HTTP or RTSP)."""

    status: str
    """Code and reason, as on the wire: ``401 Unauthorized``."""
    headers: Headers
    """In the device's order and spelling; ``{length}`` stands for the body's length."""
    body: bytes
    live: bool
    """True where the body holds live names and is filled for each answer."""
    login: bool
    """True where the answer is given after a login only; before it, the site's challenge is."""


@dataclass(frozen=True, slots=True)
class Site:
    """One web server of a device."""

    version: str
    routes: Mapping[str, ReplySpec]
    """By path; a key with ``?`` matches path and query, a key that ends in ``*`` is a prefix."""
    missing: ReplySpec
    challenge: ReplySpec | None
    keep_alive: bool
    onvif: bool
    soap_headers: Headers
    """The headers of ONVIF answers."""


@dataclass(frozen=True, slots=True)
class Rtsp:
    """The RTSP server of a device."""

    options: ReplySpec
    describe: ReplySpec
    missing: ReplySpec | None
    """The answer to DESCRIBE of a path that is not in ``paths``; None where every path is answered alike."""
    paths: tuple[str, ...]
    other: ReplySpec
    """The answer to every other method."""


@dataclass(frozen=True, slots=True)
class Onvif:
    """The ONVIF device service."""

    paths: tuple[str, ...]
    prefix: str
    """The SOAP envelope's prefix: gSOAP writes ``SOAP-ENV``, Hikvision ``env``, Dahua ``s``."""
    before_login: tuple[str, ...]
    """Operations answered to anybody."""
    refusal_status: str
    refusal_headers: Headers
    manufacturer: str
    model: str
    firmware: str
    serial: str
    hardware: str
    mac: str
    hostname: str
    endpoint: str
    scopes: tuple[str, ...]
    xaddr: str
    services: Mapping[str, str]
    clock_offset_s: float
    sources: tuple[str, ...]
    """The names of its video sources."""
    override: Mapping[str, str]
    """Bodies given word for word, by operation, for devices that answer out of the ordinary."""


@dataclass(frozen=True, slots=True)
class WsDiscovery:
    """What the device answers to a WS-Discovery Probe."""

    answers: tuple[str, ...]
    """Local names of the Types it feels meant by; ``*`` is any, and the empty Probe counts as ``any``."""
    types: str
    scopes: tuple[str, ...]
    endpoint: str
    xaddrs: str
    metadata_version: int
    copies: int
    own_port: bool
    """True where the answer leaves from an ephemeral port instead of 3702."""
    template: str | None
    """The whole answer, where it is out of the ordinary."""


@dataclass(frozen=True, slots=True)
class Dhip:
    """What the device answers to a Dahua DHIP search."""

    mac: str
    device_info: Mapping[str, object]
    claimed_length: int | None
    """A length for the header that is not the body's (a device that lies)."""


@dataclass(frozen=True, slots=True)
class Ssdp:
    """What the device answers to a search for UPnP root devices."""

    server: str
    usn: str
    location: str


@dataclass(frozen=True, slots=True)
class Mdns:
    """What the device answers by multicast DNS: an instance of each service, on one host."""

    services: tuple[str, ...]
    """Service types without ``.local``."""
    instance: str
    host: str
    txt: tuple[str, ...]
    port: int


@dataclass(frozen=True, slots=True)
class Snmp:
    """What the device's SNMP agent tells whoever knows the community."""

    community: str
    newest: str
    """The newest version it speaks: ``1`` or ``2c``."""
    values: Mapping[str, str]
    """Leaves and their values; a value of dots and digits that starts with 1.3 is an object identifier."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """A discovery protocol of one request and one answer."""

    expects: bytes
    reply: bytes
    reply_to: int = 0
    """The port that answers go to, where it is not the one that asked."""
    to_everybody: bool = False
    """Whether it also hears what is sent to everybody on the link."""


@dataclass(frozen=True, slots=True)
class TlsSpec:
    """The certificate and the protocol versions of a TLS service."""

    subject: str
    """``CN=..., O=...`` in the maker's order."""
    issuer: str | None
    rsa_bits: int
    newest: str
    """The newest version it speaks: ``TLSv1``, ``TLSv1.2`` or ``TLSv1.3``."""
    chain: int = 1
    """How many certificates it sends; a malicious one sends hundreds."""


@dataclass(frozen=True, slots=True)
class Service:
    """One port of a device."""

    port: int
    transport: str
    speaks: str
    site: str
    tls: TlsSpec | None
    behaviour: str | None
    """A hostile behaviour, see ``hostile``."""
    every_s: float
    greeting: bytes
    reply: bytes
    datagram: Datagram | None
    copies: int = 1
    """How often a datagram is answered; ``#N#`` in the answer counts them."""
    sends_from: tuple[str, ...] = ()
    """Addresses of others from which it also answers datagrams."""


@dataclass(frozen=True, slots=True)
class Login:
    """The account of a device that lets a reader in."""

    username: str
    password: str
    algorithm: str = "MD5"
    """What its Digest is computed with: ``MD5`` or ``SHA-256``; a login with the other is a wrong one."""
    lock_after: int = 7
    """Wrong logins until the account locks; Hikvision tells the number left in ``retryLoginTime``."""
    failed_before: int = 0
    """Wrong logins that it counted before the simulation began."""


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """Everything one device answers."""

    services: tuple[Service, ...]
    sites: Mapping[str, Site]
    rtsp: Rtsp | None
    onvif: Onvif | None
    ws_discovery: WsDiscovery | None
    sadp: tuple[tuple[str, str], ...] | None
    """The fields of the ProbeMatch in the device's order, after Uuid and Types."""
    sadp_raw: str | None
    """The whole SADP answer, where it is out of the ordinary."""
    dhip: Dhip | None
    ssdp: Ssdp | None
    mdns: Mdns | None
    snmp: Snmp | None
    login: Login | None
    encoding: str
    fragile: Fragile | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What the device really is, for whoever scores an audit."""

    kind: str
    maker: str | None
    brand: str | None
    relation: str
    model: str | None
    firmware: str | None
    serial: str | None
    mac: str | None
    identifiable: bool
    trap: str | None
    hostile: bool
