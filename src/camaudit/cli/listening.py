"""The command ``listen``: what units say to others becomes a run; nothing is sent."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from typing import Annotated

import typer

from camaudit.cli import options
from camaudit.store import Store

_LONGEST_S = 30 * 24 * 3600


def listen(
    interface: Annotated[str, typer.Option("--interface", help="Listen on this interface, such as eth0.")],
    seconds: Annotated[
        float | None,
        typer.Option("--for", min=1, max=_LONGEST_S, help="For so many seconds (default: until Ctrl-C)."),
    ] = None,
    site: options.SiteFile = None,
    store: options.StoreUrl = None,
    quiet: options.Quiet = False,
) -> None:
    """Listen without sending anything: announcements, banners in clear, whom each camera talks to."""
    from camaudit.listening import listen as listen_to

    def began(stop: Callable[[], None]) -> None:
        # The first Ctrl-C ends the listening and keeps the run; the second is Python's own.
        def end(*_: object) -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            stop()

        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
        _give_up_privilege()
        if not quiet:
            until = f"for {seconds:.0f} s" if seconds is not None else "until Ctrl-C"
            typer.echo(f"listening on {interface} {until}; nothing is sent")

    def heard(address: str) -> None:
        if not quiet:
            typer.echo(f"heard {address}")

    where = options.site(site)
    found = listen_to(Store(store), where, interface, seconds, began=began, heard=heard)
    if not quiet:
        typer.echo(f"run {found.run}: {found.units} units heard; nothing was sent")
    raise typer.Exit(0 if found.units else 4)


def _give_up_privilege() -> None:
    """Read hostile packets without privilege: only the listening process needed one, and it has its socket."""
    from camaudit.listening import give_up_privilege

    with contextlib.suppress(OSError, AttributeError):
        give_up_privilege()


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(listen)
