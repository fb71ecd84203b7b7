"""The form of a recording: what a device answered, and who it is by the word of somebody who had it before him."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from camaudit import yamlio
from camaudit.errors import DataFileError
from camaudit.model import Kind, Relation
from camaudit.resources import shown_path
from camaudit.signatures.load import Knowledge
from camaudit.signatures.schema import SourceFile

FOLDER = Path(__file__).resolve().parent
_TESTED_IN_100 = 40


class Part(StrEnum):
    """What a recording is for: it may be looked at while signs are written, or it only tests them."""

    TUNE = "tune"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Truth:
    """Who the device is; ``None`` where nobody knows. ``why`` says how that is known, apart from its replies."""

    __pydantic_config__ = yamlio.STRICT
    maker: str | None
    brand: str | None
    relation: Relation | None
    kind: Kind
    why: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: ``ask`` is ``GET <path>``, an RTSP method, an ONVIF operation or a search protocol's name."""

    __pydantic_config__ = yamlio.STRICT
    ask: str
    reply: str
    port: int | None = None
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """One device of one source. ``told``: its replies let somebody who knows the field name its maker."""

    __pydantic_config__ = yamlio.STRICT
    id: str
    source: str
    truth: Truth
    told: bool
    whole: bool
    replies: tuple[Reply, ...]
    where: str = ""
    note: str = ""
    round: int = 1
    """The round in which it was gathered; each round is read once before anything is mended for it."""
    label: bool = True
    """Of a rebadge: whether its replies carry the label, or a form that the maker gives to no unit of its own.
    Said by somebody who does not know what camaudit makes of them."""
    tuned: bool = False
    """Whether signatures were written with it in view, after which it cannot test them any more."""

    @property
    def part(self) -> Part:
        """The part it belongs to, by its place alone: what one thread shows never stands on both sides."""
        if self.tuned:
            return Part.TUNE
        digest = hashlib.sha256(f"{self.source} {self.where or self.id}".encode()).digest()
        return Part.TEST if int.from_bytes(digest[:4], "big") % 100 < _TESTED_IN_100 else Part.TUNE


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """One file of ``corpus/recordings``."""

    __pydantic_config__ = yamlio.STRICT
    schema: Literal["camaudit/corpus@1"]
    recordings: tuple[Recording, ...]


def load(knowledge: Knowledge, folder: Path = FOLDER) -> tuple[Recording, ...]:
    """Read every recording; raises ``DataFileError`` with file and line for what does not hold together."""
    sources = set(knowledge.sources) | set(yamlio.load(folder / "sources.yaml", SourceFile).sources)
    found: list[Recording] = []
    problems: list[str] = []
    for file in sorted((folder / "recordings").glob("*.yaml")):
        lines = yamlio.lines_of(file)
        for index, recording in enumerate(yamlio.load(file, RecordingFile).recordings):
            line = lines.get(("recordings", index), 1)
            known = {item.id for item in found}
            said = _problems(recording, known, sources, knowledge)
            problems += [f"{shown_path(file)}:{line}: {recording.id}: {problem}" for problem in said]
            found.append(recording)
    if problems:
        raise DataFileError(tuple(problems))
    return tuple(found)


def _problems(recording: Recording, ids: set[str], sources: set[str], knowledge: Knowledge) -> Iterator[str]:
    if recording.id in ids:
        yield "this id is given twice; ids are unique over all files"
    if recording.source not in sources:
        yield f"source {recording.source!r} is not explained; add it to corpus/sources.yaml"
    if not recording.replies:
        yield "has no reply; record at least one"
    for entity in (recording.truth.maker, recording.truth.brand):
        if entity is not None and entity not in knowledge.entities:
            yield f"{entity!r} is no entity of signatures/entities.yaml; check its spelling"
