"""Write ``examples/output``: the demo's reports for each reader, the same bytes from the same inputs.

``python examples/demo/make.py`` renders the recorded run beside this file. ``--record URL`` first takes the newest
run of a store in its place, with a fixed clock and id, so that nothing but the fleet decides what it holds.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import camaudit.simulator
from camaudit import audit
from camaudit.catalogue import load_catalogue
from camaudit.model import Report
from camaudit.report.audience import for_audience
from camaudit.report.write import write
from camaudit.signatures.oui import packaged_table
from camaudit.site import load_site
from camaudit.store import Store
from camaudit.store.transfer import table_names

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "output"
RUN = HERE / "run.jsonl.gz"
FLEET = HERE / "fleet.sha256"
"""The digest of the fleet that was recorded."""
AS_OF = date(2026, 11, 30)
READERS = {
    "it": ("html", "containment"),
    "facilities": ("html",),
    "board": ("html",),
    "audit": ("html",),
    "public": ("html",),
}
"""What each reader gets; the folder has to stay small."""
_ID, _STARTED, _FINISHED = "20261130-090000-demo", "2026-11-30T09:00:00+00:00", "2026-11-30T09:00:40+00:00"
_NOT_KEPT = ("judgements",)


def record(url: str) -> None:
    """Write the newest run of a store to ``run.jsonl.gz``."""
    store = Store(url)
    lines = "".join(json.dumps([name, row]) + "\n" for name, row in _fixed(store))
    with RUN.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(lines.encode())
    FLEET.write_text(f"{fleet()}\n", "ascii")


def _fixed(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in store.rows(store.run().run.id):
        if name in _NOT_KEPT:
            continue
        known = dict(row)
        known["id" if name == "runs" else "run"] = _ID
        for key, moment in (("started", _STARTED), ("finished", _FINISHED), ("at", _STARTED)):
            if key in known:
                known[key] = moment
        yield name, known


def demo() -> Report:
    """Return the recorded run, judged by today's knowledge on a fixed day."""
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in table_names()}
    for line in gzip.decompress(RUN.read_bytes()).decode().splitlines():
        name, row = json.loads(line)
        parts[name].append(row)
    store = Store("sqlite://")
    store.add(parts)
    return audit.judge(store.run(), load_catalogue(), as_of=AS_OF, site=load_site(HERE / "site.yaml"))


def render(folder: Path) -> tuple[Path, ...]:
    """Write every reader's reports below a folder."""
    report = demo()
    made = []
    for reader, formats in READERS.items():
        made += write(for_audience(report, reader), formats, folder / reader)
    return tuple(made)


def fleet() -> str:
    """Return a digest of the simulated fleet: another fleet needs a run recorded anew."""
    total = hashlib.sha256()
    folder = Path(camaudit.simulator.__file__).parent
    # Only the demo's own: the fleets of hostile and of fragile hosts are recorded in no example.
    files = (*folder.glob("*.yaml"), *folder.glob("fleet/*.yaml"), *folder.glob("platforms/*.yaml"))
    for file in sorted(files):
        total.update(f"{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes())
    return total.hexdigest()


def main() -> None:
    """Write the folder anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", metavar="URL", help="take the newest run of this store")
    url = parser.parse_args().record
    if url:
        record(url)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    paths = render(OUTPUT)
    (OUTPUT / "oui.txt").write_text(f"{packaged_table().dated}\n", "ascii")
    size = sum(path.stat().st_size for path in paths)
    print(f"{OUTPUT}: {len(paths)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
