"""The helper process, the only one that opens raw sockets: JSON lines in on stdin, JSON lines out on stdout.

``{"do":"hello"}`` is answered by ``{"said":"ready","raw":true|false,"why":...}``;
``{"do":"arp","interface":...,"source":...,"targets":[...]}`` sends one ARP request for each target of the
interface's own network and, when the last has left, says ``{"said":"sent","count":...,"left_out":...}``. Replies
come as ``{"said":"arp","address":...,"mac":...,"interface":...,"seeded":...,"round_trip_s":...}``. Whatever cannot
be done is answered by ``{"said":"error","why":...}``. An ``id`` of a command comes back in its answer. ``rate``
(frames a second) is a ceiling that holds in every second whoever asks. The process ends with its stdin.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from camaudit.net.raw.link import Link
from camaudit.net.raw.netlink import Rtnetlink
from camaudit.net.raw.privilege import NET_ADMIN, NET_RAW, become_nobody, give_up

MAX_LINE = 65536
MAX_TARGETS = 1024
MAX_WAITING = 4096
DEFAULT_RATE = 1000

_MAX_RATE = 100_000
_MAX_LINKS = 64
_MAX_ID = 1 << 53
_WINDOW_S = 1.001
_NO_PRIVILEGE = "a sweep by ARP needs the raw-socket privilege, which this program was not given"


class Ceiling:
    """Holds a number of frames a second in every second, whatever the one who asks makes of the pace."""

    def __init__(self) -> None:
        self.rate = DEFAULT_RATE
        self._sent: deque[float] = deque()

    def wait_s(self, now_s: float) -> float:
        """Return how long the next frame must wait."""
        while self._sent and now_s - self._sent[0] >= _WINDOW_S:
            self._sent.popleft()
        if len(self._sent) < self.rate:
            return 0.0
        return self._sent[len(self._sent) - self.rate] + _WINDOW_S - now_s

    def sent(self, now_s: float) -> None:
        """Count a frame that has left."""
        self._sent.append(now_s)


@dataclass(slots=True)
class _Batch:
    link: Link
    source: str
    targets: deque[str]
    answer: dict[str, Any]


class Helper:
    """What the commands do. Lines to say gather in ``out``."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self.out: list[dict[str, Any]] = []
        self._selector = selector
        self._links: dict[str, Link] = {}
        self._batches: deque[_Batch] = deque()
        self._ceiling = Ceiling()
        self._netlink: Rtnetlink | None = None

    def obey(self, line: bytes) -> None:
        """Do what one line says; what cannot be done is said, never raised."""
        answer: dict[str, Any] = {}
        try:
            command = json.loads(line)
            if not isinstance(command, dict):
                raise ValueError("a command is a JSON object")
            number = command.get("id")
            if type(number) is int and 0 <= number < _MAX_ID:
                answer["id"] = number
            if command.get("do") == "hello":
                self.out.append({"said": "ready", **_privilege(), **answer})
            elif command.get("do") == "arp":
                self._arp(command, answer)
            else:
                raise ValueError("no such command; there are hello and arp")
        except (ValueError, OSError, RecursionError) as error:
            self.out.append({"said": "error", "why": _reason(error), **answer})

    def _arp(self, command: dict[str, Any], answer: dict[str, Any]) -> None:
        name, source, targets = (command.get(key) for key in ("interface", "source", "targets"))
        rate = command.get("rate", DEFAULT_RATE)
        if not isinstance(name, str) or not isinstance(source, str):
            raise ValueError("interface and source are text")
        if not isinstance(targets, list) or not all(isinstance(target, str) for target in targets):
            raise ValueError("targets is a list of addresses")
        if type(rate) is not int or not 1 <= rate <= _MAX_RATE:
            raise ValueError(f"rate is a whole number from 1 to {_MAX_RATE}")
        if len(targets) > MAX_TARGETS or sum(len(batch.targets) for batch in self._batches) > MAX_WAITING:
            raise ValueError(f"too much at once; at most {MAX_TARGETS} targets, and wait for sent")
        link = self._link(name)
        kept = link.check(source, targets)
        self._ceiling.rate = rate
        told = {"said": "sent", "count": len(kept), "left_out": len(targets) - len(kept), **answer}
        self._batches.append(_Batch(link, source, deque(kept), told))

    def _link(self, name: str) -> Link:
        if name not in self._links:
            if len(self._links) >= _MAX_LINKS:
                raise ValueError(f"at most {_MAX_LINKS} interfaces")
            if self._netlink is None:
                self._netlink = Rtnetlink()
            link = self._links[name] = Link(name, self._netlink)
            self._selector.register(link.socket, selectors.EVENT_READ, link)
        return self._links[name]

    def send(self) -> float | None:
        """Send what may leave now; return in how many seconds more may, or None when nothing waits."""
        while self._batches:
            batch = self._batches[0]
            if not batch.targets:
                self.out.append(self._batches.popleft().answer)
                continue
            wait_s = self._ceiling.wait_s(time.monotonic())
            if wait_s > 0:
                return wait_s
            try:
                batch.link.ask(batch.source, batch.targets.popleft())
            except OSError as error:
                batch.targets.clear()
                batch.answer = {**batch.answer, "said": "error", "why": f"{batch.link.name}: {_reason(error)}"}
            # Counted after it left: a late frame must not open its window too early.
            self._ceiling.sent(time.monotonic())
        return None

    def hear(self, link: Link) -> None:
        """Say the replies that wait on one interface."""
        try:
            for reply, round_trip_s, seeded in link.replies():
                told = {"said": "arp", "address": reply.address, "mac": reply.mac, "interface": link.name}
                self.out.append({**told, "seeded": seeded, "round_trip_s": round(round_trip_s, 6)})
        except OSError as error:
            # The interface went down; when it is up again, the socket hears again.
            self.out.append({"said": "error", "why": f"{link.name}: {_reason(error)}"})


def _privilege() -> dict[str, Any]:
    if not hasattr(socket, "AF_PACKET"):
        return {"raw": False, "why": "a sweep by ARP is possible on Linux only"}
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except PermissionError:
        return {"raw": False, "why": _NO_PRIVILEGE}
    except OSError as error:
        return {"raw": False, "why": f"no raw socket can be had here: {_reason(error)}"}
    return {"raw": True, "why": ""}


def _reason(error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return _NO_PRIVILEGE
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)[:200] or type(error).__name__


class Lines:
    """Cuts what comes in into lines; one that is too long is dropped and told once."""

    def __init__(self) -> None:
        self._rest = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes | None]:
        """Return the lines that are complete now; None stands for one that was too long."""
        found: list[bytes | None] = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not self._dropping:
                found.append(line if len(line) <= MAX_LINE else None)
            self._dropping = False
        if len(self._rest) > MAX_LINE:
            if not self._dropping:
                found.append(None)
            self._rest, self._dropping = b"", True
        elif self._dropping:
            self._rest = b""
        return found


def serve(stdin: int, stdout: int) -> None:
    """Obey the lines of one file descriptor until it ends, and answer on the other."""
    selector = selectors.DefaultSelector()
    selector.register(stdin, selectors.EVENT_READ, None)
    helper, lines = Helper(selector), Lines()
    while True:
        wait_s = helper.send()
        _say(stdout, helper.out)
        for key, _ in selector.select(wait_s):
            if isinstance(key.data, Link):
                helper.hear(key.data)
                continue
            data = os.read(stdin, 65536)
            if not data:
                return
            for line in lines.feed(data):
                if line is None:
                    helper.out.append({"said": "error", "why": f"a line has at most {MAX_LINE} bytes"})
                elif line.strip():
                    helper.obey(line)


def _say(stdout: int, out: list[dict[str, Any]]) -> None:
    data = "".join(json.dumps(said) + "\n" for said in out).encode("ascii")
    out.clear()
    while data:
        data = data[os.write(stdout, data) :]


def main() -> int:
    """Run the helper on this process's own stdin and stdout, with no more privilege than its sockets need."""
    # Where nothing can be given up there is no raw socket to be had either.
    with contextlib.suppress(OSError, AttributeError):
        become_nobody(keeping=True)
        give_up(keep=(NET_ADMIN, NET_RAW))
    try:
        serve(sys.stdin.fileno(), sys.stdout.fileno())
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
