"""The project documents: what is wrong with the file, and the background that a report may hold when asked for.

In go the file and the entities, out come problems; in go the register and the makers of a site, out comes what the
documents allege of them, each beside what the company answers. Nothing of this ever reaches a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from importlib.resources.abc import Traversable

from camaudit.model import Allegation, Reply
from camaudit.policy.problems import Problems
from camaudit.policy.register import Document, DocumentsFile, InBackground, Instrument, Register, Statement
from camaudit.signatures.schema import Entity

INSTRUMENTS = "instruments.yaml"
_TOPICS = ("surveillance", "ownership", "data_abroad")


def check_documents(file: Traversable, found: DocumentsFile, known: Mapping[str, Instrument]) -> Iterator[str]:
    """Report ids that are there twice and instruments that are not in the register."""
    problems = Problems(file)
    seen: set[str] = set()
    for index, document in enumerate(found.documents):
        for number, statement in enumerate(document.statements):
            where = ("documents", index, "statements", number)
            if statement.id in seen:
                problems.add((*where, "id"), f"{statement.id!r} is there twice; ids must be unique")
            seen.add(statement.id)
            for place, name in enumerate(statement.instruments):
                if name not in known:
                    problems.add((*where, "instruments", place), f"{name!r} is no instrument of {INSTRUMENTS}")
    return iter(problems.found)


def check_background(file: Traversable, found: DocumentsFile, entities: Mapping[str, Entity]) -> Iterator[str]:
    """Report what would let an allegation stand without its denial, its date or its maker."""
    problems = Problems(file)
    makers = {answer.id: answer.maker for answer in found.answers}
    for number, answer in enumerate(found.answers):
        if answer.maker not in entities:
            problems.add(
                ("answers", number, "maker"), f"{answer.maker!r} is no entity of signatures/entities.yaml"
            )
        if not answer.sources:
            problems.add(("answers", number, "sources"), "must say where the company says so")
    for index, document in enumerate(found.documents):
        for number, statement in enumerate(document.statements):
            if statement.background is not None:
                where = ("documents", index, "statements", number, "background")
                for key, problem in _wrong(statement, statement.background, makers, entities):
                    problems.add((*where, key), problem)
    return iter(problems.found)


def _wrong(
    statement: Statement, background: InBackground, makers: Mapping[str, str], entities: Mapping[str, Entity]
) -> Iterator[tuple[str, str]]:
    if statement.kind not in ("allegation", "context"):
        yield "topic", f"a {statement.kind} is nothing that is alleged; leave background out"
    if not statement.correction.strip():
        yield "topic", "needs a correction: what is known of its truth"
    if background.about not in entities:
        yield "about", f"{background.about!r} is no entity of signatures/entities.yaml"
    if not background.answers:
        yield "answers", "must name what the company answers; an allegation never stands alone"
    for answer in background.answers:
        if makers.get(answer) != background.about:
            yield "answers", f"{answer!r} is no answer of {background.about} in this file"


def background(register: Register, makers: Collection[str]) -> tuple[Allegation, ...]:
    """Return what the documents allege of these makers, by topic; everything else they say stays out."""
    replies = {a.id: Reply(a.states, str(a.dated), a.sources) for a in register.answers}
    found = [
        _allegation(document, statement, statement.background, replies)
        for document in register.documents
        for statement in document.statements
        if statement.background is not None and statement.background.about in makers
    ]
    return tuple(sorted(found, key=lambda each: _TOPICS.index(each.topic)))


def _allegation(
    document: Document, statement: Statement, told: InBackground, replies: Mapping[str, Reply]
) -> Allegation:
    return Allegation(
        id=statement.id,
        topic=told.topic,
        maker=told.about,
        states=statement.states,
        known=statement.correction,
        reported=str(told.reported),
        document=document.id,
        title=document.title,
        publisher=document.publisher,
        dated=str(document.dated),
        reliability=document.reliability,
        sources=told.sources,
        replies=tuple(replies[answer] for answer in told.answers),
    )
