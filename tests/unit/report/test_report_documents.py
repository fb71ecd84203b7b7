"""The project documents: each restriction they state stands in a report with its instrument and its correction."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from report_factory import finding, school

from camaudit.model import Finding, Report, Verdict
from camaudit.policy.load import Policies, load_policies
from camaudit.policy.register import Statement
from camaudit.report import html, json
from camaudit.resources import data_folder
from camaudit.signatures.schema import EntityFile
from camaudit.yamlio import load


@pytest.fixture(scope="module")
def policies() -> Policies:
    found = load(data_folder("signatures") / "entities.yaml", EntityFile)
    return load_policies(data_folder("policies"), {entity.id: entity for entity in found.entities})


def restrictions(policies: Policies) -> list[Statement]:
    stated = [s for document in policies.documents for s in document.statements if s.kind == "restriction"]
    return [s for s in stated if s.verdict != "no_content"]


def report_for(policies: Policies, instruments: tuple[str, ...]) -> Report:
    base = school()
    cited = tuple(policies.register.cite(name) for name in instruments)
    made: Finding = finding(base.devices[0], Verdict.REVIEW, citations=cited, question="Does it bind us?")
    return replace(base, findings=(made,), plan=())


def plain(text: str) -> str:
    return " ".join(unescape(text).split())


def test_all_five_documents_are_there(policies: Policies) -> None:
    assert [document.id for document in policies.documents] == [f"doc-00{n}" for n in range(5)]
    assert len(restrictions(policies)) == 12


def test_every_restriction_stands_in_its_report_with_instrument_and_correction(policies: Policies) -> None:
    for statement in restrictions(policies):
        assert statement.instruments, statement.id
        report = report_for(policies, statement.instruments)
        page = plain("".join(html.pieces(report)))
        data = json.as_json(report)["findings"][0]["citations"]
        for name in statement.instruments:
            instrument = policies.register.instruments[name]
            assert plain(instrument.citation) in page, (statement.id, name)
            notes = next(c["document_notes"] for c in data if c["instrument"] == name)
            assert (statement.states, statement.correction) in [(n["states"], n["correction"]) for n in notes]
        assert plain(statement.states) in page, statement.id
        assert plain(statement.correction) in page, statement.id


def test_nothing_but_restrictions_reaches_a_citation(policies: Policies) -> None:
    shown = {note.states for name in policies.register.instruments for note in policies.register.notes_on(name)}
    others = {s.states for d in policies.documents for s in d.statements if s.kind != "restriction"}
    assert others
    assert not shown & others
