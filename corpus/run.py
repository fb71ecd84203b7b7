"""Say how well recorded devices are identified: ``python -m corpus.run [--write] [--missed] [--round N]``.

Exit code 0; 2 where a recording is not in order.
"""

from __future__ import annotations

import argparse
import sys

from camaudit.catalogue import load_catalogue
from camaudit.errors import DataFileError
from corpus import form, score, table
from corpus.replay import Unreadable


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; with ``--write`` put them into docs/calibration.md."""
    parser = argparse.ArgumentParser(prog="corpus.run", description="Recorded devices, identified.")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/calibration.md")
    parser.add_argument("--missed", action="store_true", help="list what was missed in the part that tunes")
    parser.add_argument("--round", type=int, help="print the figures of this round of gathering alone")
    options = parser.parse_args(arguments)
    catalogue = load_catalogue()
    try:
        recordings = form.load(catalogue.knowledge)
        cases = score.judged(recordings, catalogue.knowledge, catalogue.oui)
    except (DataFileError, Unreadable) as error:
        print(error, file=sys.stderr)
        return 2
    text = table.figures(cases)
    print(text if options.round is None else table.figures_of_round(cases, options.round))
    if options.missed:
        # Whoever tunes must not see what the other part missed: it would no longer test.
        print("\n" + table.missed(c for c in cases if c.recording.part is form.Part.TUNE))
    if options.write:
        table.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
