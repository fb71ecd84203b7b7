"""The instruments that somebody should read again, the longest unread first: ``python -m upkeep.laws``.

``--checked ID`` notes that a person read the text of that instrument today and found our record true.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from camaudit.catalogue import load_catalogue
from camaudit.policy.register import Instrument

FOLDER = Path("policies")


def due(register: Iterable[Instrument], before: date) -> tuple[Instrument, ...]:
    """Return the instruments last read before this day, the longest unread first."""
    return tuple(sorted((i for i in register if i.checked < before), key=lambda i: (i.checked, i.id)))


def with_day(text: str, name: str, day: date) -> str | None:
    """Return the file's text with ``checked`` of this instrument set to ``day``; ``None`` where there is none."""
    found = re.search(rf"^(?P<dent> *)- id: {re.escape(name)}\n(?:(?!(?P=dent)- ).*\n)*", text, re.MULTILINE)
    if found is None or not re.search(r"^ *checked: ", found[0], re.MULTILINE):
        return None
    record = re.sub(r"^( *checked: ).*$", rf"\g<1>{day.isoformat()}", found[0], count=1, flags=re.MULTILINE)
    return text[: found.start()] + record + text[found.end() :]


def note_checked(names: Iterable[str], folder: Path, day: date) -> list[str]:
    """Set the day of each instrument in whichever file holds it; return the names that no file holds."""
    missing = []
    for name in names:
        for file in sorted(folder.rglob("*.yaml")):
            changed = with_day(file.read_text("utf-8"), name, day)
            if changed is not None:
                file.write_text(changed, "utf-8")
                break
        else:
            missing.append(name)
    return missing


def main() -> int:
    """List what is due, or note what was read; 2 for an id that there is not."""
    parser = argparse.ArgumentParser(prog="python -m upkeep.laws", description=__doc__)
    parser.add_argument("--unread-for", type=int, default=300, metavar="DAYS", help="default: 300")
    parser.add_argument("--checked", nargs="+", metavar="ID", help="read today, and our record is true")
    wanted = parser.parse_args()
    if wanted.checked:
        missing = note_checked(wanted.checked, FOLDER, date.today())
        for name in missing:
            print(f"{name}: no such instrument in {FOLDER}/", file=sys.stderr)
        print("run `make proven` and `make docs`")
        return 2 if missing else 0
    register = load_catalogue().policies.register.instruments.values()
    for each in due(register, date.today() - timedelta(days=wanted.unread_for)):
        print(f"{each.checked}  {each.id}: {each.citation}\n            {each.url or 'no address known'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
