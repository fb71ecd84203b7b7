"""The sweep without privilege: an empty datagram makes the kernel ask by ARP, and its table tells who lives.

In go the same things as in ``RawHelper.sweep``. It costs more frames: the kernel asks a dark address three times,
a second apart, and a live one gets the datagram too.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterable, Callable, Iterable

from camaudit.net.interfaces import Interface, Neighbourhood
from camaudit.net.pace import Pace, Urgency
from camaudit.net.raw.rounds import neighbours_of
from camaudit.net.timing import RoundTrip

DISCARD_PORT = 9
BLOCK = 512
"""Addresses at once: the kernel's table holds 1,024 neighbours by default, those still asked for among them."""

_FRAMES = 3
"""What one datagram makes the kernel send at most (mcast_solicit), each a second after the one before."""

_KERNEL_RETRY_S = 1.0
_KERNEL_GIVES_UP_S = 3.1
_LOOK_S = 0.1


class Unprivileged:
    """Sweeps by the kernel's own ARP; has the face of ``RawHelper``."""

    available = True
    why = ""

    async def sweep(
        self,
        interface: Interface,
        addresses: AsyncIterable[str] | Iterable[str],
        pace: Pace,
        hear: Callable[[str, str], None],
        *,
        rounds: int = 2,
        round_trip: RoundTrip,
        known: Callable[[str], bool] = lambda _address: False,
    ) -> None:
        """Make the kernel ask for each address and hand (address, MAC) to ``hear`` as it learns them.

        ``rounds`` and ``known`` cannot be had: the kernel retries as it does. Each datagram takes three packets of
        the pace, because the kernel's retries count as ours. A neighbour that the kernel remembers from before may
        be heard though it is gone. No socket for datagrams: raises OSError.
        """
        block: dict[str, bool] = {}
        looked_s = last_s = time.monotonic()
        async for address in neighbours_of(interface, addresses):
            if len(block) >= BLOCK:
                await self._listen(block, hear, round_trip)
                # Until the kernel gives up on them, the silent ones of this block fill its table.
                await asyncio.sleep(max(0.0, last_s + _KERNEL_GIVES_UP_S - time.monotonic()))
                block = {}
            await pace.take(_FRAMES, Urgency.FINDING)
            _touch(interface.address, address)
            block[address] = False
            last_s = time.monotonic()
            if last_s - looked_s >= _LOOK_S:
                looked_s = last_s
                _look(block, hear)
        await self._listen(block, hear, round_trip)

    async def _listen(
        self, block: dict[str, bool], hear: Callable[[str, str], None], round_trip: RoundTrip
    ) -> None:
        until_s = time.monotonic() + _KERNEL_RETRY_S + max(0.3, round_trip.timeout_s())
        while not all(block.values()) and time.monotonic() < until_s:
            await asyncio.sleep(_LOOK_S)
            _look(block, hear)


def _touch(source: str, address: str) -> None:
    # A socket for each: datagrams that wait for ARP fill the send buffer of theirs, and 280 of them block it.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
        sock.bind((source, 0))
        # Only to neighbours: no router ever sees it.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)
        try:
            sock.sendto(b"", (address, DISCARD_PORT))
        except OSError:
            # A full table, or an address known to be dark for the moment: both are no answer.
            return


def _look(block: dict[str, bool], hear: Callable[[str, str], None]) -> None:
    # A new one reads the kernel's table now; one that is kept reads it only so often.
    table = Neighbourhood()
    for address, heard in block.items():
        mac = None if heard else table.mac_of(address, answered=False)
        if mac is not None:
            block[address] = True
            hear(address, mac)
