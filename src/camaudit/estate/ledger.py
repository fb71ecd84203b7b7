"""Which devices of a site its worker has logged in to: kept at the site, and nowhere else.

A job is scanned into a store that is gone when its result was sent. That an account was tried must outlast it: a
job that is done again, or the next term's, must not try once more what a device refused. So logins are written
into a store of the site's own, before they are sent.
"""

from __future__ import annotations

from datetime import datetime

from camaudit.errors import UsageError
from camaudit.model import Run, Site
from camaudit.store import RunWriter, Store, StoredLogin
from camaudit.store.reading import Resolved


class JobStore(Store):
    """A store in memory for one job; what it is told of logins is kept in ``ledger``, and read from there."""

    def __init__(self, ledger: Store) -> None:
        super().__init__("sqlite://")
        self._ledger = ledger

    def begin(self, run: Run, site: Site, resolved: Resolved) -> RunWriter:
        """Begin a part of a run of the hub; the ledger has one run for all parts."""
        super().begin(run, site, resolved)
        try:
            self._ledger.find(run.id)
        except UsageError:
            self._ledger.begin(run, Site(site.name), resolved)
        return _Writer(run.id, self, self._ledger.resume(run.id))

    def logins(self) -> tuple[StoredLogin, ...]:
        """Return every login that was ever tried from this site."""
        return self._ledger.logins()


class _Writer(RunWriter):
    def __init__(self, run_id: str, store: Store, ledger: RunWriter) -> None:
        # Only the thread that opened a store in memory sees it.
        super().__init__(run_id, store.transaction, beside=not store.lives_in_memory)
        self._ledger = ledger

    def login(self, devices: tuple[str, ...], credential: str, outcome: str, at: datetime) -> None:
        """Write a login into the ledger alone: its devices and accounts are nobody's business but the site's."""
        self.flush()
        self._ledger.login(devices, credential, outcome, at)
