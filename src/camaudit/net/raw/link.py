"""One interface with its packet socket: in go addresses to ask for, out come the ARP replies to just these.

Runs only in the helper process. Raises OSError and ValueError; the helper turns both into a line.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from camaudit.net.raw.frames import ARP, ArpReply, arp_request, read_reply
from camaudit.net.raw.netlink import Rtnetlink

_ETHERNET = 1
_RECEIVE_BUFFER = 1024 * 1024
_DRAINED_AT_ONCE = 512
_MAX_ASKED = 1 << 18
_MAX_MACS = 4
"""Two MACs are a conflict worth telling; a flood of them tells nothing more."""


@dataclass(slots=True)
class _Asked:
    source: str
    sent_s: float
    macs: tuple[str, ...] = ()


class Asked:
    """The addresses asked for and what came back; whatever was not asked for is not heard."""

    def __init__(self, ceiling: int = _MAX_ASKED) -> None:
        self._asked: dict[str, _Asked] = {}
        self._ceiling = ceiling

    def ask(self, source: str, target: str, now_s: float) -> None:
        """Remember that ``target`` was asked for; its answers count anew."""
        self._asked.pop(target, None)
        if len(self._asked) >= self._ceiling:
            del self._asked[next(iter(self._asked))]
        self._asked[target] = _Asked(source, now_s)

    def hear(self, reply: ArpReply, now_s: float) -> tuple[float, bool] | None:
        """Return (seconds since asking, whether it is the first MAC); None for a reply that tells nothing new."""
        asked = self._asked.get(reply.address)
        if asked is None or reply.told != asked.source:
            return None
        if reply.mac in asked.macs or len(asked.macs) >= _MAX_MACS:
            return None
        asked.macs = (*asked.macs, reply.mac)
        return now_s - asked.sent_s, len(asked.macs) == 1


class Link:
    """A packet socket for ARP on one interface."""

    def __init__(self, name: str, netlink: Rtnetlink) -> None:
        # An address label such as eth0:1 belongs to the interface before the colon.
        device = name.partition(":")[0]
        self.name = name
        self.index = socket.if_nametoindex(device)
        self._netlink = netlink
        self._networks: tuple[ipaddress.IPv4Interface, ...] = ()
        self._asked = Asked()
        # Type 0 hears nothing; only after binding do frames of this one interface come in.
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            self.socket.bind((device, ARP))
            _, _, _, hardware, mac = self.socket.getsockname()
            if hardware != _ETHERNET or len(mac) != 6:
                raise OSError(errno.EOPNOTSUPP, "is no Ethernet: there is no ARP on it")
        except OSError:
            self.socket.close()
            raise
        self._mac = mac

    def check(self, source: str, targets: list[str]) -> list[str]:
        """Return the targets that lie in the network of ``source``; raises ValueError where that is not ours."""
        own = self._own(source)
        if own is None:
            raise ValueError(f"{source[:40]} is no address of {self.name}")
        network = own.network
        ends = () if network.prefixlen > 30 else (network.network_address, network.broadcast_address)
        kept = []
        for target in targets:
            address = ipaddress.IPv4Address(target)
            if address in network and address not in ends and address != own.ip:
                kept.append(str(address))
        return kept

    def _own(self, source: str) -> ipaddress.IPv4Interface | None:
        for _ in range(2):
            for own in self._networks:
                if str(own.ip) == source:
                    return own
            self._networks = self._netlink.addresses(self.index)
        return None

    def ask(self, source: str, target: str) -> None:
        """Send one request. A full queue counts as a frame lost on the way."""
        self._asked.ask(source, target, time.monotonic())
        try:
            self.socket.send(arp_request(self._mac, source, target))
        except OSError as error:
            if error.errno not in (errno.ENOBUFS, errno.EAGAIN):
                raise

    def replies(self) -> Iterator[tuple[ArpReply, float, bool]]:
        """Yield each reply that waits, with seconds since asking and whether the kernel took it as a neighbour."""
        for _ in range(_DRAINED_AT_ONCE):
            try:
                frame = self.socket.recv(128)
            except BlockingIOError:
                return
            reply = read_reply(frame)
            news = self._asked.hear(reply, time.monotonic()) if reply is not None else None
            if reply is not None and news is not None:
                round_trip_s, first = news
                # A second MAC is told and not believed: the kernel keeps the first.
                yield reply, round_trip_s, first and self._netlink.seed(self.index, reply.address, reply.mac)
