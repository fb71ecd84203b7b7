"""How old what camaudit knows is: rules, vulnerabilities and MAC prefixes age without anybody noticing.

In go the catalogue and a day, out come the ages; what is too old is told by the report and by ``doctor``, with the
command that renews it. A rule that nobody read again for a year may still stand, so its verdict is not taken away:
the reader is told to look before acting. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from camaudit.catalogue import Catalogue
from camaudit.model import Finding, Verdict
from camaudit.phrases import phrases
from camaudit.policy.verify import CHECKED_FOR

_NAMED = 3
"""How many old rules a sentence names before it only counts the rest."""


class Known(StrEnum):
    """What ages."""

    RULES = "rules"
    VULNERABILITIES = "vulnerabilities"
    PREFIXES = "prefixes"


GOOD_FOR = {
    Known.RULES: CHECKED_FOR,
    # The catalogue of exploited vulnerabilities grows every week; half a year misses what matters.
    Known.VULNERABILITIES: timedelta(days=182),
    # The registry gains some 3,000 prefixes a year.
    Known.PREFIXES: timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Age:
    """When a kind of knowledge was last looked at; ``None`` where nobody can tell."""

    known: Known
    checked: date | None

    def is_old(self, today: date) -> bool:
        """Say whether it was good for less time than has passed; what has no day cannot be told to be old."""
        return self.checked is not None and today - self.checked > GOOD_FOR[self.known]


def ages(catalogue: Catalogue) -> Iterator[Age]:
    """Yield the age of each kind of knowledge: of rules that can accuse, the oldest look."""
    register = catalogue.policies.register.instruments.values()
    rules = [each.checked for each in register if each.carries_a_violation]
    yield Age(Known.RULES, min(rules, default=None))
    yield Age(Known.VULNERABILITIES, catalogue.knowledge.vulnerabilities.compared)
    yield Age(Known.PREFIXES, _day(catalogue.oui.dated))


def told_old(catalogue: Catalogue, findings: Iterable[Finding], today: date) -> Iterator[str]:
    """Yield a sentence for each kind of knowledge that is too old for a report of this day."""
    said = phrases().ages
    old = _old_rules(catalogue, findings, today)
    if old:
        named = "; ".join(title for title, _ in old[:_NAMED])
        more = said["more"].format(n=len(old) - _NAMED) if len(old) > _NAMED else ""
        yield said["rules"].format(names=f"{named}{more}", since=old[0][1].isoformat(), refresh=said["refresh"])
    for age in ages(catalogue):
        if age.known is not Known.RULES and age.checked is not None and age.is_old(today):
            renew = refresh(age.known)
            yield said[age.known.value].format(since=age.checked.isoformat(), refresh=renew)


def refresh(known: Known) -> str:
    """Return the command that renews this kind of knowledge."""
    said = phrases().ages
    return said["refresh_prefixes"] if known is Known.PREFIXES else said["refresh"]


def _old_rules(catalogue: Catalogue, findings: Iterable[Finding], today: date) -> list[tuple[str, date]]:
    """Return title and day of each instrument that a verdict here rests on and nobody read for a year."""
    speaking = (f for f in findings if f.verdict in (Verdict.VIOLATION, Verdict.REVIEW))
    cited = {citation.instrument for finding in speaking for citation in finding.citations}
    known = catalogue.policies.register.instruments
    found = [(known[name].title, known[name].checked) for name in cited if name in known]
    return sorted(
        ((title, checked) for title, checked in found if Age(Known.RULES, checked).is_old(today)),
        key=lambda pair: (pair[1], pair[0]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
