"""No text can stall a pattern: ours are proven linear, and a pattern of the user's own that is not is refused."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from backtracking import steps
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_folder import edit

import camaudit
from audited_fleet import camaudit as run_camaudit
from camaudit.errors import DataFileError
from camaudit.resources import data_folder, shown_path
from camaudit.signatures.linear import stalls
from camaudit.signatures.load import load_knowledge
from camaudit.signatures.patterns import MOST, needed_text, wrong_pattern

DOUBLING = (
    *(
        "(a+)+$",
        "(a*)*b",
        "(a|a)*$",
        "(a|aa)+$",
        "(?:x+x+)+y",
        "(?:a*b?){9,}x",
        "^(a?b?)*c",
        "^(([a-z])+.)+[A-Z]$",
    ),
    *(
        "((a+)b?)*c",
        "(?:[)]+)*x",
        "(?:a{1,20})*b",
        "a(?:(x+)+b)?",
        "^(?:a|b|ab)*c",
        "(.*a){20}",
        "([a-b]*)*c",
        "(ab|a|b)*c",
    ),
)
"""Patterns that are told of everywhere: with each letter more the work doubles."""

SQUARE = (
    "a+b",
    r"\s+$",
    r"^\s+|\s+$",
    "(.*)foo(.*)$",
    r"\d+\.\d+\.\d+",
    r"^[^:]+:\s*(.*?)\s*$",
    "x[^y]*y",
    "^a*a*b",
)
"""Patterns in daily use that grow with the square of the text, which is enough to stall at 8,192 characters."""

CROWDED = ("(?:a?){30}a{30}", "(?:a|b|ab){30}c", "(?:a{0,60}b?){1,60}c", "x" * 2100)
"""Patterns whose work has an end, but one that is too far, or that are too long to be looked at."""

REFERRING = (r"(\w)\1", "(?P<q>['\"]).*?(?P=q)")

LINEAR = (
    *(
        "^a+b",
        "a+",
        r"^(\w+)\s*$",
        r"^\s*(\S+)\s*$",
        "^(.*)foo(.*)",
        "(?m)^a.*b$",
        "[A-Z]{2,4}-[0-9]{3,6}",
        "a{,3}",
    ),
    *("<title[^<>]*>([^<]*)", r"\bxmlns=[^<>\s]*", "^(?:(?!x).)*y$", "(?i)DS-2[A-Z]{2}[a-z]+", r"\(a+", "[]a+]b"),
    *(
        "(?=a)b|c",
        "(?<=a)b*",
        "(?<!a)b",
        r"(?:\.[ab]{1,3}){0,9}$",
        "",
        "x{y}",
        "^(a)?(?(1)b|c)",
        "^(?>a+)b",
        "^a++b",
    ),
)


@pytest.mark.parametrize("pattern", [*DOUBLING, *SQUARE, *CROWDED, *REFERRING])
def test_what_can_be_stalled_is_found(pattern: str) -> None:
    assert stalls(pattern) is not None
    said = "could be stalled by a hostile text" if len(pattern) <= MOST else "write at most"
    assert said in wrong_pattern(pattern)


@pytest.mark.parametrize("pattern", LINEAR)
def test_what_cannot_is_let_through(pattern: str) -> None:
    assert stalls(pattern) is None
    assert wrong_pattern(pattern) == ""


def test_what_a_pattern_needs_is_found_beside_a_class_that_begins_with_its_bracket() -> None:
    assert needed_text("[]a]bcd") == "bcd"
    assert needed_text("[^]a]x?yz") == "yz"


def test_a_pattern_tried_at_one_place_need_not_fear_a_search() -> None:
    assert stalls("a+b") is not None
    assert stalls("a+b", search=False) is None
    assert stalls("(a+)+b", search=False) is not None


@pytest.mark.parametrize("pattern", DOUBLING)
def test_the_text_that_is_shown_does_double_the_work(pattern: str) -> None:
    """Counted by a matcher of its own: a few rounds more, and the steps have doubled more than once."""
    stall = stalls(pattern)
    assert stall is not None
    lead = {"a(?:(x+)+b)?": "a"}.get(pattern, "")
    counts = [steps(pattern, f"{lead}{stall.text * times}!", 60_000) for times in range(1, 9)]
    assert counts[-1] >= 60_000 or counts[-1] > 3 * counts[-3], counts


_LONG = 100
"""Letters of the longer text: enough for the square to show, and few enough to be counted step by step."""


@pytest.mark.parametrize("pattern", SQUARE)
def test_the_text_that_is_shown_does_square_the_work(pattern: str) -> None:
    stall = stalls(pattern)
    assert stall is not None
    text, lead = (
        stall.text * (_LONG // len(stall.text)),
        {"^[^:]+:\\s*(.*?)\\s*$": "x:"}.get(pattern, "x" * ("^" not in pattern)),
    )
    lead = "x" if pattern.startswith("^\\s") else lead
    short, long = (steps(pattern, f"{lead}{text[: len(text) // part]}\n!\n!", 10**7) for part in (4, 1))
    assert long > 7 * short, (short, long)  # four times the text: sixteen times the work, against four


_ATOMS = st.sampled_from(["a", "b", "[ab]", ".", "ab", "(?:a|b)", "(?!a)", "(?=b)", "^", "$"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2,}", "{0,3}", "*?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
        st.tuples(inner, inner).map(lambda p: f"(?:{p[0]}|{p[1]})"),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(
    _PATTERNS, st.text("ab", max_size=2), st.text("ab", min_size=1, max_size=3), st.sampled_from(["", "a", "!"])
)
def test_what_is_called_linear_takes_linear_work(pattern: str, lead: str, round_: str, end: str) -> None:
    if stalls(pattern) is not None:
        return
    short, long = (steps(pattern, lead + round_ * times + end) for times in (20, 40))
    assert long < 300_000
    assert long <= 2.6 * short + 200, (pattern, short, long)


def test_every_pattern_of_the_knowledge_base_is_linear() -> None:
    knowledge = load_knowledge(data_folder("signatures"))  # refuses it otherwise, at its line
    assert len(knowledge.signatures) > 300
    assert all(stalls(sign.signature.pattern) is None for sign in knowledge.signatures)


def test_every_pattern_in_the_code_is_linear() -> None:
    found = dict(_patterns_of_the_package())
    assert len(found) > 100
    stalled = {where: stall for where, (*how, search) in found.items() if (stall := stalls(*how, search=search))}
    assert stalled == {}


def _patterns_of_the_package() -> Iterator[tuple[str, tuple[str | bytes, int, bool]]]:
    """Yield every pattern that a module compiles or hands to ``re``, and whether it is searched for."""
    root = Path(camaudit.__file__).parent
    for info in pkgutil.walk_packages([str(root)], "camaudit."):
        if ".migrations." in info.name or info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        own = {name.id for node in tree.body for name in ast.walk(node) if isinstance(name, ast.Name)}
        for name in own & vars(module).keys():
            for at, each in enumerate(_compiled(vars(module)[name])):
                asked = {
                    node.attr
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == name
                }
                search = not asked or not asked <= {"match", "fullmatch"}
                yield f"{info.name}.{name}[{at}]", (each.pattern, each.flags & ~re.UNICODE, search)
        yield from ((f"{info.name}:{line}", how) for line, how in _handed_to_re(tree))


def _compiled(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _compiled(tuple(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _compiled(each)


def _handed_to_re(tree: ast.Module) -> Iterator[tuple[int, tuple[str | bytes, int, bool]]]:
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not is_call or not isinstance(node.func.value, ast.Name) or node.func.value.id != "re":
            continue
        if node.func.attr in ("escape", "compile") or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        named = ast.dump(node)
        flags = (re.MULTILINE if "MULTILINE" in named else 0) | (re.IGNORECASE if "IGNORECASE" in named else 0)
        yield node.lineno, (node.args[0].value, int(flags), node.func.attr not in ("match", "fullmatch"))


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("vendors/acme.yaml", r"AC-\d{4})$", r"(?:A?C?-?\d*)+)$", 6),
        ("vendors/acme.yaml", r"^Acme (?P<model>AC-\d{4})$", r"\s+Acme (?P<model>AC-\d{4})\s*$", 6),
        ("oem.yaml", "'LB-'", "'(L|L)*B'", 3),
        ("entities.yaml", "aliases: [LBL]", "organisations: ['(x+)+y']", 5),
    ],
)
def test_an_own_pattern_that_could_be_stalled_is_refused_at_its_line(
    folder: Path, file: str, old: str, new: str, line: int
) -> None:
    edit(folder, file, old, new)
    with pytest.raises(DataFileError) as caught:
        load_knowledge(folder)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{shown_path(folder / file)}:{line}: ")
    assert "could be stalled by a hostile text" in problem
    assert "limit its repeats" in problem


def test_the_program_refuses_it_and_sends_nothing(folder: Path, tmp_path: Path) -> None:
    edit(folder, "vendors/acme.yaml", r"AC-\d{4})$", r"(?:A?C?-?\d*)+)$")
    done = run_camaudit("audit", "127.0.0.1", "--yes", "--signatures", str(folder), cwd=tmp_path)
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert "acme.yaml:6: signature acme-realm: pattern" in said


def test_the_longest_text_of_a_device_is_matched_at_once() -> None:
    """Measured, beside the proof: each pattern on what stalls patterns, as long as a pattern may see."""
    knowledge = load_knowledge(data_folder("signatures"))
    hostile = [(unit * 8192)[:8192] for unit in ("a", "0.", "-A1", " ", "DS-2CD", "<a ", "/ISAPI", "\n")]
    for sign in knowledge.signatures:
        compiled = sign.pattern
        began = time.process_time()
        for text in hostile:
            compiled.search(text)
        assert time.process_time() - began < 0.5, sign.signature.id


def test_a_pattern_of_thousands_of_characters_is_refused_at_once() -> None:
    began = time.process_time()
    said = wrong_pattern("a+b+" * 10_000)
    assert time.process_time() - began < 0.5
    assert "at most 1000" in said
    assert len(said) < 200
    assert not wrong_pattern("a" * 1000)
