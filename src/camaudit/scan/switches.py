"""Asking switches where units are plugged in: in go addresses and a read-only login, out come their tables.

Only GETBULK is sent, through the gate. A switch that refuses the login, or leaves it unanswered, is asked no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from camaudit.imports import Imported
from camaudit.imports.bridge import (
    BY_VLAN,
    NEEDED,
    TABLES,
    VLAN_STATES,
    Index,
    Table,
    in_vlan,
    read_bridge,
    vlans_of,
)
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import Scope
from camaudit.net.snmp import Agent, SnmpLogin
from camaudit.net.wire import Host, Stopped

AT_ONCE = 8
"""Switches that are asked at the same time."""

_MOST_VLANS = 64

LoginOf = Callable[[str], SnmpLogin | None]
"""Gives the login for a switch's address."""


async def read_switches(scope: Scope, login_of: LoginOf, rate: float, port: int = 161) -> tuple[Imported, ...]:
    """Ask every switch of ``scope``; return a table for each, with problems where one could not be read."""
    gate = Gate(scope, Pace(rate))
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(address: str) -> Imported:
        async with turns:
            return await _read(gate, address, login_of(address), port)

    return tuple(await asyncio.gather(*map(in_turn, scope.addresses())))


async def _read(gate: Gate, address: str, login: SnmpLogin | None, port: int) -> Imported:
    into = Imported(address, "switch")
    if login is None:
        into.problems.append(f"{address}:1: no SNMP login fits this switch, so it was not asked")
        return into
    told: dict[str, Table] = {}
    try:
        host = gate.host(address)
        async with Agent(host, login, port=port) as agent:
            for name, root in TABLES.items():
                told[name] = await _table(agent, root)
            vlans = () if told["q_port"] else vlans_of(await _table(agent, VLAN_STATES))
        for vlan in vlans[:_MOST_VLANS]:
            await _add_vlan(host, login, port, vlan, told)
    except Stopped as stopped:
        if not any(told.get(name) for name in NEEDED):
            into.problems.append(f"{address}:1: {stopped.note}")
            return into
        into.notes.append(f"{address}: asking ended early ({stopped.note}); what it had told until then was read")
    read_bridge(told, into)
    return into


async def _add_vlan(host: Host, login: SnmpLogin, port: int, vlan: int, told: dict[str, Table]) -> None:
    """Read the MAC table of one VLAN, which some switches tell only in a context of its own."""
    within = (
        replace(login, context=f"vlan-{vlan}")
        if login.user
        else replace(login, community=f"{login.community}@{vlan}")
    )
    async with Agent(host, within, port=port) as agent:
        read = {name: await _table(agent, TABLES[name]) for name in BY_VLAN}
    for name, table in in_vlan(vlan, read).items():
        told[name] = {**told.get(name, {}), **table}


async def _table(agent: Agent, root: str) -> dict[Index, bytes | int | str]:
    return {index: value async for index, value in agent.walk(root)}
