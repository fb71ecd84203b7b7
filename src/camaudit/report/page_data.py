"""The data of the HTML page: in goes a ``Report`` and its views, out comes compact JSON that the script shows.

Every text stands once and is named by its number, since a fleet says most of its words thousands of times. What a
device wrote is made visible here and reaches the page as text only. ``reports/html/script.js`` is the reader.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from camaudit.model import Certainty, Finding, HostCoverage, Report, Vulnerability
from camaudit.report.device_view import DeviceView
from camaudit.report.facts import KIND, MAC, facts_of
from camaudit.report.ledger import Row
from camaudit.report.noted import unit_notes
from camaudit.report.numbered import Numbered
from camaudit.report.safe import visible
from camaudit.report.script_words import script_words
from camaudit.report.sentences import four_answers
from camaudit.report.summary import STANDINGS, Cited, name_of
from camaudit.report.words import Words

_DANGEROUS = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_MAX_CALLED = 100
_MAX_NEXT = 160
_MAX_EXCERPT = 200
_MAX_CLAIM = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows, worked out once for its templates and its script."""

    report: Report
    views: tuple[DeviceView, ...]
    signs: tuple[Row, ...]
    cited: tuple[Cited, ...]
    hosts: tuple[HostCoverage, ...]
    words: Words
    sections: frozenset[str]
    """The sections of the page: what is not there is not linked to, and evidence goes with its signs."""


def page_data(shown: Shown) -> str:
    """Return the JSON text, safe to stand inside a ``script`` element."""
    return json.dumps(_Data(shown).everything(), ensure_ascii=False, separators=(",", ":")).translate(_DANGEROUS)


class _Data:
    """One pass over a report; texts, findings and rows get their numbers as they are met."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.words = shown.words
        self.written = unit_notes(shown.report)
        self.strings: Numbered[str] = Numbered()
        self.rows: Numbered[tuple[int, ...]] = Numbered()
        self.findings: Numbered[tuple[Any, ...]] = Numbered()
        self.weak: Numbered[tuple[int, ...]] = Numbered()
        self.probes: Numbered[tuple[int, ...]] = Numbered()
        self.sign = {row.signature: place for place, row in enumerate(shown.signs)}
        self.instrument = {each.citation.instrument: place for place, each in enumerate(shown.cited)}
        self._evidence = "signs" in shown.sections
        self._known: dict[tuple[Any, ...], int] = {}

    def everything(self) -> dict[str, Any]:
        """Return the whole data; the tables come last, when all is numbered."""
        report = self.shown.report
        said = {
            "words": script_words(self.words, report.audience),
            "standings": [str(each) for each in STANDINGS],
            "certainties": [str(each) for each in Certainty],
            "linked": {name: name in self.shown.sections for name in ("instruments", "signs", "plan")},
            "mac": MAC,
            "kind": KIND,
            "devices": self._devices(),
            "hosts": [self._host(host) for host in self.shown.hosts],
            "instruments": [self._instrument(each) for each in self.shown.cited],
            "signs": [self.text(row.signature) for row in self.shown.signs],
            "steps": {step.order: self._step(step.order, step.action, step.title) for step in report.plan},
        }
        tables = {
            "rows": self.rows.all(),
            "findings": self.findings.all(),
            "weak": self.weak.all(),
            "probes": self.probes.all(),
        }
        return {**said, **tables, "strings": self.strings.all()}

    def text(self, text: str | None, limit: int = 4000) -> int:
        """Return the number of a text, made visible."""
        return self.strings(visible(text or "", limit))

    def _devices(self) -> list[list[Any]]:
        steps: dict[str, list[int]] = {}
        for step in self.shown.report.plan:
            for device in step.devices:
                steps.setdefault(device, []).append(step.order)
        by_address = sorted(range(len(self.shown.views)), key=lambda n: self.shown.views[n].order)
        place = {number: order for order, number in enumerate(by_address)}
        certainties = list(Certainty)
        return [
            [
                view.rank,
                self.text(view.called, _MAX_CALLED),
                self.text(view.device.address),
                place[number],
                self.text(view.maker),
                self.text(view.maker_key),
                certainties.index(view.device.identification.certainty),
                self.text(view.next_step, _MAX_NEXT),
                self.text(view.due),
                int(view.is_video),
                *self._details(view),
                steps.get(view.device.id, []),
                self.text(view.location),
            ]
            for number, view in enumerate(self.shown.views)
        ]

    def _details(self, view: DeviceView) -> tuple[Any, ...]:
        found = view.device.identification
        facts = facts_of(view, self.words, self.written.get(view.device.id))
        sure = self.words.labels["sure"]
        others = [f"{name} ({sure.format(percent=share)})" for name, share in view.candidates]
        possible = [f"{self.words.labels['others_possible']}: {', '.join(others)}"] if len(others) > 1 else []
        return (
            self.text(view.described),
            [-1 if fact is None else self.text(fact) for fact in facts],
            [self._row(row) for row in view.rows] if self._evidence else [],
            [self._finding(finding) for finding in view.item.findings],
            [self._weak(one) for one in view.device.vulnerabilities],
            self.text(found.next_step),
            [self.text(each) for each in (*found.contradictions, *possible)],
        )

    def _row(self, row: Row) -> int:
        key = (row.signature, row.excerpt, row.claim, row.standing, row.weight)
        if key not in self._known:
            self._known[key] = self._new_row(row)
        return self._known[key]

    def _finding(self, finding: Finding) -> int:
        """Return the number of a finding; which device it is about does not show in it."""
        said = (finding.policy, finding.rule, finding.title, finding.state, finding.severity)
        key = (*said, finding.reason, finding.question, finding.due, finding.waiver)
        if key not in self._known:
            self._known[key] = self._new_finding(finding)
        return self._known[key]

    def _new_row(self, row: Row) -> int:
        return self.rows(
            (
                self.text(row.channel),
                self.text(row.described),
                self.text(row.excerpt, _MAX_EXCERPT),
                self.text(row.claim, _MAX_CLAIM),
                self.sign[row.signature],
                self.text(f"{row.weight:+.1f}" if row.about_maker else "–"),
                self.text(row.standing),
                self.text(self.words.labels[row.standing]),
            )
        )

    def _new_finding(self, finding: Finding) -> int:
        words, labels = self.words, self.words.labels
        waiver = finding.waiver
        verdict = words.findings[finding.shown_as]
        policy = name_of(self.shown.report.names, finding.policy)
        if finding.severity != "info":
            policy = f"{policy}, {words.severities[finding.severity]}"
        accepted = ""
        if waiver:
            verdict = f"{verdict}, {words.verdicts['waived'].lower()}"
            ends = words.day(waiver.expires)
            accepted = labels["waiver"].format(date=ends, who=waiver.granted_by, reason=waiver.reason)
        texts = (
            "waived" if waiver else finding.state,
            verdict,
            finding.title,
            policy,
            finding.reason,
            f"{labels['question']}: {finding.question}" if finding.question else "",
            accepted,
        )
        cited = tuple(self.instrument[c.instrument] for c in finding.citations)
        answers = tuple(
            (self.text(label), self.text(text))
            for label, text in four_answers((finding,), words, self.shown.report.judged_as_of)
        )
        return self.findings((*(self.text(text) for text in texts), cited, answers))

    def _weak(self, one: Vulnerability) -> int:
        words = self.words
        exploited = words.weak["exploited"].format(date=words.day(one.known_exploited))
        how = words.weak["by_version"].format(date=words.day(one.checked))
        texts = (
            words.weak[one.status],
            one.id,
            one.title,
            exploited if one.known_exploited else "",
            f"{how} {one.note}",
        )
        return self.weak(tuple(self.text(text) for text in texts))

    def _instrument(self, each: Cited) -> list[int]:
        labels, it = self.words.labels, each.citation
        recheck = f" {labels['recheck']}" if it.recheck else ""
        how_sure = labels["confidence"].format(confidence=it.confidence)
        documents = ", ".join(dict.fromkeys(note.document for note in it.documents))
        texts = (
            it.title,
            it.citation,
            f"{labels['binds']}: {it.binds}",
            f"{labels['asks']}: {it.asks}",
            f"{labels['known'].format(date=it.known_as_of)}. {how_sure}.{recheck}",
            labels["see_documents"].format(documents=documents) if documents else "",
        )
        return [self.text(text) for text in texts]

    def _step(self, order: int, action: str, title: str) -> int:
        return self.text(f"{order}. {self.words.actions.get(action, action)}: {title}")

    def _host(self, host: HostCoverage) -> list[int]:
        asked = (f"{name}: {self.words.probes[outcome]}" for name, outcome in host.probes.items())
        return [
            self.text(host.address),
            self.text(self.words.hosts.get(host.outcome, host.outcome)),
            self.probes(tuple(self.text(each) for each in asked)),
            self.text("; ".join(host.notes)),
        ]
