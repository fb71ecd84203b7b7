"""A headless Chromium for tests: pages from disk, driven over its debugging pipe, without any driver package."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
_PATIENCE_S = 30.0


class Chromium:
    """One browser with one page; ``events`` holds what it reported since the page was opened."""

    def __init__(self, program: str, folder: Path) -> None:
        to_child, self._write = os.pipe()
        self._read, from_child = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4; the shell puts ours there.
        shell = f'exec "$@" 3<&{to_child} 4>&{from_child}'
        command = ["bash", "-c", shell, "chromium", program, *_QUIET, f"--user-data-dir={folder}", "about:blank"]
        with (folder / "stderr.txt").open("wb") as errors:
            self._process = subprocess.Popen(command, pass_fds=(to_child, from_child), stderr=errors)
        os.close(to_child)
        os.close(from_child)
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []
        target = next(t for t in self._call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        attached = self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Performance.enable", timeDomain="threadTicks")

    def close(self) -> None:
        """End the browser that this object started."""
        self._process.terminate()
        self._process.wait(timeout=_PATIENCE_S)
        os.close(self._write)
        os.close(self._read)

    def open(self, page: Path, fragment: str = "", *, width: int = 1280, dark: bool = False) -> None:
        """Open a page from disk on a screen so wide, and wait until it has loaded."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._call("Emulation.setEmulatedMedia", features=scheme)
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)
        self._call("Page.navigate", url="about:blank")
        self.events.clear()
        self._call("Page.navigate", url=f"{page.as_uri()}{fragment}")
        deadline = time.monotonic() + _PATIENCE_S
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive(deadline))
        # The event may have been the blank page's; a long page is still being read then.
        while not self.run("location.protocol === 'file:' && document.readyState === 'complete'"):
            assert time.monotonic() < deadline, "the page did not load in time"
            time.sleep(0.02)
        # One more turn, so that scripts and anything they would load have had their chance.
        self.run("new Promise(done => setTimeout(done, 100))")

    def run(self, expression: str, patience_s: float = _PATIENCE_S) -> Any:
        """Evaluate JavaScript in the page and return its value."""
        wanted = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        told = self._call("Runtime.evaluate", patience_s, **wanted)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def worked_s(self) -> float:
        """Return the processor time that the page's own thread has used, whatever else the machine does."""
        told = {each["name"]: each["value"] for each in self._call("Performance.getMetrics")["metrics"]}
        return float(told["TaskDuration"])

    def pdf(self) -> bytes:
        """Print the page."""
        return base64.b64decode(self._call("Page.printToPDF")["data"])

    def requested(self) -> list[str]:
        """Return every address the page asked for."""
        return [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """Return what the browser logged: refused by policy, broken script, thrown errors."""
        names = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        return [json.dumps(e["params"])[:400] for e in self.events if e["method"] in names]

    def _call(self, method: str, patience_s: float = _PATIENCE_S, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + patience_s
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(deadline - time.monotonic(), 0))
            assert ready, "the browser did not answer in time"
            data = os.read(self._read, 1 << 16)
            assert data, "the browser ended"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told
