"""kill -9 in the middle of writing, packing, removing and moving: the store opens, and what was kept is there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import Store, growing
from camaudit.store import writing as store_writing

BEGAN = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOSTS = 6
ROUNDS = 14
SEED = 8


def observed(run: str, host: int) -> tuple[Observation, ...]:
    """Return what a host of a run says; its contents are mostly those of other hosts and runs."""
    at = BEGAN + timedelta(seconds=host, microseconds=len(run))
    fields = {"http.server": ("App-webs/",), "http.body": ("x" * 400, f"page {host % 3} of {run[-1]}")}
    return tuple(
        Observation(Target(f"192.0.2.{host}", port), "http", Outcome.ANSWERED, fields, at, "") for port in (80, 81)
    )


@contextmanager
def child(work: object, url: str, number: int) -> Iterator[tuple[int, int]]:
    """Run ``work`` in a process of its own; give its id, and the end of a pipe in which it says what is done."""
    out, into = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(out)
        try:
            work(url, number, into)  # type: ignore[operator]
        finally:
            os._exit(0)
    os.close(into)
    try:
        yield process, out
    finally:
        os.close(out)


def keep_writing(url: str, number: int, into: int) -> None:
    """Make runs, finish and remove them, move the store down and up, until killed; say each when it is done."""
    store = Store(url)

    def say(*words: object) -> None:
        os.write(into, (" ".join(map(str, words)) + "\n").encode())

    for count in range(1000):
        run = f"run-{number:03}-{count:03}"
        writer = store.begin(
            Run(run, BEGAN, None, "0.1.0", ("192.0.2.0/24",)), Site("Here"), (("192.0.2.0/24",), ())
        )
        for host in range(1, HOSTS + 1):
            for item in observed(run, host):
                writer.observation(item)
            writer.host(f"192.0.2.{host}", "answered")
            writer.flush()
            say("host", run, host)
        store.finish(run, BEGAN + timedelta(minutes=1), ())
        say("finished", run)
        if number % 2:
            say("removing", run)
            store.remove([run])
            say("removed", run)
        else:
            for form in ("0004", growing.HEAD):
                with store.transaction() as connection:
                    growing.move(connection, form)


def what_was_said(out: int, data: bytes) -> list[list[str]]:
    while part := os.read(out, 65536):
        data += part
    return [line.split() for line in data.decode().splitlines()]


def test_no_kill_loses_what_was_kept(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_writing, "PATIENCE_S", 1.0)
    Store(url).close()
    chance = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    seen: set[str] = set()
    for number in range(ROUNDS):
        with child(keep_writing, url, number) as (process, out):
            # It begins to count when the first host is kept, however slow the machine is today
            first = os.read(out, 64)
            time.sleep(chance.uniform(0.0, 0.3))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            said = what_was_said(out, first)
        seen |= {words[0] for words in said}
        _check_file(url)
        store = Store(url)
        hold_against(store, said)
        store.close()
    assert seen == {"host", "finished", "removing", "removed"}, "the kills did not come at enough moments"


def hold_against(store: Store, said: list[list[str]]) -> None:
    """Hold what the store has against what was said to be kept."""
    runs = {run.id: run for run in store.runs()}
    may_be_gone = {words[1] for words in said if words[0] == "removing"}
    gone = {words[1] for words in said if words[0] == "removed"}
    assert not gone & runs.keys()
    for words in said:
        if words[0] == "finished" and words[1] not in may_be_gone:
            assert runs[words[1]].finished is not None
    for run in {words[1] for words in said} & runs.keys():
        stored = store.run(run)
        addresses = [host.address for host in stored.hosts]
        assert len(addresses) == len(set(addresses))
        kept = [int(words[2]) for words in said if words[:2] == ["host", run]]
        assert {f"192.0.2.{host}" for host in kept} <= set(addresses)
        # Every host that is there is whole, also one that was kept and could not be said any more
        for address in addresses:
            assert stored.observations[address] == observed(run, int(address.rpartition(".")[2]))
    missing = {words[1] for words in said} - runs.keys()
    assert missing <= may_be_gone


def _check_file(url: str) -> None:
    file = make_url(url).database
    if url.startswith("sqlite") and file:
        assert Path(file).stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
