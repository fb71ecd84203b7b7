"""The device files: strict loading, and what every file of the shipped fleet must keep to."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.errors import DataFileError, UsageError
from camaudit.simulator import Fleet, load_fleet, multiply
from camaudit.simulator.placeholders import fill, settle
from camaudit.simulator.section import merged

PLATFORM = """
source: made for this test
values: {banner: thttpd}
services: {web: {port: 80, speaks: http}, alt: {port: 8080, speaks: http}}
sites: {main: {headers: {Server: '{banner}', Content-Length: '{length}'}, routes: {/: {body: '{model}'}}}}
"""
DEVICE = """
like: base
address: 127.77.0.5
source: made for this test
values: {model: X-1}
truth: {kind: camera}
"""


def write(root: Path, device: str = DEVICE, platform: str = PLATFORM) -> Path:
    (root / "platforms").mkdir()
    (root / "fleet").mkdir()
    (root / "platforms" / "base.yaml").write_text(platform)
    (root / "fleet" / "one.yaml").write_text(device)
    return root


def test_a_device_builds_on_its_platform(tmp_path: Path) -> None:
    fleet = load_fleet(write(tmp_path))
    reply = fleet.device("one").answer("tcp", 80, b"GET / HTTP/1.1\r\n\r\n")
    assert reply.data == b"HTTP/1.1 200 OK\r\nServer: thttpd\r\nContent-Length: 3\r\n\r\nX-1"


def test_null_takes_away_what_the_platform_gave(tmp_path: Path) -> None:
    fleet = load_fleet(write(tmp_path, DEVICE + "services: {alt: null}\n"))
    assert [service.port for service in fleet.device("one").services] == [80]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("X-1}", "X-1, model: X-2}"), "'model' stands twice"),
        (("like: base", "like: nobody"), "no platforms/nobody.yaml"),
        (("127.77.0.5", "127.77.0.555"), "address"),
        (("source: made for this test", "colour: red\nsource: made"), "unknown key 'colour'"),
        (("kind: camera", "kind: toaster"), "'toaster' is none of"),
        (("kind: camera", "kind: camera, shoe_size: 9"), "unknown key 'shoe_size'"),
        (("values: {model: X-1}\n", ""), r"nothing defines \{model\}"),
        (("truth", "services: {web: {port: 0}}\ntruth"), "0 is no port"),
        (("truth", "services: {web: {port: 8080}}\ntruth"), "tcp port 8080 stands twice"),
        (("truth", "services: {web: {speaks: latin}}\ntruth"), "'latin' is none of"),
        (("truth", "services: {web: {speaks: rtsp}}\ntruth"), "nothing describes it"),
        (("truth", "services: {web: {behaviour: sulk}}\ntruth"), "'sulk' is none of"),
        (("truth", "sites: {main: {routes: {/: {login: true}}}}\ntruth"), "challenge"),
        (("X-1}", "X-1, a: '{b}', b: '{a}x'}"), "circle"),
        (("X-1}", "'{model|shout}'}"), "no filter 'shout'"),
        (("truth", "services: [80\ntruth"), "one.yaml"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    root = write(tmp_path, DEVICE.replace(*change, 1))
    with pytest.raises(DataFileError, match=said) as raised:
        load_fleet(root)
    assert "fleet/one.yaml" in str(raised.value)


def test_a_device_without_a_platform_listens_nowhere(tmp_path: Path) -> None:
    fleet = load_fleet(write(tmp_path, DEVICE.replace("like: base\n", "")))
    assert fleet.device("one").services == ()


def test_a_device_without_a_source_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, DEVICE.replace("source: made for this test\n", ""), PLATFORM.replace("source", "title"))
    with pytest.raises(DataFileError, match="source: missing"):
        load_fleet(root)


def test_two_devices_at_one_address_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "fleet" / "two.yaml").write_text(DEVICE)
    with pytest.raises(DataFileError, match=r"two.yaml: address: 127.77.0.5 is that of fleet/one.yaml too"):
        load_fleet(root)


def test_platforms_in_a_circle_are_refused(tmp_path: Path) -> None:
    root = write(tmp_path, platform=PLATFORM + "like: base\n")
    with pytest.raises(DataFileError, match="circle"):
        load_fleet(root)


def test_filters_write_a_mac_in_every_spelling() -> None:
    values = settle({"mac": "44:19:B6:01:02:03", "tail": "{mac|hex_upper}"}, "here")
    assert fill("{mac|hex} {mac|dash} {tail}", values, "here") == "4419b6010203 44-19-b6-01-02-03 4419B6010203"


def test_merged_keeps_a_null_for_deeper_layers() -> None:
    assert merged({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": None}}) == {"a": {"c": 2, "d": None}}


def test_the_fleet_is_large_and_of_unique_devices(fleet: Fleet) -> None:
    assert len(fleet.devices) >= 90
    assert all(device.address.startswith("127.77.0.") for device in fleet.devices)
    macs = [device.blueprint.truth.mac for device in fleet.devices if device.blueprint.truth.mac]
    assert len(set(macs)) == len(macs)
    serials = [
        device.blueprint.truth.serial
        for device in fleet.devices
        if device.blueprint.truth.serial and "same-serial" not in device.id
    ]
    assert len(set(serials)) == len(serials)
    sockets = sum(len(device.services) for device in fleet.devices)
    assert sockets < 640


def test_every_device_says_where_its_answers_come_from(fleet: Fleet) -> None:
    for device in fleet.devices:
        assert all(len(source) > 8 for source in device.blueprint.sources), device.id


def test_clones_are_told_apart_and_answer_for_themselves(fleet: Fleet) -> None:
    clones = multiply(fleet, 500, "127.80.0.0/16")
    others = multiply(fleet, 500, "127.81.0.0/16", first=500)
    serials = [{str(one.blueprint.values.get("serial")) for one in some.devices} for some in (clones, others)]
    assert serials[0] & serials[1] <= {"None"}
    truths = [clone.blueprint.truth for clone in clones.devices]
    assert len({clone.address for clone in clones.devices}) == 500
    assert len({truth.mac for truth in truths if truth.mac}) == len([1 for truth in truths if truth.mac])
    assert all(truth.trap is None and not truth.hostile for truth in truths)
    dahua = next(clone for clone in clones.devices if clone.service("udp", 37810))
    probe = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    head = bytes.fromhex("2000000044484950") + bytes(24)
    said = dahua.answer("udp", 37810, head + probe).data[32:].decode()
    assert dahua.blueprint.truth.serial is not None
    assert dahua.blueprint.truth.serial in said
    assert dahua.address in said


def test_more_clones_than_addresses_are_refused(fleet: Fleet) -> None:
    with pytest.raises(UsageError, match="no room"):
        multiply(fleet, 300, "127.80.0.0/24")
