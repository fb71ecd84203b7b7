"""Own days, people, and how a plan is followed up from audit to audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_plan_costs import TODAY, broken, steps, unit

from camaudit import audit
from camaudit.errors import UsageError
from camaudit.following import compared, earlier_run
from camaudit.model import Device, Observation, Outcome, Planning, Report, Run, Site, Target
from camaudit.plan import plan
from camaudit.store import Store
from known import CATALOGUE

SITE = Site("Here", "US", "company", {"holds_us_federal_contracts": True})
RESTRICTED = {
    "sadp.reply": ("ProbeMatch",),
    "sadp.device_sn": ("DS-2CD2032F-I20150126CCCH502126167",),
    "sadp.mac": ("28:57:be:00:00:18",),
    "sadp.device_description": ("DS-2CD2032F-I",),
}
OTHER = {
    "sadp.reply": ("ProbeMatch",),
    "sadp.device_sn": ("DS-2CD2042WD-I20160301CCCH502127777",),
    "sadp.mac": ("28:57:be:00:00:77",),
    "sadp.device_description": ("DS-2CD2042WD-I",),
}
AXIS = {"http.server": ("Apache",), "http.title": ("AXIS",), "onvif.manufacturer": ("AXIS",)}


def test_the_sites_own_day_counts_where_it_is_earlier_and_is_named_as_its_own() -> None:
    own = Planning(days={"isolate": 14, "replace": date(2027, 6, 1)})
    one = unit(1)
    isolate, swap = plan([one], [broken(one, date(2027, 2, 1))], TODAY, own, date(2026, 11, 20))
    assert (isolate.by, isolate.by_from) == (date(2026, 12, 4), "site")
    assert (swap.by, swap.by_from) == (date(2027, 2, 1), "instrument")
    (later,) = [s for s in plan([one], [broken(one)], TODAY, own) if s.action == "replace"]
    assert (later.by, later.by_from) == (date(2027, 6, 1), "site")


def test_days_count_from_when_a_unit_was_first_seen() -> None:
    known = replace(unit(1), first_seen=date(2026, 10, 1))
    isolate, _ = plan([known], [broken(known)], TODAY, Planning(days={"isolate": 14}), date(2026, 11, 20))
    assert isolate.by == date(2026, 10, 15)
    assert "2026-10-15 and is past" in isolate.why


def test_who_does_it_is_whom_the_site_names() -> None:
    one = unit(1)
    isolate, swap = plan([one], [broken(one)], TODAY, Planning(who={"isolate": "B. Admin"}))
    assert isolate.who == "B. Admin"
    assert swap.who
    assert swap.who != "B. Admin"


def test_the_key_of_an_item_hangs_on_the_unit_and_not_on_its_neighbours() -> None:
    alone, among = steps(unit(1)), steps(unit(1), unit(2))
    for action in ("isolate", "replace"):
        assert alone[action].items == among[action].items[:1]
        assert alone[action].key == among[action].key
    keys = [key for step in among.values() for key in step.items]
    assert len(set(keys)) == len(keys) == 4


def run(store: Store, day: int, seen: dict[str, dict[str, tuple[str, ...]]]) -> Report:
    """Store a run in which these addresses answered so, and judge it."""
    at = datetime(2026, 11, day, 8, tzinfo=UTC)
    scope = ("192.0.2.0/29",)
    writer = store.begin(Run(f"202611{day}-080000-abcd", at, None, "0.1.0", scope), SITE, (scope, ()))
    for address, fields in seen.items():
        for probe in {name.partition(".")[0] for name in fields}:
            own = {name: values for name, values in fields.items() if name.startswith(f"{probe}.")}
            writer.observation(Observation(Target(address), probe, Outcome.ANSWERED, own, at))
        writer.host(address, "answered")
    writer.flush()
    store.finish(writer.run_id, at, ())
    return audit.judge(store.run(writer.run_id), CATALOGUE, as_of=date(2026, 11, day), policies=PACKS)


PACKS = ("us-federal-contractor",)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")


def states(before: Report, after: Report) -> dict[tuple[str, str], str]:
    return {(i.action, i.address): i.how or i.state for i in compared(before, after).progress}


def test_a_unit_that_was_replaced_closes_its_items_by_itself(store: Store) -> None:
    # Given an audit that finds two restricted units, and after it one of them taken down for another maker's
    first = run(store, 10, {"192.0.2.1": RESTRICTED, "192.0.2.2": OTHER})
    assert {step.action for step in first.plan} == {"isolate", "replace"}
    second = run(store, 20, {"192.0.2.1": AXIS, "192.0.2.2": OTHER})
    # Then its items are closed and leave the plan; the other's stay, with the keys they had
    assert states(first, second) == {
        ("isolate", "192.0.2.1"): "replaced",
        ("isolate", "192.0.2.2"): "open",
        ("replace", "192.0.2.1"): "replaced",
        ("replace", "192.0.2.2"): "open",
    }
    left = {key for step in second.plan for key in step.items}
    assert left < {key for step in first.plan for key in step.items}


def test_a_unit_that_is_asked_for_no_longer_is_settled(store: Store) -> None:
    # Given the same unit, and a site that has no federal contract any more
    first = run(store, 10, {"192.0.2.1": RESTRICTED})
    second = run(store, 20, {"192.0.2.1": RESTRICTED})
    free = replace(second, plan=tuple(step for step in second.plan if step.action != "replace"))
    assert states(first, free)["replace", "192.0.2.1"] == "settled"
    assert states(first, free)["isolate", "192.0.2.1"] == "open"


def test_a_unit_that_is_silent_closes_nothing(store: Store) -> None:
    first = run(store, 10, {"192.0.2.1": RESTRICTED, "192.0.2.2": OTHER})
    second = run(store, 20, {"192.0.2.2": OTHER})
    assert states(first, second)["replace", "192.0.2.1"] == "unseen"


def test_a_unit_where_something_else_answers_now_is_gone(store: Store) -> None:
    # Given an address that answers this time as no device that anything is known of
    first = run(store, 10, {"192.0.2.1": RESTRICTED, "192.0.2.2": OTHER})
    second = run(store, 20, {"192.0.2.1": {}, "192.0.2.2": OTHER})
    assert states(first, second)["replace", "192.0.2.1"] == "gone"


def test_a_unit_that_moved_stays_open_and_a_new_one_is_new(store: Store) -> None:
    first = run(store, 10, {"192.0.2.1": RESTRICTED})
    second = run(store, 20, {"192.0.2.3": RESTRICTED, "192.0.2.2": OTHER})
    found = states(first, second)
    assert found["replace", "192.0.2.3"] == "open"
    assert found["replace", "192.0.2.2"] == "new"


def test_the_last_run_is_the_newest_complete_one_of_the_same_site(store: Store) -> None:
    first = run(store, 10, {"192.0.2.1": RESTRICTED})
    second = run(store, 20, {"192.0.2.1": RESTRICTED})
    found = earlier_run(store, store.run(second.run.id), "last")
    assert found is not None
    assert found.run.id == first.run.id
    assert earlier_run(store, store.run(first.run.id), "last") is None
    with pytest.raises(UsageError, match="the run itself"):
        earlier_run(store, store.run(first.run.id), first.run.id)


def test_nothing_but_the_plan_hangs_on_what_the_site_plans() -> None:
    device: Device = unit(1)
    bare = plan([device], [broken(device)], TODAY)
    own = plan([device], [broken(device)], TODAY, Planning(days={"isolate": 1}))
    assert [(s.action, s.devices, s.key) for s in bare] == [(s.action, s.devices, s.key) for s in own]
