"""The use case of ``camaudit switches``: what switches say of the port of each MAC address becomes a run."""

from __future__ import annotations

import asyncio

from camaudit.importing import Stored, import_files
from camaudit.model import Site
from camaudit.net.snmp import PORT
from camaudit.scan import Scope
from camaudit.scan.switch_logins import logins
from camaudit.scan.switches import LoginOf, read_switches
from camaudit.store import Store, StoredRun

__all__ = ["ORIGIN", "Stored", "ask_switches", "logins"]

ORIGIN = "switches"
_LIMIT = (
    "only switches were asked: this run holds the MAC addresses that they had seen shortly before, and no unit "
    "was asked what it is"
)


def ask_switches(
    store: Store,
    scope: Scope,
    login_of: LoginOf,
    site: Site,
    base: StoredRun | None,
    rate: float,
    port: int = PORT,
) -> Stored:
    """Ask every switch of ``scope`` and store its table, with everything of ``base`` in it where one is given.

    Raises UsageError, and stores nothing, where no switch told a table; a line each says why.
    """
    tables = asyncio.run(read_switches(scope, login_of, rate, port))
    return import_files(store, tables, site, base, origin=ORIGIN, limit=_LIMIT)
