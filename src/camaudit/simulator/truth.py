"""Write down what the devices really are, for whoever scores an audit. Out: ``camaudit/truth@1``."""

from __future__ import annotations

from camaudit.simulator.fleet import Fleet, SimulatedDevice
from camaudit.simulator.shift import Shift, as_shift

SCHEMA = "camaudit/truth@1"
RESTRICTED = frozenset({"hikvision", "dahua", "huawei", "zte", "hytera"})
"""The five makers that section 889 of the US NDAA 2019 names."""


def truth_of(fleet: Fleet, shift: int | Shift = 0) -> dict[str, object]:
    """Give the truth file's content; ``shift`` is what was added to its ports."""
    return {
        "schema": SCHEMA,
        "network": fleet.network,
        "devices": [_device(one, as_shift(shift)) for one in fleet.devices],
    }


def _device(device: SimulatedDevice, shift: Shift) -> dict[str, object]:
    truth = device.blueprint.truth
    ports = {
        transport: sorted(shift(one.port) for one in device.services if one.transport == transport)
        for transport in ("tcp", "udp")
    }
    return {
        "id": device.id,
        "address": device.address,
        "ports": ports["tcp"],
        "udp": ports["udp"],
        "kind": truth.kind,
        "maker": truth.maker,
        "brand": truth.brand,
        "relation": truth.relation,
        "model": truth.model,
        "firmware": truth.firmware,
        "serial": truth.serial,
        "mac": truth.mac,
        "restricted": truth.maker in RESTRICTED,
        "identifiable": truth.identifiable,
        "trap": truth.trap,
        "hostile": truth.hostile,
    }
