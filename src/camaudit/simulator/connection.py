"""One TCP connection to a device: cuts requests out of the stream and sends the device's answers."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from dataclasses import replace

from camaudit.simulator.device import Service
from camaudit.simulator.fleet import SimulatedDevice
from camaudit.simulator.hostile import RESET_AT_ACCEPT
from camaudit.simulator.journal import Journal
from camaudit.simulator.message import MAX_REQUEST_BYTES, split_message
from camaudit.simulator.reply import Reply
from camaudit.simulator.watch import judge

_ENDLESS_PAUSE_S = 0.02
_LINGER_NOTHING = struct.pack("ii", 1, 0)


class Connection(asyncio.Protocol):
    """Serve one peer; answers leave in the order of the requests, one at a time."""

    def __init__(self, device: SimulatedDevice, service: Service, journal: Journal, port: int) -> None:
        self._device, self._service, self._journal = device, service, journal
        self._port = f"tcp/{port}"
        self._buffer = b""
        self._busy = False
        self._ready = asyncio.Event()
        self._ready.set()
        self._transport: asyncio.Transport | None = None
        self._sending: asyncio.Task[None] | None = None
        self._peer = ""
        self._said_all = False
        self._endurance = device.endurance

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, and greet where the device speaks first."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what asyncio promises for streams
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._peer = f"{peer[0]}:{peer[1]}" if peer else ""
        self._journal.opened(self._device.id)
        if self._service.behaviour == RESET_AT_ACCEPT:
            self._reset(transport)
            return
        if self._endurance is not None:
            self._note(self._endurance.opened(id(self), time.monotonic(), transport.abort))
        if self._service.greeting:
            transport.write(self._service.greeting)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the end, and stop what is still being sent."""
        self._journal.closed(self._device.id)
        if self._endurance is not None:
            self._note(self._endurance.closed(id(self), time.monotonic()))
        self._ready.set()
        if self._sending is not None:
            self._sending.cancel()

    def pause_writing(self) -> None:
        """Wait for a peer that reads slowly."""
        self._ready.clear()

    def resume_writing(self) -> None:
        """Go on writing."""
        self._ready.set()

    def data_received(self, data: bytes) -> None:
        """Collect bytes until a request is whole."""
        self._journal.received(self._device.id, len(data))
        self._buffer += data
        if len(self._buffer) > MAX_REQUEST_BYTES:
            self._close()
        elif not self._busy:
            self._answer_next()

    def _answer_next(self) -> None:
        payload = self._next_request()
        if payload is None:
            return
        seen = judge(payload, self._service, self._device.spec)
        login = self._device.login(payload)
        self._journal.request(self._device.id, self._device.address, self._port, self._peer, seen, login)
        if self._endurance is not None:
            self._note(self._endurance.asked(payload, time.monotonic()))
            if self._endurance.is_down(time.monotonic()):
                return
        reply = self._device.answer("tcp", self._service.port, payload, self._service.tls is not None)
        if self._endurance is not None:
            reply = replace(reply, delay_s=self._endurance.thinks_s(time.monotonic()))
        if reply.delay_s or reply.drip_s or reply.endless:
            self._busy = True
            self._sending = asyncio.get_running_loop().create_task(self._send_slowly(reply))
            return
        self._write(reply.data)
        if not self._ended(reply) and self._buffer:
            self._answer_next()

    def _ended(self, reply: Reply) -> bool:
        """End the connection the way the reply wants it; return whether nothing more is answered."""
        if reply.reset and self._transport is not None:
            self._reset(self._transport)
        elif reply.half_close and self._transport is not None and self._transport.can_write_eof():
            self._transport.write_eof()
            self._said_all = True
        elif reply.close:
            self._close()
        else:
            return False
        return True

    @staticmethod
    def _reset(transport: asyncio.Transport) -> None:
        """Break off with RST; without this option the system would say goodbye with FIN."""
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOTHING)
        transport.abort()

    def _note(self, broken: str) -> None:
        if broken:
            self._journal.broken(self._device.id, broken)

    def _next_request(self) -> bytes | None:
        stream = self._service.speaks in ("http", "rtsp")
        if stream and not self._buffer.startswith(b"\x16\x03"):
            split = split_message(self._buffer)
            if split is None:
                return None
            payload, self._buffer = split
            return payload
        payload, self._buffer = self._buffer, b""
        return payload or None

    async def _send_slowly(self, reply: Reply) -> None:
        await asyncio.sleep(reply.delay_s)
        if reply.drip_s:
            for at in range(len(reply.data)):
                self._write(reply.data[at : at + 1])
                await asyncio.sleep(reply.drip_s)
        else:
            self._write(reply.data)
        while reply.endless:
            await self._ready.wait()
            self._write(reply.endless)
            await asyncio.sleep(_ENDLESS_PAUSE_S)
        self._busy = False
        if not self._ended(reply):
            self._answer_next()

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not (self._said_all or self._transport.is_closing()):
            self._transport.write(data)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
