"""The interview of ``camaudit answer``: in goes a case, out come answers, each question the most useful one left.

After an answer the run is judged anew, since one answer may make the next question needless. Whatever nobody knows
stays open; "stop", or the end of the input, keeps what was answered until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import typer

from camaudit.answers import Asked, Given, settle
from camaudit.answers.meaning import yes_or_no
from camaudit.cli.answer_case import Case
from camaudit.errors import DataFileError
from camaudit.model import Kind, Question, Report, Topic
from camaudit.phrases import phrases
from camaudit.policy.facts import kind_means
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.report.asked import answer_name, outcome_lines
from camaudit.report.safe import visible
from camaudit.site import SITE_KINDS, load_site

_MAX_TEXT = 600
_MAX_NAMED = 6
_OF_UNITS = (Topic.MAKER, Topic.KIND)


class _Stopped(Exception):
    """Whoever answers has had enough, or nobody is there."""


class Interviewer:
    """Asks one question after the other; ``by``, ``on`` and ``how`` are what flags said for all answers."""

    def __init__(self, case: Case, *, by: str, on: date | None, how: str) -> None:
        self._case = case
        self._by, self._on, self._how = by, on, how
        self.asked = case.asked(None)
        """Everything that was asked, for whoever writes the answers down."""

    def answers(self) -> list[Given]:
        """Return the answers, in the order they were given."""
        site = load_site(self._case.file)
        given: list[Given] = []
        done: set[str] = set()
        while True:
            report = self._case.report(site)
            left = [q for q in report.questions if q.key not in done] if report else []
            if report is None or not left:
                typer.echo(phrases().answering["none_open" if not done else "end"])
                return given
            self.asked = self._with(report)
            try:
                found = self._until_right(left[0], report, len(left))
            except _Stopped:
                return given
            done.add(left[0].key)
            site = settle(site, found, self.asked, self._case.today).site
            given += found

    def _with(self, report: Report) -> Asked:
        known = {question.key: question for question in (*self.asked.questions, *report.questions)}
        return Asked(tuple(known.values()), report.devices, self._case.catalogue.names)

    def _until_right(self, question: Question, report: Report, left: int) -> list[Given]:
        self._put(question, report, left)
        while True:
            found = self._answer(question, report)
            try:
                settle(load_site(self._case.file), found, self.asked, self._case.today)
            except DataFileError as wrong:
                typer.echo(f"  {visible(str(wrong), _MAX_TEXT)}")
                continue
            return found

    def _put(self, question: Question, report: Report, left: int) -> None:
        said = phrases().answering
        addresses = {device.id: device.address for device in report.devices}
        named = [addresses[each] for each in question.devices[:_MAX_NAMED]]
        more = "" if len(question.devices) <= _MAX_NAMED else " ..."
        typer.echo("\n" + said["put"].format(n=left, question=visible(question.text, _MAX_TEXT)))
        if question.why:
            typer.echo(f"  {visible(question.why, _MAX_TEXT)}")
        typer.echo(said["settles"].format(reviews=question.reviews, devices=", ".join(named) + more))
        for line in outcome_lines(question, report.names):
            typer.echo(f"  - {visible(line, _MAX_TEXT)}")
        if question.topic is Topic.MAKER:
            words = (answer_name(choice.answer, report.names) for choice in question.choices)
            typer.echo("  " + "  ".join(f"{number} {word}" for number, word in enumerate(words, start=1)))
        if question.key == "kind":
            for number, word in enumerate(SITE_KINDS, start=1):
                typer.echo(phrases().init["kind_line"].format(n=number, word=word, means=kind_means(word)))

    def _answer(self, question: Question, report: Report) -> list[Given]:
        if question.topic in _OF_UNITS and question.each and len(question.devices) > 1:
            return self._unit_by_unit(question, report)
        text = self._read(_hint(question), phrases().init["unknown_default"])
        if question.topic is Topic.SITE:
            return [Given(question.key, text, where=question.key)]
        return [self._with_who(question, question.key, self._chosen(question, text, report))]

    def _unit_by_unit(self, question: Question, report: Report) -> list[Given]:
        said = phrases().answering
        sort = question.key.partition(":")[0]
        found: list[Given] = []
        while True:
            unit = self._read(said["which_unit"], said["no_more"])
            if unit == said["no_more"] or yes_or_no(unit) is None:
                return found
            text = self._read(_hint(question), phrases().init["unknown_default"])
            given = self._with_who(question, f"{sort}:{unit}", self._chosen(question, text, report))
            try:
                settle(load_site(self._case.file), [given], self.asked, self._case.today)
            except DataFileError as wrong:
                typer.echo(f"  {visible(str(wrong), _MAX_TEXT)}")
                continue
            found.append(given)

    def _chosen(self, question: Question, text: str, report: Report) -> str:
        """Return the answer that a number of the list means, else the text itself."""
        words = [choice.answer for choice in question.choices]
        if question.topic is Topic.MAKER and text.isascii() and text.isdigit() and 1 <= int(text) <= len(words):
            return words[int(text) - 1]
        if text.lower() == answer_name(SOMEBODY_ELSE, report.names).lower():
            return SOMEBODY_ELSE
        return text

    def _with_who(self, question: Question, key: str, answer: str) -> Given:
        if yes_or_no(answer) is None:
            return Given(key, answer, where=key)
        said = phrases().answering
        seen = question.topic in _OF_UNITS
        self._by = self._read(said["by_seen" if seen else "by_decided"], self._by)
        day = self._day(self._read(said["on"], (self._on or self._case.today).isoformat()))
        self._how = self._read(said["how"], self._how or said["how_default"]) if seen else self._how
        reads = self._read(said["reads_hint"], "") if answer == SOMEBODY_ELSE else ""
        return Given(key, answer, where=key, by=self._by, on=day, how=self._how if seen else "", reads=reads)

    def _day(self, text: str) -> date:
        while True:
            try:
                return date.fromisoformat(text.strip())
            except ValueError:
                typer.echo(phrases().answering["on_wrong"].format(value=visible(text, 40)))
                text = self._read(phrases().answering["on"], self._case.today.isoformat())

    def _read(self, hint: str, default: str) -> str:
        try:
            text = str(typer.prompt(f"  {hint}", default=default)).strip()
        except typer.Abort:
            typer.echo()
            raise _Stopped from None
        if text.lower() in phrases().answers["stop"]:
            raise _Stopped
        return text


def _hint(question: Question) -> str:
    said = phrases().answering
    match question.topic:
        case Topic.SITE if question.key in ("jurisdiction", "kind", "core_networks"):
            return phrases().init[f"{question.key}_hint"]
        case Topic.SITE:
            return phrases().init["fact_hint"]
        case Topic.MAKER:
            return said["maker_hint"]
        case Topic.KIND:
            return said["kind_hint"].format(kinds=", ".join(_kinds()))
        case _:
            return said["decision_hint"]


def _kinds() -> Sequence[str]:
    return [kind for kind in Kind if kind is not Kind.UNKNOWN]
