"""Logging in: in go a host's observations, out comes one login with the account that is meant for it, or none.

A device is tried once with one credential: over all its addresses, passes and protocols, in a run that is resumed,
and in no later run once it has refused. That it is tried is stored before the login leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from camaudit.credentials import Credential, Known, first_match
from camaudit.credentials.match import digits_of
from camaudit.model import Observation, Outcome
from camaudit.net.gate import Gate, HostGate
from camaudit.probes import login
from camaudit.probes.login import Login
from camaudit.probes.onvif import ASKS_FOR_LOGIN
from camaudit.probes.record import Now
from camaudit.sameness import is_placeholder
from camaudit.scan.options import Accounts, Sink

_MACS = ("mac.address", "sadp.mac", "dhip.mac", "wsd.mac")
_SERIALS = ("sadp.device_sn", "dhip.serial", "isapi.serial", "onvif.serial")
_IDS = ("wsd.epr", "onvif.endpoint_reference", "upnp.udn")
_TRYING = "trying"


@dataclass(frozen=True, slots=True)
class Door:
    """Where a device may be logged in to: which protocol, at which port."""

    protocol: str
    port: int
    tls: bool


class Logins:
    """Keeps count of who was tried with what. ``accounts`` are what the operator handed over."""

    def __init__(self, gate: Gate, sink: Sink, accounts: Accounts, now: Now) -> None:
        self._gate = gate
        self._sink = sink
        self._accounts = accounts
        self._now = now
        self._tried = set(accounts.tried)

    async def read(
        self, address: str, seen: Sequence[Observation], known: Sequence[Observation] = ()
    ) -> tuple[str, ...]:
        """Log in to a host that has told ``seen`` of itself, where an account is meant for it, and read.

        Returns what a reader of the coverage must know of it, in words. ``known`` is what an earlier part of the
        run has stored of its login: then none is tried.
        """
        if known:
            return (f"login: {known[0].note}",) if known[0].note else ()
        doors = doors_of(seen)
        if not doors:
            return ()
        door = doors[-1]
        credential = self._credential(address, seen)
        marks = marks_of(address, seen)
        why_not = self._why_not(credential, marks, seen)
        host = self._gate.host(address)
        if credential is None or why_not is not None:
            outcome, note = why_not or (Login.NOT_TRIED, "no entry of the credentials file is meant for it")
            self._sink.observation(login.not_tried(host, door.port, door.protocol, outcome, note, self._now))
            return (f"login: {note}",)
        # Claimed before anything is awaited: the same device may be asked at another address right now.
        self._tried.update((mark, credential.name) for mark in marks)
        found = await self._log_in(host, doors, credential, marks)
        return (f"login: {found[0].note}",) if found[0].note else ()

    async def _log_in(
        self, host: HostGate, doors: tuple[Door, ...], credential: Credential, marks: tuple[str, ...]
    ) -> tuple[Observation, ...]:
        """Log in at the first door that takes a login; once one was sent there is no other door."""
        begun = False

        def begin() -> None:
            nonlocal begun
            self._sink.login(marks, credential.name, _TRYING, self._now())
            begun = True

        found: tuple[Observation, ...] = ()
        try:
            for door in doors:
                found = await login.read(
                    host,
                    door.port,
                    door.protocol,
                    tls=door.tls,
                    account=credential.account,
                    begin=begin,
                    now=self._now,
                )
                (word,) = found[0].fields["login.outcome"]
                if begun or word not in (Login.NOT_TRIED, Login.NOT_OFFERED):
                    break
            for observation in found:
                self._sink.observation(observation)
            if begun:
                self._sink.login(marks, credential.name, word, self._now())
        finally:
            host.close()
        return found

    def _credential(self, address: str, seen: Sequence[Observation]) -> Credential | None:
        credentials = self._accounts.credentials
        maker = ""
        if any(credential.makers is not None for credential in credentials):
            maker = self._accounts.maker_of(seen)
        return first_match(credentials, Known(address, tuple(_values(seen, _MACS)), maker))

    def _why_not(
        self, credential: Credential | None, marks: tuple[str, ...], seen: Sequence[Observation]
    ) -> tuple[Login, str] | None:
        if credential is None:
            return None
        if any((mark, credential.name) in self._tried for mark in marks):
            return Login.NOT_TRIED, "this account was tried at this device before, so it is not tried again"
        # An address may belong to another device by now; it counts only where nothing better is known.
        lasting = [mark for mark in marks if not mark.startswith("address ")] or list(marks)
        if any((mark, credential.name) in self._accounts.refused for mark in lasting):
            return (
                Login.NOT_TRIED,
                "it refused this account in an earlier run; correct the account and add --login-again",
            )
        if any(word == "lock" for word in _values(seen, ("isapi.lock_status",))) or any(
            word == "true" for word in _values(seen, ("sadp.device_lock",))
        ):
            return Login.LOCKED, "it says that its logins are locked; no login was tried"
        return None


def doors_of(seen: Iterable[Observation]) -> tuple[Door, ...]:
    """Return where to log in: at a maker's own interface where one was recognised, else at ONVIF.

    A web port of the same unit that speaks TLS comes first: who listens on the way then sees no digest.
    """
    everything = tuple(seen)
    announced = any(item.fields.get("wsd.xaddr") for item in everything if item.probe == "wsd")
    answered = [item for item in everything if item.target.port is not None and _speaks(item, announced=announced)]
    secure = [item.target.port for item in answered if item.probe == "tls" and item.target.port]
    for protocol, is_it in (("isapi", _is_isapi), ("dahua", _is_dahua), ("onvif", _is_onvif)):
        for item in answered:
            if item.probe == protocol and is_it(item) and item.target.port:
                own = item.target.port
                if own in secure:
                    return (Door(protocol, own, True),)
                return (*(Door(protocol, port, True) for port in secure[:1]), Door(protocol, own, False))
    return ()


def _speaks(item: Observation, *, announced: bool) -> bool:
    """Say whether an answer may lead to a door: ONVIF that wants a login for all counts where it was announced."""
    if item.outcome is Outcome.ANSWERED:
        return True
    return announced and item.probe == "onvif" and item.note == ASKS_FOR_LOGIN


def _is_isapi(item: Observation) -> bool:
    # A 401 alone is given by every server behind a login: a printer is sent no camera's account.
    return "ISAPI" in item.fields.get("isapi.prefix", ())


def _is_dahua(item: Observation) -> bool:
    realms = item.fields.get("dahua.realm", ())
    return any(realm.startswith("Login to ") for realm in realms) or "200" in item.fields.get("dahua.status", ())


def _is_onvif(item: Observation) -> bool:
    said = item.fields.get("onvif.answered") or item.fields.get("onvif.fault")
    return bool(said) or item.outcome is not Outcome.ANSWERED


def marks_of(address: str, seen: Sequence[Observation]) -> tuple[str, ...]:
    """Return what tells the device from others: its address, and whatever it said that is its own."""
    marks = [f"address {address}"]
    marks += [f"mac {digits_of(mac)}" for mac in _values(seen, _MACS) if len(digits_of(mac)) == 12]
    own = (*_values(seen, _SERIALS), *_values(seen, _IDS))
    marks += [f"id {text.lower()[:120]}" for text in own if not is_placeholder(text)]
    return tuple(dict.fromkeys(marks))


def _values(seen: Iterable[Observation], names: tuple[str, ...]) -> Iterator[str]:
    for item in seen:
        for name in names:
            if item.outcome is Outcome.ANSWERED:
                yield from (value.strip().lower() for value in item.fields.get(name, ()))
