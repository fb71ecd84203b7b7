"""SNMP reads through the gate: in go a host and a read-only login, out come rows of a table. Only GETBULK is sent.

pysnmp speaks the protocol, v2c and v3; its packets leave by the host's own ``datagram``, so scope, pace and limits
hold for them too. A login that was refused, or stayed without an answer, is not sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Self

from pyasn1.error import PyAsn1Error
from pyasn1.type import univ
from pysnmp.carrier.asyncio.dgram.udp import UdpTransportAddress
from pysnmp.carrier.asyncio.dispatch import AsyncioDispatcher
from pysnmp.carrier.base import AbstractTransport
from pysnmp.entity import config
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch import asyncio as hlapi
from pysnmp.proto import errind, rfc1905

from camaudit.model import Outcome
from camaudit.net.wire import Host, Stopped

PORT = 161
MOST_ROWS = 20_000
"""Rows of one table that are read; a switch has a few thousand."""

_ROWS_AT_ONCE = 25
_WAIT_S = 1.5
_ENGINE_WAIT_S = 2
_AGAIN = 2
"""How often a question is asked again once the login is known to be right; a datagram may be lost."""

_BROKEN = (
    PySnmpError, PyAsn1Error, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip
_REFUSALS = (
    errind.WrongDigest, errind.UnknownUserName, errind.UnsupportedSecurityLevel, errind.DecryptionError,
    errind.AuthenticationFailure, errind.UnknownCommunityName,
)  # fmt: skip
AUTHENTICATION = {
    "md5": config.USM_AUTH_HMAC96_MD5,
    "sha": config.USM_AUTH_HMAC96_SHA,
    "sha224": config.USM_AUTH_HMAC128_SHA224,
    "sha256": config.USM_AUTH_HMAC192_SHA256,
    "sha384": config.USM_AUTH_HMAC256_SHA384,
    "sha512": config.USM_AUTH_HMAC384_SHA512,
}
"""How an SNMPv3 user proves who they are, by the names of the login file."""
PRIVACY = {
    "des": config.USM_PRIV_CBC56_DES,
    "aes128": config.USM_PRIV_CFB128_AES,
    "aes192": config.USM_PRIV_CFB192_AES,
    "aes256": config.USM_PRIV_CFB256_AES,
}
"""How what is said by SNMPv3 is kept secret."""

Value = bytes | int | str
"""A text as bytes, a number, or an object identifier as text."""


@dataclass(frozen=True, slots=True)
class SnmpLogin:
    """A community (v2c), or a user with what proves and hides (v3); no secret shows in its ``repr``."""

    community: str = field(default="", repr=False)
    user: str = ""
    authentication: str = ""
    authentication_password: str = field(default="", repr=False)
    privacy: str = ""
    privacy_password: str = field(default="", repr=False)
    context: str = ""
    """The context of SNMPv3; most switches have only the one without a name."""


class Agent:
    """One SNMP agent while the context lasts."""

    def __init__(self, host: Host, login: SnmpLogin, *, port: int = PORT) -> None:
        self._login = _credentials(login)
        self._context = hlapi.ContextData(contextName=login.context.encode("utf-8"))
        self._engine = hlapi.SnmpEngine()
        self._transport = _Transport(host, port)
        self._target = _Target(self._transport, again=0)
        self._known = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.end()
        self._engine.close_dispatcher()

    async def walk(self, root: str) -> AsyncIterator[tuple[tuple[int, ...], Value]]:
        """Yield index and value of each row below ``root``; raises ``Stopped``.

        ``root`` is an object identifier; the index is what stands behind it.
        """
        prefix = tuple(map(int, root.split(".")))
        at, rows = prefix, 0
        while True:
            pairs = await self._bulk(at)
            for oid, value in pairs:
                if oid[: len(prefix)] != prefix or oid <= at or isinstance(value, rfc1905.EndOfMibView):
                    return
                at, rows = oid, rows + 1
                if rows > MOST_ROWS:
                    return
                read = _value(value)
                if read is not None:
                    yield oid[len(prefix) :], read
            if not pairs:
                return

    async def _bulk(self, at: tuple[int, ...]) -> list[tuple[tuple[int, ...], Any]]:
        pair = hlapi.ObjectType(hlapi.ObjectIdentity(at), univ.Null(""))
        try:
            failed, status, _, pairs = await hlapi.bulk_cmd(
                self._engine, self._login, self._target, self._context, 0, _ROWS_AT_ONCE, pair, lookupMib=False
            )
        except _BROKEN as error:
            raise Stopped(Outcome.MALFORMED, f"an answer that is not SNMP ({type(error).__name__})") from None
        if failed:
            raise self._stopped(failed)
        if status:
            raise Stopped(Outcome.REFUSED, f"the switch refused to tell: {status.prettyPrint()[:60]}")
        # The login is right: from here on a lost datagram is only that.
        if not self._known:
            self._known, self._target = True, _Target(self._transport, again=_AGAIN)
        return [(tuple(map(int, oid)), value) for oid, value in pairs]

    def _stopped(self, failed: object) -> Stopped:
        # SNMPv3 answers twice: who it is, then yes or no. A no that the library cannot read is a no all the same.
        told_no = self._transport.answers > 1 and isinstance(failed, errind.RequestTimedOut)
        if isinstance(failed, _REFUSALS) or (told_no and not self._known):
            return Stopped(Outcome.REFUSED, "the switch refused the SNMP login; it was not sent again")
        if self._transport.stopped is not None:
            return self._transport.stopped
        return Stopped(Outcome.SILENT, "no SNMP answer, as where the community or the user is not known")


class _Transport(AbstractTransport):  # type: ignore[misc]  # the library is not typed
    """Sends pysnmp's packets by the host behind the gate."""

    PROTO_TRANSPORT_DISPATCHER = AsyncioDispatcher
    ADDRESS_TYPE = UdpTransportAddress

    def __init__(self, host: Host, port: int) -> None:
        self.stopped: Stopped | None = None
        self.answers = 0
        self._host = host
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()

    def open_client_mode(self, iface: object = None) -> Self:
        """Open nothing: the host is open already."""
        return self

    def send_message(self, message: bytes, address: object) -> None:
        """Send a packet and hand on what comes back."""
        task = asyncio.ensure_future(self._ask(bytes(message), address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """Wait for nothing more."""
        for task in tuple(self._tasks):
            task.cancel()

    async def _ask(self, message: bytes, address: object) -> None:
        try:
            answers = await self._host.datagram(self._port, message, wait_s=_WAIT_S)
        except Stopped as stopped:
            self.stopped = stopped
            return
        for answer in answers:
            self.answers += 1
            try:
                self._callback_function(self, address, answer)
            except _BROKEN:
                # A broken answer is none: the engine's own clock ends the waiting.
                continue


class _Target(hlapi.UdpTransportTarget):  # type: ignore[misc]  # the library is not typed
    PROTO_TRANSPORT = _Transport

    def __init__(self, transport: _Transport, *, again: int) -> None:
        # The gate knows where the host is; the library only needs something to tell its agents apart by.
        self.transport_address = ("0.0.0.0", PORT)
        super().__init__(timeout=_ENGINE_WAIT_S, retries=again)
        self._made = transport

    def open_client_mode(self) -> _Transport:
        """Return the transport that goes through the gate."""
        return self._made


def _credentials(login: SnmpLogin) -> Any:
    if not login.user:
        return hlapi.CommunityData(login.community, mpModel=1)  # noqa: S508 - what the switch has; the operator chose
    return hlapi.UsmUserData(
        login.user,
        authKey=login.authentication_password or None,
        privKey=login.privacy_password or None,
        authProtocol=AUTHENTICATION.get(login.authentication, config.USM_AUTH_NONE),
        privProtocol=PRIVACY.get(login.privacy, config.USM_PRIV_NONE),
    )


def _value(value: Any) -> Value | None:
    if isinstance(value, univ.OctetString):
        return bytes(value)
    if isinstance(value, univ.ObjectIdentifier):
        return str(value)
    # Counters, gauges and ticks are numbers too.
    return int(value) if isinstance(value, univ.Integer) else None
