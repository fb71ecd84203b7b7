"""``camaudit answer``: the questionnaire of the audited fleet, answered as its user does, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import SITE, Audited
from camaudit.site import load_site

PAID = "award_money_pays_for_cameras"


def answer(audited: Audited, folder: Path, said: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-m", "camaudit", "answer", *arguments, "--store", audited.store]
    return subprocess.run(
        command, cwd=folder, env=environment, input=said, capture_output=True, text=True, timeout=600
    )


def report_of(audited: Audited, folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-m", "camaudit", "report", "--format", "json", "--fail-on", "never", "--quiet"]
    command += ["--site", "site.yaml", "--output", "out", "--store", audited.store]
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=600)
    found: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(Path(SITE).read_text("utf-8"), "utf-8")
    return tmp_path


def test_every_review_is_in_one_question_and_the_list_names_their_keys(audited: Audited, folder: Path) -> None:
    report = audited.report
    # Advice on how a unit is run asks nothing
    reviews = [f for f in report["findings"] if f["verdict"] == "review" and not f["advice"]]
    assert sum(question["reviews"] for question in report["questions"]) == len(reviews)
    assert report["summary"]["questions"] == len(report["questions"])
    # Short, for so many: one answer settles many
    assert len(report["questions"]) < len(reviews) / 8
    listed = answer(audited, folder, "", "--list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert all(question["key"] in listed.stdout for question in report["questions"])
    assert load_site(folder / "site.yaml") == load_site(Path(SITE))


def test_what_was_foretold_of_an_answer_comes_true(audited: Audited, folder: Path) -> None:
    question = next(q for q in audited.report["questions"] if q["key"] == PAID)
    yes = next(a for a in question["answers"] if a["answer"] == "yes")
    (effect,) = [e for e in yes["effects"] if e["after"] == "violation"]
    before = audited.report["summary"]["findings_violation"]
    done = answer(audited, folder, "", f"{PAID}=yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "site.yaml.bak" in done.stdout
    assert report_of(audited, folder)["summary"]["findings_violation"] == before + effect["devices"]
    # The comments of the file are still there, and so is the file as it was
    assert "# The site of `camaudit demo`" in (folder / "site.yaml").read_text("utf-8")
    assert (folder / "site.yaml.bak").read_text("utf-8") == Path(SITE).read_text("utf-8")


def test_a_label_that_somebody_read_settles_its_unit(audited: Audited, folder: Path) -> None:
    asked = {name for q in audited.report["questions"] if q["about"] == "maker" for name in q["devices"]}
    unit = next(d for d in audited.report["devices"] if d["id"] in asked and d["maker"]["id"] == "hikvision")
    maker = unit["maker"]["id"]
    done = answer(audited, folder, "", f"maker:{unit['address']}={maker}", "--by", "A. Reader", "--how", "label")
    assert (done.returncode, done.stderr) == (0, "")
    after = next(d for d in report_of(audited, folder)["devices"] if d["id"] == unit["id"])
    assert after["maker"]["certainty"] == "probable"
    assert after["evidence"][0]["excerpt"].startswith("Seen by A. Reader on ")
    assert '"Open" becomes "' in done.stdout


def test_asked_one_by_one_until_somebody_stops(audited: Audited, folder: Path) -> None:
    # Given answers for two questions about the site, one "don't know" between them
    done = answer(audited, folder, "don't know\nperhaps\nno\nstop\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "write yes, no or don't know" in done.stdout
    site = load_site(folder / "site.yaml")
    told = {**load_site(Path(SITE)).facts}
    (new,) = set(site.facts) - set(told)
    assert site.facts[new] is False
    assert "Wrote 1 answer into site.yaml" in done.stdout
    assert "questions are still open" in done.stdout


def test_the_end_of_the_input_keeps_what_was_answered(audited: Audited, folder: Path) -> None:
    done = answer(audited, folder, "no\n")
    assert done.returncode == 0
    assert len(load_site(folder / "site.yaml").facts) == 3


def test_a_file_of_answers(audited: Audited, folder: Path) -> None:
    (folder / "answers.yaml").write_text(
        "schema: camaudit/answers@1\nby: A. Head\nanswers:\n"
        f"  - {{question: {PAID}, answer: no}}\n"
        "  - {question: spends_universal_service_support, answer: yes}\n"
        "  - {question: universal_service_pays_for_cameras, answer: yes}\n"
        "  - {question: us_federal_agency, answer: don't know}\n",
        "utf-8",
    )
    done = answer(audited, folder, "", "--file", "answers.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Left open: us_federal_agency." in done.stdout
    # Now the rule asks what somebody has to weigh, and that is answered for all its units at once
    asked = next(q for q in report_of(audited, folder)["questions"] if q["about"] == "decision")
    (folder / "answers.yaml").write_text(
        "schema: camaudit/answers@1\nby: A. Head\nanswers:\n"
        f"  - {{question: '{asked['key']}', answer: Taken out}}\n",
        "utf-8",
    )
    done = answer(audited, folder, "", "--file", "answers.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    report = report_of(audited, folder)
    taken = [f["waiver"] for f in report["findings"] if f["waiver"]]
    assert {(w["granted_by"], w["reason"]) for w in taken} == {("A. Head", "Taken out")}
    assert len(taken) == asked["reviews"]
    assert not any(q["key"] == asked["key"] for q in report["questions"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("award_money=yes",), "award_money: is no question that is open"),
        ((f"{PAID}=perhaps",), "write yes, no or don't know"),
        (("maker:127.77.0.250=axis", "--by", "A"), "no such unit"),
        (("no-such-run", "another"), "give one run"),
        (("--site", "none.yaml"), "no such site file"),
    ],
)
def test_what_is_wrong_is_one_line(audited: Audited, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    done = answer(audited, folder, "", *arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert told in done.stderr
    assert load_site(folder / "site.yaml") == load_site(Path(SITE))


def test_facts_can_be_answered_before_anything_was_scanned(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("schema: camaudit/site@1\nname: Here\n", "utf-8")
    command = [sys.executable, "-m", "camaudit", "answer", "jurisdiction=Wales", "kind=council"]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=60)
    site = load_site(tmp_path / "site.yaml")
    assert (site.jurisdiction, site.kind) == ("GB-WLS", "council")
