"""How a scan asks, read from its flags: what, how fast, how gently, and when not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from camaudit.audit import put_away_privilege
from camaudit.errors import UsageError
from camaudit.model import Observation
from camaudit.scan import GENTLE, LIKELY_PORTS, Engine, ScanOptions, check_engine, parse_ports, parse_quiet

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue

GENTLE_RATE = 100.0
"""Packets a second that a gentle scan sends at most."""


@cache
def _shipped() -> Catalogue:
    from camaudit.catalogue import load_catalogue

    return load_catalogue()


def _are_apart(one: Observation, other: Observation) -> bool:
    # By what we ship, whatever the report is made by: it decides only what a second page is asked.
    from camaudit.hosts import are_apart

    catalogue = _shipped()
    return are_apart(one, other, catalogue.knowledge, catalogue.oui)


def scanning(
    rate: float,
    ports: str | None,
    interfaces: list[str] | None,
    engine: Engine,
    communities: list[str] | None = None,
    quiet_hours: list[str] | None = None,
    *,
    gentle: bool = False,
) -> ScanOptions:
    """Read how to scan; raises NetworkUnavailable where nmap is asked for and not here."""
    check_engine(engine)
    put_away_privilege()
    if not all(communities or ()):
        raise UsageError("--snmp-community: the community is empty; give its name, or leave the flag out")
    chosen = ScanOptions(
        rate=rate,
        interfaces=tuple(interfaces or ()),
        engine=engine,
        communities=tuple(dict.fromkeys(communities or ())),
        quiet=parse_quiet(quiet_hours or ()),
        are_apart=_are_apart,
    )
    if gentle:
        chosen = replace(chosen, manners=GENTLE, rate=min(rate, GENTLE_RATE), ports=LIKELY_PORTS)
    # Ports that the operator names are asked whatever else is said.
    return chosen if ports is None else replace(chosen, ports=parse_ports(ports))
