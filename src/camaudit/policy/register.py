"""The register: what each instrument asks of whom, and what the project documents say of it.

In go ``instruments.yaml`` and ``documents.yaml``, out come citations. An instrument decides a verdict; a document
never does: of its statements only restrictions stand beside a citation, each with what is imprecise in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from camaudit.model import Citation, DocumentNote
from camaudit.yamlio import STRICT

Force = Literal[
    "binding_law",
    "binding_on_government",
    "court_decision",
    "guidance",
    "proposal",
    "litigation_allegation",
    "investor_exclusion",
    "no_ban",
    "own_decision",
]
Verb = Literal[
    "purchase",
    "contract_renewal",
    "contractor_use",
    "use",
    "new_authorisation",
    "import_marketing",
    "core_network_connection",
    "existing_installations",
    "grant_spend",
    "export_to_vendor",
    "securities",
    "market_access_security",
    "data_protection",
    "procurement_exclusion",
]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Source:
    """A page on which a record rests, and what was read there."""

    __pydantic_config__ = STRICT
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One law, instruction, guidance or decision.

    ``role``: ``rule`` may drive a verdict on an installed unit, ``advisory`` may be cited beside one,
    ``purchase_only`` concerns what is bought next, ``context`` never touches a verdict.
    """

    __pydantic_config__ = STRICT
    id: str
    title: str
    citation: str
    jurisdiction: tuple[str, ...]
    issuing_body: str
    binds: str
    force: Force
    restricts: tuple[Verb, ...]
    asks: str
    installed_camera: str
    reach: str
    made: date | str
    status: str
    known_as_of: str
    checked: date
    confidence: Confidence
    role: Literal["rule", "advisory", "purchase_only", "context"]
    named: tuple[str, ...] = ()
    named_others: tuple[str, ...] = ()
    in_force: tuple[date | str, ...] = ()
    deadlines: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    purpose_limb: str = ""
    note: str = ""
    url: str = ""
    sources: tuple[str, ...] = ()
    recheck: bool = False

    @property
    def carries_a_violation(self) -> bool:
        """Say whether a violation may rest on this: a rule, well known, with nothing left to recheck."""
        return self.role == "rule" and self.confidence != "low" and not self.recheck


@dataclass(frozen=True, slots=True)
class InstrumentsFile:
    """The file ``policies/instruments.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/instruments@1"]
    sources: dict[str, Source]
    instruments: tuple[Instrument, ...]


Topic = Literal["surveillance", "ownership", "data_abroad"]


@dataclass(frozen=True, slots=True)
class VendorAnswer:
    """What a company answers to what is said of it."""

    __pydantic_config__ = STRICT
    id: str
    maker: str
    states: str
    dated: date | str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InBackground:
    """Lets a statement stand in the appendix: its topic, of whom, since when, who reports it, what they answer."""

    __pydantic_config__ = STRICT
    topic: Topic
    about: str
    reported: date | str
    answers: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a project document states, what is true of it, and the instruments it is about."""

    __pydantic_config__ = STRICT
    id: str
    kind: Literal["restriction", "allegation", "vendor_statement", "context", "opinion"]
    states: str
    verdict: Literal["correct", "partly", "wrong", "unverified", "opinion", "no_content"]
    correction: str
    instruments: tuple[str, ...] = ()
    background: InBackground | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One project document: what it is, how far it can be trusted, and what it states."""

    __pydantic_config__ = STRICT
    id: str
    title: str
    publisher: str
    dated: date | str
    reliability: Literal["very_low", "low", "medium", "high"]
    describes: str
    file_name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class DocumentsFile:
    """The file ``policies/documents.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/documents@1"]
    documents: tuple[Document, ...]
    answers: tuple[VendorAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Every instrument by its id, and the project documents beside them."""

    instruments: Mapping[str, Instrument]
    documents: tuple[Document, ...] = ()
    sources: Mapping[str, Source] | None = None
    answers: tuple[VendorAnswer, ...] = ()

    def cite(self, instrument_id: str) -> Citation:
        """Return an instrument as a finding cites it, with what the documents say of it."""
        found = self.instruments[instrument_id]
        return Citation(
            instrument=found.id,
            title=found.title,
            citation=found.citation,
            url=found.url,
            known_as_of=found.known_as_of,
            binds=found.binds,
            asks=found.asks,
            confidence=found.confidence,
            recheck=found.recheck,
            documents=self.notes_on(found.id),
        )

    def notes_on(self, instrument_id: str) -> tuple[DocumentNote, ...]:
        """Return the restrictions that the documents state of an instrument, each with its correction."""
        return tuple(
            DocumentNote(document.id, document.title, statement.states, statement.correction)
            for document in self.documents
            for statement in document.statements
            if statement.kind == "restriction" and instrument_id in statement.instruments
        )
