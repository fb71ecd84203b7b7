"""A supplier's letter: shown beside what a unit says, and never instead of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from camaudit.model import Attestation, Certainty, Device, Finding, Site, Verdict
from camaudit.policy.attestations import attest

TODAY = date(2026, 11, 22)
NAMES = {"hikvision": "Hikvision"}
LETTER = Attestation(("192.0.2.10",), ("hikvision",), "A. Supplier Ltd", date(2026, 10, 1), "letter 7")
Unit = Callable[..., Device]


@pytest.mark.parametrize("certainty", Certainty)
def test_a_letter_never_changes_a_verdict(
    unit: Unit, judge: Callable[..., tuple[Finding, ...]], certainty: Certainty
) -> None:
    site = Site("", "US", "company", {"holds_us_federal_contracts": True})
    device = unit("hikvision", certainty)
    attested, notices = attest([device], [LETTER], NAMES, TODAY)
    assert notices == ()
    assert attested[0].identification.evidence[-1].claim == "not_maker=hikvision"
    assert judge(list(attested), site) == judge(device, site)


def test_contrary_evidence_stands_beside_it(unit: Unit) -> None:
    ours, other = unit("hikvision"), unit("hikvision", address="192.0.2.11")
    attested, _ = attest([ours, other], [LETTER], NAMES, TODAY)
    told = attested[0].identification.contradictions
    assert any("A. Supplier Ltd stated on 2026-10-01" in line and "clears nothing" in line for line in told)
    assert attested[1] == other


def test_without_contrary_evidence_nothing_is_contradicted(unit: Unit) -> None:
    attested, _ = attest([unit("axis")], [LETTER], NAMES, TODAY)
    assert attested[0].identification.contradictions == ()
    assert len(attested[0].identification.evidence) == 1


@pytest.mark.parametrize(
    ("letter", "told"),
    [
        (Attestation(("192.0.2.99",), ("hikvision",), "S", date(2026, 10, 1)), "matches no device"),
        (Attestation(("192.0.2.10",), ("hikvision",), "S", date(2026, 12, 1)), "after the day judged by"),
        (Attestation(("192.0.2.10",), ("hikvison",), "S", date(2026, 10, 1)), "does not know"),
    ],
)
def test_what_is_said_of_a_letter_that_misses(unit: Unit, letter: Attestation, told: str) -> None:
    _, notices = attest([unit("hikvision")], [letter], NAMES, TODAY)
    assert any(told in notice for notice in notices)


def test_a_violation_stays_one(unit: Unit, judge: Callable[..., tuple[Finding, ...]]) -> None:
    site = Site("", "US", "company", {"holds_us_federal_contracts": True})
    attested, _ = attest([unit("hikvision")], [LETTER], NAMES, TODAY)
    assert Verdict.VIOLATION in {f.verdict for f in judge(list(attested), site)}
