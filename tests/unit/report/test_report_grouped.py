"""The summary prints a reason once: a second wording only where it says something else."""

from __future__ import annotations

from dataclasses import replace

from report_factory import device, finding

from camaudit.model import Verdict
from camaudit.report.grouped import Group

SAID = "This camera was made by Hikvision, and a federal contractor may not use equipment of this producer."
OTHER = (
    "Its recorder keeps pictures of a unit that nobody else has seen, so what the recorder says of the unit "
    "stands for the unit until somebody with an account has read it, which the plan asks for."
)


def group(*reasons: str) -> Group:
    return Group(tuple(replace(finding(device(1), Verdict.VIOLATION), reason=reason) for reason in reasons))


def test_wordings_that_differ_in_kind_and_maker_are_printed_once() -> None:
    found = group(SAID, SAID.replace("camera", "recorder"), SAID.replace("Hikvision", "Dahua"), SAID)
    assert found.reasons == (SAID,)
    assert found.more == 2


def test_a_wording_that_says_something_else_is_printed_too() -> None:
    found = group(SAID, SAID.replace("camera", "recorder"), OTHER)
    assert found.reasons == (SAID, OTHER)
    assert found.more == 1
