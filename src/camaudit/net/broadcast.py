"""Broadcast discovery: one question to everybody on a link, once, and everybody who answers within a window.

In go the makers' own searches and an interface, out come (protocol, sender, datagram), as ``discover`` gives them.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass

from camaudit.net.discover import Answer
from camaudit.net.interfaces import Interface
from camaudit.net.pace import Pace, Urgency
from camaudit.net.replies import Hear, ReplyPort, ReplyPorts
from camaudit.net.wire import Stopped

_EVERYBODY = "255.255.255.255"
"""Of the link, whatever network a device is set to; no router passes it on."""


@dataclass(frozen=True, slots=True)
class Call:
    """One maker's search: the port it is sent to, the port that answers come to (0: whence it came), its bytes."""

    protocol: str
    port: int
    reply_port: int
    datagram: bytes


async def ask_everybody(
    calls: tuple[Call, ...],
    interface: Interface,
    pace: Pace,
    replies: ReplyPorts,
    hear: Callable[[Answer], None],
    *,
    window_s: float,
) -> tuple[str, ...]:
    """Send every search once on one interface, and hand answers to ``hear`` as they come.

    Returns a line for each reason why some could not be sent; ports that could not be had: ``replies.limits``.
    """
    refused: dict[str, list[str]] = {}
    with contextlib.ExitStack() as stack:
        for call in calls:
            try:
                # A second address of a card has a name of its own after a colon, and the card's index.
                index = socket.if_nametoindex(interface.name.partition(":")[0])
                port = stack.enter_context(replies.at(call.reply_port, interface.address))
                _listen(port, _heard(call, index, hear), stack)
                await pace.take(urgency=Urgency.FINDING)
                port.send(call.datagram, (_EVERYBODY, call.port), interface=index, own=interface.address)
            except Stopped:
                continue
            except OSError as error:
                refused.setdefault(error.strerror or str(error), []).append(call.protocol)
        await asyncio.sleep(window_s)
    return tuple(
        f"{', '.join(protocols)}: broadcast on {interface.name} not possible ({reason})"
        for reason, protocols in refused.items()
    )


def _listen(port: ReplyPort, hear: Hear, stack: contextlib.ExitStack) -> None:
    port.hears.add(hear)
    stack.callback(port.hears.discard, hear)


def _heard(call: Call, index: int, hear: Callable[[Answer], None]) -> Hear:
    def heard(sender: str, interface: int, datagram: bytes) -> None:
        # Our own call comes back to us where its port is the one that answers come to.
        if interface == index and datagram != call.datagram:
            hear(Answer(call.protocol, sender, datagram))

    return heard
