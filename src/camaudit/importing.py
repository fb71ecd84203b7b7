"""The use case of ``camaudit import``: files become a run, alone or joined with a scan; nothing is sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from camaudit import __version__
from camaudit.audit import now
from camaudit.errors import UsageError
from camaudit.imports import Imported, is_private, nearest, place, without_uplinks
from camaudit.model import Observation, Outcome, Run, Site
from camaudit.scan import parse_scope
from camaudit.store import Store, StoredRun

ALONE, JOINED = "import", "scan+import"
_NOTHING_SENT = (
    "nothing was sent: this run holds what the imported files say, and what they leave out was not asked; a unit "
    "that no file names is not in it"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """The run that was made, how many addresses it knows, and every line that was not read."""

    run: str
    addresses: int
    problems: tuple[str, ...]


def units_of(site: Site) -> Callable[[str], bool]:
    """Return what says of an address whether it may be a unit of ``site``: a private one, or one of its scope."""
    scope = parse_scope(site.scope, site.exclude, allow_public=True) if site.scope else None
    return lambda address: is_private(address) or (scope is not None and scope.contains(address))


def import_files(
    store: Store,
    files: Iterable[Imported],
    site: Site,
    base: StoredRun | None = None,
    *,
    origin: str = "",
    limit: str = _NOTHING_SENT,
) -> Stored:
    """Store what ``files`` say as a run of its own, with everything of ``base`` in it where one is given.

    ``origin`` and ``limit`` say of a run without a base where it comes from and what it therefore does not hold.
    Raises UsageError, and stores nothing, where no line of any file could be read or ``base`` is not complete.
    """
    read = nearest(without_uplinks(file) for file in files)
    problems = tuple(problem for file in read for problem in file.problems)
    if not any(file.entries for file in read):
        raise UsageError("\n".join(problems) or "the files name no unit, so there is nothing to import")
    if base is not None and base.run.finished is None:
        raise UsageError(f"run {base.run.id} was ended early; finish it with `camaudit scan --resume` first")
    started = now()
    names = tuple(file.name for file in read)
    run = Run(
        id=f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        started=started,
        finished=None,
        tool_version=__version__,
        scope=(*(base.run.scope if base else ()), *names),
        excluded=base.run.excluded if base else (),
        origin=JOINED if base else origin or ALONE,
    )
    imported = _write(store, run, site, read, base)
    notes = tuple(note for file in read for note in file.notes)
    limits = (
        *(base.limits if base else (limit,)),
        *notes,
        *(f"not read: {problem}" for problem in problems),
    )
    store.finish(run.id, now(), limits)
    return Stored(run.id, len({item.target.address for item in imported}), problems)


def _write(
    store: Store, run: Run, site: Site, read: tuple[Imported, ...], base: StoredRun | None
) -> tuple[Observation, ...]:
    writer = store.begin(run, site, base.resolved if base else ((), ()))
    known = dict(_known_macs(base)) if base else {}
    imported = tuple(place(read, known, now))
    for host in base.hosts if base else ():
        writer.host(host.address, host.outcome, host.notes)
    for item in (item for items in (base.observations.values() if base else ()) for item in items):
        writer.observation(item)
    for item in imported:
        writer.observation(item)
    hosts = dict(_hosts(imported, base))
    for address, outcome in hosts.items():
        writer.host(address, outcome)
    writer.flush()
    return imported


def _hosts(imported: tuple[Observation, ...], base: StoredRun | None) -> Iterator[tuple[str, str]]:
    """Yield the addresses that ``base`` does not know, and whether a file saw them; a silent one stays silent."""
    asked = {host.address for host in base.hosts} if base else set()
    scope = parse_scope(*base.resolved, allow_public=True) if base else None
    seen = {item.target.address for item in imported if item.outcome is Outcome.ANSWERED}
    shut = {item.target.address for item in imported if item.outcome is Outcome.REFUSED}
    for address in dict.fromkeys(item.target.address for item in imported):
        in_scope = scope is not None and _is_address(address) and scope.contains(address)
        if address in asked or (in_scope and address not in seen | shut):
            continue
        yield address, "answered" if address in seen else ("refused" if address in shut else "unasked")


def _is_address(text: str) -> bool:
    from camaudit.imports.entry import as_address

    return bool(as_address(text))


def _known_macs(base: StoredRun) -> Iterator[tuple[str, str]]:
    for address, items in base.observations.items():
        for item in items:
            for name in ("mac.address", "sadp.mac", "dhip.mac", "wsd.mac"):
                for mac in item.fields.get(name, ()):
                    yield mac.lower().replace("-", ":"), address
