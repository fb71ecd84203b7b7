"""The form of a fact that the operator of a site alone can know.

In goes nothing, out comes the form; ``facts`` holds the closed list.
"""

from __future__ import annotations

from dataclasses import dataclass

from camaudit.phrases import phrases


@dataclass(frozen=True, slots=True)
class SiteFact:
    """One yes-or-no fact that the operator alone can know."""

    name: str
    jurisdiction: str = ""
    """Where it matters by default; empty means everywhere."""
    kinds: tuple[str, ...] = ()
    """The kinds of organisation it can be true of; for every other kind it is false. Empty means all."""
    needs: str = ""
    """The fact without which this one settles nothing."""

    @property
    def question(self) -> str:
        """Return its question, in the language that is spoken."""
        return phrases().facts[self.name].question

    @property
    def why(self) -> str:
        """Return why it matters."""
        return phrases().facts[self.name].why
