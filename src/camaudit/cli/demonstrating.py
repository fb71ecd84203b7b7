"""The command ``demo``: a simulated fleet on loopback, audited like any network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from camaudit.catalogue import load_catalogue
from camaudit.cli import options
from camaudit.cli.collecting import Plan, collect
from camaudit.cli.delivering import deliver, wish
from camaudit.cli.lowports import LowPorts, make_room
from camaudit.errors import NetworkUnavailable
from camaudit.scan import ScanOptions, parse_scope, shifted_ports
from camaudit.site import load_site
from camaudit.store import Store

_NETWORK = "127.77.0.0/24"
_READY_S = 60
Truth = Annotated[Path | None, typer.Option("--truth", help="Also write what the fleet really is, as JSON.")]


def demo(
    output: options.Output = options.OUTPUT,
    format_: options.Formats = options.FORMAT,
    truth: Truth = None,
    rate: options.Rate = 5000.0,
    audience: options.Audience = "",
    store: options.StoreUrl = None,
    quiet: options.Quiet = False,
) -> None:
    """Start a simulated camera fleet on loopback, audit it and write the reports."""
    options.writable(output)
    room = make_room()
    if not quiet and room.said:
        typer.echo(room.said)
    catalogue = load_catalogue()
    site = load_site(files("camaudit.simulator") / "demo-site.yaml")
    wanted = wish(None, None, None, format_, output, options.FailOn.NEVER, audience, quiet=quiet)
    with TemporaryDirectory(prefix="camaudit-demo-") as folder, _fleet(room, truth):
        # The fleet's run stays out of the operator's own store unless they name one.
        kept = Store(store or f"sqlite:///{Path(folder) / 'demo.sqlite3'}")
        scanning = ScanOptions(rate=rate, ports=shifted_ports(room.shift))
        run = collect(kept, Plan(parse_scope([_NETWORK]), site, scanning), quiet=quiet)
        code = deliver(kept.run(run), catalogue, site, wanted)
        kept.close()
    if not quiet:
        look = f" Open {output / 'report.html'} in a browser." if "html" in wanted.formats else ""
        typer.echo(f"This was a simulated fleet.{look}")
    raise typer.Exit(code)


@contextmanager
def _fleet(room: LowPorts, truth: Path | None) -> Iterator[None]:
    """Run the simulator in a process of its own until the block ends."""
    command = [sys.executable, "-m", "camaudit.simulator"]
    if truth is not None:
        command += ["--truth", str(truth)]
    if room.shift:
        command += ["--shift", str(room.shift), "--shift-below", "1024"]
    # Our own interpreter and module, without a shell: nothing of the command comes from outside.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        ready = process.stdout.readline() if process.stdout else ""
        if not ready.startswith("ready"):
            raise NetworkUnavailable("the simulated fleet could not start; is another demo running?")
        yield
    finally:
        process.terminate()
        process.wait(timeout=_READY_S)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(demo)
