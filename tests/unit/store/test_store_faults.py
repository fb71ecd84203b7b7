"""A store that is locked, away, full or read-only: waits are bounded, one line says what to do, all is kept."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import postgres
from camaudit.errors import StoreBusy, StoreError
from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import RunWriter, Store, opening
from camaudit.store import writing as store_writing

BEGAN = datetime(2026, 11, 30, 8, tzinfo=UTC)
RUN = Run("run", BEGAN, None, "0.1.0", ("192.0.2.0/24",))


def begun(store: Store) -> RunWriter:
    return store.begin(RUN, Site("Here"), (("192.0.2.0/24",), ()))


def answer(host: int, size: int = 10) -> Observation:
    return Observation(
        Target(f"192.0.2.{host}", 80), "http", Outcome.ANSWERED, {"http.body": ("x" * size,)}, BEGAN, ""
    )


@contextmanager
def locked(url: str) -> Iterator[Callable[[], None]]:
    """Let another program write to the store and not end; gives what ends it."""
    engine = create_engine(url)
    connection = engine.connect()
    if url.startswith("sqlite"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("LOCK TABLE observations, hosts IN EXCLUSIVE MODE"))
    try:
        yield connection.rollback
    finally:
        connection.close()
        engine.dispose()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth as long as usual."""
    monkeypatch.setattr(opening, "BUSY_MS", 300)
    monkeypatch.setattr(store_writing, "PATIENCE_S", 1.5)


def test_a_scan_goes_on_beside_a_store_that_is_locked_for_a_while(url: str, hasty: None) -> None:
    store = Store(url)
    writer = begun(store)

    async def scan(unlock: Callable[[], None]) -> float:
        slowest_s = 0.0
        for host in range(1, 101):
            before_s = time.monotonic()
            await asyncio.sleep(0.01)
            slowest_s = max(slowest_s, time.monotonic() - before_s)
            writer.observation(answer(host))
            writer.host(f"192.0.2.{host}", "answered")
            if host == 90:
                unlock()
        await asyncio.sleep(0.6)
        return slowest_s

    with locked(url) as unlock:
        slowest_s = asyncio.run(writer.while_kept(scan(unlock)))
        # When it was unlocked, all was kept without another word
        assert len(Store(url).run().hosts) == 100
    writer.flush()
    assert [len(items) for items in store.run().observations.values()] == [1] * 100
    assert slowest_s < 0.25, "the scan stood still while the store was locked"


def test_a_store_that_stays_locked_ends_the_scan_and_nothing_is_lost(url: str, hasty: None) -> None:
    store = Store(url)
    writer = begun(store)

    async def scan() -> None:
        writer.observation(answer(1))
        writer.host("192.0.2.1", "answered")
        await asyncio.sleep(60)

    began_s = time.monotonic()
    with locked(url), pytest.raises(StoreBusy) as caught:
        asyncio.run(writer.while_kept(scan()))
    assert time.monotonic() - began_s < 5
    assert "another program is writing to it" in str(caught.value)
    assert "camaudit scan --resume" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    # What could not be written then is written by whoever tries last
    writer.flush()
    assert len(store.run().hosts) == 1


def test_a_server_that_ends_our_connection_is_asked_again(server: str, hasty: None) -> None:
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store = Store(server)
    writer = begun(store)

    async def scan() -> None:
        for host in range(1, 41):
            writer.observation(answer(host))
            writer.host(f"192.0.2.{host}", "answered")
            await asyncio.sleep(0.02)
            if host % 10 == 0:
                await asyncio.to_thread(end_others)

    def end_others() -> None:
        with engine.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(f"{others} AND backend_type = 'client backend'"))

    asyncio.run(writer.while_kept(scan()))
    store.close()
    writer.flush()
    assert [len(items) for items in store.run().observations.values()] == [1] * 40
    engine.dispose()


def test_a_full_disk_of_the_server_loses_no_finished_host() -> None:
    with postgres.running(small_disk=24 * 1024 * 1024) as server:
        folder = server.rpartition("=")[2]
        engine = create_engine(server).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE small LOCATION '{folder}/small'"))
            connection.execute(text("CREATE DATABASE small TABLESPACE small"))
        url = server.replace("/postgres?", "/small?")
        other = create_engine(url).execution_options(isolation_level="AUTOCOMMIT")
        with other.connect() as connection:
            connection.execute(
                text("CREATE TABLE ballast AS SELECT md5(n::text) FROM generate_series(1, 180000) n")
            )
        store = Store(url)
        writer = begun(store)
        kept: list[int] = []
        with pytest.raises(StoreError, match="free some space") as caught:
            fill(writer, kept)
        assert len(str(caught.value).splitlines()) == 1
        assert 0 < len(kept) < 254
        stored = Store(url).run()
        assert [len(stored.observations[host.address]) for host in stored.hosts] == [40] * len(kept)
        # With room again the rest is written, and the run is finished and packed
        with other.connect() as connection:
            connection.execute(text("DROP TABLE ballast"))
        writer.flush()
        store.finish(RUN.id, BEGAN, ())
        stored = Store(url).run()
        assert [len(stored.observations[host.address]) for host in stored.hosts] == [40] * (len(kept) + 1)
        store.close()
        other.dispose()
        engine.dispose()


def fill(writer: RunWriter, kept: list[int]) -> None:
    """Write hosts until there is no room; those that are kept whole go into ``kept``."""
    for host in range(1, 255):
        for _ in range(40):
            writer.observation(_random(host))
        writer.host(f"192.0.2.{host}", "answered")
        writer.flush()
        kept.append(host)


def _random(host: int) -> Observation:
    """Return an answer that no database makes smaller."""
    body = os.urandom(3000).hex()
    return Observation(Target(f"192.0.2.{host}", 80), "http", Outcome.ANSWERED, {"http.body": (body,)}, BEGAN, "")


def test_a_store_that_may_only_be_read_is_read_and_not_scanned_into(tmp_path: Path) -> None:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a read-only mount needs root")
    folder = tmp_path / "medium"
    folder.mkdir()
    url = f"sqlite:///{folder / 'runs.sqlite3'}"
    store = Store(url)
    writer = begun(store)
    writer.observation(answer(7))
    writer.host("192.0.2.7", "answered")
    writer.flush()
    store.finish(RUN.id, BEGAN, ())
    store.close()
    names = sorted(file.name for file in folder.iterdir())
    mount = f'mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec "$@"'

    def there(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            "unshare",
            "--mount",
            "--",
            "sh",
            "-c",
            mount,
            "sh",
            sys.executable,
            "-m",
            "camaudit",
            *arguments,
        ]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    made = there("report", "--store", url, "--format", "json", "--output", str(tmp_path / "out"))
    assert made.returncode in (0, 1), made.stderr
    assert (tmp_path / "out" / "report.json").is_file()
    scan = there("scan", "127.83.9.9", "--store", url)
    assert scan.returncode == 3
    assert "may be read here, not written" in scan.stderr
    assert len(scan.stderr.strip().splitlines()) == 1
    assert sorted(file.name for file in folder.iterdir()) == names


def test_two_scans_of_one_run_are_one_too_many(url: str) -> None:
    store, other = Store(url), Store(url)
    with store.hold("run") as free:
        assert free
        with other.hold("run") as again, other.hold("another") as different:
            assert not again
            assert different
    with other.hold("run") as free:
        assert free


def test_a_run_whose_holder_was_killed_is_free(url: str) -> None:
    Store(url).close()
    out, into = os.pipe()
    process = os.fork()
    if process == 0:
        with Store(url).hold("run"):
            os.write(into, b"held")
            threading.Event().wait(60)
        os._exit(0)
    assert os.read(out, 4) == b"held"
    store = Store(url)
    with store.hold("run") as free:
        assert not free
    os.kill(process, 9)
    os.waitpid(process, 0)
    end_s = time.monotonic() + 5
    while time.monotonic() < end_s:
        with store.hold("run") as free:
            if free:
                return
        time.sleep(0.05)
    raise AssertionError("the run is still held by a process that is gone")
