"""Devices that are hard to ask, served inside the lab: ``python hard_hosts.py KIND@ADDRESS ...``.

``slow`` thinks 2.5 s before each answer, ``drip`` sends a byte a second for ever, ``tarpit`` accepts and never
writes, ``old`` speaks TLS 1.0 only with a key of 1024 bits. It prints ``ready`` and ends with standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import answers
from benchmarks.fleet import tls_contexts
from benchmarks.profiles import BY_NAME

SLOW_S = 2.5
DRIP_S = 1.0
PORTS = {"slow": (80, 554), "drip": (80, 554, 8080), "tarpit": (80, 81, 443, 554, 8000, 8080), "old": (443, 554)}
_CAMERA, _OLD = BY_NAME["hikvision-camera"], BY_NAME["old-camera"]


async def _answer(kind: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        if kind == "tarpit":
            await asyncio.Event().wait()
        while kind == "drip":
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(DRIP_S)
        received = b""
        while data := await reader.read(65536):
            received += data
            while length := answers.request_length(received):
                request, received = received[:length], received[length:]
                await asyncio.sleep(SLOW_S if kind == "slow" else 0.01)
                say = answers.rtsp if port == 554 else answers.web
                writer.write(say(_CAMERA if kind == "slow" else _OLD, "4E00001", request))
                await writer.drain()


async def _serve(hosts: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old = tls_contexts(Path(folder))["https-old"]
    for kind, address in hosts:
        for port in PORTS[kind]:
            secure = old if kind == "old" and port == 443 else None
            await asyncio.start_server(partial(_answer, kind, port), address, port, ssl=secure)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve([(kind, address) for kind, _, address in (word.partition("@") for word in sys.argv[1:])]))
