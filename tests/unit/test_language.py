"""Another language is a file: its keys and holes are the English ones, what it lacks is said in English."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from camaudit.errors import DataFileError, UsageError
from camaudit.language import BEGIN, END, ENGLISH, english, languages, speak
from camaudit.phrases import phrases
from camaudit.report.foreign import with_languages
from camaudit.report.words import words
from camaudit.resources import data_root
from camaudit.site import load_site

REPORTS = Path(str(data_root())) / "reports"
DOCS = Path(str(data_root())) / "docs" / "languages.md"
OTHERS = [code for code in languages() if code != ENGLISH]
FILES = [(code, file.name) for code in OTHERS for file in sorted((REPORTS / code).glob("*.yaml"))]
_OPEN = ("places",)
"""Groups to which a language adds words of its own."""


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    speak(ENGLISH)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*path, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*path, str(number)))
    elif isinstance(value, str):
        yield path, value


def catalogue(*parts: str) -> dict[tuple[str, ...], str]:
    return dict(leaves(yaml.safe_load(REPORTS.joinpath(*parts).read_text("utf-8"))))


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_a_welsh_one() -> None:
    assert "cy" in OTHERS


@pytest.mark.parametrize(("code", "name"), FILES)
def test_keys_and_holes_match_the_english_catalogue(code: str, name: str) -> None:
    whole, said = catalogue(name), catalogue(code, name)
    for path, text in said.items():
        if path[0] in _OPEN or (path[0] == "answers" and name == "phrases.yaml"):
            continue
        assert path in whole, f"{code}/{name}: {'.'.join(path)}: the English catalogue has no such key"
        # A count that is said in words needs no number
        missing = holes(whole[path]) - holes(text) - {"n"}
        assert not missing, f"{code}/{name}: {'.'.join(path)}: leaves out {missing}"
        assert holes(text) <= holes(whole[path]), f"{code}/{name}: {'.'.join(path)}: fills in what nobody gives"
    assert re.search("native speaker must check", (REPORTS / code / name).read_text("utf-8"), re.IGNORECASE)


def test_docs_say_how_far_each_language_is() -> None:
    told = DOCS.read_text("utf-8")
    for code, name in FILES:
        whole, said = catalogue(name), catalogue(code, name)
        counted = [path for path in whole if path[0] not in ("schema", "language", *_OPEN)]
        share = 100 * sum(path in said for path in counted) // len(counted)
        row = re.search(rf"\| {code} \| `reports/{code}/{name}` \| about (\d+) % \|", told)
        assert row is not None, f"docs/languages.md says nothing of {code}/{name}, of which {share} % is said"
        # English words come and go; the table is to be right, not to be touched with each of them.
        assert abs(int(row[1]) - share) <= 8, f"docs/languages.md: {code}/{name}: {row[1]} % is now {share} %"


def test_what_is_missing_is_said_in_english_and_marked_where_it_can_be() -> None:
    whole = words()
    speak("cy")
    welsh, marked = words(), words(marked=True)
    assert (welsh.language, welsh.verdicts["violation"]) == ("cy", "Yn torri rheol")
    assert welsh.months[10] == "Tachwedd"
    assert welsh.channels == whole.channels
    assert marked.channels["http"] == f"{BEGIN}{whole.channels['http']}{END}"
    assert BEGIN not in marked.verdicts["violation"]
    assert phrases().places["cymru"] == phrases().places["wales"] == "GB-WLS"
    assert english("An Act") == f"{BEGIN}An Act{END}"
    speak(ENGLISH)
    assert english("An Act") == "An Act"
    assert not any(BEGIN in text for _, text in leaves({"w": list(words(marked=True).labels.values())}))


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>{An Act} yw hon</p>", '<p><span lang="en">An Act</span> yw hon</p>'),
        ('<a title="{An Act}">{x}</a>', '<a title="An Act"><span lang="en">x</span></a>'),
        ("<title>{An Act}</title><p>{b}</p>", '<title>An Act</title><p><span lang="en">b</span></p>'),
        ("<svg><text x='1'>{a}</text></svg>{b}", "<svg><text x='1'>a</text></svg><span lang=\"en\">b</span>"),
        ("<script>if (a < b && c > d) {</script><p>{a}</p>", None),
        ("<p>}a{b{c}d}</p>", '<p>a<span lang="en">bc</span>d</p>'),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_mark_becomes_an_element_where_one_may_stand(html: str, told: str | None, size: int) -> None:
    text = html.replace("{", BEGIN).replace("}", END)
    # In whatever pieces it comes, as long as no name of an element is cut
    cuts = [m.start() for m in re.finditer(r"(?<![</\w])", text)] if size < 1000 else [0]
    pieces = [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    out = "".join(with_languages(pieces))
    if told is None:
        assert out == '<script>if (a < b && c > d) </script><p><span lang="en">a</span></p>'
    else:
        assert out == told


def test_an_unknown_language_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are en, cy"):
        speak("xx")
    file = tmp_path / "site.yaml"
    file.write_text("schema: camaudit/site@1\nname: Here\nlanguage: cx\n", "utf-8")
    with pytest.raises(
        DataFileError, match=r"site.yaml:3: language: 'cx' is no language .* did you mean 'cy'|there are"
    ):
        load_site(file)
    file.write_text("schema: camaudit/site@1\nname: Here\nlanguage: cy\n", "utf-8")
    assert load_site(file).language == "cy"
