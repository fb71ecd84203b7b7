"""Planning, working and gathering: a job is what its site allows, and its result counts once."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import DataFileError, UsageError
from camaudit.estate import gather
from camaudit.estate.form import Estate, load_estate
from camaudit.estate.here import Nobody
from camaudit.estate.jobs import job_from, plan_jobs
from camaudit.estate.work import Result, check, do, result_from
from camaudit.scan import ScanOptions, parse_scope
from camaudit.store import Store
from camaudit.store.jobs import jobs_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "estate" / "estate.yaml"


@pytest.fixture
def estate() -> Estate:
    """Return the estate of the examples."""
    return load_estate(EXAMPLE)


def test_the_jobs_cover_each_site_once(estate: Estate) -> None:
    small = replace(estate, chunk=50)
    for plan in plan_jobs(small, "batch", NOW):
        asked = [a for job in plan.jobs for a in parse_scope(job.targets).addresses()]
        assert len(asked) == len(set(asked)) == plan.scope.size()
        assert max(parse_scope(job.targets).size() for job in plan.jobs) <= 50
    assert plan_jobs(small, "batch", NOW) == plan_jobs(small, "batch", NOW)


def spans() -> st.SearchStrategy[str]:
    start = st.integers(0, 4000)
    return st.tuples(start, st.integers(0, 700)).map(
        lambda pair: f"{ipaddress.ip_address('10.0.0.0') + pair[0]}-{ipaddress.ip_address('10.0.0.0') + sum(pair)}"
    )


@given(st.lists(spans(), min_size=1, max_size=5), st.integers(1, 300))
def test_pieces_are_the_scope_and_do_not_overlap(written: list[str], size: int) -> None:
    scope = parse_scope(written)
    pieces = list(scope.pieces(size))
    numbers = [n for piece in pieces for n in range(int(piece.first), int(piece.last) + 1)]
    assert sorted(numbers) == sorted(int(ipaddress.ip_address(a)) for a in scope.addresses())
    assert all(piece.size <= size and scope.covers(piece) for piece in pieces)


@given(st.lists(spans(), min_size=1, max_size=4), spans())
def test_covers_is_what_asking_for_each_address_would_say(written: list[str], other: str) -> None:
    scope, asked = parse_scope(written), parse_scope([other])
    assert scope.covers(asked.spans[0]) == all(scope.contains(a) for a in asked.addresses())


def test_a_large_ipv6_network_is_one_job_of_its_own_link() -> None:
    scope = parse_scope(["fe80::%eth0/64", "192.0.2.0/30"])
    assert [str(piece) for piece in scope.pieces(256)] == ["192.0.2.0-192.0.2.3", str(scope.spans[0])]
    other = parse_scope(["fe80::1%eth1"]).spans[0]
    assert not scope.covers(other)


def test_the_hub_cannot_widen_what_a_site_allows(estate: Estate) -> None:
    job = plan_jobs(estate, "batch", NOW)[0].jobs[0]
    site = estate.sites["oak-primary"]
    check(job, "oak-primary", site)
    for wider in (replace(job, targets=("192.0.2.0/24",)), replace(job, targets=("192.0.2.1", "198.51.100.7"))):
        with pytest.raises(UsageError, match="not in the scope"):
            check(wider, "oak-primary", site)
    with pytest.raises(UsageError, match="a job of"):
        check(job, "elm-secondary", estate.sites["elm-secondary"])
    # What is refused is a result too: the hub learns why, and nothing was sent.
    result = do(replace(job, targets=("203.0.113.0/24",)), "oak-primary", site, ScanOptions(), Nobody())
    assert (result.state, result.rows) == ("refused", {})


def answer(job: str, site: str, address: str = "192.0.2.7") -> Result:
    seen = {
        "address": address, "port": 80, "probe": "http", "outcome": "answered", "note": "",
        "fields": {"http.server": ["App-webs/"]}, "at": NOW.isoformat(),
    }  # fmt: skip
    host = {"address": address, "outcome": "answered", "notes": []}
    swept = {"first": "192.0.2.0", "last": "192.0.2.127", "addresses": 128, "silent": 127}
    rows: dict[str, Any] = {"observations": [seen], "hosts": [host], "swept": [swept]}
    return Result(job, site, "done", "", ("no raw sockets",), rows)


def test_a_result_counts_once_and_the_last_one_finishes_the_run(estate: Estate, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    plans = gather.begin(store, replace(estate, chunk=64), NOW)
    first, second = plans[0].jobs
    assert gather.take(store, answer(first.id, "oak-primary"), "oak-primary", NOW)
    assert not gather.take(store, answer(first.id, "oak-primary"), "oak-primary", NOW), "it came twice"
    assert store.run(plans[0].run.id).run.finished is None
    other = replace(answer(second.id, "oak-primary"), state="failed", note="no permission", rows={})
    gather.take(store, other, "oak-primary", NOW)
    run = store.run(plans[0].run.id)
    assert run.run.finished == NOW
    assert run.limits == ("no raw sockets", "192.0.2.64-192.0.2.127: not scanned: no permission")
    assert {address: len(found) for address, found in run.observations.items()} == {"192.0.2.7": 1}
    assert gather.standing(jobs_of(store))["oak-primary"] == {"waiting": 0, "done": 1, "refused": 0, "failed": 1}
    assert [job.site for job in gather.waiting(store)] == ["elm-secondary"] * 4


def test_a_site_answers_for_itself_only(estate: Estate, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    plans = gather.begin(store, estate, NOW)
    job = plans[0].jobs[0].id
    for result, sender in (
        (answer(job, "oak-primary"), "elm-secondary"),
        (answer(job, "elm-secondary"), "elm-secondary"),
        (answer("none/0", "oak-primary"), "oak-primary"),
    ):
        with pytest.raises(UsageError, match="no job of this site"):
            gather.take(store, result, sender, NOW)
    assert all(job.state == "waiting" for job in jobs_of(store))


def test_rows_that_fit_no_table_change_nothing(estate: Estate, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    job = gather.begin(store, estate, NOW)[0].jobs[0].id
    good = answer(job, "oak-primary")
    wrong: list[dict[str, Any]] = [
        {**good.rows, "hosts": [{"address": "192.0.2.7", "outcome": "answered", "notes": [], "more": 1}]},
        {**good.rows, "observations": [{"address": "192.0.2.7", "at": "yesterday"}]},
        {**good.rows, "observations": [{"address": "192.0.2.7"}]},
        *(
            {**good.rows, "observations": [{**good.rows["observations"][0], **odd}]}
            for odd in (
                {"fields": 5},
                {"fields": {"http.server": "App-webs/"}},
                {"fields": {"http.server": [5]}},
                {"at": "2026-11-30T09:00:00"},
                {"port": 70_000},
                {"port": "80"},
                {"outcome": "hacked"},
                {"address": "x" * 46},
                {"note": "x" * 301},
                {"probe": None},
            )
        ),
    ]
    for rows in wrong:
        with pytest.raises(UsageError):
            gather.take(store, replace(good, rows=rows), "oak-primary", NOW)
        assert jobs_of(store)[0].state == "waiting"
        assert not store.run(gather.waiting(store)[0].run).hosts
    # Another run's rows, or another table's, never get in.
    foreign = [{**row, "run": "another"} for row in good.rows["hosts"]]
    gather.take(store, replace(good, rows={**good.rows, "hosts": foreign, "runs": [{}]}), "oak-primary", NOW)
    assert len(store.runs()) == 2


@pytest.mark.parametrize(
    "values", [{}, {"id": 1}, {"id": "a", "batch": "b", "site": "c", "run": "d", "targets": []}]
)
def test_what_is_no_job_or_no_result_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        job_from(values)
    with pytest.raises(UsageError):
        result_from(values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sites: []", "sites: none"),
        ("sites: [{id: A b, site: s.yaml}]", "is no id"),
        ("sites: [{id: a, site: s.yaml}, {id: a, site: s.yaml}]", "given twice"),
        ("sites: [{id: a, site: none.yaml}]", "cannot be read"),
        ("sites: [{id: a, site: bare.yaml}]", "no scope in it"),
        ("sites: [{id: a, site: s.yaml}]\nchunk: 0", "write 1 to 65536"),
        ("sites: [{id: a, site: s.yaml}]\nbroker: {url: http://x}", "no address of a RabbitMQ"),
    ],
)
def test_a_wrong_estate_file_is_a_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "s.yaml").write_text("schema: camaudit/site@1\nname: S\nscope: [192.0.2.1]\n")
    (tmp_path / "bare.yaml").write_text("schema: camaudit/site@1\nname: S\n")
    file = tmp_path / "estate.yaml"
    file.write_text(f"schema: camaudit/estate@1\nname: E\n{text}\n")
    with pytest.raises(DataFileError) as caught:
        load_estate(file)
    assert len(caught.value.problems) == 1
    assert said in caught.value.problems[0]
