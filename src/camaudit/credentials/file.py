"""The credentials file: its form, its problems by line, and the passwords from where they are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from camaudit.credentials.first_line import LONGEST, first_line
from camaudit.credentials.keyrings import from_keyring
from camaudit.credentials.match import Credential, digits_of
from camaudit.errors import DataFileError, ScopeError
from camaudit.model import Account, Secret
from camaudit.net.scope import Scope, parse_scope
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, lines_of, load

_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+(?:%[\w.-]{1,15})?(?:/\d{1,3}|-[0-9A-Fa-f:.]+)?")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]?){3,6}")
_SOURCES = ("password_env", "password_file", "keyring")


@dataclass(frozen=True, slots=True)
class Match:
    """For which devices an entry is meant; all that is given must fit."""

    __pydantic_config__ = STRICT
    addresses: tuple[str, ...] | None = None
    mac: str | tuple[str, ...] | None = None
    maker: str | tuple[str, ...] | None = None
    group: str | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class KeyringPlace:
    """Where the system's keyring holds a password."""

    __pydantic_config__ = STRICT
    service: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One account, and where its password is kept. ``password`` is known only to be refused."""

    __pydantic_config__ = STRICT
    username: str
    match: Match = field(default_factory=Match)
    password_env: str | None = None
    password_file: str | None = None
    keyring: KeyringPlace | None = None
    password: Any = None


def load_credentials(
    file: Path, *, makers: Collection[str], groups: Mapping[str, tuple[str, ...]], site: str = "the site file"
) -> tuple[Credential, ...]:
    """Read a credentials file and fetch each password; raise ``DataFileError`` with every problem at its line.

    ``makers`` are the ids that may be named, ``groups`` those of the site file. No problem quotes a value that
    could be a password.
    """
    entries = load(file, tuple[Entry, ...], secretive=True)
    lines = lines_of(file)
    name = shown_path(file)
    problems: list[str] = []
    found: list[Credential] = []
    for index, entry in enumerate(entries):
        wrong = list(_problems(entry, makers, groups, site))
        try:
            secret = _secret(entry, file.parent) if not wrong else Secret("")
        except ValueError as error:
            wrong.append((_source(entry), str(error)))
        for key, problem in wrong:
            line = next((lines[path] for path in ((index, *key), (index, *key[:1]), (index,)) if path in lines), 1)
            problems.append(f"{name}:{line}: {'.'.join(map(str, (index, *key)))}: {problem}")
        if not wrong:
            found.append(_credential(entry, secret, groups))
    if not entries:
        problems.append(f"{name}:1: no account stands here; add one, or leave --credentials out")
    if problems:
        raise DataFileError(tuple(problems))
    return tuple(found)


def _problems(
    entry: Entry, makers: Collection[str], groups: Mapping[str, tuple[str, ...]], site: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if entry.password is not None:
        yield (
            ("password",),
            "a password does not belong in this file; write password_env, password_file or keyring, and change "
            "the password if others have seen it here",
        )
    given = [name for name in _SOURCES if getattr(entry, name) is not None]
    if len(given) != 1 and entry.password is None:
        yield (), f"give one of {', '.join(_SOURCES)}" + (f", not {len(given)}" if given else "")
    if not entry.username.strip() or not entry.username.isprintable() or len(entry.username) > 64:
        yield ("username",), "must be 1 to 64 printable characters"
    yield from _match_problems(entry.match, makers, groups, site)


def _match_problems(
    match: Match, makers: Collection[str], groups: Mapping[str, tuple[str, ...]], site: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key in ("addresses", "mac", "maker", "group"):
        if getattr(match, key) is not None and not _listed(getattr(match, key)):
            yield ("match", key), "is empty, so it would match no device; name some, or leave it out"
    for address in match.addresses or ():
        if _scope((address,)) is None:
            yield (
                ("match", "addresses"),
                f"{address[:40]!r} is no address or range; write 192.0.2.0/24",
            )
    for mac in _listed(match.mac):
        if not _MAC.fullmatch(mac):
            yield (
                ("match", "mac"),
                f"{mac[:40]!r} is no MAC address or beginning of one; write 44:19:b6",
            )
    for maker in _listed(match.maker):
        if maker not in makers:
            yield ("match", "maker"), f"{maker[:40]!r} is no maker's id; write hikvision, dahua or the like"
    for group in _listed(match.group):
        if group not in groups:
            yield ("match", "group"), f"{group[:40]!r} is no group of {site}; add it there under groups"
        elif not groups[group] or _scope(groups[group]) is None:
            yield ("match", "group"), f"the group {group[:40]!r} of {site} must hold addresses and ranges only"


def _credential(entry: Entry, secret: Secret, groups: Mapping[str, tuple[str, ...]]) -> Credential:
    match = entry.match
    inside = tuple(target for group in _listed(match.group) for target in groups[group])
    return Credential(
        name=f"{entry.username} ({_kept_at(entry)})",
        account=Account(entry.username, secret),
        addresses=_scope_of(match.addresses),
        macs=tuple(map(digits_of, _listed(match.mac))) if match.mac is not None else None,
        makers=_listed(match.maker) if match.maker is not None else None,
        group=_scope_of(inside if match.group is not None else None),
    )


def _source(entry: Entry) -> tuple[str, ...]:
    return next((name,) for name in _SOURCES if getattr(entry, name) is not None)


def _kept_at(entry: Entry) -> str:
    if entry.keyring is not None:
        return f"keyring {entry.keyring.service[:60]}/{entry.keyring.name[:60]}"
    return f"{_source(entry)[0]} {(entry.password_env or entry.password_file or '')[-120:]}"


def _secret(entry: Entry, folder: Path) -> Secret:
    """Fetch a password; raise ``ValueError`` with what is wrong and what to do, and never with what was read."""
    if entry.password_env is not None:
        text = os.environ.get(entry.password_env, "")
        if not text:
            raise ValueError("no such environment variable, or it is empty; set it before camaudit is started")
    elif entry.password_file is not None:
        text = first_line(folder / entry.password_file)
    else:
        assert entry.keyring is not None  # noqa: S101 - one of the three is given
        text = from_keyring(entry.keyring.service, entry.keyring.name)
    if len(text) > LONGEST or not text.isprintable():
        raise ValueError(f"what stands there is no password: longer than {LONGEST} characters, or not printable")
    return Secret(text)


def _scope(targets: tuple[str, ...]) -> Scope | None:
    """Return targets as a scope; ``None`` where one is no address (a host name would be looked up)."""
    if not all(_ADDRESS.fullmatch(target.strip()) and re.search(r"[.:]", target) for target in targets):
        return None
    try:
        return parse_scope(targets, allow_public=True)
    except ScopeError:
        return None


def _scope_of(targets: tuple[str, ...] | None) -> Scope | None:
    """Return checked targets as a scope; nothing given is ``None``, means everywhere, and nothing else is."""
    if targets is None:
        return None
    scope = _scope(targets)
    if scope is None:
        # Its problems were told before; an assert may be switched off, and no account may go everywhere then.
        raise ScopeError(f"{', '.join(targets)[:80]}: not addresses; write 192.0.2.0/24 or the like")
    return scope


def _listed(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())
