"""Under which licences the packages stand that come with camaudit: ``python -m upkeep.licences``.

In go the lock file and what is installed, out comes a line for each package; a licence that does not go with the
GNU General Public License (version 2 or later, so 3 where a package needs it) ends with 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

LOCK = Path("requirements.lock")
_LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==", re.MULTILINE)
_FITS = re.compile(
    r"0BSD|Apache|BSD|CC0|GPL|GNU (Lesser )?General Public|ISC|MIT|MPL|Mozilla|PSF|Python Software Foundation|"
    r"Unlicense|Zlib",
)
_DOES_NOT_FIT = re.compile(r"AGPL|Affero|proprietary|commercial|non-?commercial", re.IGNORECASE)
READ_BY_HAND = {"pysnmp": "BSD-2-Clause"}
"""What a person read in the package's own licence file, where its metadata does not say it."""


def locked(text: str) -> tuple[str, ...]:
    """Return the names of the packages of a lock file."""
    return tuple(dict.fromkeys(_LOCKED.findall(text)))


def fits(licence: str) -> bool:
    """Say whether a package under this licence may come with camaudit."""
    return bool(_FITS.search(licence)) and not _DOES_NOT_FIT.search(licence)


def installed(names: tuple[str, ...]) -> dict[str, str]:
    """Return the licence of each of these packages that is installed here (some are for other systems only)."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--packages", *names]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours
    return {each["Name"]: READ_BY_HAND.get(each["Name"], each["License"]) for each in json.loads(told)}


def main() -> int:
    """Print each package with its licence; 1 where one does not fit."""
    found = installed(locked(LOCK.read_text("utf-8")))
    for name, licence in sorted(found.items(), key=lambda pair: pair[0].lower()):
        print(f"{'ok' if fits(licence) else 'NO'}  {name}: {licence}")
    return 0 if found and all(map(fits, found.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
