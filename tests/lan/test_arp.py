"""The sweep by ARP on a LAN of our own: who is found, what it costs in frames, and that the rate holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from lan.lab import SCANNER, Frame, Lab, why_not

HOSTS = {
    f"198.51.100.{last}": f"02:00:00:00:00:{last:02x}" for last in (1, 2, 17, 64, 65, 100, 128, 200, 252, 254)
}
DARK = 254 - len(HOSTS) - 1


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab() as made:
        for address, mac in HOSTS.items():
            made.host(address, mac)
        yield made


def in_any_second(frames: list[Frame]) -> int:
    """Return the most frames in any window of one second."""
    times, most, first = [frame.at_s for frame in frames], 0, 0
    for last, at_s in enumerate(times):
        while at_s - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def neighbour(lab: Lab, address: str) -> dict[str, Any]:
    """Return what the scanner's kernel knows of a neighbour."""
    command = lab.scanning("ip", "-json", "neigh", "show", address, "dev", "eth0")
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return dict(rows[0]) if rows else {}


def forget(lab: Lab) -> None:
    """Make the scanner's kernel forget its neighbours, and ask for none of them any more."""
    for state in ("up", "down", "up"):
        subprocess.run(lab.scanning("ip", "link", "set", "eth0", state), check=True)


def test_sweep_finds_exactly_the_hosts_for_two_frames_each_dark_address(lab: Lab) -> None:
    # Given a kernel that knows none of them
    forget(lab)
    # When
    told, frames = lab.sweep(connect="198.51.100.17")
    # Then
    assert told["failed"] == ""
    assert sorted(told["heard"]) == sorted([address, mac] for address, mac in HOSTS.items())
    asked = Counter(frame.target for frame in frames)
    assert {asked[address] for address in asked if address not in HOSTS} == {2}
    assert len(asked) == DARK + len(HOSTS)
    # The connection after the sweep made the kernel ask for nobody: it would come on top of what the pace let go.
    assert told["sent"] == len(frames)
    assert told["round_trip_known"]
    assert neighbour(lab, "198.51.100.254")["lladdr"] == HOSTS["198.51.100.254"]


@pytest.mark.parametrize(("rate", "rounds"), [(200, 2), (1000, 6)])
def test_rate_holds_in_every_second_on_the_wire(lab: Lab, rate: int, rounds: int) -> None:
    told, frames = lab.sweep(rate=rate, rounds=rounds, warm_s=0.002)
    assert len({address for address, _ in told["heard"]}) == len(HOSTS)
    assert rate * 0.5 < in_any_second(frames) <= rate
    assert told["sent"] == len(frames) > rate


def test_known_addresses_are_asked_four_times(lab: Lab) -> None:
    dark = ["198.51.100.30", "198.51.100.31"]
    _, frames = lab.sweep(addresses=dark, known=dark[:1], warm_s=0.002)
    assert Counter(frame.target for frame in frames) == {dark[0]: 4, dark[1]: 2}


def test_own_ends_and_other_networks_are_never_asked(lab: Lab) -> None:
    outside = [SCANNER, "198.51.100.0", "198.51.100.255", "203.0.113.1", "127.0.0.1", "camera"]
    told, frames = lab.sweep(addresses=outside)
    assert (told["heard"], told["sent"], frames) == ([], 0, [])


def test_helper_itself_refuses_what_is_not_of_its_network(lab: Lab) -> None:
    asks = {
        "do": "arp",
        "interface": "eth0",
        "source": SCANNER,
        "targets": ["203.0.113.1", "198.51.100.255", SCANNER],
    }
    wrong = [{**asks, "source": "203.0.113.2"}, {**asks, "targets": ["camera"]}, {**asks, "source": "::1"}]
    command = lab.scanning(sys.executable, "-m", "camaudit.net.raw.helper")
    lines = "".join(json.dumps(line) + "\n" for line in (asks, *wrong))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=20)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(line["said"] for line in said) == ["error", "error", "error", "sent"]
    assert {"said": "sent", "count": 0, "left_out": 3} in said


def test_what_an_administrator_fixed_stays(lab: Lab) -> None:
    address, fixed = "198.51.100.65", "02:00:00:00:99:99"
    change = ("ip", "neigh", "replace", address, "lladdr", fixed, "dev", "eth0", "nud", "permanent")
    subprocess.run(lab.scanning(*change), check=True)
    try:
        told, _ = lab.sweep(addresses=[address])
        assert told["heard"] == [[address, HOSTS[address]]]
        assert neighbour(lab, address)["lladdr"] == fixed
    finally:
        subprocess.run(lab.scanning("ip", "neigh", "del", address, "dev", "eth0"), check=True)


def test_two_devices_with_one_address_are_both_heard() -> None:
    if why_not():
        pytest.skip(why_not())
    macs = ["02:00:00:00:00:a1", "02:00:00:00:00:a2"]
    with Lab() as small:
        for mac in macs:
            small.host("198.51.100.77", mac)
        told, frames = small.sweep(addresses=["198.51.100.77"])
        assert sorted(told["heard"]) == [["198.51.100.77", mac] for mac in macs]
        assert len(frames) == 1
        # The kernel keeps the first that answered.
        assert neighbour(small, "198.51.100.77")["lladdr"] == told["heard"][0][1]


def test_without_privilege_the_kernel_finds_the_same_hosts(lab: Lab) -> None:
    # Given
    forget(lab)
    # When
    told, frames = lab.sweep(way="unprivileged", privileged=False)
    # Then the helper says why not, and the other way finds them all
    assert not told["available"]
    assert "raw-socket privilege" in told["why"]
    assert sorted(told["heard"]) == sorted([address, mac] for address, mac in HOSTS.items())
    # And every frame of the kernel was paid for
    assert in_any_second(frames) <= 1000
    assert told["sent"] >= len(frames)
    forget(lab)


def test_without_privilege_a_sweep_by_the_helper_says_so(lab: Lab) -> None:
    told, frames = lab.sweep(privileged=False)
    assert "raw-socket privilege" in told["failed"]
    assert (told["heard"], frames) == ([], [])


def test_lab_leaves_nothing_behind() -> None:
    if why_not():
        pytest.skip(why_not())
    # Given a lab in which something goes wrong
    with Lab() as small, pytest.raises(RuntimeError):
        small.host("198.51.100.300", "02:00:00:00:00:01")
    # Then what it had made is gone
    left = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    assert small._spaces
    assert not any(name in left for name in small._spaces)
