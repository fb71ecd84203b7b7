"""Put a fleet on sockets. In: a ``Fleet``. Out: a running ``FleetServer``, or ``serving(...)`` in a thread.

One event loop serves all devices; listening sockets are plain ones, so thousands stay cheap.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from camaudit.errors import CamauditError, NetworkUnavailable
from camaudit.simulator import sockets
from camaudit.simulator.connection import Connection
from camaudit.simulator.device import Service
from camaudit.simulator.fleet import Fleet, SimulatedDevice
from camaudit.simulator.hostile import NEVER_ACCEPT, WITHOUT_TLS
from camaudit.simulator.journal import Journal
from camaudit.simulator.reply import Reply
from camaudit.simulator.shift import Shift, as_shift
from camaudit.simulator.tls import server_context, shared_key
from camaudit.simulator.watch import judge

_DATAGRAM_BYTES = 65535
_HANDSHAKE_S = 10.0
_ACCEPT_AT_ONCE = 64


class FleetServer:
    """The sockets of a fleet on the running event loop."""

    def __init__(
        self, fleet: Fleet, journal: Journal | None = None, *, shift: int | Shift = 0, interface: str = "127.0.0.1"
    ) -> None:
        self.fleet = fleet
        self.journal = journal or Journal()
        self.shift = as_shift(shift)
        self._interface = interface
        self._sockets: list[socket.socket] = []
        self._udp: dict[tuple[str, int], socket.socket] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def socket_count(self) -> int:
        """How many sockets listen."""
        return len(self._sockets)

    def start(self) -> None:
        """Open every socket; on failure close what was opened and raise ``NetworkUnavailable``."""
        loop = asyncio.get_running_loop()
        try:
            for device in self.fleet.devices:
                for service in device.services:
                    if service.tls is not None:
                        shared_key(service.tls.rsa_bits)
                    if service.transport == "tcp":
                        self._listen(loop, device, service)
                    else:
                        self._receive(loop, device, service)
            self._join_groups(loop)
        except CamauditError:
            self.stop()
            raise

    def stop(self) -> None:
        """Close every listening socket and end the handshakes under way."""
        loop = asyncio.get_running_loop()
        for sock in self._sockets:
            loop.remove_reader(sock)
            sock.close()
        self._sockets.clear()
        for task in tuple(self._tasks):
            task.cancel()

    def _listen(self, loop: asyncio.AbstractEventLoop, device: SimulatedDevice, service: Service) -> None:
        deaf = service.behaviour == NEVER_ACCEPT
        sock = sockets.listening(device.id, device.address, self.shift(service.port), backlog=0 if deaf else None)
        self._sockets.append(sock)
        if deaf:
            return
        loop.add_reader(sock, self._accept, sock, device, service)

    def _accept(self, listener: socket.socket, device: SimulatedDevice, service: Service) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(_ACCEPT_AT_ONCE):
            try:
                peer, _address = listener.accept()
            except OSError:  # nobody waits any more, or the peer gave up
                return
            peer.setblocking(False)
            task: asyncio.Task[object] = loop.create_task(self._adopt(peer, device, service))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _adopt(self, peer: socket.socket, device: SimulatedDevice, service: Service) -> None:
        loop = asyncio.get_running_loop()
        # A clone's own certificate holds its own names.
        tls = (device.service("tcp", service.port) or service).tls
        context = server_context(tls) if tls and service.behaviour not in WITHOUT_TLS else None
        with contextlib.suppress(OSError):  # a peer that breaks off the handshake
            await loop.connect_accepted_socket(
                lambda: Connection(device, service, self.journal, self.shift(service.port)),
                peer,
                ssl=context,
                ssl_handshake_timeout=_HANDSHAKE_S if context else None,
            )

    def _receive(self, loop: asyncio.AbstractEventLoop, device: SimulatedDevice, service: Service) -> None:
        sock = sockets.datagram(device.id, device.address, self.shift(service.port), self._interface)
        self._sockets.append(sock)
        self._udp[(device.id, service.port)] = sock
        loop.add_reader(sock, self._on_datagram, sock, [(device, service)])

    def _join_groups(self, loop: asyncio.AbstractEventLoop) -> None:
        for speaks, (address, port) in sockets.GROUPS.items():
            members = [
                (device, service)
                for device in self.fleet.devices
                for service in device.services
                if service.speaks == speaks and service.port == port
            ]
            if members:
                sock = sockets.group(address, self.shift(port), self._interface)
                self._sockets.append(sock)
                loop.add_reader(sock, self._on_datagram, sock, members)
        for port, members in self._called().items():
            sock = sockets.everybody(self.shift(port))
            self._sockets.append(sock)
            loop.add_reader(sock, self._on_datagram, sock, members)

    def _called(self) -> dict[int, list[tuple[SimulatedDevice, Service]]]:
        """Return who hears what is sent to everybody, by port."""
        found: dict[int, list[tuple[SimulatedDevice, Service]]] = {}
        for device in self.fleet.devices:
            for service in device.services:
                if service.datagram is not None and service.datagram.to_everybody:
                    found.setdefault(service.port, []).append((device, service))
        return found

    def _on_datagram(self, sock: socket.socket, members: list[tuple[SimulatedDevice, Service]]) -> None:
        try:
            payload, peer = sock.recvfrom(_DATAGRAM_BYTES)
        except OSError:  # an ICMP error of an earlier answer
            return
        for device, service in members:
            self.journal.received(device.id, len(payload))
            seen = judge(payload, service, device.spec)
            port = f"udp/{self.shift(service.port)}"
            self.journal.request(device.id, device.address, port, f"{peer[0]}:{peer[1]}", seen)
            reply = device.answer("udp", service.port, payload)
            down = device.endurance is not None and device.endurance.is_down(time.monotonic())
            if reply.data and not down:
                self._send(device, service, reply, peer)

    def _send(self, device: SimulatedDevice, service: Service, reply: Reply, peer: tuple[str, int]) -> None:
        if reply.delay_s:
            loop = asyncio.get_running_loop()
            loop.call_later(reply.delay_s, self._send_now, device, service, reply, peer)
        else:
            self._send_now(device, service, reply, peer)

    def _send_now(self, device: SimulatedDevice, service: Service, reply: Reply, peer: tuple[str, int]) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            sock = self._udp[(device.id, service.port)]
            if reply.own_port:
                sock = stack.enter_context(sockets.datagram(device.id, device.address, 0, self._interface))
            if service.datagram is not None and service.datagram.reply_to:
                peer = (peer[0], service.datagram.reply_to)
            for copy in range(reply.copies):
                sock.sendto(reply.data.replace(b"#N#", str(copy).encode()), peer)
        for address in service.sends_from:
            # Another's address as sender: on a network it would be forged, here this machine has them all.
            with (
                contextlib.suppress(OSError, NetworkUnavailable),
                sockets.datagram(device.id, address, 0, self._interface) as other,
            ):
                other.sendto(reply.data, peer)


@contextlib.contextmanager
def serving(
    fleet: Fleet, journal: Journal | None = None, *, shift: int | Shift = 0, interface: str = "127.0.0.1"
) -> Iterator[FleetServer]:
    """Serve a fleet from a thread of its own while the ``with`` block runs."""
    loop = asyncio.new_event_loop()
    server = FleetServer(fleet, journal, shift=shift, interface=interface)
    thread = threading.Thread(target=loop.run_forever, name="camera-fleet", daemon=True)
    thread.start()
    try:
        _in_loop(loop, server.start)
        yield server
    finally:
        _in_loop(loop, server.stop)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_cancel_all())
        loop.close()
        server.journal.close()


async def _cancel_all() -> None:
    """End what still sends, so that no task outlives its loop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _in_loop(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    async def run() -> None:
        action()

    asyncio.run_coroutine_threadsafe(run(), loop).result()
