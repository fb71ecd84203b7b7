"""What nothing was judged by is named: a place that is too inexact, and rules that no pack checks."""

from __future__ import annotations

import pytest

from camaudit.model import Site
from camaudit.policy.left_out import left_out
from camaudit.policy.load import Policies


def told(site: Site, policies: Policies, *chosen: str) -> list[str]:
    packs = [pack for pack in policies.packs if pack.id != "own-phase-out"]
    return list(left_out(site, packs, policies.register, chosen))


def test_site_that_names_no_state_is_told_which_states_were_not_checked(policies: Policies) -> None:
    first, second = told(Site("S", "US", "university"), policies)
    for code in ("US-LA", "US-NE", "US-TX"):
        assert code in first
    assert "write that place as jurisdiction" in first
    assert "US-SD" in second
    (only,) = told(Site("S", "CA", "council"), policies)
    assert "Quebec" in only


def test_what_cannot_bind_such_a_body_is_not_named(policies: Policies) -> None:
    # Neither Texas nor Louisiana nor Nebraska binds a private home, wherever it stands.
    assert told(Site("Home", "US", "home"), policies) == []
    (first, _) = told(Site("Works", "US", "company"), policies)
    assert "US-NE" in first
    assert "US-TX" not in first


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("US-VT", "Agency of Digital Services directive"),
        ("US-SD", "SD SB 189"),
        ("US-ID", "HB 294"),
        ("KR", "NIS instruction"),
    ],
)
def test_rule_that_no_pack_checks_is_named_where_it_holds(policies: Policies, place: str, says: str) -> None:
    (only,) = told(Site("S", place, "government"), policies)
    assert says in only
    assert "no pack checks" in only


@pytest.mark.parametrize(
    "place", ["US-TX", "US-LA", "US-NE", "CA-QC", "CA-ON", "GB-ENG", "GB", "AU", "TW", "FR", ""]
)
def test_where_packs_ask_or_nothing_is_known_nothing_is_said(policies: Policies, place: str) -> None:
    assert told(Site("S", place, "council"), policies) == []


def test_who_chooses_packs_by_hand_knows_what_is_left_out(policies: Policies) -> None:
    assert told(Site("S", "US", "university"), policies, "us-market-fcc") == []
    assert told(Site("S", "US", "university", policies=("us-market-fcc",)), policies) == []
