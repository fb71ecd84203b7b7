"""Each change is told once: across runs, failures, absences and begin-agains, to each receiver by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from change_story import SCOPE, SENSITIVE, axis, hikvision, new_store, visit
from prometheus_client.parser import text_string_to_metric_families

from camaudit.errors import StoreError, UsageError
from camaudit.model import Observation, Outcome, Target
from camaudit.model import Run as Run_
from camaudit.store import RunWriter, Store
from receiving import unused_port, web

Run = Callable[..., tuple[int, str, str]]
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", SECRET)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def hooks(**ports: int) -> None:
    lines = [f"  - {{name: {n}, url: 'http://127.0.0.1:{p}/hook', secret_env: HOOK}}" for n, p in ports.items()]
    Path("notify.yaml").write_text("\n".join(["schema: camaudit/notify@1", "webhooks:", *lines]), "utf-8")


def units(*numbers: int) -> dict[str, Any]:
    return {f"192.0.2.{number}": hikvision(number) for number in numbers}


def bodies(server: Any) -> list[dict[str, Any]]:
    return [json.loads(body) for _, _, body in server.got]


def kinds(body: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(each["change"], each["address"], each["rule"]) for each in body["changes"]]


ON_SITE, ON_CORE = "prc-produced-unit-on-sensitive-site", "prc-produced-unit-on-core-network"


def test_a_receiver_is_greeted_once_and_then_told_only_what_changes(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10, 11))
        assert run("notify")[0] == 0
        assert run("notify")[1] == "webhook hub: nothing new, so nothing was sent\n"
        visit(store, date(2026, 11, 2), units(10, 11))
        run("notify")
        visit(store, date(2026, 11, 3), units(10, 11, 12))
        assert run("notify")[1] == "webhook hub: told of 2 changes\n"
        run("notify")
    greeting, news = bodies(server)
    assert (greeting["type"], greeting["changes"], greeting["standing"]["violations"]) == ("camaudit.start", [], 2)
    assert news["type"] == "camaudit.changes"
    assert news["since"] == "20261102-090000-abcd"
    assert sorted(kinds(news)) == [("opened", "192.0.2.12", ON_CORE), ("opened", "192.0.2.12", ON_SITE)]
    broken = next(each for each in news["changes"] if each["rule"] == ON_SITE)
    assert (broken["before"], broken["after"]) == (None, {"state": "violation", "waived": False})
    assert (broken["severity"], broken["due"]) == ("critical", "2025-04-30")


def test_a_failing_receiver_is_told_later_of_everything_and_others_are_not_held_up(store: Store, run: Run) -> None:
    visit(store, date(2026, 11, 1), units(10))
    with web() as good, web() as bad:
        hooks(bad=bad.port, good=good.port)
        run("notify")
        bad.status = 500
        visit(store, date(2026, 11, 2), units(10, 11))
        code, said, told = run("notify")
        assert (code, said) == (3, "webhook good: told of 2 changes\n")
        assert told == (
            "camaudit: webhook bad: not told: it said no (status 500); it is told next time, or by "
            "`camaudit notify`\n"
        )
        visit(store, date(2026, 11, 3), units(10, 11, 12))
        assert "(tried 2 times since 20" in run("notify")[2]
        bad.status = 200
        assert run("notify")[0] == 0
        assert len(good.got) == 3
        first, *failed, taken = bodies(bad)
        assert [len(each["changes"]) for each in (*failed, taken)] == [2, 4, 4]
        # What is sent again has the same id; what has more to say has another, but each change keeps its own.
        assert failed[0]["id"] != failed[1]["id"] == taken["id"]
        assert {each["id"] for each in failed[0]["changes"]} < {each["id"] for each in taken["changes"]}
        assert bad.got[-1][1]["webhook-id"] == bad.got[-1][1]["idempotency-key"] == taken["id"]
        run("notify")
        assert len(bad.got) == 4
        assert first["type"] == "camaudit.start"


def test_what_was_sent_and_not_remembered_comes_again_under_the_same_id(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(store, date(2026, 11, 1), units(10))
    with web() as server:
        hooks(hub=server.port)
        run("notify")
        visit(store, date(2026, 11, 2), units(10, 11))

        def full(*_: object) -> None:
            raise StoreError("store runs.sqlite3: database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("camaudit.telling.delivery.was_told", full)
            code, _, told = run("notify")
        assert (code, told) == (3, "camaudit: receivers: not told: store runs.sqlite3: database or disk is full\n")
        assert run("notify")[0] == 0
        assert run("notify")[1] == "webhook hub: nothing new, so nothing was sent\n"
    _, first, again = bodies(server)
    assert first == again


def test_a_unit_that_falls_silent_closes_nothing_and_its_return_opens_nothing(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        for day, there in enumerate(((10, 11), (10,), (10,), (10, 11), (10, 11)), start=1):
            visit(store, date(2026, 11, day), units(*there))
            run("notify")
    _, gone, back = bodies(server)
    assert kinds(gone) == [("unseen", "192.0.2.11", None)]
    assert "did not answer" in gone["changes"][0]["why"]
    assert kinds(back) == [("seen_again", "192.0.2.11", None)]


def test_a_unit_that_was_not_asked_is_no_news_but_the_smaller_scope_is(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10, 11))
        run("notify")
        _visit_of(store, date(2026, 11, 2), "192.0.2.10/32", units(10))
        run("notify")
        visit(store, date(2026, 11, 3), units(10, 11))
        run("notify")
    _, smaller = bodies(server)
    assert [each["change"] for each in smaller["changes"]] == ["coverage_worse"]
    assert smaller["changes"][0]["why"] == "Fewer addresses were asked (1, before 256)."


def _visit_of(store: Store, day: date, scope: str, there: dict[str, Any]) -> None:
    import change_story

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change_story, "SCOPE", (scope,))
        visit(store, day, there)
    assert change_story.SCOPE == SCOPE


def test_a_scan_that_was_ended_and_resumed_opens_nothing_twice(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10, 11))
        run("notify")
        at = datetime(2026, 11, 2, 9, tzinfo=UTC)
        begun = Run_("20261102-090000-abcd", at, None, "0.1.0", SCOPE)
        writer = store.begin(begun, SENSITIVE, (SCOPE, ()))
        _answers(writer, units(10), at)
        assert run("notify", "20261102")[0] == 0
        _answers(writer, units(11, 12), at)
        store.finish(begun.id, at, ())
        run("notify", "20261102")
        run("notify", "20261102")
    _, ended, resumed = bodies(server)
    assert [(each["change"], each["why"]) for each in ended["changes"]] == [
        ("coverage_worse", "The scan was ended before it was complete.")
    ]
    assert {each["address"] for each in resumed["changes"]} == {"192.0.2.12"}


def _answers(writer: RunWriter, there: dict[str, Any], at: datetime) -> None:
    for address, probes in there.items():
        for probe, fields in probes.items():
            writer.observation(Observation(Target(address), probe, Outcome.ANSWERED, fields, at))
        writer.host(address, "answered")
    writer.flush()


def test_a_run_that_a_receiver_rests_on_is_not_cleared_out(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        for month in (1, 2, 3):
            visit(store, date(2024, month, 1), units(10))
            run("notify") if month == 1 else None
        visit(store, date(2026, 11, 1), units(10, 11))
        run("runs", "prune", "--yes")
        assert [each.id[:8] for each in store.runs()] == ["20261101", "20240301", "20240101"]
        assert "told of 2 changes" in run("notify")[1]


def test_what_replaces_a_broken_unit_closes_it_and_opens_its_own(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10, 11))
        run("notify")
        visit(store, date(2026, 11, 2), {"192.0.2.10": axis(70), "192.0.2.11": hikvision(71)})
        run("notify")
    _, news = bodies(server)
    found = sorted(kinds(news))
    assert [each for each in found if each[2] == ON_SITE] == [
        ("closed", "192.0.2.10", ON_SITE), ("closed", "192.0.2.11", ON_SITE), ("opened", "192.0.2.11", ON_SITE),
    ]  # fmt: skip
    same_place = [each for each in news["changes"] if each["address"] == "192.0.2.11" and each["rule"] == ON_SITE]
    assert len({each["device"] for each in same_place}) == 2


def test_a_waiver_that_is_given_closes_and_one_that_ends_opens(store: Store, run: Run, tmp_path: Path) -> None:
    waiver = tmp_path / "waivers.yaml"
    waiver.write_text(
        "schema: camaudit/waivers@1\nwaivers:\n  - {rule: " + ON_SITE + ", targets: [192.0.2.10], reason: ordered,"
        " granted_by: A. Head, granted: 2026-11-01, expires: 2027-03-01, cites: order 4711}\n",
        "utf-8",
    )
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10))
        run("notify")
        run("check", "--notify", "notify.yaml", "--waivers", str(waiver), "--quiet")
        run("notify")
        run("check", "--notify", "notify.yaml", "--quiet")
    _, given, ended = bodies(server)
    assert [(each["change"], each["after"]) for each in given["changes"]] == [
        ("closed", {"state": "violation", "waived": True})
    ]
    assert "A. Head" in given["changes"][0]["why"]
    assert [each["change"] for each in ended["changes"]] == ["opened"]


def test_since_says_where_to_begin_and_never_repeats(store: Store, run: Run) -> None:
    for day, there in enumerate(((10,), (10, 11), (10, 11, 12)), start=1):
        visit(store, date(2026, 11, day), units(*there))
    with web() as server:
        hooks(hub=server.port)
        assert run("notify", "--since", "2026-11-01")[1] == "webhook hub: told of 4 changes\n"
        assert run("notify", "--since", "2026-11-01")[1] == "webhook hub: nothing new, so nothing was sent\n"
        assert run("notify", "--again", "--since", "20261102")[1] == "webhook hub: told of 2 changes\n"
    first, second = bodies(server)
    assert first["since"] == "20261101-090000-abcd"
    assert first["id"] != second["id"]


def test_an_older_run_is_not_told_after_a_newer_one(store: Store, run: Run) -> None:
    for day in (1, 2):
        visit(store, date(2026, 11, day), units(10))
    with web() as server:
        hooks(hub=server.port)
        run("notify")
        assert "was told of a later run already" in run("notify", "20261101-090000-abcd")[1]
        assert len(server.got) == 1


def test_show_and_trial_remember_nothing(store: Store, run: Run) -> None:
    visit(store, date(2026, 11, 1), units(10))
    with web() as server:
        hooks(hub=server.port)
        assert "1 unit breaks a rule" in run("notify", "--show")[1]
        assert server.got == []
        assert run("notify", "--trial")[1] == "webhook hub: trial sent\n"
        assert bodies(server)[0]["type"] == "camaudit.trial"
        assert bodies(server)[0]["standing"] == {}
        assert "told how it stands" in run("notify")[1]


def test_two_sites_of_one_store_are_told_apart(store: Store, run: Run) -> None:
    with web() as server:
        hooks(hub=server.port)
        visit(store, date(2026, 11, 1), units(10))
        run("notify")
        visit(store, date(2026, 11, 2), units(30), replace(SENSITIVE, name="Depot"))
        run("notify")
    assert [(each["site"], each["type"]) for each in bodies(server)] == [
        ("HQ", "camaudit.start"), ("Depot", "camaudit.start"),
    ]  # fmt: skip


def test_every_site_is_told_and_its_figures_are_in_one_file(store: Store, run: Run) -> None:
    for day in (1, 2):
        for name, number in (("HQ", 10), ("Depot", 30)):
            at = date(2026, 11, day) if name == "HQ" else date(2026, 10, day)
            visit(store, at, units(number, number + day), replace(SENSITIVE, name=name))
    with web() as server:
        hooks(hub=server.port)
        with Path("notify.yaml").open("a", encoding="utf-8") as file:
            file.write("\nmetrics:\n- {name: node, file: camaudit.prom}\n")
        code, told, _ = run("notify", "--every-site")
        assert code == 0
        assert told.splitlines() == [
            "webhook hub: Depot: told how it stands; from now on it is told what changes",
            "webhook hub: HQ: told how it stands; from now on it is told what changes",
            "metrics node: written",
        ]
        visit(store, date(2026, 11, 3), units(10, 12, 13))
        told = run("notify", "--every-site")[1]
        assert told.splitlines()[:2] == [
            "webhook hub: Depot: nothing new, so nothing was sent", "webhook hub: HQ: told of 2 changes",
        ]  # fmt: skip
    assert [(each["site"], each["run"]["id"]) for each in bodies(server)] == [
        ("Depot", "20261002-090000-abcd"), ("HQ", "20261102-090000-abcd"), ("HQ", "20261103-090000-abcd"),
    ]  # fmt: skip
    families = list(text_string_to_metric_families(Path("camaudit.prom").read_text("utf-8")))
    assert len({each.name for each in families}) == len(families)
    devices = next(each for each in families if each.name == "camaudit_devices")
    assert {(s.labels["site"], s.value) for s in devices.samples} == {("HQ", 3.0), ("Depot", 2.0)}
    with pytest.raises(UsageError, match="--every-site takes the newest run"):
        run("notify", "20261103", "--every-site")


def test_a_failing_receiver_leaves_the_exit_code_of_a_check_as_it_is(store: Store, run: Run) -> None:
    visit(store, date(2026, 11, 1), {"192.0.2.20": axis(20)})
    hooks(hub=unused_port())
    code, _, told = run("check", "--notify", "notify.yaml", "--quiet")
    assert code == 0
    assert told.startswith("camaudit: webhook hub: not told: Connection refused")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("check", "--notify", "notify.yaml", "--as-of", "2026-01-01"), "--as-of judges another day"),
        (("notify", "--since", "2026-02-30"), "no such day"),
        (("notify", "--since", "2999-01-01"), "is yet to come"),
        (("notify", "--since", "nonsense"), "no run nonsense"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_sent(
    arguments: tuple[str, ...], problem: str, store: Store, run: Run
) -> None:
    visit(store, date(2026, 11, 1), units(10))
    with web() as server:
        hooks(hub=server.port)
        with pytest.raises(UsageError, match=problem):
            run(*arguments)
        assert server.got == []
