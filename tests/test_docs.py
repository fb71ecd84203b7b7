"""The pages: each link leads somewhere, and those made of the data are those that the data make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audited_fleet import camaudit
from camaudit.report.words import words

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    if "dist" not in page.parts
)


def anchors(page: Path) -> set[str]:
    """The places in a page that a link can name, as code hosts make them of headings."""
    text = page.read_text("utf-8")
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", head).lower()) for head in heads)
    return {head.replace(" ", "-") for head in plain} | set(re.findall(r'<a id="([^"]+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def test_the_pages_of_packs_are_made_of_the_packs(tmp_path: Path) -> None:
    done = camaudit("policies", "pages", "--output", "made", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = {file.relative_to(tmp_path / "made"): file.read_bytes() for file in (tmp_path / "made").rglob("*.md")}
    stale = [str(name) for name, text in made.items() if (ROOT / "docs" / name).read_bytes() != text]
    assert made
    assert not stale, "run `make docs`"
    assert not {page.name for page in (ROOT / "docs" / "packs").iterdir()} - {name.name for name in made}


def test_every_page_of_the_docs_is_named_in_the_readme_or_by_another_page() -> None:
    texts = {page: page.read_text("utf-8") for page in PAGES}
    lonely = [
        page.name
        for page in (ROOT / "docs").glob("*.md")
        if not any(page.name in text for other, text in texts.items() if other != page)
    ]
    assert not lonely


def test_the_page_on_trouble_has_every_cause_that_the_program_prints() -> None:
    page = " ".join((ROOT / "docs" / "troubleshooting.md").read_text("utf-8").split())
    assert not [each.cause for each in words().causes.values() if f"**{each.cause}**" not in page]
