"""A scan whose interface goes away: the run says so, keeps what it has, and can be gone on with."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from camaudit import gathering
from camaudit.errors import EndedEarly, InterfaceLost
from camaudit.model import Site
from camaudit.scan import ScanOptions, ScanWatcher, parse_scope
from camaudit.store import Store

LOST = "the interface eth0 went away; run `camaudit scan --resume` when it is back"


def test_a_lost_interface_ends_the_run_early_and_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object, **__: object) -> None:
        raise InterfaceLost(LOST)

    monkeypatch.setattr(gathering, "scan", lost)
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    with pytest.raises(EndedEarly, match="eth0 went away") as told:
        gathering.collect(
            store,
            parse_scope(["192.0.2.1"]),
            Site("Here", "US", "company"),
            ScanOptions(),
            cast(ScanWatcher, None),
        )
    stored = gathering.ended_early(store)
    assert stored.run.id == told.value.run
    assert stored.run.finished is None
    assert LOST in stored.limits
