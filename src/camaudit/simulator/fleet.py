"""The fleet in memory: devices that answer bytes with bytes, and clones of them by the thousand.

In: blueprints. Out: ``SimulatedDevice.answer``, which needs no socket.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources.abc import Traversable

from camaudit.errors import DataFileError, UsageError
from camaudit.simulator import agent, discovery, groups
from camaudit.simulator.device import DeviceSpec, Service
from camaudit.simulator.fragile import Endurance
from camaudit.simulator.hostile import worsened
from camaudit.simulator.http import answer_http
from camaudit.simulator.loader import Blueprint, read_fleet, shipped
from camaudit.simulator.login import brings_credentials, is_let_in
from camaudit.simulator.message import read_request
from camaudit.simulator.reply import Reply
from camaudit.simulator.rtsp import answer_rtsp

NETWORK = "127.77.0.0/24"
FLEETS = {
    "cameras": ("fleet", NETWORK),
    "hostile": ("fleet_hostile", "127.78.0.0/24"),
    "fragile": ("fleet_fragile", "127.79.0.0/24"),
}
"""Each fleet by its name: the folder of its devices, and where they live."""
SILENCE = Reply()


class SimulatedDevice:
    """One device: a blueprint, filled on first use, and the count of wrong logins it has seen."""

    def __init__(self, blueprint: Blueprint, services: tuple[Service, ...] | None = None) -> None:
        self.blueprint = blueprint
        self._failed_logins: int | None = None
        self._services = services

    @cached_property
    def endurance(self) -> Endurance | None:
        """How it fares, where it is fragile."""
        return Endurance(self.spec.fragile) if self.spec.fragile else None

    @property
    def id(self) -> str:
        """The name of the device: its file's."""
        return self.blueprint.id

    @property
    def address(self) -> str:
        """The IPv4 address it listens on."""
        return self.blueprint.address

    @cached_property
    def spec(self) -> DeviceSpec:
        """Everything it answers."""
        return self.blueprint.spec()

    @property
    def services(self) -> tuple[Service, ...]:
        """Its ports; a clone knows them from its model, without filling a single text."""
        return self.spec.services if self._services is None else self._services

    @property
    def failed_logins(self) -> int:
        """How many wrong logins it counts."""
        if self._failed_logins is None:
            self._failed_logins = self.spec.login.failed_before if self.spec.login else 0
        return self._failed_logins

    def login(self, payload: bytes) -> str:
        """Say what a request brings: nothing, or credentials that are ``right`` or ``wrong`` (or too late)."""
        request = read_request(payload)
        if request is None or not brings_credentials(request):
            return ""
        login = self.spec.login
        locked = login is not None and self.failed_logins >= login.lock_after
        return "right" if is_let_in(request, self.spec) and not locked else "wrong"

    def service(self, transport: str, port: int) -> Service | None:
        """Give what listens on a port, with its texts filled."""
        wanted = (transport, port)
        return next((one for one in self.spec.services if (one.transport, one.port) == wanted), None)

    def answer(self, transport: str, port: int, payload: bytes, tls: bool = False) -> Reply:
        """Answer one complete request; a closed port, or TLS where there is none, closes at once."""
        service = self.service(transport, port)
        if service is None or (tls and service.tls is None):
            return Reply(close=True)
        reply = self._plain(service, payload)
        if service.copies > 1:
            reply = replace(reply, copies=service.copies)
        return worsened(reply, service.behaviour, service.every_s)

    def _plain(self, service: Service, payload: bytes) -> Reply:
        spec = self.spec
        if service.speaks == "http":
            site = spec.sites[service.site]
            reply, self._failed_logins = answer_http(payload, spec, site, failures=self.failed_logins)
            return reply
        if service.speaks == "rtsp" and spec.rtsp:
            return answer_rtsp(payload, spec, spec.rtsp)
        if service.speaks == "raw":
            return Reply(service.reply)
        return _discovered(service, spec, payload) or SILENCE


def _discovered(service: Service, spec: DeviceSpec, payload: bytes) -> Reply | None:
    if service.speaks == "ws-discovery" and spec.ws_discovery:
        return discovery.answer_ws_discovery(payload, spec.ws_discovery)
    if service.speaks == "sadp":
        return discovery.answer_sadp(payload, spec)
    if service.speaks == "dhip" and spec.dhip:
        return discovery.answer_dhip(payload, spec.dhip, spec.encoding)
    if service.speaks == "ssdp" and spec.ssdp:
        return groups.answer_ssdp(payload, spec.ssdp)
    if service.speaks == "mdns" and spec.mdns:
        return groups.answer_mdns(payload, spec.mdns)
    if service.speaks == "snmp" and spec.snmp:
        return agent.answer_snmp(payload, spec.snmp)
    if service.datagram:
        return discovery.answer_datagram(payload, service.datagram)
    return None


@dataclass(frozen=True, slots=True)
class Fleet:
    """The devices that are simulated together."""

    devices: tuple[SimulatedDevice, ...]
    network: str = NETWORK

    def device(self, device_id: str) -> SimulatedDevice:
        """Give one device by its name."""
        for one in self.devices:
            if one.id == device_id:
                return one
        raise UsageError(f"the fleet has no device {device_id!r}")

    def only(self, ids: Iterable[str]) -> Fleet:
        """Keep the named devices."""
        return replace(self, devices=tuple(self.device(device_id) for device_id in ids))


def load_fleet(root: Traversable | None = None, name: str = "cameras") -> Fleet:
    """Load a fleet of this package, or the one below ``root`` (``platforms/`` and ``fleet/``)."""
    folder, network = FLEETS[name]
    blueprints = tuple(read_fleet(shipped() if root is None else root, folder))
    taken: dict[str, str] = {}
    for one in blueprints:
        if one.address in taken:
            raise DataFileError((f"{one.file}: address: {one.address} is that of {taken[one.address]} too",))
        taken[one.address] = one.file
    return Fleet(tuple(SimulatedDevice(one) for one in blueprints), network)


def multiply(fleet: Fleet, count: int, network: str, *, first: int = 0) -> Fleet:
    """Give ``count`` clones of the peaceful, identifiable cameras, each with its own address, serial and MAC.

    They are numbered from ``first`` on: two fleets beside each other must not hold the same units.
    """
    stock = [one for one in fleet.devices if _may_be_cloned(one)]
    if not stock:
        raise UsageError("the fleet has no device that may be cloned")
    hosts = ipaddress.IPv4Network(network)
    if count > hosts.num_addresses - 2:
        raise UsageError(f"{network} has no room for {count} devices")
    return Fleet(
        tuple(_clone(stock[at % len(stock)], first + at, str(hosts[at + 1])) for at in range(count)),
        network=network,
    )


def _may_be_cloned(device: SimulatedDevice) -> bool:
    truth = device.blueprint.truth
    return (
        truth.kind == "camera"
        and truth.identifiable
        and not truth.hostile
        and truth.trap is None
        and device.spec.login is None
    )


def _clone(device: SimulatedDevice, at: int, address: str) -> SimulatedDevice:
    old = device.blueprint
    values, truth = dict(old.values), old.truth
    if isinstance(values.get("serial"), str):
        values["serial"] = _renumbered(str(values["serial"]), at)
        truth = replace(truth, serial=str(values["serial"]) if truth.serial else None)
    if isinstance(values.get("mac"), str):
        tail = f"{at:06x}"
        mac = str(values["mac"])[:9] + ":".join((tail[0:2], tail[2:4], tail[4:6]))
        values["mac"] = mac
        truth = replace(truth, mac=mac if truth.mac else None)
    blueprint = replace(old, id=f"{old.id}-{at:05d}", address=address, values=values, truth=truth)
    return SimulatedDevice(blueprint, device.services)


def _renumbered(serial: str, at: int) -> str:
    """Put a number in place of the last five characters: the same length, and still hexadecimal."""
    return serial[:-5] + f"{at:05d}"[-5:]
