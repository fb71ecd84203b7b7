"""The plan: its order, its grouping, and that what is waived or kept asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import (
    Certainty,
    Device,
    Finding,
    Identification,
    Severity,
    Verdict,
    Waiver,
)
from camaudit.plan import ACTIONS, plan

TODAY = date(2026, 11, 24)
WAIVER = Waiver("r", ("192.0.2.1",), "on order", "A. Head", date(2026, 1, 1), date(2027, 1, 1))


def _devices(number: int) -> tuple[Device, ...]:
    known = Identification("hikvision", Certainty.CONFIRMED, 0.99, video=True)
    return tuple(Device(f"d{n}", f"192.0.2.{n}", known) for n in range(1, number + 1))


def _finding(
    device: str, verdict: Verdict, remedy: str = "", question: str = "", due: date | None = None
) -> Finding:
    return Finding(
        device, "pack", "rule", "A named maker", verdict, Severity.HIGH, "because", question, (), due, remedy
    )


def _actions(devices: Sequence[Device], findings: Sequence[Finding]) -> list[str]:
    return [step.action for step in plan(devices, findings, TODAY)]


def test_steps_come_in_the_order_in_which_to_take_them() -> None:
    # Given one finding of every sort, worst last
    devices = _devices(5)
    findings = (
        _finding("d5", Verdict.VIOLATION, "replace", due=date(2027, 5, 1)),
        _finding("d4", Verdict.VIOLATION, "configure"),
        _finding("d3", Verdict.VIOLATION, "patch"),
        _finding("d2", Verdict.REVIEW, "attest", "Who paid?"),
        _finding("d1", Verdict.REVIEW, "investigate", "Who built it?"),
    )
    # Then: cut off, ask, set right, replace; numbered without a gap
    steps = plan(devices, findings, TODAY)
    found = [step.action for step in steps]
    assert found[0] == "isolate"
    assert set(found[1:3]) == {"attest", "investigate"}
    assert found[3:] == ["patch", "configure", "replace"]
    assert [step.order for step in steps] == [1, 2, 3, 4, 5, 6]


def test_one_question_settles_many_devices() -> None:
    findings = [_finding(f"d{n}", Verdict.REVIEW, "attest", "Who paid?") for n in (3, 1, 2)]
    (step,) = plan(_devices(3), findings, TODAY)
    assert (step.title, step.devices) == ("Who paid?", ("d1", "d2", "d3"))
    assert "3 devices" in step.why


def test_the_earliest_day_counts_and_a_past_one_is_named() -> None:
    findings = (
        _finding("d1", Verdict.VIOLATION, "replace", due=date(2027, 3, 1)),
        _finding("d2", Verdict.VIOLATION, "replace", due=date(2026, 3, 1)),
    )
    isolate, first, second = plan(_devices(2), findings, TODAY)
    assert isolate.by == date(2026, 3, 1)
    assert (first.devices, first.by) == (("d2",), date(2026, 3, 1))
    assert "2026-03-01 and is past" in first.why
    assert (second.devices, second.by) == (("d1",), date(2027, 3, 1))
    assert "past" not in second.why


def test_a_device_is_replaced_once_however_many_rules_it_breaks() -> None:
    other = replace(
        _finding("d1", Verdict.VIOLATION, "replace", due=date(2027, 1, 1)), rule="other", title="Other"
    )
    findings = (_finding("d1", Verdict.VIOLATION, "replace"), other)
    steps = [step for step in plan(_devices(1), findings, TODAY) if step.action == "replace"]
    assert [(step.devices, step.by) for step in steps] == [(("d1",), date(2027, 1, 1))]
    assert "Other" in steps[0].why


def test_a_violation_without_a_remedy_is_put_to_somebody_with_authority() -> None:
    assert _actions(_devices(1), [_finding("d1", Verdict.VIOLATION, "none")]) == ["attest"]


def test_what_is_waived_kept_or_not_meant_asks_for_nothing() -> None:
    findings = (
        replace(_finding("d1", Verdict.VIOLATION, "replace"), waiver=WAIVER),
        _finding("d1", Verdict.COMPLIANT),
        _finding("d1", Verdict.NOT_APPLICABLE),
        _finding("of another run", Verdict.VIOLATION, "replace"),
    )
    assert plan(_devices(1), findings, TODAY) == ()


_verdicts = st.sampled_from(list(Verdict))
_remedies = st.sampled_from(["", "none", *ACTIONS])
_some = st.lists(
    st.builds(
        _finding,
        st.sampled_from(["d1", "d2", "d3"]),
        _verdicts,
        _remedies,
        st.sampled_from(["", "Who paid?", "Who built it?"]),
        st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    ),
    max_size=12,
)


@given(_some)
def test_every_open_device_has_a_step_and_no_other_has(findings: list[Finding]) -> None:
    steps = plan(_devices(3), findings, TODAY)
    open_ones = {f.device for f in findings if f.verdict in (Verdict.VIOLATION, Verdict.REVIEW)}
    assert {device for step in steps for device in step.devices} == open_ones
    assert all(step.action in ACTIONS and step.title and step.why for step in steps)
