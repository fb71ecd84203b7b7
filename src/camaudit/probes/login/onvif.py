"""ONVIF with a login: in goes a session that may log in, out come fields and a recorder's channels.

Only ``Get`` operations, by our own envelopes and never by a client that subscribes to events. The clock is read
first, since a token holds by the device's clock. Where the device asks for HTTP Digest, that is used instead.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from camaudit.net.wire import Stopped
from camaudit.probes import digest, onvif
from camaudit.probes.login import token
from camaudit.probes.login.channels import MOST
from camaudit.probes.login.lock import lock_of
from camaudit.probes.login.proofs import proofs_in
from camaudit.probes.login.reading import Reading
from camaudit.probes.login.session import Ended, Login, LoginSession
from camaudit.probes.markup import Markup
from camaudit.probes.message import Message
from camaudit.probes.paths import is_harmless
from camaudit.probes.record import Fields

INFORMATION = "GetDeviceInformation"
INTERFACES = "GetNetworkInterfaces"
PROFILES = "GetProfiles"

_REFUSALS = ("NotAuthorized", "FailedAuthentication", "InvalidSecurity")
_RECORDER = re.compile(r"(?i)(?:^|[^a-z])(?:nvr|dvr|xvr|hcvr)|network[ _]video[ _]recorder")


async def read(login: LoginSession) -> Reading:
    """Log in by GetDeviceInformation and read on; raises ``Ended`` where the login failed."""
    talk = _Talk(login)
    await talk.read_clock()
    reading = Reading()
    reading.add(onvif.answer_fields(INFORMATION, await talk.log_in()))
    try:
        for operation in ("GetScopes", onvif.SERVICES, onvif.CAPABILITIES, INTERFACES):
            if operation == onvif.CAPABILITIES and talk.media:
                continue
            answer = await talk.call(operation)
            markup = onvif.read_answer(answer) if answer is not None else None
            if answer is None or markup is None or not markup.has(f"{operation}Response"):
                continue
            reading.add(onvif.answer_fields(operation, answer))
            reading.add({"onvif.mac": markup.values("HwAddress")[:1]})
            talk.media = talk.media or _media_path(login, markup)
        if talk.media:
            await _read_profiles(talk, reading)
    except Ended as ended:
        reading.notes.append(ended.note)
    return reading


async def _read_profiles(talk: _Talk, reading: Reading) -> None:
    answer = await talk.call(PROFILES, path=talk.media, namespace=onvif.MEDIA)
    markup = onvif.read_answer(answer) if answer is not None else None
    if markup is None or not markup.has(f"{PROFILES}Response"):
        return
    sources: dict[str, str] = {}
    for part in markup.after("VideoSourceConfiguration")[:MOST]:
        sources.setdefault(part.first("SourceToken"), part.first("Name"))
    sources.pop("", None)
    reading.add({"onvif.video_source": tuple(sources)})
    said = (*reading.fields.get("onvif.model", ()), *reading.fields.get("onvif.scope", ()))
    # A camera with several lenses has several sources too: only a recorder's are cameras of their own.
    if any(_RECORDER.search(text) for text in said):
        reading.channels = tuple(_channel(number, name) for number, name in enumerate(sources.values(), start=1))


def _channel(number: int, name: str) -> Fields:
    return {"channel.number": (str(number),), "channel.name": (name,) if name else ()}


def _media_path(login: LoginSession, markup: Markup) -> str:
    """Return the path of the media service where it is at this very host, at this port or a usual one.

    It is asked at the port that is open, so that a unit which names its plain port is read over TLS all the same.
    """
    named = [part.first("XAddr") for part in markup.after("Service") if part.first("Namespace") == onvif.MEDIA]
    named += [part.first("XAddr") for part in markup.after("Media")]
    for xaddr in named:
        try:
            parts = urlsplit(xaddr)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            continue
        here = parts.hostname == login.session.address.lower() and port in (login.session.port, 80, 443)
        if here and is_harmless(parts.path):
            return parts.path
    return ""


class _Talk:
    """The calls of one device with one account."""

    def __init__(self, login: LoginSession) -> None:
        self.media = ""
        self._login = login
        self._ahead = timedelta()
        self._challenge: digest.Challenge | None = None
        self._count = 0

    async def read_clock(self) -> None:
        """Learn by how much the device's clock differs; one that does not tell it is taken to be right."""
        try:
            answer = await self._login.session.ask(self._request(onvif.FIRST, signed=False))
        except Stopped as stopped:
            note = f"it did not answer before the login: {stopped.note}"
            raise Ended(Login.NOT_TRIED, note) from None
        for text in onvif.answer_fields(onvif.FIRST, answer).get("onvif.utc", ()):
            self._ahead = datetime.fromisoformat(text) - datetime.now(UTC)

    async def log_in(self) -> Message:
        """Ask what needs a login: first without, to learn what is wanted, then once with the account."""
        login = self._login
        try:
            asked = await login.session.ask(self._request(INFORMATION, signed=False))
        except Stopped as stopped:
            note = f"it did not answer before the login: {stopped.note}"
            raise Ended(Login.NOT_TRIED, note) from None
        if lock := lock_of(asked):
            raise Ended(Login.LOCKED, f"{lock}; no login was tried")
        if _is_answer(asked):
            login.outcome = Login.NOT_NEEDED
            return asked
        self._challenge = digest.best(asked.values("WWW-Authenticate")) if asked.status == 401 else None
        if not _is_refusal(asked):
            raise Ended(Login.NOT_OFFERED, f"it answered {asked.status} and asked for no login; none was tried")
        login.begin()
        try:
            answer = await login.session.ask_once(self._request(INFORMATION, signed=True))
        except Stopped as stopped:
            note = f"no answer to the login, so it is not tried again: {stopped.note}"
            raise Ended(Login.NO_ANSWER, note) from None
        if not _is_answer(answer):
            lock = lock_of(answer)
            outcome = Login.LOCKED if lock else (Login.REFUSED if _is_refusal(answer) else Login.NO_ANSWER)
            told = f"it refused the account and says that {lock}" if lock else f"it answered {answer.status}"
            raise Ended(outcome, f"{told} to the login; it is not tried again")
        login.outcome = Login.ACCEPTED
        return answer

    async def call(
        self, operation: str, *, path: str = onvif.PATH, namespace: str = onvif.DEVICE
    ) -> Message | None:
        """Call one more operation; ``None`` where nothing came. Raises ``Ended`` where it is refused."""
        signed = self._login.outcome is Login.ACCEPTED
        for fresh in (False, True):
            request = self._request(operation, signed=signed, path=path, namespace=namespace)
            try:
                answer = await self._login.session.ask_once(request, fresh=fresh)
            except Stopped:
                continue
            if _is_refusal(answer):
                raise Ended(self._login.outcome, f"it let the account in and refused it for {operation}")
            return answer
        return None

    def _request(
        self, operation: str, *, signed: bool, path: str = onvif.PATH, namespace: str = onvif.DEVICE
    ) -> bytes:
        header = ""
        lines: tuple[str, ...] = ()
        account = self._login.account
        if signed and self._challenge is not None:
            self._count += 1
            said = digest.answer(
                self._challenge,
                account,
                method="POST",
                uri=path,
                count=self._count,
                cnonce=secrets.token_hex(16),
            )
            self._login.proofs.update(proofs_in(said))
            lines = (f"Authorization: {said}",)
        elif signed:
            header = token.header(account, datetime.now(UTC) + self._ahead)
            self._login.proofs.update(proofs_in(header))
        authority = self._login.session.authority
        return onvif.request(operation, authority, path, namespace=namespace, header=header, lines=lines)


def _is_answer(message: Message) -> bool:
    markup = onvif.read_answer(message)
    return markup is not None and markup.has(f"{INFORMATION}Response")


def _is_refusal(message: Message) -> bool:
    """Say whether an answer asks for another login, as devices do it: by status or by any of several faults."""
    if message.status in (401, 403):
        return True
    markup = onvif.read_answer(message)
    if markup is None:
        return False
    said = " ".join((*markup.values("Value"), *markup.values("faultcode"), *markup.values("Text")))
    return any(word in said for word in _REFUSALS)
