"""A RabbitMQ of the test's own, with the configuration that camaudit writes; killed and started again at will."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from camaudit.estate import rabbit

_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def why_not() -> str:
    """Return why there can be no broker here; empty where there can."""
    return (
        ""
        if _SERVER.is_file() and shutil.which("erl")
        else "needs RabbitMQ on this machine (apt install rabbitmq-server)"
    )


class Rabbit:
    """A broker below ``folder``; ``prefix`` is how to run a command in its network namespace."""

    def __init__(self, folder: Path, pki: Path, url: str, port: int, prefix: Sequence[str] = ()) -> None:
        self._folder, self._prefix = folder, prefix
        folder.mkdir(parents=True, exist_ok=True)
        conf = rabbit.configuration(url, str(pki))
        (folder / "rabbitmq.conf").write_text(conf)
        (folder / "plugins").write_text("[rabbitmq_auth_mechanism_ssl].\n")
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"cam{port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_DIST_PORT": str(port + 1),
            "ERL_EPMD_PORT": str(port + 2),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the broker and wait until it has said that it is there."""
        with (self._folder / "output").open("ab") as output:
            begun = output.tell()
            command = [*self._prefix, str(_SERVER)]
            # A session of its own: killing its group ends everything that came of it.
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=output, stderr=output, start_new_session=True
            )
        for _ in range(600):
            time.sleep(0.1)
            if b"completed with" in (self._folder / "output").read_bytes()[begun:]:
                return
            assert self._process.poll() is None, (self._folder / "output").read_text("utf-8", "replace")[-2000:]
        raise AssertionError("the broker did not start in a minute")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)
            self._process = None
        # Erlang's name server leaves the group; it is known by the port that we gave it.
        stop = ["epmd", "-port", self._environment["ERL_EPMD_PORT"], "-kill"]
        subprocess.run([*self._prefix, *stop], capture_output=True, timeout=20)
