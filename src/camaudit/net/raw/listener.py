"""The client of the listening process: in goes an interface's name, out comes a stream of packets (pcap)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Self

import camaudit
from camaudit.errors import NetworkUnavailable
from camaudit.net.raw import BEGIN

_END_S = 5.0
_EAR = "from camaudit.net.raw.ear import main; sys.exit(main(sys.argv[2]))"


class Listener:
    """The listening process while the context lasts; entering raises NetworkUnavailable where it cannot listen.

    ``dropped`` is known once the stream is at its end: the packets that the kernel had no room for.
    """

    def __init__(self, interface: str) -> None:
        self.dropped = 0
        self._interface = interface
        self._first = b""

    def __enter__(self) -> Self:
        root = str(Path(camaudit.__file__).parent.parent)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
                [sys.executable, "-I", "-c", BEGIN + _EAR, root, self._interface],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                # Ctrl-C is for camaudit; this process ends when its stdin does.
                start_new_session=True,
            )
        except OSError as error:
            raise NetworkUnavailable(f"the listening process could not be started: {error}") from None
        # The head of the stream: nothing comes before the socket is open.
        self._first = self._read(64)
        if not self._first:
            said = self._end()
            raise NetworkUnavailable(str(said.get("why") or "the listening process ended at once"))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._end()

    def read(self, size: int, /) -> bytes:
        """Return what was heard, as soon as there is any; none at the end."""
        first, self._first = self._first, b""
        return first or self._read(size)

    def stop(self) -> None:
        """Let the process end; what it has heard so far can still be read. May be called from a signal handler."""
        stdin, self._process.stdin = self._process.stdin, None
        if stdin is not None:
            stdin.close()

    def _read(self, size: int) -> bytes:
        return (self._process.stdout.read(size) if self._process.stdout else b"") or b""

    def _end(self) -> dict[str, object]:
        """Wait for the end and return what the process said."""
        self.stop()
        try:
            _, told = self._process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self._process.kill()
            told = b""
        try:
            said = json.loads(told.decode("utf-8", "replace").splitlines()[-1]) if told.strip() else {}
        except ValueError:
            said = {}
        found = said if isinstance(said, dict) else {}
        dropped = found.get("dropped")
        self.dropped = dropped if isinstance(dropped, int) else 0
        return found
