"""The pages of docs/ that are written out of the packs and the register: whole, linked, and never stale."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.cli.main import program
from camaudit.report.rulebook import INSTRUMENTS, pages

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def written(catalogue: Catalogue) -> dict[str, str]:
    return dict(pages(catalogue.policies, catalogue.knowledge.entities))


def test_docs_are_what_the_packs_say_today(written: dict[str, str]) -> None:
    stale = [name for name, text in written.items() if _read(DOCS / name) != text]
    assert not stale, f"run `make docs`: {', '.join(stale)}"
    assert {f"packs/{page.name}" for page in (DOCS / "packs").iterdir()} == {n for n in written if "/" in n}


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


def test_every_page_says_that_it_is_no_legal_advice(written: dict[str, str]) -> None:
    assert all("not legal advice" in text for text in written.values())


def test_every_pack_and_instrument_has_its_page(catalogue: Catalogue, written: dict[str, str]) -> None:
    for pack in catalogue.policies.packs:
        page = written[f"packs/{pack.id}.md"]
        for rule in pack.rules:
            assert f"### {rule.form.title}" in page
    for name, instrument in catalogue.policies.register.instruments.items():
        assert f'<a id="{name}"></a>' in written[INSTRUMENTS]
        assert f"**Whom it binds:** {' '.join(instrument.binds.split())}" in written[INSTRUMENTS]


def test_every_link_leads_somewhere(written: dict[str, str]) -> None:
    anchors = set(re.findall(r'<a id="([^"]+)">', written[INSTRUMENTS]))
    for name, text in written.items():
        for target in re.findall(r"\]\(([^) ]+\.md[^) ]*)\)", text):
            file, _, anchor = target.partition("#")
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) in written, (name, target)
            assert not anchor or anchor in anchors, (name, target)


def test_no_placeholder_is_left(written: dict[str, str]) -> None:
    for text in written.values():
        assert not re.search(r"\{(device|maker|brand|site|values)\}", text)


def test_operators_own_pack_gets_its_page_too(tmp_path: Path) -> None:
    own = DOCS.parent / "examples" / "own-policy"
    command = ["policies", "pages", "--output", str(tmp_path), "--policies", str(own)]
    done = CliRunner().invoke(program(command), command)
    assert done.exit_code == 0
    assert "a decision of the organisation itself" in (tmp_path / "packs" / "own-phase-out.md").read_text("utf-8")
