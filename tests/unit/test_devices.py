"""From observations to devices: one unit at two addresses is counted once, and knows more than either told."""

from __future__ import annotations

from datetime import UTC, datetime

from camaudit.devices import devices_of
from camaudit.model import Device, Observation, Outcome, Target
from known import CATALOGUE

AT = datetime(2026, 11, 27, tzinfo=UTC)
SADP = {
    "sadp.reply": ("ProbeMatch",),
    "sadp.device_sn": ("DS-2CD2032F-I20150126CCCH502126167",),
    "sadp.mac": ("28:57:be:00:00:18",),
    "sadp.device_description": ("DS-2CD2032F-I",),
    "sadp.software_version": ("V5.4.0build 160401",),
}


def seen(address: str, probe: str, fields: dict[str, tuple[str, ...]]) -> Observation:
    return Observation(Target(address), probe, Outcome.ANSWERED, fields, AT)


def devices(*observations: Observation) -> tuple[Device, ...]:
    by_address: dict[str, tuple[Observation, ...]] = {}
    for one in observations:
        by_address[one.target.address] = (*by_address.get(one.target.address, ()), one)
    return devices_of(by_address, CATALOGUE.knowledge, CATALOGUE.oui)


def test_two_addresses_of_one_unit_are_one_device_that_is_at_both() -> None:
    found = devices(
        seen("192.0.2.7", "sadp", SADP),
        seen("2001:db8::7", "sadp", SADP),
        seen("2001:db8::7", "http", {"http.server": ("App-webs/",)}),
    )
    assert [(device.address, device.also_at) for device in found] == [("192.0.2.7", ("2001:db8::7",))]
    # What only the second address told counts too.
    assert any(item.field == "http.server" for item in found[0].identification.evidence)


def test_units_known_by_their_mac_address_only_come_after_those_with_an_address() -> None:
    found = devices(
        seen("28:57:be:00:00:18", "sadp", SADP),
        seen("192.0.2.10", "http", {"http.server": ("App-webs/",)}),
        seen("192.0.2.9", "http", {"http.server": ("App-webs/",)}),
    )
    assert [device.address for device in found] == ["192.0.2.9", "192.0.2.10", "28:57:be:00:00:18"]


def test_two_units_with_a_default_serial_stay_two_with_ids_of_their_own() -> None:
    default = {**SADP, "sadp.device_sn": ("0123456789",)}
    one = {**default, "sadp.mac": ("28:57:be:00:00:01",)}
    other = {**default, "sadp.mac": ("28:57:be:00:00:02",)}
    found = devices(seen("192.0.2.1", "sadp", one), seen("192.0.2.2", "sadp", other))
    assert len({device.id for device in found}) == len(found) == 2


def test_a_copied_mac_does_not_make_two_serial_numbers_one() -> None:
    other = {**SADP, "sadp.device_sn": ("DS-2CD2032F-I20150126CCCH502199999",)}
    assert len(devices(seen("192.0.2.1", "sadp", SADP), seen("192.0.2.2", "sadp", other))) == 2


def test_vulnerabilities_come_with_the_device() -> None:
    (found,) = devices(seen("192.0.2.7", "sadp", SADP))
    assert found.identification.model == "DS-2CD2032F-I"
    assert {one.id: one.status for one in found.vulnerabilities}["CVE-2017-7921"] == "affected"
