"""``notify.yaml``: whom to tell of changes, and how. Forms in, receivers out; every problem with its line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from camaudit.credentials.first_line import first_line
from camaudit.errors import DataFileError
from camaudit.model import Account, Secret
from camaudit.resources import shown_path
from camaudit.telling import form_checks as checks
from camaudit.telling.receivers import LogFile, Mailbox, Metrics, Receiver, Syslog, Webhook
from camaudit.yamlio import STRICT, lines_of, load

Form = Literal["cef", "ocsf"]
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_SYSLOG_PORTS = {"tls": 6514, "tcp": 601, "udp": 514}


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """One webhook. The secret is named, never written here."""

    __pydantic_config__ = STRICT
    name: str
    url: str
    secret_env: str | None = None
    secret_file: str | None = None
    ca_file: str | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class MailForm:
    """One server and those who get mail by it."""

    __pydantic_config__ = STRICT
    name: str
    server: str
    sender: str
    to: tuple[str, ...]
    port: int | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class SyslogForm:
    """One log server."""

    __pydantic_config__ = STRICT
    name: str
    server: str
    port: int | None = None
    transport: Literal["tls", "tcp", "udp"] = "tls"
    form: Form = "cef"
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class LogForm:
    """One log file."""

    __pydantic_config__ = STRICT
    name: str
    file: str
    form: Form = "cef"


@dataclass(frozen=True, slots=True)
class MetricsForm:
    """One file of figures."""

    __pydantic_config__ = STRICT
    name: str
    file: str


Entry = WebhookForm | MailForm | SyslogForm | LogForm | MetricsForm


@dataclass(frozen=True, slots=True)
class NotifyFile:
    """The form of the file of receivers; ``examples/notify/notify.yaml`` shows it."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/notify@1"]
    webhooks: tuple[WebhookForm, ...] = ()
    mail: tuple[MailForm, ...] = ()
    syslog: tuple[SyslogForm, ...] = ()
    logs: tuple[LogForm, ...] = ()
    metrics: tuple[MetricsForm, ...] = ()

    def entries(self) -> Iterator[tuple[checks.Where, Entry]]:
        """Yield every receiver with its place, in the order in which they are told."""
        groups: dict[str, tuple[Entry, ...]] = {
            "webhooks": self.webhooks,
            "mail": self.mail,
            "syslog": self.syslog,
            "logs": self.logs,
            "metrics": self.metrics,
        }
        for name, forms in groups.items():
            for number, each in enumerate(forms):
                yield (name, number), each


def load_receivers(file: Path) -> tuple[Receiver, ...]:
    """Read a file of receivers and fetch their secrets; raise ``DataFileError`` with every problem at its line.

    No problem quotes a value: somebody may have written a secret where it does not belong.
    """
    form = load(file, NotifyFile, secretive=True)
    lines, name = lines_of(file), shown_path(file)
    problems = list(checks.problems(form))
    wrong = {where[:2] for where, _ in problems}
    found: list[Receiver] = []
    for where, each in form.entries():
        if where in wrong:
            continue
        try:
            found.append(_receiver(each, file.parent))
        except ValueError as error:
            problems.append((where, str(error)))
    if problems:
        told = (": ".join((f"{name}:{_line(lines, where)}", *_path(where), text)) for where, text in problems)
        raise DataFileError(tuple(told))
    return tuple(found)


def _path(where: checks.Where) -> tuple[str, ...]:
    return (".".join(map(str, where)),) if where else ()


def _line(lines: dict[checks.Where, int], where: checks.Where) -> int:
    return next((lines[part] for part in (where, where[:-1], where[:1]) if part in lines), 1)


def _receiver(each: Entry, folder: Path) -> Receiver:
    """Return the receiver; raise ``ValueError`` where its secret or its authorities cannot be read."""
    match each:
        case WebhookForm():
            key = checks.webhook_key(_secret(each.secret_env, each.secret_file, folder))
            return Webhook(each.name, each.url, key, _existing(each.ca_file, folder), each.proxy or "")
        case MailForm():
            port = each.port or _PORTS[each.security]
            sent = (each.sender, each.to, _account(each, folder), _existing(each.ca_file, folder))
            return Mailbox(each.name, each.server, port, each.security, *sent)
        case SyslogForm():
            port = each.port or _SYSLOG_PORTS[each.transport]
            ca_file = _existing(each.ca_file, folder)
            return Syslog(each.name, each.server, port, each.transport, each.form, ca_file)
        case LogForm():
            return LogFile(each.name, folder / each.file, each.form)
        case MetricsForm():
            return Metrics(each.name, folder / each.file)


def _account(each: MailForm, folder: Path) -> Account | None:
    if each.username is None:
        return None
    return Account(each.username, Secret(_secret(each.password_env, each.password_file, folder)))


def _secret(variable: str | None, file: str | None, folder: Path) -> str:
    if variable is not None:
        text = os.environ.get(variable, "")
        if not text:
            raise ValueError("its secret: no such environment variable, or it is empty; set it before the start")
        return text
    try:
        return first_line(folder / (file or ""), private=True)
    except ValueError as error:
        raise ValueError(f"the file of its secret {error}") from None


def _existing(file: str | None, folder: Path) -> Path | None:
    if file is None:
        return None
    if not (folder / file).is_file():
        raise ValueError("ca_file: there is no such file; name the PEM file of the authority that signed")
    return folder / file
