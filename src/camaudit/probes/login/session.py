"""The one login of a device, and reads after it: in go a session and an account, out come answers.

A login is sent once. What comes before and after it is asked again where a connection fails; the login itself is
not, and a refusal, a lock or silence ends everything for this device.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from enum import StrEnum

from camaudit.model import Account
from camaudit.net.wire import REPLY_LIMIT, Stopped
from camaudit.probes import digest
from camaudit.probes.login.lock import lock_of
from camaudit.probes.login.proofs import proofs_in
from camaudit.probes.message import Message
from camaudit.probes.session import Session

Begin = Callable[[], None]
"""Called right before the login is sent; returns when that it is tried is stored for good."""


class Login(StrEnum):
    """What a login came to; the words of the field ``login.outcome``."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOCKED = "locked"
    NO_ANSWER = "no_answer"
    NOT_OFFERED = "not_offered"
    NOT_NEEDED = "not_needed"
    NOT_TRIED = "not_tried"


class Ended(Exception):
    """No more may be asked of this device with an account: ``outcome`` says how, ``note`` why in words."""

    def __init__(self, outcome: Login, note: str) -> None:
        super().__init__(f"{outcome}: {note}")
        self.outcome = outcome
        self.note = note


class LoginSession:
    """Reads with an account over HTTP Digest. ``outcome`` is what the login came to."""

    def __init__(self, session: Session, account: Account, begin: Begin) -> None:
        self.session = session
        self.outcome = Login.NOT_TRIED
        self.account = account
        self.begin = begin
        self.proofs: set[str] = set()
        """Digests of the password that were sent."""
        self._challenge: digest.Challenge | None = None
        self._count = 0

    async def open(self, path: str) -> Message:
        """Log in by reading ``path``, which needs a login; raises ``Ended`` where that comes to nothing."""
        try:
            asked = await self.session.get(path)
        except Stopped as stopped:
            raise Ended(Login.NOT_TRIED, f"it did not answer before the login: {stopped.note}") from None
        lock = lock_of(asked)
        if lock:
            raise Ended(Login.LOCKED, f"{lock}; no login was tried")
        if asked.status == 200:
            self.outcome = Login.NOT_NEEDED
            return asked
        self._challenge = digest.best(asked.values("WWW-Authenticate"))
        if asked.status != 401 or self._challenge is None:
            raise Ended(Login.NOT_OFFERED, _why_not(asked))
        return await self._log_in(path)

    async def _log_in(self, path: str) -> Message:
        self.begin()
        try:
            answer = await self.session.ask_once(self._signed(path))
        except Stopped as stopped:
            raise Ended(
                Login.NO_ANSWER, f"no answer to the login, so it is not tried again: {stopped.note}"
            ) from None
        self.outcome = _judged(answer)
        if self.outcome is Login.ACCEPTED:
            return answer
        lock = lock_of(answer)
        if lock:
            raise Ended(Login.LOCKED, f"it refused the account and says that {lock}")
        raise Ended(self.outcome, f"it answered {answer.status} to the login; it is not tried again")

    async def get(self, path: str, *, limit: int = REPLY_LIMIT) -> Message | None:
        """Read a path after the login; ``None`` where nothing came. Raises ``Ended`` where it is refused."""
        if self._challenge is None:
            return await self.session.get_or_none(path)
        for attempt in range(2):
            try:
                # A new count each time: the same request twice is a replay to the device.
                answer = await self.session.ask_once(self._signed(path), fresh=attempt > 0, limit=limit)
            except Stopped:
                continue
            if answer.status != 401:
                return answer
            renewed = digest.best(answer.values("WWW-Authenticate"))
            if renewed is None or not renewed.stale or attempt:
                raise Ended(self.outcome, f"it let the account in and refused it for {path.partition('?')[0]}")
            self._challenge, self._count = renewed, 0
        return None

    def _signed(self, path: str) -> bytes:
        assert self._challenge is not None  # noqa: S101 - only called once there is one
        self._count += 1
        answer = digest.answer(
            self._challenge,
            self.account,
            method="GET",
            uri=path,
            count=self._count,
            cnonce=secrets.token_hex(16),
        )
        self.proofs.update(proofs_in(answer))
        return self.session.request(path, f"Authorization: {answer}")


def _judged(answer: Message) -> Login:
    if answer.status in (401, 403):
        return Login.REFUSED
    return Login.ACCEPTED if answer.status == 200 else Login.NO_ANSWER


def _why_not(asked: Message) -> str:
    offered = digest.schemes(asked.values("WWW-Authenticate"))
    if "basic" in offered:
        return "it offers only Basic, which hands the password itself to whoever answers here; it was not sent"
    if asked.status != 401:
        return f"it answered {asked.status} where it should ask for a login; none was tried"
    return "it offers no login that camaudit may use (HTTP Digest with MD5 or SHA-256); none was tried"
