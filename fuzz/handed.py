"""Targets: what other programs of camaudit hand over, and where whoever holds the other end may send anything.

A site's worker sends results to the hub, a bundle comes back from strangers, and the program without rights asks
the helper that has them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from selectors import SelectSelector
from typing import Any

from sqlalchemy import delete

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.errors import CamauditError, UsageError
from camaudit.estate.gather import take
from camaudit.estate.jobs import Job, job_from
from camaudit.estate.post import opened, unpacked
from camaudit.model import Judgement, KeptUnit, Load, Observation, Outcome, Run, Site, Waiver
from camaudit.model import Target as Asked
from camaudit.net.raw.helper import Helper
from camaudit.net.raw.netlink import Rtnetlink
from camaudit.store import Store, tables
from camaudit.store.jobs import put_jobs
from fuzz.target import Target, nothing_looked_up

_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
_DAY = date(2026, 11, 30)
_SITE = Site("Oak", jurisdiction="us", kind="school", scope=("192.0.2.0/24",))
_JOB = Job("b/oak/0", "b", "oak", "fuzz", ("192.0.2.0/25",), ())


def _result(data: bytes) -> None:
    """Take what a site's worker sent into the hub's store, and judge the run that it becomes part of."""
    result = opened(data)
    with _emptied(_hub()) as store:
        store.begin(Run("fuzz", _AT, None, "0", ("192.0.2.0/24",)), _SITE, (("192.0.2.0-192.0.2.255",), ()))
        put_jobs(store, (_JOB.as_json(),), _AT)
        take(store, result, "oak", _AT)
        # What was taken once is read at every report from then on.
        _read(store)


def _packed(data: bytes) -> None:
    """Unpack a message, broken where the input says."""
    packed = bytearray(zlib.compress(data, 1))
    for at in data[:2]:
        packed[at % len(packed)] ^= 1
    unpacked(bytes(packed))


def _rows(data: bytes) -> None:
    """Put the rows of a bundle into a store of its own, and judge them as whoever checks a bundle does."""
    try:
        parts = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(parts, dict) or not all(isinstance(rows, list) for rows in parts.values()):
        return
    with _emptied(_hub()) as store, nothing_looked_up():
        store.add({name: [row for row in rows if isinstance(row, dict)] for name, rows in parts.items()})
        _read(store)


def _read(store: Store) -> None:
    for run in store.runs()[:2]:
        judge(store.run(run.id), _catalogue(), as_of=_DAY)
        store.judgements(run.id)


@contextmanager
def _emptied(store: Store) -> Iterator[Store]:
    try:
        yield store
    finally:
        with store.transaction() as connection:
            connection.execute(delete(tables.runs))


@cache
def _hub() -> Store:
    return Store("sqlite://")


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _job(data: bytes) -> None:
    values = json.loads(data)
    if isinstance(values, dict):
        job_from(values)


class _Networks(Rtnetlink):
    """The networks of an interface that is not there."""

    def __init__(self) -> None:
        """Open nothing."""


def _helper(data: bytes) -> None:
    """Give the helper lines of a program that someone else took over. No interface is there to send by."""
    helper = Helper(SelectSelector())
    helper._netlink = _Networks()
    for line in data.split(b"\n")[:16]:
        helper.obey(line)
    helper.send()
    for said in helper.out:
        json.dumps(said, allow_nan=False)


@cache
def _stored() -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of a small run, as a worker or a bundle holds them."""
    store = Store("sqlite://")
    run = Run("fuzz", _AT, None, "0", ("192.0.2.0/24",))
    writer = store.begin(run, _SITE, (("192.0.2.0-192.0.2.255",), ()))
    fields = {"http.server": ("App-webs/",), "http.status": ("200",)}
    writer.observation(Observation(Asked("192.0.2.7", 80), "http", Outcome.ANSWERED, fields, _AT))
    writer.host("192.0.2.7", "answered", ("a note",), Load(3, 1, 1, 2, 0, 100, 200))
    writer.swept("192.0.2.0", "192.0.2.127", 128, 127)
    writer.login(("28:57:be:00:00:07",), "yard", "accepted", _AT)
    writer.flush()
    store.finish("fuzz", _AT, ("no raw sockets",))
    waiver = Waiver("pack/rule", ("192.0.2.7",), "a reason", "A. Person", _DAY, _DAY)
    unit = KeptUnit(("192.0.2.7",), {"maker": "hikvision"}, {"pack/rule": "violation"})
    store.keep(Judgement("fuzz", _AT, _DAY, "0", {"signatures": "a"}, _SITE, (waiver,), ("pack",), (unit,)))
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, row in store.rows("fuzz"):
        found.setdefault(name, []).append(row)
    store.close()
    return found


def _results() -> Iterable[bytes]:
    rows = {name: list(part) for name, part in _stored().items() if name in ("observations", "hosts", "swept")}
    told = {"job": _JOB.id, "site": "oak", "state": "done", "note": "", "limits": ["x"], "rows": rows}
    yield json.dumps(told).encode()
    yield json.dumps({**told, "state": "failed", "note": "no permission", "rows": {}}).encode()


_JSON_WORDS = (
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"1.5",
    b"true",
    b'"\\ud800"',
    b"9" * 20,
    b'"192.0.2.7"',
    b'"\\u0000"',
)
_S = "camaudit.store."

TARGETS = (
    Target(
        "estate-result",
        _result,
        _results,
        (
            "camaudit.estate.post:opened",
            "camaudit.estate.work:Result result_from",
            _S + "transfer:put_rows put_packed _row",
            _S + "shapes",
            _S + "jobs:end_job _take _finish_run",
            _S + "reading",
        ),
        allowed=(CamauditError,),
        words=(*_JSON_WORDS, b'"observations":', b'"hosts":', b'"swept":', b'"load":', b'"notes":'),
    ),
    Target(
        "estate-packed",
        _packed,
        lambda: (b"\0\0" + each for each in _results()),
        ("camaudit.estate.post:unpacked",),
        allowed=(UsageError,),
        limit=1024,
    ),
    Target(
        "estate-job",
        _job,
        lambda: (json.dumps(_JOB.as_json()).encode(),),
        ("camaudit.estate.jobs:Job job_from",),
        allowed=(UsageError, ValueError, RecursionError),
        words=_JSON_WORDS,
        limit=1024,
    ),
    Target(
        "run-rows",
        _rows,
        lambda: (json.dumps(_stored()).encode(),),
        (
            _S + "transfer:put_rows _row",
            _S + "shapes",
            _S + "reading",
            _S + "sites:site_of",
            _S + "judgements:read_judgements",
        ),
        allowed=(CamauditError,),
        words=(*_JSON_WORDS, b'"runs":', b'"hosts":', b'"judgements":', b'"logins":', b'"resolved":'),
    ),
    Target(
        "helper-line",
        _helper,
        lambda: (
            b'{"do":"hello","id":1}\n{"do":"arp","interface":"no-such0","source":"192.0.2.1","targets":["192.0.2.2"],"rate":9}',
        ),
        ("camaudit.net.raw.helper:Helper _reason _privilege",),
        words=(*_JSON_WORDS, b'"do":"arp"', b'"targets":', b'"interface":"lo"', b'"rate":'),
        limit=1024,
    ),
)
