"""Terms and what is left in each: the sums meet, a half scan is no progress, and a term without a run says so."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from camaudit.changes.terms import Scheme, Term, terms_between
from camaudit.changes.trend import Stand, in_all, trend
from camaudit.model import Judgement, KeptUnit, Site

BROKEN, ASKED, FINE, ACCEPTED = "violation", "review", "compliant", "violation+waived"
FIRST = date(2025, 1, 1)


def kept(address: str, state: str, serial: str = "", maker: str = "hikvision") -> KeptUnit:
    facts = {
        "serial": serial,
        "maker": maker,
        "certainty": "confirmed",
        "kind": "camera",
        "model": "M1",
        "video": "yes",
    }
    return KeptUnit((f"192.0.2.{address}",), facts, {"pack/rule": state} if state else {})


def stand(number: int, *units: KeptUnit, run: bool = True) -> Stand:
    first = FIRST + timedelta(days=100 * number)
    term = Term(f"T{number}", first, first + timedelta(days=99))
    if not run:
        return Stand(term)
    judged = datetime(2025, 1, 1, tzinfo=UTC)
    said = Judgement(f"run{number}", judged, first, "0", {}, Site("Here"), (), (), units)
    return Stand(term, f"run{number}", first, True, 256, len(units), said)


def numbers(*stands: Stand) -> list[tuple[int, int, int, int]]:
    return [(term.left, term.unseen, term.closed, term.opened) for term in trend("Here", stands).terms]


def test_what_was_put_right_is_closed_and_what_was_not_seen_is_carried() -> None:
    one, two = kept("1", BROKEN, "AK48219A"), kept("2", BROKEN, "BK48213B")
    # Given two that break a rule; then one is put right and the other does not answer; then it is back elsewhere
    fine, back = kept("1", FINE, "AK48219A"), kept("9", BROKEN, "BK48213B")
    found = numbers(stand(0, one, two), stand(1, fine), stand(2, fine), stand(3, fine, back))
    assert found == [(2, 0, 0, 0), (0, 1, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0)]


def test_another_unit_in_its_place_closes_what_was_not_seen() -> None:
    one, axis = kept("1", BROKEN, "AK48219A"), kept("1", FINE, "CK48217C", "axis")
    assert numbers(stand(0, one), stand(1), stand(2, axis)) == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    # One that is known already and moved there is such a one too
    other, moved = kept("5", FINE, "CK48217C", "axis"), kept("1", FINE, "CK48217C", "axis")
    assert numbers(stand(0, one, other), stand(1, moved)) == [(1, 0, 0, 0), (0, 0, 1, 0)]


def test_a_waiver_closes_nothing_and_a_unit_that_tells_less_neither() -> None:
    one = kept("1", BROKEN, "AK48219A")
    (_, accepted) = trend("Here", (stand(0, one), stand(1, kept("1", ACCEPTED, "AK48219A")))).terms
    assert (accepted.left, accepted.waived, accepted.closed) == (1, 1, 0)
    dumb = KeptUnit(one.addresses, {"serial": "AK48219A", "certainty": "unknown", "video": "yes"}, {})
    (_, less) = trend("Here", (stand(0, one), stand(1, dumb))).terms
    assert (less.left, less.closed, less.doubtful) == (0, 0, 1)
    (_, question) = trend("Here", (stand(0, one), stand(1, kept("1", ASKED, "AK48219A")))).terms
    assert (question.reviews, question.closed, question.doubtful) == (1, 0, 1)


def test_a_term_without_a_run_carries_all_and_terms_before_the_first_run_are_left_out() -> None:
    one = kept("1", BROKEN, "AK48219A")
    found = trend("Here", (stand(0, run=False), stand(1, one), stand(2, run=False), stand(3, one))).terms
    assert [(term.term, term.run, term.left, term.unseen) for term in found] == [
        ("T1", "run1", 1, 0), ("T2", "", 0, 1), ("T3", "run3", 1, 0),
    ]  # fmt: skip
    assert [term.complete for term in found] == [True, False, True]


def test_sums_over_sites_are_complete_only_where_every_site_is() -> None:
    one = kept("1", BROKEN, "AK48219A")
    here, there = (
        trend("Here", (stand(0, one), stand(1, one))),
        trend("There", (stand(0, one), stand(1, run=False))),
    )
    first, second = in_all((here, there), "all").terms
    assert (first.left, first.unseen, first.complete, first.addresses) == (2, 0, True, 512)
    assert (second.left, second.unseen, second.complete) == (1, 1, False)


_STATES = st.sampled_from([BROKEN, ASKED, FINE, ACCEPTED, ""])
_SERIALS = st.sampled_from(["", "AK48219A", "BK48213B", "CK48217C", "DK48215D"])
_LOOKS = st.lists(
    st.builds(kept, st.integers(1, 6).map(str), _STATES, _SERIALS, st.sampled_from(["hikvision", "axis"])),
    max_size=5,
    unique_by=lambda unit: unit.addresses,
)


@given(st.lists(st.one_of(st.none(), _LOOKS), max_size=6))
def test_the_sums_always_meet(looks: list[list[KeptUnit] | None]) -> None:
    stands = [stand(n, *(units or ()), run=units is not None) for n, units in enumerate(looks)]
    terms = trend("Here", stands).terms
    for before, after in itertools.pairwise(terms):
        moved = after.opened - after.closed - after.doubtful
        assert after.left + after.unseen == before.left + before.unseen + moved
        assert after.opened_new <= after.opened


def test_terms_cover_every_day_once() -> None:
    for scheme in Scheme:
        found = terms_between(scheme, date(2024, 2, 29), date(2026, 9, 1))
        assert found[0].first <= date(2024, 2, 29) <= found[0].last
        assert found[-1].first <= date(2026, 9, 1) <= found[-1].last
        for before, after in itertools.pairwise(found):
            assert after.first == before.last + timedelta(days=1)


def test_terms_of_a_school_begin_in_september_january_and_april() -> None:
    found = terms_between(Scheme.TERM, date(2025, 9, 1), date(2026, 8, 31))
    assert [(t.name, t.first, t.last) for t in found] == [
        ("autumn", date(2025, 9, 1), date(2025, 12, 31)),
        ("spring", date(2026, 1, 1), date(2026, 3, 31)),
        ("summer", date(2026, 4, 1), date(2026, 8, 31)),
    ]
    (year,) = terms_between(Scheme.SCHOOL_YEAR, date(2025, 9, 1), date(2026, 8, 31))
    assert (year.first, year.last) == (date(2025, 9, 1), date(2026, 8, 31))
