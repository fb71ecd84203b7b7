"""Findings by the rule that speaks: in goes a ``Report``, out come groups, few for a fleet of thousands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from camaudit.model import Finding, Report, Verdict, Waiver

MAX_REASONS = 2
"""Wordings of one reason that the summary of findings prints."""
_SAYS_MORE = 12
"""So many words have to differ for a second wording to say something else; most differ in kind and maker alone."""
MAX_WORDINGS = 6
"""Questions of one rule that the summary of findings prints; a hostile fleet may give each device its own."""

_VERDICTS = tuple(verdict.value for verdict in Verdict)


@dataclass(frozen=True, slots=True)
class Group:
    """What one rule says, in one verdict, of all the devices it says it of; ``findings`` holds at least one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """Return a finding that stands for what all share: rule, title, verdict, citations."""
        return self.findings[0]

    @property
    def devices(self) -> tuple[str, ...]:
        """Return the ids of the devices, each once."""
        return tuple(dict.fromkeys(finding.device for finding in self.findings))

    @property
    def due(self) -> date | None:
        """Return the earliest day."""
        return min((finding.due for finding in self.findings if finding.due), default=None)

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the questions asked, each once, as many as are printed."""
        return tuple(dict.fromkeys(f.question for f in self.findings if f.question))[:MAX_WORDINGS]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the reasons that are printed: the first wording, and others only if they say something else."""
        found: list[str] = []
        for wording in self._wordings():
            if len(found) < MAX_REASONS and all(_differ(wording, each) for each in found):
                found.append(wording)
        return tuple(found)

    @property
    def more(self) -> int:
        """Return how many wordings of the reason are left out."""
        return len(self._wordings()) - len(self.reasons)

    def _wordings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.reason for finding in self.findings))


def _differ(one: str, other: str) -> bool:
    return len(set(one.split()) ^ set(other.split())) > _SAYS_MORE


def groups(report: Report) -> tuple[Group, ...]:
    """Return the findings that nobody waived, by rule and verdict, the worst verdict and most devices first."""
    found: dict[tuple[str, str, Verdict], list[Finding]] = {}
    for finding in _open(report.findings):
        found.setdefault((finding.policy, finding.rule, finding.verdict), []).append(finding)
    made = [Group(tuple(each)) for each in found.values()]
    order = (*_VERDICTS[:2], "advice", *_VERDICTS[2:])
    return tuple(sorted(made, key=lambda g: (order.index(g.first.state), -len(g.findings))))


def waived(report: Report) -> tuple[Group, ...]:
    """Return the findings that somebody accepted, by rule and by who accepted them until when."""
    found: dict[tuple[str, str, Verdict, Waiver], list[Finding]] = {}
    for finding in report.findings:
        if finding.waiver is not None:
            key = (finding.policy, finding.rule, finding.verdict, finding.waiver)
            found.setdefault(key, []).append(finding)
    return tuple(Group(tuple(each)) for each in found.values())


def _open(findings: Iterable[Finding]) -> Iterable[Finding]:
    return (finding for finding in findings if finding.waiver is None)
