"""Read a loaded YAML mapping strictly: wrong types and unknown keys are errors that name file and key.

In: a mapping from a device file. Out: typed values, or a ``DataFileError``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camaudit.errors import DataFileError


class Section:
    """One mapping of a device file; each key must be read once, and ``close`` refuses what is left."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise DataFileError((f"{where}: here a mapping is needed, not {type(data).__name__}",))
        self._left: dict[str, object] = {str(key): value for key, value in data.items()}
        self.where = where

    def fail(self, key: str, problem: str) -> DataFileError:
        """Give the error for one key, to be raised by the caller."""
        return DataFileError((f"{self.where}: {key}: {problem}",))

    def take(self, key: str) -> object:
        """Give the raw value of a key, None where it is absent or null."""
        return self._left.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text; numbers are accepted, since versions and ports look like them."""
        value = self.take(key)
        if value is None:
            if default is None:
                raise self.fail(key, "missing")
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.fail(key, f"here a text is needed, not {value!r}")
        return str(value)

    def text_or_none(self, key: str) -> str | None:
        """Give a text, or None where the key is absent or null."""
        if self._left.get(key) is not None:
            return self.text(key)
        self._left.pop(key, None)
        return None

    def whole(self, key: str, default: int | None = None) -> int:
        """Give a whole number."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, f"here a whole number is needed, not {value!r}")
        return value

    def number(self, key: str, default: float) -> float:
        """Give a number with or without decimals."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(key, f"here a number is needed, not {value!r}")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fail(key, f"here true or false is needed, not {value!r}")
        return value

    def word(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Give a text that must be one of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.fail(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; one text alone counts as a list of one; absent is empty."""
        value = self.take(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float) for item in items):
            raise self.fail(key, "here a list of texts is needed")
        return tuple(str(item) for item in items)

    def section(self, key: str) -> Section | None:
        """Give the mapping under a key, or None where it is absent."""
        value = self.take(key)
        return None if value is None else Section(value, f"{self.where}: {key}")

    def sections(self, key: str) -> tuple[Section, ...]:
        """Give a list of mappings; absent is empty."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fail(key, "here a list is needed")
        return tuple(Section(item, f"{self.where}: {key}[{at}]") for at, item in enumerate(value))

    def rest(self) -> Iterator[tuple[str, object]]:
        """Give all keys that are left, in the file's order, and take them."""
        left, self._left = self._left, {}
        yield from left.items()

    def close(self) -> None:
        """Refuse the keys that nobody read."""
        if self._left:
            raise DataFileError((f"{self.where}: unknown key {', '.join(map(repr, self._left))}",))


def merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """Lay ``over`` on ``base``: mappings merge, everything else replaces, null deletes what was there."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if value is None and key in result:
            del result[key]
        elif isinstance(below, dict) and isinstance(value, dict):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result
