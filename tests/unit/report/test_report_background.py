"""The background appendix: only when asked for, never without the denial, and nothing that touches a verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_factory import school

from camaudit.audit import with_background
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.errors import DataFileError
from camaudit.model import Certainty, Report
from camaudit.policy.documents import background
from camaudit.policy.load import load_policies
from camaudit.report import csv, html
from camaudit.report import json as report_json
from camaudit.resources import data_folder


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def asked(catalogue: Catalogue) -> Report:
    return with_background(school(), catalogue)


def test_only_who_asks_gets_it(asked: Report) -> None:
    plain = school()
    page = html.render(plain)
    assert "background" not in report_json.as_json(plain)
    assert 'id="background"' not in page
    assert asked.background
    assert 'id="background"' in html.render(asked)
    assert not any(each.states in page for each in asked.background)


def test_no_verdict_changes_by_a_byte(asked: Report) -> None:
    plain = school()
    for key in ("findings", "devices", "remediation", "summary"):
        told, without = report_json.as_json(asked)[key], report_json.as_json(plain)[key]
        assert json.dumps(told).encode() == json.dumps(without).encode()
    assert csv.render(asked) == csv.render(plain)
    assert "".join(csv.findings(asked)) == "".join(csv.findings(plain))


def test_every_allegation_has_what_is_known_the_denial_and_its_date(asked: Report) -> None:
    told = report_json.as_json(asked)["background"]
    assert {each["topic"] for each in told["allegations"]} == {"surveillance", "ownership", "data_abroad"}
    for each in told["allegations"]:
        assert each["known"]
        assert each["reported"]
        assert each["document"]["id"].startswith("doc-")
        assert each["document"]["dated"]
        assert each["replies"]
        for reply in each["replies"]:
            assert reply["says"]
            assert reply["dated"]
            assert reply["sources"]
    # On the page each is followed by its answer, and by nothing less.
    page = html.render(asked)
    assert page.count("Alleged of Hikvision") == page.count("What Hikvision answers") == len(told["allegations"])


def test_schema_of_the_report_knows_it(asked: Report) -> None:
    schema = report_json.schema()
    assert "background" not in schema["required"]
    one = schema["properties"]["background"]["properties"]["allegations"]["items"]
    for each in report_json.as_json(asked)["background"]["allegations"]:
        assert set(each) == set(one["required"])


def test_of_a_maker_that_is_not_sure_nothing_is_repeated(catalogue: Catalogue) -> None:
    report = school()
    unsure = tuple(
        replace(d, identification=replace(d.identification, certainty=Certainty.POSSIBLE)) for d in report.devices
    )
    told = with_background(replace(report, devices=unsure), catalogue)
    assert told.background == ()
    assert "allege nothing of the makers found here" in html.render(told)


def test_what_nothing_supports_stands_nowhere(catalogue: Catalogue) -> None:
    repeated = {each.id for each in background(catalogue.policies.register, catalogue.knowledge.entities)}
    assert repeated
    assert not repeated & {"A1", "A4", "A5", "A7", "A17", "A23"}


CHANGES = [
    ("          answers: [hikvision-on-data]\n", "          answers: []\n", "an allegation never stands alone"),
    ("answers: [hikvision-on-data]", "answers: [nobody]", "is no answer of hikvision"),
    ("          about: hikvision\n", "          about: acme\n", "is no entity"),
]


@pytest.mark.parametrize(("old", "new", "problem"), CHANGES)
def test_file_that_would_let_one_stand_alone_is_refused(
    tmp_path: Path, catalogue: Catalogue, old: str, new: str, problem: str
) -> None:
    for name in ("instruments.yaml", "documents.yaml"):
        (tmp_path / name).write_text((data_folder("policies") / name).read_text("utf-8"))
    file = tmp_path / "documents.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(DataFileError, match=problem):
        load_policies(tmp_path, catalogue.knowledge.entities)
