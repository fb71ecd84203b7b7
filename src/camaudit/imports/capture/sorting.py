"""Packets to statements: each is looked at once, as shortly as can be, and handed to the reader of its protocol.

In go link type, time and bytes; what they tell goes to ``Heard``. A capture is mostly video, so the way of a
packet that tells nothing is kept short.
"""

from __future__ import annotations

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping

from camaudit.imports.capture import layers
from camaudit.imports.capture.datagrams import asked_host, lease_of
from camaudit.imports.capture.exchanges import onward, told_by
from camaudit.imports.capture.heard import Heard
from camaudit.imports.capture.layers import ARP, ETHERNET, ICMPV6, IPV4, IPV6, LLDP, NO_MAC, TCP, UDP
from camaudit.imports.capture.neighbours import announced, told_by_arp, told_by_icmpv6
from camaudit.imports.capture.sides import Key
from camaudit.imports.capture.talks import Answered, Talks
from camaudit.imports.entry import as_address, as_mac, fields
from camaudit.probes import SEARCHES
from camaudit.probes.certificate import certificate_fields
from camaudit.probes.message import read

_PLAIN = frozenset({IPV4, IPV6, ARP, LLDP})
_FRESH_TTL = frozenset({1, 32, 64, 128, 255})
"""Where an address is sent from its own link: a router would have taken one off."""

_MOST_PAIRS = 1 << 16
_MOST_SEARCHES = 4096
_MOST_DATAGRAMS = 64
"""Different datagrams of one sender that are read for each protocol, as in a scan."""

_MOST_ONWARD = 4
_MOST_SENDERS = 1 << 17
_PARSERS: Mapping[str, Callable[[bytes], Mapping[str, tuple[str, ...]] | None]] = {
    search.probe: search.parse for search in SEARCHES
}
_PORTS = {search.probe: search.port for search in SEARCHES}


def _by_port() -> dict[bytes, tuple[str, ...]]:
    """Return the searches that a port is asked by or answered to: two makers may have taken the same one."""
    found: dict[int, tuple[str, ...]] = {}
    for search in SEARCHES:
        for port in {search.port, search.reply_port} - {0}:
            found[port] = (*found.get(port, ()), search.probe)
    return {port.to_bytes(2, "big"): probes for port, probes in found.items()}


_PROBES = _by_port()
_DNS, _BOOTP = b"\x00\x35", (b"\x00\x43", b"\x00\x44")


class Sorter:
    """The reader of one capture; ``fragments`` counts packets in pieces, ``first_fragment`` numbers the first."""

    def __init__(self, heard: Heard) -> None:
        self.packets = 0
        self.fragments = 0
        self.first_fragment = 0
        self.unread = 0
        """Packets whose headers were broken, or of a link type that is not known."""
        self.talks = Talks(self._answered, self._asked)
        self._heard = heard
        self._pairs: set[bytes] = set()
        self._searches: OrderedDict[bytes, tuple[str, ...]] = OrderedDict()
        self._senders: Counter[bytes] = Counter()
        self._said: set[int] = set()
        self._front: dict[tuple[str, int], tuple[str, ...]] = {}

    def take(self, link: int, at: float, data: bytes) -> None:
        """Look at one packet; nothing in it makes this raise."""
        self.packets += 1
        kind, start, mac = data[12:14], 14, 6
        if link != ETHERNET or kind not in _PLAIN:
            kind, start, mac = layers.network(link, data)
        if kind == IPV4:
            self._ipv4(at, data, start, mac)
        elif kind == IPV6:
            self._ipv6(at, data, start, mac)
        elif kind == ARP:
            self._neighbour(at, *told_by_arp(data, start))
        elif kind == LLDP:
            self._lldp(at, data, start)
        elif not kind:
            self.unread += 1

    def finish(self) -> None:
        """Read what is left in conversations that the capture does not end."""
        self.talks.finish()

    def _ipv4(self, at: float, data: bytes, start: int, mac: int) -> None:
        size = len(data)
        if size < start + 20 or data[start] >> 4 != 4:
            self.unread += 1
            return
        top = start + (data[start] & 15) * 4
        # Short frames are padded; a length of zero is written where the card cuts packets itself.
        end = min(size, start + int.from_bytes(data[start + 2 : start + 4], "big"))
        end = size if end <= top else end
        if mac != NO_MAC and data[mac : mac + 6] + data[start + 12 : start + 16] not in self._pairs:
            self._pair(at, data, mac, data[start + 12 : start + 16], data[start + 8])
        if (data[start + 6] & 0x3F or data[start + 7]) and self._is_fragment(
            data[start + 6] & 0x1F or data[start + 7]
        ):
            return
        if data[start + 9] == TCP:
            if end >= top + 20:
                self._tcp(at, data[start + 12 : start + 20] + data[top : top + 4], data, top, end)
        elif data[start + 9] == UDP and end > top + 8:
            self._udp(at, data[start + 12 : start + 16], data[start + 16 : start + 20], data, top, end)

    def _ipv6(self, at: float, data: bytes, start: int, mac: int) -> None:
        if len(data) < start + 40 or data[start] >> 4 != 6:
            self.unread += 1
            return
        protocol, top, fragment, later = layers.upper_of_ipv6(data, start)
        end = min(len(data), start + 40 + int.from_bytes(data[start + 4 : start + 6], "big"))
        if mac != NO_MAC and data[mac : mac + 6] + data[start + 8 : start + 24] not in self._pairs:
            self._pair(at, data, mac, data[start + 8 : start + 24], data[start + 7])
        if fragment and self._is_fragment(later):
            return
        if protocol == TCP and end >= top + 20:
            self._tcp(at, data[start + 8 : start + 40] + data[top : top + 4], data, top, end)
        elif protocol == UDP and end > top + 8:
            self._udp(at, data[start + 8 : start + 24], data[start + 24 : start + 40], data, top, end)
        elif protocol == ICMPV6:
            self._neighbour(at, *told_by_icmpv6(data, start, top))

    def _is_fragment(self, later: object) -> bool:
        """Count a piece of a packet; only the first piece has the header that says what it is, and is read."""
        self.fragments += 1
        self.first_fragment = self.first_fragment or self.packets
        return bool(later)

    def _tcp(self, at: float, key: Key, data: bytes, top: int, end: int) -> None:
        flags = data[top + 13]
        if flags & 2:
            if flags & 16:
                port = int.from_bytes(key[-4:-2], "big")
                address = _address(key[: (len(key) - 4) // 2])
                self._heard.take("port", address, {"port.open": (str(port),)}, at)
            self.talks.opened(key, int.from_bytes(data[top + 4 : top + 8], "big"), flags)
            return
        self.talks.segment(at, key, data, top, end)

    def _udp(self, at: float, sender: bytes, receiver: bytes, data: bytes, top: int, end: int) -> None:
        source, target = data[top : top + 2], data[top + 2 : top + 4]
        asked = _PROBES.get(target, ())
        if asked and target != source:
            self._searches[sender + source] = asked
            if len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        probes = asked or _PROBES.get(source) or self._searches.get(receiver + target)
        if probes:
            self._discovered(at, probes, sender, data[top + 8 : end])
        elif target == _DNS:
            self._contact(at, sender, "traffic.dns", asked_host(data[top + 8 : end]))
        elif source in _BOOTP and target in _BOOTP:
            self._dhcp(at, data[top + 8 : end])

    def _discovered(self, at: float, probes: tuple[str, ...], sender: bytes, datagram: bytes) -> None:
        who = sender + probes[0].encode()
        told = hash((who, datagram))
        if told in self._said or self._senders[who] >= _MOST_DATAGRAMS or len(self._senders) >= _MOST_SENDERS:
            return
        address = _address(sender)
        if not address or not self._heard.knows(address):
            return
        self._said.add(told)
        self._senders[who] += 1
        for probe in probes:
            found = _PARSERS[probe](datagram)
            if found is not None:
                self._heard.take(probe, address, found, at, port=_PORTS[probe])

    def _dhcp(self, at: float, datagram: bytes) -> None:
        lease = lease_of(datagram)
        if lease is None:
            return
        told = fields(dhcp__hostname=lease.name, dhcp__vendor_class=lease.vendor_class)
        # Who holds an address is told by its MAC alone where nothing else is.
        self._heard.take("lease", lease.address, told or {"mac.address": (lease.mac,)}, at, mac=lease.mac)

    def _lldp(self, at: float, data: bytes, start: int) -> None:
        said = announced(data, start, as_mac(data[6:12].hex(":")))
        told = {f"lldp.{name}": (text,) for name, text in said.texts.items()}
        if said.mac:
            self._heard.take("lldp", said.address, told, at, mac=said.mac)

    def _pair(self, at: float, data: bytes, mac: int, sender: bytes, ttl: int) -> None:
        """Take it that an address belongs to a MAC, where no router lies between."""
        if len(self._pairs) >= _MOST_PAIRS:
            return
        self._pairs.add(data[mac : mac + 6] + sender)
        address = _address(sender)
        if ttl in _FRESH_TTL and address and ipaddress.ip_address(address).is_private:
            self._neighbour(at, address, as_mac(data[mac : mac + 6].hex(":")))

    def _neighbour(self, at: float, address: str, mac: str) -> None:
        if address and mac:
            self._heard.take("mac", address, {"mac.address": (mac,)}, at, mac=mac)

    def _contact(self, at: float, sender: bytes, name: str, host: str) -> None:
        address = _address(sender)
        if host and address:
            self._heard.take("traffic", address, {name: (host,)}, at)

    def _asked(self, key: Key, at: float, name: str) -> None:
        self._contact(at, key[: (len(key) - 4) // 2], "traffic.sni", name)

    def _answered(self, heard: Answered) -> None:
        address = _address(heard.server[: (len(heard.server) - 4) // 2])
        port = int.from_bytes(heard.server[-4:-2], "big")
        if not address or not self._heard.knows(address):
            return
        if heard.tls is not None:
            told, _ = certificate_fields(heard.tls)
            self._heard.take("tls", address, told, heard.at, port=port, topic=f"tls {port}")
            return
        message = read(heard.data)
        if message is not None:
            front = self._front.get((address, port), ("/",))
            path = onward(heard.request, message) if heard.request and heard.request.path in front else ""
            if path and len(front) <= _MOST_ONWARD:
                self._front[address, port] = (*front, path)
            for probe, topic, found in told_by(heard.request, message, front):
                self._heard.take(probe, address, found, heard.at, port=port, topic=f"{topic} {port}")


def _address(packed: bytes) -> str:
    return as_address(str(ipaddress.ip_address(packed)))
