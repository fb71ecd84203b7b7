"""What a rule says of a device, by which instrument, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camaudit.model.asked import Ask
from camaudit.model.planned import Range
from camaudit.model.words import Kind, Severity, Verdict


@dataclass(frozen=True, slots=True)
class DocumentNote:
    """What a project document says of an instrument, and what is imprecise in it."""

    document: str
    title: str
    states: str
    correction: str


@dataclass(frozen=True, slots=True)
class Citation:
    """An instrument as a finding cites it; the instrument decides, the document never does."""

    instrument: str
    title: str
    citation: str
    url: str
    known_as_of: str
    binds: str
    asks: str
    confidence: str
    recheck: bool = False
    documents: tuple[DocumentNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a company answers to an allegation, dated and with where it says so."""

    states: str
    dated: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allegation:
    """What a project document alleges of a maker; it stands in the background only and touches no verdict.

    ``known`` is what is known of its truth, ``reported`` the day of the first report, ``dated`` the document's.
    """

    id: str
    topic: str
    maker: str
    states: str
    known: str
    reported: str
    document: str
    title: str
    publisher: str
    dated: str
    reliability: str
    sources: tuple[str, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody with authority accepted a finding until a day; the verdict stays and is counted apart."""

    rule: str
    targets: tuple[str, ...]
    reason: str
    granted_by: str
    granted: date
    expires: date
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A supplier's letter that units were not made by somebody: stated and dated; it clears nothing."""

    targets: tuple[str, ...]
    not_made_by: tuple[str, ...]
    given_by: str
    dated: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What somebody saw on units (a label, its papers) and when; it is shown beside what a unit says of itself.

    ``made_by`` is an entity, or ``somebody-else`` for a company that no rule means; ``reads`` is what stood there.
    """

    targets: tuple[str, ...]
    seen_by: str
    seen_on: date
    made_by: str = ""
    kind: Kind = Kind.UNKNOWN
    how: str = ""
    reads: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on a question that no fact settles; it holds until it is to be looked at again."""

    question: str
    targets: tuple[str, ...]
    answer: str
    decided_by: str
    decided_on: date
    review_by: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule of one pack says of one device."""

    device: str
    policy: str
    rule: str
    title: str
    verdict: Verdict
    severity: Severity
    reason: str
    question: str = ""
    citations: tuple[Citation, ...] = ()
    due: date | None = None
    remedy: str = ""
    waiver: Waiver | None = None
    asks: tuple[Ask, ...] = ()
    """Of a review: what is open, the point that ``question`` asks for first."""
    advice: bool = False
    """A review of how the unit is run, whatever its make: counted apart from questions of law."""
    todo: str = ""
    when: str = ""
    """Of a violation: what has to be done and by when in the rule's words; empty where remedy and day say it."""

    @property
    def state(self) -> str:
        """Return the word that this is counted under: its verdict, or ``advice``."""
        return "advice" if self.advice and self.verdict is Verdict.REVIEW else self.verdict.value

    @property
    def shown_as(self) -> str:
        """Return the word that a reader sees: the state, or ``information`` where it only explains."""
        explains = self.verdict is Verdict.COMPLIANT and self.severity is Severity.INFO
        return "information" if explains else self.state


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a cost: so many of something at a price each, and what that comes to."""

    what: str
    quantity: Range
    price: Range
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """A range of money and the lines it is made of; ``unpriced`` names what the site's price table leaves out.

    Both ends 0 means that nothing has to be bought.
    """

    currency: str
    low: float
    high: float
    lines: tuple[CostLine, ...] = ()
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effort:
    """What a step asks of people: where and how in words, and the hours where the site states them."""

    text: str
    hours: Range | None = None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do, for one or more devices, in the order in which to do it.

    ``key`` and ``items`` (one for each of ``devices``) stay the same from audit to audit as long as the thing is
    to be done. ``by_from`` says whose day ``by`` is: ``instrument`` or ``site``.
    """

    order: int
    action: str
    title: str
    devices: tuple[str, ...]
    why: str
    by: date | None = None
    cost: Cost | None = None
    key: str = ""
    items: tuple[str, ...] = ()
    by_from: str = ""
    who: str = ""
    effort: Effort | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of one item of an earlier plan: ``done``, ``open``, ``unseen`` or ``new``.

    ``unseen``: the unit did not answer and nothing else stands at its address, which proves nothing.
    ``how`` says how a done item was closed: ``replaced`` (another unit answers there) or ``settled``.
    """

    key: str
    action: str
    device: str
    address: str
    state: str
    how: str = ""
    step: str = ""
    """The key of the step that the item stood in, in the earlier plan where it stood there."""
