"""A site comes out of the store as it went in, with its suppliers' letters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from camaudit.model import Attestation, Run, Site
from camaudit.store import Store


def test_a_site_with_letters_comes_back_whole(tmp_path: Path) -> None:
    letter = Attestation(("192.0.2.10",), ("hikvision",), "A. Supplier", date(2026, 10, 1), "letter 7")
    site = Site("Here", "GB", "school", {"core_network": False}, ("192.0.2.0/24",), attestations=(letter,))
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    run = Run("20261122-080000-abcd", datetime(2026, 11, 22, 8, tzinfo=UTC), None, "0.1.0", ("192.0.2.0/24",))
    writer = store.begin(run, site, (("192.0.2.0/24",), ()))
    writer.flush()
    assert store.run(run.id).site == site
