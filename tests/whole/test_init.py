"""``camaudit init``: driven by answers on standard input as its user gives them; the file it wrote is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audited_fleet import camaudit
from camaudit.model import Site
from camaudit.site import FACTS, load_site


def init(folder: Path, answers: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with its answers piped in, a line each."""
    environment = {**os.environ, "NO_COLOR": "1", "XDG_DATA_HOME": str(folder / "data")}
    command = [sys.executable, "-m", "camaudit", "init", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=answers, capture_output=True, text=True, timeout=60
    )


def written(folder: Path) -> Site:
    return load_site(folder / "site.yaml")


def test_a_school_in_england(tmp_path: Path) -> None:
    done = init(tmp_path, "Hillside\nEngland\n1\n192.0.2.0/24, 192.0.2.300\n192.0.2.0/24\n192.0.2.1\nnone\n")
    assert (done.returncode, done.stderr) == (0, "")
    # The wrong range is told and asked again
    assert "192.0.2.300" in done.stdout
    site = written(tmp_path)
    assert (site.name, site.jurisdiction, site.kind) == ("Hillside", "GB-ENG", "school")
    assert (site.scope, site.exclude, site.core_networks) == (("192.0.2.0/24",), ("192.0.2.1",), ())
    assert site.facts == {"core_network": False}
    assert "UK schools and colleges" in done.stdout


def test_a_ministry_is_asked_what_a_school_is_not(tmp_path: Path) -> None:
    done = init(tmp_path, "Office\nGB\ngovernment\n\n\n198.51.100.0/24\nyes\nperhaps\ndon't know\n")
    assert done.returncode == 0, done.stderr
    site = written(tmp_path)
    assert site.facts == {"central_government": True}
    assert site.core_networks == ("198.51.100.0/24",)
    assert FACTS["sensitive_site"].question in done.stdout
    assert "Please answer yes, no or don't know." in done.stdout
    # What is not known stands in the file as a comment, with why it matters
    text = (tmp_path / "site.yaml").read_text("utf-8")
    assert "# sensitive_site: true or false" in text
    assert FACTS["sensitive_site"].why in text


def test_every_question_takes_dont_know(tmp_path: Path) -> None:
    done = init(tmp_path, "don't know\n" * 300)
    assert done.returncode == 0, done.stderr
    site = written(tmp_path)
    assert (site.jurisdiction, site.kind, site.facts, site.scope) == ("", "", {}, ())
    # Nothing is known of the place, so every fact is asked; the core network by its ranges
    for fact in FACTS.values():
        if fact.name != "core_network":
            assert fact.question in done.stdout
            assert fact.why in done.stdout


def test_flags_answer_without_a_question(tmp_path: Path) -> None:
    done = init(
        tmp_path, "", "--no-questions", "--name", "Works", "--jurisdiction", "usa", "--kind", "company",
        "--scope", "192.0.2.0/24", "--core-network", "none", "--fact", "holds_us_federal_contracts=yes",
        "--fact", "spends_us_federal_awards=unknown",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Why it matters" not in done.stdout
    site = written(tmp_path)
    assert (site.name, site.jurisdiction, site.kind) == ("Works", "US", "company")
    assert site.facts == {"core_network": False, "holds_us_federal_contracts": True}


def test_without_anybody_to_answer_it_fails_in_one_line(tmp_path: Path) -> None:
    done = init(tmp_path, "")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "What is the site called?" in done.stderr
    assert "--no-questions" in done.stderr
    assert not (tmp_path / "site.yaml").exists()


@pytest.mark.parametrize(
    ("answers", "arguments", "code", "told"),
    [
        ("n\n", (), 2, "left as it is"),
        ("", (), 2, "nobody is here to ask"),
        ("", ("--no-questions",), 2, "--force"),
        ("y\n" + "\n" * 300, (), 0, ""),
        ("", ("--no-questions", "--force"), 0, ""),
    ],
)
def test_it_never_writes_over_a_file_without_asking(
    tmp_path: Path, answers: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "site.yaml").write_text("mine\n", "utf-8")
    done = init(tmp_path, answers, *arguments)
    assert done.returncode == code
    assert told in done.stderr
    assert ((tmp_path / "site.yaml").read_text("utf-8") == "mine\n") == (code == 2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--jurisdiction", "atlantis"), "not a jurisdiction"),
        (("--kind", "castle"), "no kind of site"),
        (("--scope", "192.0.2.0/40"), "192.0.2.0/40"),
        (("--core-network", "here"), "not an address range"),
        (("--fact", "senstive_site=yes"), "did you mean 'sensitive_site'"),
        (("--fact", "sensitive_site"), "sensitive_site=yes"),
        (("--fact", "sensitive_site=maybe"), "sensitive_site=yes"),
        (("--kind", "school", "--fact", "sensitive_site=yes"), "cannot be true of kind 'school'"),
    ],
)
def test_a_wrong_flag_is_one_line(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = init(tmp_path, "", "--no-questions", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "site.yaml").exists()


def test_what_comes_next_can_be_typed(tmp_path: Path) -> None:
    without = camaudit("init", "--no-questions", cwd=tmp_path)
    assert "Next: camaudit audit 192.0.2.0/24 --site site.yaml" in without.stdout
    with_scope = camaudit("init", "--no-questions", "--scope", "127.0.0.1", "--output", "b.yaml", cwd=tmp_path)
    assert with_scope.stdout.endswith("Next: camaudit audit --site b.yaml\n")
