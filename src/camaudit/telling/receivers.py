"""Whom to tell: what the file of receivers is read into. Secrets stand in ``Secret`` and show nowhere."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from camaudit.model import Account, Secret


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes signed JSON."""

    name: str
    url: str = field(repr=False)
    """Its path may hold a token, so it is shown nowhere."""
    secret: Secret = field(repr=False)
    ca_file: Path | None = None
    proxy: str = ""
    """``http://host:port`` of a proxy that connects us through; empty goes straight there."""

    @property
    def where(self) -> str:
        """Return what to call it in a message."""
        return f"webhook {self.name}"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """People who get mail, and the server that takes it. ``security`` is ``starttls``, ``tls`` or ``none``."""

    name: str
    server: str
    port: int
    security: str
    sender: str
    to: tuple[str, ...]
    account: Account | None = None
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        """Return what to call it in a message."""
        return f"mail {self.name}"


@dataclass(frozen=True, slots=True)
class Syslog:
    """A log server that takes a line for each change. ``transport`` is ``tls``, ``tcp`` or ``udp``."""

    name: str
    server: str
    port: int
    transport: str
    form: str
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        """Return what to call it in a message."""
        return f"syslog {self.name}"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that a line is added to for each change; a log shipper reads it."""

    name: str
    file: Path
    form: str

    @property
    def where(self) -> str:
        """Return what to call it in a message."""
        return f"log {self.name}"


@dataclass(frozen=True, slots=True)
class Metrics:
    """A file for the textfile collector of node_exporter, written anew after each run."""

    name: str
    file: Path

    @property
    def where(self) -> str:
        """Return what to call it in a message."""
        return f"metrics {self.name}"


Receiver = Webhook | Mailbox | Syslog | LogFile | Metrics


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine by its very name; what a name server says of another does not count."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
