"""One finding alone answers: which rule, whom does it bind, what do we have to do, by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from report_factory import device, finding, school

from camaudit.model import Finding, Severity, Verdict
from camaudit.policy.evaluate import evaluate
from camaudit.policy.schema import Effect
from camaudit.policy.verify import example_device, example_site
from camaudit.report import html
from camaudit.report import json as report_json
from camaudit.report.sentences import by_when, four_answers, todo
from camaudit.report.words import words
from known import CATALOGUE

DAY = date(2026, 11, 30)


def examples() -> Iterator[Finding]:
    """Yield what every example of every shipped rule comes to."""
    rules = CATALOGUE.policies
    for pack in rules.packs:
        for rule in pack.rules:
            for example in rule.form.examples:
                yield from evaluate(
                    [example_device(example)],
                    example_site(example),
                    [pack],
                    register=rules.register,
                    entities=CATALOGUE.knowledge.entities,
                    today=example.today,
                )


def test_every_violation_and_every_question_of_law_answers_all_four() -> None:
    labels = [words().finding[key] for key in ("rule", "binds", "todo", "by")]
    seen = set()
    for made in examples():
        if made.state in ("violation", "review"):
            assert [label for label, _ in four_answers([made], words(), DAY)] == labels, (made.policy, made.rule)
            seen.add(made.state)
        elif made.state == "advice":
            # Advice sets no duty, so it has no day.
            assert [label for label, _ in four_answers([made], words(), DAY)] == labels[:3]
    assert seen == {"violation", "review"}


def test_every_rule_that_can_be_broken_says_by_when_in_its_own_words_or_by_a_day() -> None:
    for pack in CATALOGUE.policies.packs:
        for rule in pack.rules:
            if rule.form.effect is Effect.RESTRICTS:
                assert rule.form.deadline or rule.form.when, f"{pack.id}/{rule.id}"


def test_contractor_is_told_to_report_within_a_day() -> None:
    (broken,) = {f.todo: f for f in examples() if f.policy == "us-federal-contractor" and f.todo}.values()
    assert "Tell the contracting officer" in todo(broken, words())
    assert "within 1 business day" in by_when(broken, words(), DAY)


def test_day_and_words_both_stand_and_none_says_so() -> None:
    unit = device(1)
    broken = finding(unit, Verdict.VIOLATION, due=date(2026, 12, 31))
    assert by_when(broken, words(), DAY) == "By 31 December 2026."
    assert by_when(replace(broken, when="At once."), words(), DAY) == "By 31 December 2026. At once."
    assert by_when(broken, words(), date(2027, 1, 1)) == "By 31 December 2026; that day is past."
    assert by_when(replace(broken, due=None), words(), DAY) == "The rule sets no day."


def test_page_and_json_say_them() -> None:
    unit = device(1)
    broken = replace(finding(unit, Verdict.VIOLATION), todo="Take it down.", when="At once.", due=None)
    report = replace(school(), devices=(unit,), findings=(broken,), plan=())
    page = html.render(report)
    assert "<dt>What to do</dt><dd>Take it down.</dd>" in page
    assert "<dt>By when</dt><dd>At once.</dd>" in page
    (told,) = report_json.as_json(report)["findings"]
    assert (told["todo"], told["when"]) == ("Take it down.", "At once.")


@pytest.mark.parametrize(("severity", "word"), [(Severity.INFO, "Good to know"), (Severity.HIGH, "Not the case")])
def test_what_is_kept_or_explained_does_not_read_as_broken(severity: Severity, word: str) -> None:
    kept = replace(finding(device(1), Verdict.COMPLIANT), severity=severity)
    assert words().findings[kept.shown_as] == word
    assert four_answers([kept], words(), DAY) == ()


def test_advice_names_the_law_that_it_serves_at_this_site() -> None:
    served = [f for f in examples() if f.advice and f.policy == "uk-school"]
    assert served
    base = finding(device(1), Verdict.REVIEW)
    advice = replace(base, advice=True, citations=(base.citations[0], *served[0].citations))
    told = dict(four_answers([advice], words(), DAY))
    assert served[0].citations[0].title in told[words().finding["rule"]]
    assert served[0].citations[0].binds in told[words().finding["binds"]]
