"""Where units are plugged in: in go what switches' tables say of one unit, out come its ports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from camaudit.model import Device, Observation, Outcome, PlanStep, SwitchPort

_MOST_NAMED = 20
_CUT_OFF = "isolate"
_PLUGGED_IN = " Where they are plugged in: "


def ports_of(observations: Iterable[Observation]) -> tuple[SwitchPort, ...]:
    """Return the ports at which switches have seen a unit, each once."""
    found: dict[tuple[str, str], SwitchPort] = {}
    for seen in observations:
        if seen.probe != "switch" or seen.outcome is not Outcome.ANSWERED:
            continue
        switch, port, vlan, power, label = (
            next(iter(seen.fields.get(f"switch.{name}", ())), "")
            for name in ("name", "port", "vlan", "power", "label")
        )
        if port:
            known = found.get((switch, port))
            found[switch, port] = (
                SwitchPort(switch, port, vlan, power, label)
                if known is None
                else replace(known, power=known.power or power, label=known.label or label)
            )
    return tuple(found.values())


def described(port: SwitchPort) -> str:
    """Return a port in words, with what can be done there: ``switch 3, port 14 (PoE can be cut here)``."""
    name = port.switch if "switch" in port.switch.lower() else f"switch {port.switch}"
    text = f"{name}, port {port.port}"
    can = {"on": " (PoE can be cut here)", "off": " (gives no PoE now)", "none": " (no PoE)"}
    return text + can.get(port.power, "")


def with_ports(plan: Iterable[PlanStep], devices: Mapping[str, Device]) -> tuple[PlanStep, ...]:
    """Return a plan whose steps of cutting off say at which port of which switch each unit hangs."""
    return tuple(_located(step, devices) if step.action == _CUT_OFF else step for step in plan)


def _located(step: PlanStep, devices: Mapping[str, Device]) -> PlanStep:
    known = [devices[name] for name in step.devices if name in devices and devices[name].ports]
    if not known:
        return step
    where = [f"{unit.address} at {' or '.join(map(described, unit.ports))}" for unit in known[:_MOST_NAMED]]
    rest = len(known) - len(where)
    more = f"; and {rest} more in the register" if rest else ""
    return replace(step, why=f"{step.why}{_PLUGGED_IN}{'; '.join(where)}{more}.")


def without_ports(why: str) -> str:
    """Return the reason of a step without the addresses and ports that ``with_ports`` put there."""
    return why.partition(_PLUGGED_IN)[0]
