"""The site file: read strictly, written so that it reads back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import DataFileError
from camaudit.model import Attestation, Site
from camaudit.resources import data_root
from camaudit.site import FACTS, SITE_KINDS, SiteFile, is_jurisdiction, load_site, questions_for
from camaudit.site_text import write_site
from camaudit.yamlio import parse

EXAMPLES = Path(str(data_root())) / "examples"


def test_examples_load() -> None:
    school = load_site(EXAMPLES / "school" / "site.yaml")
    assert (school.jurisdiction, school.kind) == ("US", "school")
    assert "award_money_pays_for_cameras" not in school.facts
    assert load_site(EXAMPLES / "council" / "site.yaml").kind == "council"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("jurisdiction: UK", 3, "write GB"),
        ("jurisdiction: england", 3, "not a jurisdiction"),
        ("jurisdiction: NO", 3, "valid string"),
        ("kind: shool", 3, "did you mean 'school'"),
        ("facts: {senstive_site: true}", 3, "did you mean 'sensitive_site'"),
        ("facts:\n  sensitive_site: perhaps", 4, "sensitive_site"),
        ("kind: school\nfacts: {sensitive_site: true}", 4, "cannot be true of kind 'school'"),
        ("core_networks: [192.0.2.0/33]", 3, "not an address range"),
        ("scope: ['']", 3, "must not be empty"),
        ("polices: [uk-school]", 3, "did you mean 'policies'"),
        ("name: again", 3, "given twice"),
        ("quiet_hours: [8 to 4]", 3, "not a span of the day"),
        ("groups: {yard: []}", 3, "must have a name and at least one address"),
        (
            "sightings:\n- {targets: [192.0.2.9], seen_by: A, seen_on: 2026-01-01, how: label}",
            4,
            "says neither made_by nor kind",
        ),
        (
            "sightings:\n- {targets: [a], made_by: somebody-else, seen_by: A, seen_on: 2026-01-01, how: label}",
            4,
            "write under reads what the label",
        ),
        (
            "decisions:\n- {question: q, targets: [a], answer: 'no', decided_by: A, decided_on: 2026-02-01, "
            "review_by: 2026-01-01}",
            4,
            "lies before decided_on",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(f"schema: camaudit/site@1\nname: Here\n{text}\n")
    with pytest.raises(DataFileError) as caught:
        load_site(file)
    assert any(f"site.yaml:{line}:" in p and told in p for p in caught.value.problems), caught.value.problems


def test_a_site_has_a_name(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text("schema: camaudit/site@1\nname: ' '\n")
    with pytest.raises(DataFileError, match=r"site\.yaml:2: name: must not be empty"):
        load_site(file)


@given(
    st.builds(
        Site,
        name=st.text(min_size=1),
        jurisdiction=st.sampled_from(["", "GB-ENG", "US", "NO"]),
        kind=st.sampled_from(["", *SITE_KINDS]),
        facts=st.dictionaries(st.sampled_from(sorted(FACTS)), st.booleans()),
        scope=st.lists(st.text(min_size=1)).map(tuple),
        core_networks=st.sampled_from([(), ("192.0.2.0/24",)]),
    )
)
def test_what_is_written_reads_back(site: Site) -> None:
    form = parse(write_site(site), SiteFile, "site.yaml")
    assert (form.name, form.jurisdiction, form.kind) == (site.name, site.jurisdiction, site.kind)
    assert (form.facts, form.scope, form.core_networks) == (site.facts, site.scope, site.core_networks)


def test_open_facts_can_be_freed_from_their_comments() -> None:
    text = write_site(Site("Here", "GB", "government"))
    freed = text.replace("# facts:", "facts:").replace(
        "  # sensitive_site: true or false", "  sensitive_site: true"
    )
    assert parse(freed, SiteFile, "site.yaml").facts == {"sensitive_site": True}


def test_only_what_may_matter_is_asked() -> None:
    def asked(site: Site) -> set[str]:
        return {fact.name for fact in questions_for(site)}

    assert asked(Site("", "GB-ENG", "school")) == set()
    assert asked(Site("", "GB", "government")) == {"central_government", "sensitive_site", "core_network"}
    assert "award_money_pays_for_cameras" not in asked(
        Site("", "US", "school", {"spends_us_federal_awards": False})
    )
    assert asked(Site("")) == set(FACTS)
    assert asked(Site("", "NO", "school")) == set()
    assert asked(Site("", "FR", "school")) == {"eu_nis2_entity"}


def test_form_of_a_jurisdiction() -> None:
    assert [is_jurisdiction(text) for text in ("GB", "US-TX", "UK", "us", "USA", "GB-")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_supplier_letter_is_read_and_written(tmp_path: Path) -> None:
    letter = Attestation(("192.0.2.10",), ("hikvision",), "A. Supplier", date(2026, 10, 1), "letter: 7")
    file = tmp_path / "site.yaml"
    file.write_text(write_site(Site("Here", attestations=(letter,))), "utf-8")
    assert load_site(file).attestations == (letter,)
    file.write_text(file.read_text("utf-8").replace('["hikvision"]', "[]"), "utf-8")
    with pytest.raises(DataFileError, match="not_made_by: must not be empty"):
        load_site(file)
