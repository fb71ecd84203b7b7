"""Loading the policies: every file read strictly, every reference between them checked.

In go the folder ``policies``, the entities, and the operator's own folders; out come packs and the register, or
every problem with its file and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TypeVar

from camaudit.errors import DataFileError
from camaudit.policy.documents import INSTRUMENTS, check_background, check_documents
from camaudit.policy.packs import build_pack, check_instrument
from camaudit.policy.problems import Problems
from camaudit.policy.register import Document, DocumentsFile, Instrument, InstrumentsFile, Register
from camaudit.policy.schema import Pack, PackForm
from camaudit.resources import shown_path, yaml_files
from camaudit.signatures.schema import Entity
from camaudit.yamlio import load

DOCUMENTS = "documents.yaml"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Policies:
    """All that the rules say: the packs in the order of their files, the register, and the digest of the files."""

    packs: tuple[Pack, ...]
    register: Register
    digest: str

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the project documents of the register."""
        return self.register.documents

    @property
    def names(self) -> Mapping[str, str]:
        """Return the titles of the packs by their ids."""
        return {pack.id: pack.title for pack in self.packs}

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of the instruments by their ids."""
        return {instrument.id: instrument.title for instrument in self.register.instruments.values()}

    @property
    def unwaivable(self) -> frozenset[str]:
        """Return the ``pack/rule`` ids of the rules that take no waiver."""
        return frozenset(
            f"{pack.id}/{rule.id}" for pack in self.packs for rule in pack.rules if not rule.form.waivable
        )


def load_policies(
    folder: Traversable, entities: Mapping[str, Entity], *, also: Iterable[Traversable] = ()
) -> Policies:
    """Read ``folder`` and the packs of the operator's own folders ``also``.

    Raises ``DataFileError`` with a line for each problem: all problems of form first, then all of reference.
    """
    pack_files = [f for f in yaml_files(folder) if f.name not in (INSTRUMENTS, DOCUMENTS)]
    pack_files += [file for own in also for file in yaml_files(own)]
    wrong: list[str] = []
    instruments = _read(folder / INSTRUMENTS, InstrumentsFile, wrong)
    documents = _read(folder / DOCUMENTS, DocumentsFile, wrong)
    forms = [(file, form) for file in pack_files if (form := _read(file, PackForm, wrong)) is not None]
    if wrong or instruments is None or documents is None:
        raise DataFileError(tuple(wrong))
    own = tuple(i for _, form in forms for i in form.own_instruments)
    known = {i.id: i for i in (*instruments.instruments, *own)}
    wrong += _check_instruments(folder / INSTRUMENTS, instruments, entities)
    wrong += check_documents(folder / DOCUMENTS, documents, known)
    wrong += check_background(folder / DOCUMENTS, documents, entities)
    packs = [build_pack(file, form, known, entities, wrong) for file, form in forms]
    wrong += _doubles(forms, instruments.instruments)
    wrong += _check_yielding(forms)
    if wrong:
        raise DataFileError(tuple(wrong))
    files = (folder / INSTRUMENTS, folder / DOCUMENTS, *pack_files)
    register = Register(known, documents.documents, instruments.sources, documents.answers)
    return Policies(tuple(pack for pack in packs if pack is not None), register, _digest(files))


def _read(file: Traversable, kind: type[T], wrong: list[str]) -> T | None:
    try:
        return load(file, kind)
    except DataFileError as error:
        wrong += error.problems
        return None


def _check_instruments(file: Traversable, found: InstrumentsFile, entities: Mapping[str, Entity]) -> Iterator[str]:
    problems = Problems(file)
    seen: set[str] = set()
    for index, instrument in enumerate(found.instruments):
        where = ("instruments", index)
        if instrument.id in seen:
            problems.add((*where, "id"), f"{instrument.id!r} is there twice; ids must be unique")
        seen.add(instrument.id)
        check_instrument(instrument, where, problems, entities)
        for number, source in enumerate(instrument.sources):
            if source not in found.sources:
                problems.add((*where, "sources", number), f"{source!r} is no source of this file; add it there")
    return iter(problems.found)


def _check_yielding(forms: list[tuple[Traversable, PackForm]]) -> Iterator[str]:
    rules = {f"{form.id}/{rule.id}" for _, form in forms for rule in form.rules}
    for file, form in forms:
        problems = Problems(file)
        for index, rule in enumerate(form.rules):
            for number, name in enumerate(rule.yields_to):
                if name not in rules:
                    problems.add(("rules", index, "yields_to", number), f"{name!r} is no rule; write pack/rule")
        yield from problems.found


def _doubles(forms: list[tuple[Traversable, PackForm]], shipped: tuple[Instrument, ...]) -> Iterator[str]:
    packs: dict[str, str] = {}
    ids = {instrument.id: INSTRUMENTS for instrument in shipped}
    for file, form in forms:
        problems = Problems(file)
        if form.id in packs:
            problems.add(("id",), f"{form.id!r} is the id of {packs[form.id]} too; ids must be unique")
        packs.setdefault(form.id, shown_path(file))
        for index, instrument in enumerate(form.own_instruments):
            if instrument.id in ids:
                problems.add(("own_instruments", index, "id"), f"{instrument.id!r} is in {ids[instrument.id]} too")
            ids.setdefault(instrument.id, shown_path(file))
        yield from problems.found


def _digest(files: Iterable[Traversable]) -> str:
    total = hashlib.sha256()
    for file in files:
        text = file.read_bytes()
        total.update(f"{file.name}\0{len(text)}\0".encode())
        total.update(text)
    return f"sha256:{total.hexdigest()}"
