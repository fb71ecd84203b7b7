"""The judgement: a site and its devices against packs, in three values.

In go identified devices, the site, the packs, the register, the entities and a day; out come findings. Whatever is
not known gives a review with the question that settles it, never a violation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from camaudit.model import Ask, Certainty, Device, Finding, Kind, Severity, Site, Topic, Verdict
from camaudit.policy.makers import SOMEBODY_ELSE, STRANGER
from camaudit.policy.register import Register
from camaudit.policy.schema import Effect, Pack, Rule
from camaudit.policy.wording import Wording
from camaudit.policy.words import TERMINAL, About, Answer, Gap, Subject, is_sure
from camaudit.signatures.schema import Entity

_ORDER = (About.MAKER, About.KIND, About.SITE, About.STANDING, About.STATE)
"""Which unknown is asked for first: who made the unit, what the operator knows of the site, what is disputed."""

_ASKED_OF = {
    About.MAKER: "investigate",
    About.KIND: "investigate",
    About.STANDING: "investigate",
    About.SITE: "attest",
    About.STATE: "investigate",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One rule against one device."""

    pack: Pack
    rule: Rule
    device: Device
    subject: Subject
    register: Register
    say: Wording

    def finding(
        self,
        verdict: Verdict,
        reason: str,
        *,
        question: str = "",
        remedy: str = "",
        asks: tuple[Ask, ...] = (),
    ) -> Finding:
        form = self.rule.form
        due = None
        if verdict is Verdict.VIOLATION and form.deadline is not None:
            due = form.deadline.due(self.device.first_seen, self.subject.today)
        return Finding(
            device=self.device.id,
            policy=self.pack.id,
            rule=form.id,
            title=form.title,
            verdict=verdict,
            severity=Severity.INFO if form.effect is Effect.INFORMS else form.severity,
            reason=self.say.fill(reason),
            question=self.say.fill(question),
            citations=tuple(self.register.cite(cited) for cited in (*form.cites, *self._served())),
            due=due,
            remedy=remedy,
            advice=form.effect is Effect.ADVISES,
            todo=self.say.fill(form.todo) if verdict is Verdict.VIOLATION else "",
            when=self.say.fill(form.when) if verdict is Verdict.VIOLATION else "",
            asks=asks,
        )

    @property
    def is_open_for_terminals(self) -> bool:
        """Whether it is unsettled that the rule means a unit that opens a door with its camera.

        Laws name video surveillance equipment and leave open whether that is such; an own decision needs no law.
        """
        is_terminal = self.device.identification.state.access_terminal
        return is_terminal and self.rule.asks_maker and self.pack.status != "internal"

    def _served(self) -> Iterator[str]:
        """Yield the instruments that this advice serves at a site like this one, and at no other."""
        for name, condition in self.rule.serves.items():
            if condition.answer(self.subject).truth:
                yield name


def evaluate(
    devices: Iterable[Device],
    site: Site,
    packs: Iterable[Pack],
    *,
    register: Register,
    entities: Mapping[str, Entity],
    today: date,
) -> tuple[Finding, ...]:
    """Judge every video unit by every rule; a unit that is no video equipment gets no finding at all."""
    chosen = tuple(packs)
    known = {SOMEBODY_ELSE: STRANGER, **entities}
    return tuple(
        finding
        for device in devices
        if device.identification.video and device.identification.kind is not Kind.OTHER
        for finding in _said_once(
            chosen, [f for pack in chosen for f in _judge_by_pack(pack, device, site, register, known, today)]
        )
    )


def _said_once(packs: tuple[Pack, ...], findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings of one device without those that another one says with more weight."""
    yielding = {(pack.id, r.id): r.form.yields_to for pack in packs for r in pack.rules if r.form.yields_to}
    loud = {f"{f.policy}/{f.rule}" for f in findings if f.verdict in (Verdict.VIOLATION, Verdict.REVIEW)}
    return (f for f in findings if loud.isdisjoint(yielding.get((f.policy, f.rule), ())))


def _judge_by_pack(
    pack: Pack, device: Device, site: Site, register: Register, entities: Mapping[str, Entity], today: date
) -> Iterator[Finding]:
    say = Wording(device, site, entities)
    for rule in pack.rules:
        minimum = Certainty(rule.form.minimum_certainty)
        subject = Subject(site, today, entities, pack.makers, device, minimum)
        finding = _judge(_Case(pack, rule, device, subject, register, say))
        if finding is not None:
            yield finding


def _judge(case: _Case) -> Finding | None:
    form = case.rule.form
    applies = case.pack.applies_to.answer(case.subject)
    if applies.truth is False:
        return case.finding(Verdict.NOT_APPLICABLE, form.reason.not_applicable or _NOT_FOR_THIS_SITE)
    if form.effective is not None and case.subject.today < form.effective:
        return case.finding(Verdict.NOT_APPLICABLE, f"This applies from {form.effective.isoformat()} on.")
    if form.until is not None and case.subject.today > form.until:
        return case.finding(Verdict.NOT_APPLICABLE, f"This applied until {form.until.isoformat()}.")
    met = case.rule.violated_when.answer(case.subject)
    match form.effect:
        case Effect.INFORMS:
            return _inform(case, applies, met)
        case Effect.ASKS | Effect.ADVISES:
            return _ask(case, applies, met)
        case Effect.RESTRICTS:
            return _restrict(case, applies, met)


_NOT_FOR_THIS_SITE = "These rules are not for a site like this one."


def _inform(case: _Case, applies: Answer, met: Answer) -> Finding | None:
    # An explanation is given only where it is known to be for this site; it never turns into a question.
    if applies.truth and met.truth:
        return case.finding(Verdict.COMPLIANT, case.rule.form.reason.compliant)
    return None


def _ask(case: _Case, applies: Answer, met: Answer) -> Finding | None:
    form = case.rule.form
    # It speaks of a site that is known to be meant; what else is open is asked for by the rules that restrict,
    # unless the pack has none and the rule says that it asks for it itself.
    # A unit that did not say what state it is in is no reason for a question: silence is not evidence.
    not_asked_here = (About.STATE,) if form.asks_site else (About.SITE, About.STATE)
    gaps = (*applies.gaps, *met.gaps)
    if met.truth is False or any(gap.about in not_asked_here for gap in gaps):
        return None
    if gaps:
        return _review_gaps(case, gaps)
    asks = (Ask(Topic.DECISION),)
    return case.finding(Verdict.REVIEW, form.reason.review, question=form.question, remedy=form.remedy, asks=asks)


def _restrict(case: _Case, applies: Answer, met: Answer) -> Finding:
    form = case.rule.form
    if met.truth is False:
        return case.finding(Verdict.COMPLIANT, form.reason.compliant or _NOT_BROKEN)
    gaps = (*applies.gaps, *met.gaps)
    unsure = case.rule.asks_maker and not is_sure(case.device.identification, case.subject.minimum)
    if unsure and not any(gap.about is About.MAKER for gap in gaps):
        # "Made by none of these" holds of an uncertain maker too, but it must not convict.
        gaps = (Gap(About.MAKER), *gaps)
    if case.is_open_for_terminals:
        gaps = (*gaps, Gap(About.STANDING, TERMINAL))
    if gaps:
        return _review_gaps(case, gaps)
    if not any(case.register.instruments[cited].carries_a_violation for cited in form.cites):
        return _downgraded(case)
    bound = case.say.grounds(case.pack.applies_to)
    return case.finding(Verdict.VIOLATION, f"{form.reason.violation} {bound}", remedy=form.remedy)


_NOT_BROKEN = "Nothing was seen that breaks this rule."


def _downgraded(case: _Case) -> Finding:
    cited = [case.register.instruments[name] for name in case.rule.form.cites]
    names = "; ".join(f"{i.title} ({i.url or i.citation})" for i in cited)
    reason = (
        f"{case.rule.form.reason.violation} What is known of the instrument behind this is not sure enough "
        "to call it a violation, so it is put up for review."
    )
    question = f"Does this still hold today? Check: {names}."
    asks = tuple(Ask(Topic.INSTRUMENT, name) for name in case.rule.form.cites)
    return case.finding(Verdict.REVIEW, reason, question=question, remedy="investigate", asks=asks)


def _review_gaps(case: _Case, gaps: tuple[Gap, ...]) -> Finding:
    about = next(kind for kind in _ORDER if any(gap.about is kind for gap in gaps))
    # One thing at a time: which country comes before which facts, and the answer may make the rest needless.
    _, first = _first_of(gaps, about)
    disputed = about is About.SITE and any(gap.about is About.STANDING for gap in gaps)
    reason = case.say.reason_for(*_first_of(gaps, About.STANDING if disputed else about), case.rule.form)
    question = case.say.question_for(about, first, case.rule.form)
    remedy = _ASKED_OF[about]
    return case.finding(Verdict.REVIEW, reason, question=question, remedy=remedy, asks=_asks(gaps))


def _first_of(gaps: tuple[Gap, ...], about: About) -> tuple[About, str]:
    return about, next(gap.name for gap in gaps if gap.about is about)


def _asks(gaps: tuple[Gap, ...]) -> tuple[Ask, ...]:
    ordered = sorted(gaps, key=lambda gap: _ORDER.index(gap.about))
    return tuple(dict.fromkeys(Ask(Topic(gap.about.value), gap.name) for gap in ordered))
