"""Any number of cameras behind two sockets: ``python -m benchmarks.crowd``.

It listens on port 80 and 554 of every address of this machine (on loopback: 16 million), and answers each as a
camera of its own, whose serial number follows from the address that was asked. It prints ``ready`` and ends with
standard input.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks import answers
from benchmarks.fleet import Answer
from benchmarks.profiles import BY_NAME

_PROFILE = BY_NAME["dahua-camera"]
_BACKLOG = 4096


class Camera(asyncio.Protocol):
    """One connection; it answers at once, so that the scanner's own cost is what is measured."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._received = b""
        self._serial = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See which address was asked."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        asked = str(transport.get_extra_info("sockname")[0])
        self._serial = "4M" + "".join(f"{int(part):03d}" for part in asked.split("."))

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._received = (self._received + data)[:65536]
        while length := answers.request_length(self._received):
            request, self._received = self._received[:length], self._received[length:]
            if self._transport is not None:
                self._transport.write(self._answer(_PROFILE, self._serial, request))


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    for port, answer in ((80, answers.web), (554, answers.rtsp)):
        await loop.create_server(lambda answer=answer: Camera(answer), "0.0.0.0", port, backlog=_BACKLOG)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
