"""``agent.yaml``: what a site's worker is told by `camaudit estate enroll`; paths are relative to the file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from camaudit.errors import DataFileError
from camaudit.estate.broker import Link
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, load


@dataclass(frozen=True, slots=True)
class AgentFile:
    """The form of the file. ``site_file`` says what may be scanned; the hub cannot widen it."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/agent@1"]
    site: str
    broker: str
    site_file: str = "site.yaml"
    ca: str = "ca.pem"
    certificate: str = ""
    key: str = ""
    server_hostname: str = ""
    credentials: str = ""
    logins: str = "logins.sqlite3"


@dataclass(frozen=True, slots=True)
class Agent:
    """A site's worker: who it is, how it reaches the broker, its site file, and what it may log in with.

    ``credentials`` is the site's own file of accounts, if it has one; ``logins`` keeps which device was tried.
    """

    site: str
    link: Link
    site_file: Path
    credentials: Path | None = None
    logins: Path | None = None


def load_agent(file: Path) -> Agent:
    """Read an agent file; raise ``DataFileError`` with what is wrong and where."""
    form = load(file, AgentFile)
    if not form.site or not form.broker:
        raise DataFileError((f"{shown_path(file)}:1: site and broker must not be empty; make the file anew",))
    near = file.parent
    link = Link(
        form.broker,
        near / form.ca,
        near / (form.certificate or f"{form.site}.pem"),
        near / (form.key or f"{form.site}-key.pem"),
        form.server_hostname,
    )
    if not form.credentials:
        return Agent(form.site, link, near / form.site_file)
    return Agent(form.site, link, near / form.site_file, near / form.credentials, near / form.logins)


def agent_text(site: str, broker: str, server_hostname: str) -> str:
    """Return the file for a new site."""
    lines = [
        "# What the worker of this site needs. Start it here with: camaudit worker --agent agent.yaml",
        "schema: camaudit/agent@1",
        f"site: {json.dumps(site)}",
        f"broker: {json.dumps(broker)}",
        "# What may be scanned here. Keep this file yours: the hub can ask for less, never for more.",
        "site_file: site.yaml",
        "# Read-only accounts for devices here (docs/credentials.md). The file and what it names stay here:",
        "# neither the broker nor the hub sees them. logins.sqlite3 keeps which device was tried; keep that too.",
        "# credentials: credentials.yaml",
    ]
    if server_hostname:
        lines.append(f"server_hostname: {json.dumps(server_hostname)}")
    return "\n".join(lines) + "\n"
