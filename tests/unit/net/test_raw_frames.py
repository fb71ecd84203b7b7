"""ARP frames and netlink messages: built as the RFC and the kernel want them, and read without ever raising."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.net.raw import frames, netlink
from camaudit.net.raw.frames import ArpReply, arp_request, read_reply
from camaudit.net.raw.link import Asked
from camaudit.net.raw.neighbours6 import neighbours6

OWN = bytes.fromhex("0200000064fd")
CAMERA = bytes.fromhex("020000000007")


def reply(mac: bytes = CAMERA, address: str = "198.51.100.7", told: str = "198.51.100.253") -> bytes:
    body = mac + socket.inet_aton(address) + OWN + socket.inet_aton(told)
    return OWN + mac + b"\x08\x06\0\1\x08\0\6\4\0\2" + body + bytes(18)


def test_request_is_as_rfc_826_wants_it() -> None:
    assert arp_request(OWN, "198.51.100.253", "198.51.100.7").hex() == (
        "ffffffffffff" "0200000064fd" "0806" "0001" "0800" "06" "04" "0001"
        "0200000064fd" "c63364fd" "000000000000" "c6336407"
    )  # fmt: skip


def test_reply_is_read() -> None:
    assert read_reply(reply()) == ArpReply("198.51.100.7", "02:00:00:00:00:07", "198.51.100.253")


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(reply()[:41], id="cut"),
        pytest.param(arp_request(OWN, "198.51.100.253", "198.51.100.7"), id="a request"),
        pytest.param(reply(mac=b"\xff" * 6), id="everybody's MAC"),
        pytest.param(reply(mac=bytes(6)), id="nobody's MAC"),
        pytest.param(reply()[:12] + b"\x08\x00" + reply()[14:], id="not ARP"),
        pytest.param(reply()[:18] + b"\x08" + reply()[19:], id="addresses of another size"),
    ],
)
def test_other_frames_are_no_reply(frame: bytes) -> None:
    assert read_reply(frame) is None


@given(st.binary(max_size=128))
def test_no_frame_makes_reading_raise(data: bytes) -> None:
    read_reply(data)
    read_reply(reply()[:20] + data)


@given(st.binary(max_size=256))
def test_no_message_makes_reading_raise(data: bytes) -> None:
    for message in netlink.messages(data):
        netlink.read_neighbour(message.body)
    netlink.read_neighbour(data)
    netlink.read_address(data)
    netlink.attributes(data)


@given(st.ip_addresses(), st.binary(min_size=6, max_size=6), st.integers(0, 255))
def test_neighbour_is_read_as_it_was_built(address: object, mac: bytes, state: int) -> None:
    body = netlink.neighbour(3, str(address), mac, state)
    (read,) = netlink.messages(netlink.message(netlink.NEW_NEIGHBOUR, 0x500, 9, body))
    assert (read.kind, read.flags, read.sequence) == (28, 0x501, 9)
    assert netlink.read_neighbour(read.body) == netlink.Neighbour(3, str(address), mac.hex(":"), state)


def test_address_of_a_link_with_two_ends_is_no_network() -> None:
    head = struct.pack("=BBBBI", socket.AF_INET, 24, 0, 0, 5)
    local = netlink.attribute(2, socket.inet_aton("198.51.100.1"))
    read = netlink.read_address(head + local)
    assert read is not None
    assert str(read[1].network) == "198.51.100.0/24"
    peer = netlink.attribute(1, socket.inet_aton("203.0.113.9"))
    assert netlink.read_address(head + peer + local) is None


def test_kernel_tells_our_own_address_without_privilege() -> None:
    kernel = netlink.Rtnetlink()
    try:
        assert "127.0.0.1/8" in {str(own) for own in kernel.addresses(socket.if_nametoindex("lo"))}
        with pytest.raises(OSError, match="netlink"):
            kernel._ask(netlink.GET_NEIGHBOUR, 0, netlink.neighbour(1, "127.9.9.9", b"", 0))
        # The next question is not mistaken for the one that failed.
        assert all(row.index for row in kernel.neighbours(socket.AF_INET))
    finally:
        kernel.close()
    assert all(":" in row.address and row.mac for row in neighbours6())


def test_only_what_was_asked_for_is_heard() -> None:
    # Given one address asked for
    asked = Asked()
    asked.ask("198.51.100.253", "198.51.100.7", 10.0)
    told = read_reply(reply())
    assert told is not None
    # Then an unasked one, and one that tells itself (gratuitous), are not heard
    for frame in (reply(address="198.51.100.8"), reply(told="198.51.100.7")):
        unasked = read_reply(frame)
        assert unasked is not None
        assert asked.hear(unasked, 10.1) is None
    # And its reply is heard once, a second MAC as a second one
    assert asked.hear(told, 10.25) == (0.25, True)
    assert asked.hear(told, 10.3) is None
    other = read_reply(reply(mac=OWN))
    assert other is not None
    assert asked.hear(other, 10.5) == (0.5, False)


def test_a_flood_of_macs_and_addresses_is_bounded() -> None:
    asked = Asked(ceiling=2)
    for number in range(3):
        asked.ask("198.51.100.253", f"198.51.100.{number}", 0.0)
    macs = (bytes((2, 0, 0, 0, 0, number)) for number in range(100))
    replies = [read_reply(reply(mac, "198.51.100.2")) for mac in macs]
    assert sum(asked.hear(told, 1.0) is not None for told in replies if told is not None) == 4
    forgotten = read_reply(reply(address="198.51.100.0"))
    assert forgotten is not None
    assert asked.hear(forgotten, 1.0) is None


def test_ethernet_type_is_that_of_arp() -> None:
    assert frames.ARP == 0x0806
