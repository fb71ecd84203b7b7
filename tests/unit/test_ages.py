"""Knowledge grows old: what is too old is said, with what renews it, and no verdict is taken away for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from camaudit import doctor
from camaudit.ages import GOOD_FOR, Age, Known, ages, told_old
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.model import Citation, Finding, Severity, Verdict
from camaudit.signatures.oui import OuiTable

RULE = "uk-wms-2022-11-24"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def finding(verdict: Verdict, instrument: str = RULE) -> Finding:
    cited = Citation(instrument, "a rule", "cited", "", "", "", "", "high")
    return Finding("d", "p", "r", "t", verdict, Severity.HIGH, "because", citations=(cited,))


def last_look(catalogue: Catalogue, known: Known) -> date:
    (day,) = [age.checked for age in ages(catalogue) if age.known is known]
    assert day is not None
    return day


def test_fresh_knowledge_says_nothing(catalogue: Catalogue) -> None:
    today = last_look(catalogue, Known.VULNERABILITIES)
    assert list(told_old(catalogue, [finding(Verdict.VIOLATION)], today)) == []


@pytest.mark.parametrize("known", [Known.VULNERABILITIES, Known.PREFIXES])
def test_what_is_too_old_is_told_from_the_first_day_on(catalogue: Catalogue, known: Known) -> None:
    last = last_look(catalogue, known) + GOOD_FOR[known]
    before, after = ([*told_old(catalogue, [], day)] for day in (last, last + timedelta(days=1)))
    assert len(after) == len(before) + 1
    assert any("pip install --upgrade" in line for line in after)


@pytest.mark.parametrize(
    ("verdict", "told"), [(Verdict.VIOLATION, True), (Verdict.REVIEW, True), (Verdict.COMPLIANT, False)]
)
def test_an_old_rule_is_named_where_a_verdict_rests_on_it(
    catalogue: Catalogue, verdict: Verdict, told: bool
) -> None:
    rule = catalogue.policies.register.instruments[RULE]
    day = rule.checked + GOOD_FOR[Known.RULES] + timedelta(days=1)
    lines = [line for line in told_old(catalogue, [finding(verdict)], day) if rule.title in line]
    assert bool(lines) is told
    assert all(rule.checked.isoformat() in line for line in lines)


def test_many_old_rules_are_counted_after_the_first(catalogue: Catalogue) -> None:
    names = list(catalogue.policies.register.instruments)[:8]
    found = [finding(Verdict.REVIEW, name) for name in names]
    (line, *_) = told_old(catalogue, found, date(2030, 1, 1))
    assert "and 5 more" in line


def test_a_registry_without_a_day_is_not_called_old(catalogue: Catalogue) -> None:
    unknown = replace(catalogue, oui=OuiTable(None, "9.9.9"))
    assert [age.checked for age in ages(unknown) if age.known is Known.PREFIXES] == [None]
    assert not Age(Known.PREFIXES, None).is_old(date(2099, 1, 1))
    assert not [line for line in told_old(unknown, [], date(2099, 1, 1)) if "prefixes" in line]


def test_the_doctor_says_how_old_each_is_and_what_renews_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date(2029, 1, 1)

    monkeypatch.setattr(doctor, "date", Later)
    old = [check for check in doctor.examine() if "too old" in check.what]
    assert len(old) == len(Known)
    assert not [check for check in old if check.good or check.needed or "pip install" not in check.remedy]
