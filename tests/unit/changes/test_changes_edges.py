"""The rare causes: a whole field of the site, a day on which no rule begins, a unit of which nothing was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from change_story import SENSITIVE, hikvision, new_store, visit

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.changes import Difference, Known, Setting, UnitChange, Why
from camaudit.changes.causes import Case, swapped_causes
from camaudit.changes.state import states
from camaudit.comparing import Asked, difference, judgement_of, looks
from camaudit.model import Certainty, Device, Finding, Identification, Judgement, Severity, Site, Verdict

DAY = date(2025, 6, 1)
RULE = "uk-central-sensitive-site/prc-produced-unit-on-sensitive-site"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def compared(folder: Path, catalogue: Catalogue, first: Site, second: Site, *days: date) -> Difference:
    """Compare two runs of one unit at a site whose file was written anew between them."""
    store = new_store(folder)
    seen = {"192.0.2.9": hikvision(9)}
    runs = (visit(store, date(2025, 3, 3), seen, first), visit(store, date(2025, 3, 4), seen, second))
    before, after = looks(store, runs, Asked(days or (DAY, DAY)), DAY)
    return difference(before, after, catalogue)


def test_another_kind_of_site_is_named_as_the_cause(tmp_path: Path, catalogue: Catalogue) -> None:
    facts = {"central_government": True, "sensitive_site": True}
    was, now = Site("HQ", "GB-ENG", "company", {}), Site("HQ", "GB-ENG", "government", facts)
    found = compared(tmp_path, catalogue, was, now)
    change = next(each for each in found.verdicts if f"{each.policy}/{each.rule}" == RULE)
    assert {cause.why for cause in change.causes} == {Why.SITE}
    assert {fact.name for cause in change.causes for fact in cause.facts} <= {"kind", *facts}


def test_a_field_of_the_site_file_is_swapped_whole(tmp_path: Path, catalogue: Catalogue) -> None:
    facts = {"central_government": True, "sensitive_site": True}
    was, now = Site("HQ", "US", "government", facts), Site("HQ", "GB-ENG", "government", facts)
    found = compared(tmp_path, catalogue, was, now)
    change = next(each for each in found.verdicts if f"{each.policy}/{each.rule}" == RULE)
    (cause,) = change.causes
    assert [fact.name for fact in cause.facts] == ["jurisdiction"]


def kept(folder: Path, catalogue: Catalogue) -> tuple[Difference, Judgement]:
    """Compare a run with a kept judgement that knows nothing of its unit, and that another camaudit made."""
    store = new_store(folder)
    run = visit(store, date(2025, 3, 3), {"192.0.2.9": hikvision(9)})
    store.keep(judgement_of(judge(store.run(run), catalogue, as_of=DAY), catalogue, (), ()))
    (found,) = store.judgements(run)
    states = {**found.units[0].states, RULE: "review"}
    altered = replace(found, units=(replace(found.units[0], addresses=("198.51.100.1",), states=states),))
    before, after = looks(store, (run,), Asked((DAY,)), DAY)
    return difference(replace(before, kept=altered), after, catalogue), altered


def test_a_unit_of_which_nothing_was_kept_changed_by_nothing_that_can_be_told(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    found, _ = kept(tmp_path, catalogue)
    assert found.verdicts
    causes = {cause.why: cause for change in found.verdicts for cause in change.causes}
    assert all(cause.facts == () for cause in causes.values())


def test_a_day_that_changes_a_verdict_without_a_rule_that_begins_is_the_cause_itself() -> None:
    """An owner who sold, say: no rule begins or ends, and yet the day is what counts."""
    device = Device("a1", "192.0.2.9", Identification("hikvision", Certainty.CONFIRMED, 0.97))

    def judged(devices: Sequence[Device], setting: Setting) -> tuple[Finding, ...]:
        verdict = Verdict.VIOLATION if setting.day < DAY else Verdict.COMPLIANT
        found = Finding("a1", "pack", "rule", "A rule", verdict, Severity.HIGH, "because")
        return (found,) if devices else ()

    before, after = (Setting(day, SENSITIVE) for day in (date(2025, 1, 1), date(2026, 1, 1)))
    was, now = (states({0: device}, setting, judged) for setting in (before, after))
    known = Known({}, "0.1.0", {"pack/rule": (date(2020, 1, 1), None)})
    case = Case([UnitChange((), device, device)], before, after, was, now, known)
    (key,) = was
    ((cause,), together) = swapped_causes(case, [key], judged)[key]
    assert (cause.why, cause.day, together) == (Why.DAY, date(2026, 1, 1), False)
