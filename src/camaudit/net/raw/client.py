"""The client of the helper process: in go addresses of one interface's network, out come those that answer ARP.

``RawHelper.sweep`` and ``unprivileged.Unprivileged.sweep`` are called alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import subprocess
import sys
from collections.abc import AsyncIterable, Callable, Iterable
from pathlib import Path
from typing import Any, Self

import camaudit
from camaudit.errors import NetworkUnavailable
from camaudit.net.interfaces import Interface
from camaudit.net.pace import Pace, Urgency
from camaudit.net.raw import BEGIN
from camaudit.net.raw.rounds import Rounds, neighbours_of
from camaudit.net.timing import RoundTrip

_ANSWER_S = 10.0
_END_S = 2.0
_MAX_RATE = 100_000
_FRAMES_PER_LINE_S = 0.002
_MOST_WAITING = 1024

_HELPER = "from camaudit.net.raw.helper import main; sys.exit(main())"


class RawHelper:
    """The helper process for as long as the context lasts. Entering never raises; see ``available``."""

    def __init__(self) -> None:
        self.available = False
        self.why = "the helper process for ARP was not started"
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._hearers: dict[int, Callable[[dict[str, Any]], None]] = {}
        self._numbers = itertools.count(1)
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        root = str(Path(camaudit.__file__).parent.parent)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", BEGIN + _HELPER, root),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Ctrl-C is for camaudit; the helper ends when its stdin does.
                start_new_session=True,
            )
            self._reading = asyncio.create_task(self._read(self._process.stdout))
            ready = await self._ask({"do": "hello"})
        except (OSError, NetworkUnavailable) as error:
            await self._end()
            self.why = f"the helper process for ARP could not be started: {error}"
            return self
        except BaseException:
            await self._end()
            raise
        self.available, self.why = ready.get("raw") is True, str(ready.get("why", ""))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.available = False
        await self._end()

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
        """Ask for each address by ARP and hand (address, MAC) to ``hear`` as replies come.

        Each request takes one packet of the pace. Who stays silent for ``round_trip``'s timeout is asked again, up
        to ``rounds`` times in all, those that ``known`` says live up to four times. Two devices with one address
        are both heard. Addresses outside the interface's network are passed over. Raises NetworkUnavailable.
        """
        asking = Rounds(interface, hear, rounds=rounds, round_trip=round_trip, known=known)
        size = max(1, int(pace.rate * _FRAMES_PER_LINE_S))
        number = next(self._numbers)
        self._hearers[number] = asking.heard
        try:
            targets: list[str] = []
            async for address in neighbours_of(interface, addresses):
                # New ones first while they are few, then who has waited long enough: neither may pile up.
                if asking.waiting > _MOST_WAITING:
                    await self._again(asking, pace, size)
                targets.append(address)
                if len(targets) >= size:
                    await self._send(asking, targets, pace, Urgency.FINDING)
                    targets = []
            await self._send(asking, targets, pace, Urgency.FINDING)
            while (wait_s := asking.wait_s()) is not None:
                await asyncio.sleep(wait_s)
                await self._again(asking, pace, size)
            # What the helper has heard by now is read before its answer to this is.
            await self._ask({"do": "hello"})
        finally:
            del self._hearers[number]

    async def _again(self, asking: Rounds, pace: Pace, size: int) -> None:
        while targets := asking.due(size):
            known = any(map(asking.is_known, targets))
            await self._send(asking, targets, pace, Urgency.FINDING if known else Urgency.REST)

    async def _send(self, asking: Rounds, targets: list[str], pace: Pace, urgency: Urgency) -> None:
        """Send one line and wait until its frames have left, so that a slow helper never bursts."""
        if not targets:
            return
        interface = asking.interface
        async with self._turn:
            await pace.take(len(targets), urgency)
            # Before they leave: the first replies may be read together with the helper's answer.
            asking.sent(targets)
            answer = await self._ask(
                {
                    "do": "arp",
                    "interface": interface.name,
                    "source": interface.address,
                    "targets": targets,
                    "rate": min(_MAX_RATE, max(1, int(pace.rate))),
                }
            )
        if answer.get("said") != "sent":
            raise NetworkUnavailable(f"ARP on {interface.name} is not possible: {answer.get('why')}")

    async def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or self._reading is None or self._reading.done():
            raise NetworkUnavailable(self.why)
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            process.stdin.write(json.dumps({**command, "id": number}).encode() + b"\n")
            await process.stdin.drain()
            async with asyncio.timeout(_ANSWER_S + len(command.get("targets", ())) / command.get("rate", 1)):
                return await answer
        except TimeoutError:
            raise NetworkUnavailable("the helper process for ARP does not answer") from None
        except ConnectionError:
            raise NetworkUnavailable("the helper process for ARP has ended") from None
        finally:
            del self._waiting[number]

    async def _read(self, lines: asyncio.StreamReader | None) -> None:
        try:
            while lines is not None and (line := await lines.readline()):
                self._take(json.loads(line))
        except (OSError, ValueError):
            # A line that is no JSON, or far too long: that is not our helper any more.
            pass
        finally:
            self.available, self.why = False, "the helper process for ARP has ended"
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(NetworkUnavailable(self.why))

    def _take(self, said: dict[str, Any]) -> None:
        if said.get("said") == "arp":
            for heard in tuple(self._hearers.values()):
                heard(said)
            return
        answer = self._waiting.get(said.get("id", 0))
        if answer is not None and not answer.done():
            answer.set_result(said)

    async def _end(self) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                async with asyncio.timeout(_END_S):
                    await process.wait()
            except TimeoutError:
                # It has another user's name by now, and may be out of reach; it ends with its stdin in any case.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    process.kill()
                    await process.wait()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
