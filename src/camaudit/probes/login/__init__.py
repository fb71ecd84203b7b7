"""Reading with an account that the operator handed over: one login a device, then reads.

In go a host behind the gate, a port and an account, out come observations: one of the probe ``login``, and one of
the probe ``channel`` for each camera that a recorder lists. A protocol is one file and one line in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from camaudit.model import Account, Observation
from camaudit.net.wire import Host
from camaudit.probes.login import dahua, isapi, onvif
from camaudit.probes.login.proofs import without
from camaudit.probes.login.reading import Reading, observations
from camaudit.probes.login.session import Begin, Ended, Login, LoginSession
from camaudit.probes.record import Now, Record
from camaudit.probes.session import Session

__all__ = ["READERS", "Begin", "Login", "not_tried", "read"]

READERS: Mapping[str, Callable[[LoginSession], Awaitable[Reading]]] = {
    "isapi": isapi.read,
    "dahua": dahua.read,
    "onvif": onvif.read,
}


async def read(
    host: Host, port: int, protocol: str, *, tls: bool, account: Account, begin: Begin, now: Now
) -> tuple[Observation, ...]:
    """Log in once by ``protocol`` and read; never raises ``Stopped``. ``begin`` is called before the login."""
    record = Record(host, port, "login", now)
    async with Session(host, port, tls=tls) as session:
        login = LoginSession(session, account, begin)
        try:
            reading = await READERS[protocol](login)
        except Ended as ended:
            return observations(record, protocol, ended.outcome, Reading(), ended.note)
    reading.fields = without(reading.fields, login.proofs, account)
    reading.channels = tuple(without(channel, login.proofs, account) for channel in reading.channels)
    return observations(record, protocol, login.outcome, reading)


def not_tried(host: Host, port: int, protocol: str, outcome: Login, note: str, now: Now) -> Observation:
    """Record why no login was tried."""
    return observations(Record(host, port, "login", now), protocol, outcome, Reading(), note)[0]
