"""What a stored run reached: in goes the run, out comes its coverage; what was not asked is told from silence."""

from __future__ import annotations

from collections.abc import Callable

from camaudit.model import Coverage, HostCoverage, Outcome
from camaudit.scan import Scope, parse_scope
from camaudit.store import StoredRun


def coverage(stored: StoredRun) -> Coverage:
    """Return what a stored run reached; an address that left no host was silent, or not asked yet."""
    counts = {outcome: _count(stored.hosts, outcome) for outcome in ("answered", "refused", "excluded", "error")}
    there = sum(counts.values())
    if not stored.resolved[0]:
        return _imported_coverage(stored, counts)
    scope = parse_scope(*stored.resolved, allow_public=True)
    # Of an IPv6 network that is too large to sweep only those count who were met.
    size = scope.size() + sum(not _swept(scope, host.address) for host in stored.hosts if host.outcome in counts)
    silent = max(0, size - there) if stored.run.finished else stored.silent
    named_only = _count(stored.hosts, "unasked")
    return Coverage(
        addresses=size + named_only,
        answered=counts["answered"],
        silent=silent,
        refused=counts["refused"],
        excluded=counts["excluded"],
        error=counts["error"],
        unasked=max(0, size - there - silent) + named_only,
        hosts=(*stored.hosts, *stored.begun),
        limits=stored.limits,
    )


def _imported_coverage(stored: StoredRun, counts: dict[str, int]) -> Coverage:
    """Return the coverage of a run of files alone: nobody was asked, so nobody was silent."""
    unasked = _count(stored.hosts, "unasked")
    total = sum(counts.values()) + unasked
    return Coverage(
        addresses=total,
        answered=counts["answered"],
        silent=0,
        refused=counts["refused"],
        unasked=unasked,
        hosts=stored.hosts,
        limits=stored.limits,
    )


def _swept(scope: Scope, address: str) -> bool:
    try:
        return scope.sweeps(address)
    except ValueError:
        return False  # a unit of an import that is known by its MAC only


def _count(hosts: tuple[HostCoverage, ...], outcome: str) -> int:
    return sum(host.outcome == outcome for host in hosts)


def whereabouts(stored: StoredRun) -> Callable[[str], str]:
    """Return what tells of an address whether the run asked it, and what came of it."""
    came = {host.address: host.outcome for host in stored.hosts}
    scope = parse_scope(*stored.resolved, allow_public=True) if stored.resolved[0] else None

    def where(address: str) -> str:
        outcome = came.get(address, "")
        if outcome in (Outcome.REFUSED.value, "excluded", "error", "unasked"):
            return outcome if outcome == Outcome.REFUSED.value else "not_asked"
        if outcome == "answered":
            return "other"
        asked = stored.run.finished is not None and scope is not None and _contains(scope.contains, address)
        return "silent" if asked else "not_asked"

    return where


def _contains(contains: Callable[[str], bool], address: str) -> bool:
    try:
        return contains(address)
    except ValueError:
        return False  # a unit of an import that is known by its MAC only
