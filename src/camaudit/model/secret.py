"""A password in memory: it can be used, and by no ordinary way be shown, logged, stored or sent on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

_HIDDEN = "(hidden)"


class Secret:
    """A text that every way of printing hides; ``reveal`` is for the code that computes a login."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret{_HIDDEN}"

    def __str__(self) -> str:
        return _HIDDEN

    def __format__(self, form: str) -> str:
        return _HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")

    def __deepcopy__(self, memo: object) -> Secret:
        return self


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the operator handed over, to read with and nothing else."""

    username: str
    password: Secret
