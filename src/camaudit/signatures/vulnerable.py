"""Known vulnerabilities of a device: in go maker, model and firmware, out come those this version has or had.

Judged by version only; nothing is ever tried. A model that is not known has no vulnerabilities here, which is not
the same as having none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from itertools import zip_longest
from typing import Literal

from camaudit.model import Certainty, Identification, Vulnerability
from camaudit.model.figures import whole_number
from camaudit.signatures.patterns import wrong_pattern
from camaudit.yamlio import STRICT, Path, load

AFFECTED, POSSIBLY, FIXED = "affected", "possibly_affected", "fixed"
_WORST_FIRST = (AFFECTED, POSSIBLY, FIXED)
_SURE = (Certainty.CONFIRMED, Certainty.PROBABLE)
_BUILD = re.compile(r"^(?:20)?(\d\d)-?(\d\d)-?(\d\d)$")
_MAX_CHARS = 200
_MOST_NUMBER = 10**18


@dataclass(frozen=True, slots=True)
class Affected:
    """Models and the versions that are affected: ``since`` on, up to and with ``to``, or before ``before``.

    ``before_build`` goes by the day of the build alone, ``every`` is any version. Without any of them the range is
    not known.
    """

    __pydantic_config__ = STRICT
    models: str
    since: str = ""
    to: str = ""
    before: str = ""
    before_build: date | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """One vulnerability as its record tells it. ``unverified``: the range is not the record's own."""

    __pydantic_config__ = STRICT
    id: str
    maker: str
    title: str
    source: tuple[str, ...]
    checked: date
    affected: tuple[Affected, ...]
    known_exploited: date | None = None
    unverified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class VulnerabilityFile:
    """The file ``signatures/vulnerabilities.yaml``.

    ``compared`` is the day on which its rows were last held against the catalogue of exploited vulnerabilities.
    """

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/vulnerabilities@1"]
    grammars: dict[str, str]
    vulnerabilities: tuple[Known, ...]
    compared: date | None = None


NO_VULNERABILITIES = VulnerabilityFile("camaudit/vulnerabilities@1", {}, ())


@dataclass(frozen=True, slots=True)
class Version:
    """A firmware version as its maker's grammar reads it: numbers of falling weight, and the day of the build."""

    numbers: tuple[int, ...]
    built: date | None


def load_vulnerabilities(folder: Traversable) -> VulnerabilityFile:
    """Read the file of a signature folder; one that has none knows no vulnerabilities. Raises DataFileError."""
    file = folder / "vulnerabilities.yaml"
    if not file.is_file():
        return NO_VULNERABILITIES
    return load(file, VulnerabilityFile)


def wrong_vulnerabilities(
    content: VulnerabilityFile, makers: Iterable[str], sources: Iterable[str]
) -> Iterator[tuple[Path, str]]:
    """Yield each thing that is wrong with the file, by key path: names, patterns, unreadable versions."""
    known_makers, known_sources, seen = frozenset(makers), frozenset(sources), set[str]()
    sound: dict[str, str] = {}
    for maker, pattern in content.grammars.items():
        problem = wrong_pattern(pattern)
        if maker not in known_makers:
            yield ("grammars", maker), f"{maker!r} is no entity; add it to entities.yaml or check its spelling"
        if problem:
            yield ("grammars", maker), problem
        else:
            sound[maker] = pattern
    for index, row in enumerate(content.vulnerabilities):
        here: Path = ("vulnerabilities", index)
        if row.id in seen:
            yield here, f"{row.id}: given twice; keep one"
        seen.add(row.id)
        if row.maker not in known_makers:
            yield (
                here,
                f"{row.id}: maker {row.maker!r} is no entity; add it to entities.yaml or check its spelling",
            )
        for name in row.source:
            if name not in known_sources:
                yield here, f"{row.id}: source {name!r} is not in sources.yaml; explain it there"
        for at, affected in enumerate(row.affected):
            # By a grammar that is wrong no version can be read; that was said of the grammar already.
            unread = row.maker in content.grammars and row.maker not in sound
            for problem in _wrong_range(affected, None if unread else sound.get(row.maker, "")):
                yield (*here, "affected", at), f"{row.id}: {problem}"


def _wrong_range(affected: Affected, grammar: str | None) -> Iterator[str]:
    problem = wrong_pattern(affected.models)
    if problem:
        yield problem
    if grammar is None:
        return
    for text in filter(None, (affected.since, affected.to, affected.before)):
        if parse_version(text, grammar) is None:
            yield f"version {text!r} does not fit the maker's grammar; correct it, or add the grammar"


def parse_version(text: str, grammar: str) -> Version | None:
    """Return the version that a maker's grammar reads in ``text``; ``None`` where it reads none."""
    found = re.search(grammar, text[:_MAX_CHARS]) if grammar and text else None
    if found is None:
        return None
    groups = found.groupdict()
    numbers = [whole_number(groups[name], _MOST_NUMBER) for name in "abcde" if groups.get(name)]
    known = tuple(number for number in numbers if number is not None)
    return Version(known, _day(groups.get("date") or "")) if len(known) == len(numbers) else None


def vulnerabilities_of(found: Identification, content: VulnerabilityFile) -> tuple[Vulnerability, ...]:
    """Return what is known of this model's firmware, the worst first; nothing where the maker is not sure."""
    if found.certainty not in _SURE or not found.maker or not found.model:
        return ()
    grammar = content.grammars.get(found.maker, "")
    version = parse_version(found.firmware or "", grammar)
    if version is not None and version.built is None:
        version = Version(version.numbers, found.firmware_date)
    told = (
        _told(row, found.model, version, grammar) for row in content.vulnerabilities if row.maker == found.maker
    )
    return tuple(sorted(filter(None, told), key=lambda one: (_WORST_FIRST.index(one.status), one.id)))


def _told(row: Known, model: str, version: Version | None, grammar: str) -> Vulnerability | None:
    stands = [
        _status(affected, version, grammar) for affected in row.affected if re.match(affected.models, model[:80])
    ]
    if row.unverified:
        stands = [POSSIBLY if status == AFFECTED else status for status in stands if status != FIXED]
    known = [status for status in _WORST_FIRST if status in stands]
    if not known:
        return None
    return Vulnerability(
        row.id, row.title, known[0], row.known_exploited, source=row.source, checked=row.checked, note=row.note
    )


def _status(affected: Affected, version: Version | None, grammar: str) -> str:
    """Return how a version stands to a range; empty where it is older than the range."""
    if affected.every:
        return AFFECTED
    if affected.before_build is not None:
        built = version.built if version is not None else None
        return POSSIBLY if built is None else (AFFECTED if built < affected.before_build else FIXED)
    first, last, end = (parse_version(text, grammar) for text in (affected.since, affected.to, affected.before))
    if version is None or (last is None and end is None):
        return POSSIBLY
    if first is not None and _compared(version, first) == -1:
        return ""
    upper = last or end
    order = _compared(version, upper) if upper is not None else None
    if order is None:
        return POSSIBLY
    return AFFECTED if order == -1 or (order == 0 and last is not None) else FIXED


def _compared(one: Version, other: Version) -> int | None:
    """Return -1, 0 or 1; ``None`` where the numbers are alike and only ``other`` tells its build."""
    for mine, theirs in zip_longest(one.numbers, other.numbers, fillvalue=0):
        if mine != theirs:
            return -1 if mine < theirs else 1
    if other.built is None:
        return 0
    return None if one.built is None else (one.built > other.built) - (one.built < other.built)


def _day(text: str) -> date | None:
    parts = _BUILD.match(text)
    if parts is None:
        return None
    year, month, day = map(int, parts.groups())
    try:
        return date(2000 + year, month, day)
    except ValueError:
        return None
