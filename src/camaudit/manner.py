"""How a scan was asked for, as its run keeps it, so that whoever resumes it need not remember.

In go options, out comes JSON, and the options again. Of accounts and communities it keeps that there were some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from camaudit.scan import GENTLE, Engine, ScanOptions, parse_quiet
from camaudit.scan.ports import Speaks

HOW = "how"
"""The stage of a run that holds it."""

_USUAL = ScanOptions()


def kept_manner(options: ScanOptions) -> dict[str, Any]:
    """Return how a scan was asked for as JSON knows it; no secret is in it."""
    return {
        "rate": options.rate,
        "ports": {str(port): speaks.value for port, speaks in options.ports.items()},
        "interfaces": list(options.interfaces),
        "multicast": options.multicast,
        "engine": options.engine.value,
        "gentle": options.manners == GENTLE,
        "quiet": [str(span) for span in options.quiet],
        "communities": bool(options.communities),
        "accounts": options.accounts is not None,
    }


def as_begun(options: ScanOptions, kept: Mapping[str, Any]) -> ScanOptions:
    """Return the options of the rest of a scan: what is not given anew is as it was."""
    if not kept:
        return options
    ports = {int(port): Speaks(speaks) for port, speaks in kept["ports"].items()}
    return replace(
        options,
        rate=kept["rate"] if options.rate == _USUAL.rate else options.rate,
        ports=ports if options.ports == _USUAL.ports else options.ports,
        interfaces=options.interfaces or tuple(kept["interfaces"]),
        multicast=kept["multicast"],
        engine=Engine(kept["engine"]) if options.engine is _USUAL.engine else options.engine,
        manners=GENTLE if kept.get("gentle") else options.manners,
        quiet=options.quiet or parse_quiet(kept.get("quiet", ())),
    )


def left_out(options: ScanOptions, kept: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the rest of a scan goes without although it was begun with it."""
    if kept.get("communities") and not options.communities:
        yield "the scan was begun with --snmp-community and resumed without: the rest was not asked by SNMP"
    if kept.get("accounts") and options.accounts is None:
        yield "the scan was begun with --credentials and resumed without: no login was tried at the rest"
