"""Answers reach the site file and nothing else changes: comments stay, and what was written reads back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camaudit.answers import Asked, Given, answer_site_file, from_file, from_text, settle
from camaudit.answers.writing import edited
from camaudit.errors import DataFileError, UsageError
from camaudit.model import Certainty, Decision, Device, Identification, Kind, Question, Sighting, Site, Topic
from camaudit.resources import data_root
from camaudit.site import FACTS, SITE_KINDS, SiteFile, load_site, site_of
from camaudit.site_text import write_site
from camaudit.yamlio import parse

TODAY = date(2026, 11, 24)
EXAMPLES = Path(str(data_root())) / "examples"
NAMES = {"hikvision": "Hikvision", "axis": "Axis Communications"}


def device(number: int) -> Device:
    found = Identification("hikvision", Certainty.POSSIBLE, 0.4, kind=Kind.CAMERA, video=True)
    return Device(f"id-{number}", f"192.0.2.{number}", found)


DEVICES = tuple(device(n) for n in range(1, 4))
ASKED = Asked(
    (
        Question("maker:lts-x", Topic.MAKER, "Who built them?", ("id-1", "id-2"), 2),
        Question("maker:no-model-read-hikvision", Topic.MAKER, "Who built each?", ("id-2", "id-3"), 2, each=True),
        Question("kind:lts-x", Topic.KIND, "What is it?", ("id-1",), 1),
        Question("rule:hygiene/vendor-cloud-on", Topic.DECISION, "Is it needed?", ("id-1",), 1),
    ),
    DEVICES,
    NAMES,
)


def say(key: str, answer: str, **more: object) -> Given:
    return replace(Given(key, answer, where=key), **more)  # type: ignore[arg-type] # a builder


def site_file(folder: Path, text: str) -> Path:
    file = folder / "site.yaml"
    file.write_text(f"schema: camaudit/site@1\nname: Here\n{text}", "utf-8")
    return file


def answered(file: Path, *answers: Given) -> str:
    before = [line[line.index("#") :] for line in file.read_text("utf-8").splitlines() if "#" in line]
    answer_site_file(file, answers, ASKED, TODAY)
    text = file.read_text("utf-8")
    freed = re.compile(r"#\s*\w+:")
    # Every comment is still there, but for a line that was freed because it now says something
    assert all(line in text for line in before if not freed.match(line))
    return text


def test_a_fact_takes_the_place_of_its_comment(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    for name in ("site.yaml", "prices.yaml"):
        (tmp_path / name).write_text((EXAMPLES / "school" / name).read_text("utf-8"), "utf-8")
    old = file.read_text("utf-8")
    written = answer_site_file(file, [say("award_money_pays_for_cameras", "no")], ASKED, TODAY)
    text = file.read_text("utf-8")
    assert text == old.replace(
        "# award_money_pays_for_cameras: true or false", "award_money_pays_for_cameras: false"
    )
    assert written.backup is not None
    assert written.backup.read_text("utf-8") == old


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "facts:\n  core_network: true\n"),
        ("facts: {}\n", "facts: {core_network: true}\n"),
        ("facts: {qc_public_body: true} # mine\n", "facts: {qc_public_body: true, core_network: true} # mine\n"),
        ("facts: {qc_public_body: true,}\n", "facts: {qc_public_body: true, core_network: true}\n"),
        ("facts:\n  core_network: false # not sure\n", "facts:\n  core_network: true # not sure\n"),
        (
            "facts:\n    qc_public_body: true # yes\n# next\nkind: government\n",
            "facts:\n    qc_public_body: true # yes\n    core_network: true\n# next\nkind: government\n",
        ),
        (
            "facts:\n  qc_public_body:\n    true\n# end\nkind: government\n",
            "facts:\n  qc_public_body:\n    true\n  core_network: true\n# end\nkind: government\n",
        ),
        ("# facts:\n# the rest\n", "facts:\n  core_network: true\n# the rest\n"),
        ("# facts:\n  # Why\n  # core_network: true or false\n", "facts:\n  # Why\n  core_network: true\n"),
    ],
)
def test_a_fact_finds_its_place(tmp_path: Path, before: str, after: str) -> None:
    file = site_file(tmp_path, before)
    assert answered(file, say("core_network", "yes")).endswith(f"name: Here\n{after}")


@pytest.mark.parametrize(
    ("before", "key", "answer", "after"),
    [
        ("# jurisdiction:\n", "jurisdiction", "Wales", 'jurisdiction: "GB-WLS"\n'),
        ("jurisdiction: US   # for now\n", "jurisdiction", "US-TX", 'jurisdiction: "US-TX"   # for now\n'),
        ("", "kind", "council", 'kind: "council"\n'),
        ("", "kind", "2", f'kind: "{SITE_KINDS[1]}"\n'),
        (
            "core_networks: [192.0.2.0/28]\n",
            "core_networks",
            "192.0.2.64/28",
            'core_networks: [192.0.2.0/28, "192.0.2.64/28"]\n',
        ),
        ("# core_networks: []\n", "core_networks", "192.0.2.0/24", 'core_networks: ["192.0.2.0/24"]\n'),
        (
            "core_networks:\n  - 192.0.2.0/28 # one\n# end\n",
            "core_networks",
            "192.0.2.64/28, 192.0.2.96/28",
            'core_networks:\n  - 192.0.2.0/28 # one\n  - "192.0.2.64/28"\n  - "192.0.2.96/28"\n# end\n',
        ),
        ("core_networks: []\n", "core_networks", "none", "core_networks: []\nfacts:\n  core_network: false\n"),
    ],
)
def test_place_kind_and_core_networks(tmp_path: Path, before: str, key: str, answer: str, after: str) -> None:
    assert answered(site_file(tmp_path, before), say(key, answer)).endswith(f"name: Here\n{after}")


def test_who_built_it_is_kept_with_who_saw_it_and_when(tmp_path: Path) -> None:
    file = site_file(tmp_path, "# sightings: []\n# end\n")
    answered(file, say("maker:lts-x", "hikvision", by="A. Reader", how="label photographed", reference="12"))
    answered(file, say("maker:192.0.2.3", "axis communications", by="B. Reader", on=date(2026, 11, 1)))
    site = load_site(file)
    assert site.sightings == (
        Sighting(("id-1", "id-2"), "A. Reader", TODAY, "hikvision", how="label photographed", reference="12"),
        Sighting(("id-3",), "B. Reader", date(2026, 11, 1), "axis"),
    )
    assert file.read_text("utf-8").endswith("# end\n")


def test_a_decision_is_kept_with_its_end(tmp_path: Path) -> None:
    file = site_file(tmp_path, "decisions: []\n")
    answered(file, say("rule:hygiene/vendor-cloud-on", "Needed: #12", by="A. Head", until=date(2027, 1, 1)))
    about = ("rule:hygiene/vendor-cloud-on", ("id-1",), "Needed: #12", "A. Head")
    assert load_site(file).decisions == (Decision(*about, TODAY, date(2027, 1, 1)),)
    answered(file, say("rule:hygiene/vendor-cloud-on", "Again", by="A. Head"))
    assert load_site(file).decisions[1].review_by == date(2027, 11, 24)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (say("core_network", "perhaps"), "write yes, no or don't know"),
        (say("core_netwrk", "yes"), "did you mean 'core_network'"),
        (say("jurisdiction", "Atlantis"), "not a jurisdiction"),
        (say("kind", "castle"), "no kind of site"),
        (say("core_networks", "here"), "not an address range"),
        (say("maker:lts-x", "hikvision"), "who saw it"),
        (say("maker:lts-x", "hikvison", by="A"), "did you mean 'hikvision'"),
        (say("maker:lts-x", "somebody-else", by="A"), "what the label"),
        (say("maker:lts-x", "axis", by="A", on=date(2027, 1, 1)), "has not come yet"),
        (say("maker:192.0.2.9", "axis", by="A"), "no such unit"),
        (say("maker:no-model-read-hikvision", "axis", by="A"), "unit by unit, such as maker:192.0.2.2="),
        (say("kind:lts-x", "drone", by="A"), "no kind of unit"),
        (say("rule:hygiene/vendor-cloud-on", "Yes, by A"), "who decided"),
        (say("rule:hygiene/vendor-cloud", "Yes", by="A"), "did you mean 'rule:hygiene/vendor-cloud-on'"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(tmp_path: Path, answer: Given, told: str) -> None:
    file = site_file(tmp_path, "")
    before = file.read_text("utf-8")
    with pytest.raises(DataFileError) as caught:
        answer_site_file(file, [say("core_network", "no"), answer], ASKED, TODAY)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{answer.key}: ")
    assert file.read_text("utf-8") == before
    assert not list(tmp_path.glob("*.bak"))


def test_dont_know_leaves_a_question_open_and_the_file_alone(tmp_path: Path) -> None:
    file = site_file(tmp_path, "")
    before = file.read_text("utf-8")
    keys = ("core_network", "maker:lts-x", "rule:hygiene/vendor-cloud-on", "jurisdiction")
    written = answer_site_file(file, [say(key, "don't know") for key in keys], ASKED, TODAY)
    assert (written.open, written.settled, written.backup) == (keys, (), None)
    assert file.read_text("utf-8") == before


def test_a_school_cannot_be_a_ministry() -> None:
    with pytest.raises(DataFileError, match="cannot be true of kind 'school'"):
        settle(Site("Here", kind="school"), [say("central_government", "yes")], ASKED, TODAY)


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_bytes(b"schema: camaudit/site@1\r\nname: Here # mine\r\nfacts:\r\n  qc_public_body: true\r\n")
    answer_site_file(file, [say("core_network", "no")], ASKED, TODAY)
    assert file.read_bytes().endswith(b"  qc_public_body: true\r\n  core_network: false\r\n")


def test_answers_come_by_text_and_by_file(tmp_path: Path) -> None:
    assert from_text(" core_network = no ") == Given("core_network", "no", where="core_network")
    with pytest.raises(UsageError, match="central_government=yes"):
        from_text("core_network")
    file = tmp_path / "answers.yaml"
    file.write_text(
        "schema: camaudit/answers@1\nby: A. Reader\nday: 2026-11-20\nanswers:\n"
        "  - question: core_network\n    answer: no\n"
        "  - {question: 'maker:lts-x', answer: Hikvision, by: B. Other, targets: [192.0.2.1]}\n",
        "utf-8",
    )
    first, second = from_file(file)
    assert (first.answer, first.by, first.on) == ("no", "A. Reader", date(2026, 11, 20))
    assert (second.by, second.targets, second.where.rpartition(":")[2]) == ("B. Other", ("192.0.2.1",), "7")
    file.write_text("schema: camaudit/answers@1\nanswers:\n  - {question: a, anser: yes}\n", "utf-8")
    with pytest.raises(DataFileError, match="did you mean 'answer'"):
        from_file(file)


TEXTS = st.text(min_size=1).filter(str.strip)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    return Site(
        name=draw(TEXTS),
        jurisdiction=draw(st.sampled_from(["", "GB-ENG", "US", "NO"])),
        kind=draw(st.sampled_from(["", *SITE_KINDS])),
        facts=draw(st.dictionaries(st.sampled_from(sorted(FACTS)), st.just(False), max_size=4)),
        core_networks=draw(st.sampled_from([(), ("192.0.2.0/24",)])),
    )


def _lines(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("#")]


@settings(max_examples=150, deadline=None)
@given(
    sites(), sites(), st.text(min_size=1).filter(str.strip), st.lists(st.sampled_from(sorted(FACTS)), max_size=3)
)
def test_an_edited_file_says_what_was_meant(before: Site, other: Site, odd: str, facts: list[str]) -> None:
    seen = Sighting(("id-1", odd), odd, TODAY, "axis", how=odd, reads=odd)
    taken = Decision("rule:a/b", ("id-1",), odd, odd, TODAY, TODAY, odd)
    after = replace(
        before,
        jurisdiction=other.jurisdiction or before.jurisdiction,
        kind=other.kind or before.kind,
        facts={**before.facts, **dict.fromkeys(facts, True)},
        core_networks=(*before.core_networks, "198.51.100.0/24"),
        sightings=(seen, seen),
        decisions=(taken,),
    )
    old = write_site(before)
    new = edited(old, before, after)
    assert site_of(parse(new, SiteFile, "site.yaml"), Path("site.yaml")) == after
    freed = re.compile(r"\s*#\s*\w+:( |$)")
    assert {line for line in _lines(old) if not freed.match(line)} <= set(_lines(new))
    # And once more, over what was edited before
    again = replace(after, sightings=(*after.sightings, seen), decisions=(*after.decisions, taken))
    assert site_of(parse(edited(new, after, again), SiteFile, "site.yaml"), Path("site.yaml")) == again


def test_a_site_file_that_cannot_be_edited_is_left_as_it_is(tmp_path: Path) -> None:
    """What reads files takes a tab between words, what keeps their comments does not."""
    file = tmp_path / "site.yaml"
    text = "schema: camaudit/site@1\nname: A\nscope:\n  - 192.0.2.1\t\n  - 1\t2\n"
    file.write_text(text)
    given = Given("kind", "school", "--answer")
    with pytest.raises(DataFileError, match=r"site\.yaml"):
        answer_site_file(file, (given,), Asked(), TODAY)
    assert file.read_text() == text
