"""The columns of the workbook's sheets, and which of them people fill in. Writer and reader share them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from camaudit.report.format_words import format_words
from camaudit.report.words import words

MAX_FILLED = 1000
"""Characters of one cell that somebody filled in."""


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its width in characters, what it holds, and whether people fill it in.

    ``group`` names the words of ``formats.yaml`` that a picked cell may hold.
    """

    key: str
    width: int = 16
    holds: Holds = Holds.TEXT
    filled: bool = False
    group: str = ""

    @property
    def title(self) -> str:
        """Return the heading that the reader sees."""
        own = format_words().columns
        return own[self.key] if self.key in own else words().columns[self.key]

    @property
    def choices(self) -> dict[str, str]:
        """Return what may be picked: the word for the reader by its key."""
        groups = format_words()
        return {
            "decisions": groups.decisions,
            "statuses": groups.statuses,
            "answers": groups.answers,
        }[self.group]


_DAY, _NUMBER, _PICK = Holds.DAY, Holds.NUMBER, Holds.PICK

REGISTER = (
    Column("id", 14),
    Column("address", 15),
    Column("verdict", 18),
    Column("kind", 12),
    Column("maker", 16),
    Column("model", 22),
    Column("location", 28, filled=True),
    Column("owner", 20, filled=True),
    Column("decision", 24, _PICK, filled=True, group="decisions"),
    Column("decided_by", 18, filled=True),
    Column("note", 28, filled=True),
    Column("next_step", 44),
    Column("due", 12, _DAY),
    Column("certainty", 14),
    Column("confidence", 11, _NUMBER),
    Column("brand", 16),
    Column("firmware", 22),
    Column("firmware_date", 13, _DAY),
    Column("serial", 24),
    Column("mac", 18),
    Column("also_at", 18),
    Column("first_seen", 12, _DAY),
    Column("ports", 30),
    Column("contacts", 40),
    Column("findings", 10, _NUMBER),
    Column("rules", 40),
    Column("steps", 30),
)
FINDINGS = (
    Column("id", 14),
    Column("address", 15),
    Column("verdict", 18),
    Column("severity", 11),
    Column("policy", 26),
    Column("rule", 26),
    Column("title", 40),
    Column("reason", 50),
    Column("question", 50),
    Column("due", 12, _DAY),
    Column("remedy", 22),
    Column("citations", 50),
    Column("known_as_of", 13),
    Column("waived_until", 13, _DAY),
    Column("granted_by", 18),
)
PLAN = (
    Column("order", 7, _NUMBER),
    Column("action", 24),
    Column("what", 44),
    Column("why", 50),
    Column("count", 9, _NUMBER),
    Column("addresses", 40),
    Column("due", 12, _DAY),
    Column("currency", 9),
    Column("cost_low", 11, _NUMBER),
    Column("cost_high", 11, _NUMBER),
    Column("responsible", 20, filled=True),
    Column("status", 12, _PICK, filled=True, group="statuses"),
    Column("done", 12, _DAY, filled=True),
    Column("note", 28, filled=True),
    Column("who", 24),
    Column("effort", 30),
    Column("hours_low", 10, _NUMBER),
    Column("hours_high", 10, _NUMBER),
    Column("cost_lines", 50),
    Column("key", 12),
)
COSTS = (
    Column("site", 28),
    Column("year", 14),
    Column("steps", 9, _NUMBER),
    Column("currency", 9),
    Column("cost_low", 12, _NUMBER),
    Column("cost_high", 12, _NUMBER),
    Column("unpriced", 16, _NUMBER),
)
SPECIFICATION = (
    Column("number", 7, _NUMBER),
    Column("requirement", 110),
)
COVERAGE = (
    Column("host", 18),
    Column("outcome", 16),
    Column("probes", 60),
    Column("notes", 50),
)
QUESTIONS = (
    Column("question", 70),
    Column("settles", 10, _NUMBER),
    Column("addresses", 40),
    Column("outcomes", 50),
    Column("fact", 26),
    Column("answer", 28, filled=True),
    Column("answered_by", 18, filled=True),
    Column("answered_on", 13, _DAY, filled=True),
    Column("note", 28, filled=True),
)

SHEETS = {
    "register": REGISTER,
    "findings": FINDINGS,
    "plan": PLAN,
    "coverage": COVERAGE,
    "questions": QUESTIONS,
    "costs": COSTS,
    "specification": SPECIFICATION,
}
"""The tables of the workbook by the key of their name, in their order."""
