"""Read-only SNMP logins of switches: in go a file or a community, out comes what finds the login of an address.

The file names where a secret is (an environment variable or a file), never the secret itself.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from camaudit.errors import DataFileError, UsageError
from camaudit.net.snmp import AUTHENTICATION, PRIVACY, SnmpLogin
from camaudit.scan.switches import LoginOf
from camaudit.yamlio import STRICT, lines_of, load

_SHORTEST_PASSWORD = 8
"""What SNMPv3 asks of a password (RFC 3414 section 11.2)."""

_MAX_SECRET = 1024


@dataclass(frozen=True, slots=True)
class LoginForm:
    """One login: a community for v2c, or a user for v3; the first whose addresses hold a switch is its own."""

    __pydantic_config__ = STRICT
    addresses: tuple[str, ...] = ()
    community_env: str = ""
    community_file: str = ""
    user: str = ""
    authentication: Literal["", "md5", "sha", "sha224", "sha256", "sha384", "sha512"] = ""
    authentication_env: str = ""
    authentication_file: str = ""
    privacy: Literal["", "des", "aes128", "aes192", "aes256"] = ""
    privacy_env: str = ""
    privacy_file: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class LoginFile:
    """The form of the file that ``--snmp-logins`` names."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/snmp@1"]
    switches: tuple[LoginForm, ...]


def logins(file: Path | None, community: str, environment: Mapping[str, str] = os.environ) -> LoginOf:
    """Return what finds a switch's login; raises UsageError or DataFileError, and no message holds a secret."""
    if file is None:
        if not community:
            raise UsageError("no SNMP login: give --snmp-logins FILE, or --snmp-community NAME for SNMPv2c")
        return lambda address: SnmpLogin(community=community)
    if community:
        raise UsageError("give --snmp-logins or --snmp-community, not both")
    forms = load(file, LoginFile).switches
    problems, made = [], []
    lines = lines_of(file)
    for at, form in enumerate(forms):
        try:
            made.append((_networks(form), _login(form, file.parent, environment)))
        except ValueError as error:
            problems.append(f"{file}:{lines.get(('switches', at), 1)}: {error}")
    if problems:
        raise DataFileError(tuple(problems))

    def login_of(address: str) -> SnmpLogin | None:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        return next(
            (login for networks, login in made if not networks or any(parsed in n for n in networks)), None
        )

    return login_of


def _networks(form: LoginForm) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in form.addresses)
    except ValueError:
        raise ValueError("addresses holds something that is no address and no network") from None


def _login(form: LoginForm, folder: Path, environment: Mapping[str, str]) -> SnmpLogin:
    community = _secret("community", form.community_env, form.community_file, folder, environment)
    proof = _secret("authentication", form.authentication_env, form.authentication_file, folder, environment)
    hidden = _secret("privacy", form.privacy_env, form.privacy_file, folder, environment)
    if bool(community) == bool(form.user):
        raise ValueError("give a community (community_env or community_file) or a user, one of both")
    if form.user and bool(form.authentication) != bool(proof):
        raise ValueError(f"authentication needs a kind ({', '.join(AUTHENTICATION)}) and a password")
    if form.user and bool(form.privacy) != bool(hidden):
        raise ValueError(f"privacy needs a kind ({', '.join(PRIVACY)}) and a password")
    if hidden and not proof:
        raise ValueError("SNMPv3 knows no privacy without authentication")
    if any(secret and len(secret) < _SHORTEST_PASSWORD for secret in (proof, hidden)):
        raise ValueError(f"an SNMPv3 password has at least {_SHORTEST_PASSWORD} characters")
    return SnmpLogin(community, form.user, form.authentication, proof, form.privacy, hidden, form.context)


def _secret(what: str, variable: str, file: str, folder: Path, environment: Mapping[str, str]) -> str:
    if variable and file:
        raise ValueError(f"give {what}_env or {what}_file, not both")
    if variable:
        if not environment.get(variable):
            raise ValueError(f"the environment variable {variable} of {what}_env is not set")
        return environment[variable]
    if not file:
        return ""
    try:
        text = (folder / file).read_text("utf-8")[:_MAX_SECRET]
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{what}_file cannot be read: {file}") from None
    secret = text.splitlines()[0].strip() if text.strip() else ""
    if not secret:
        raise ValueError(f"{what}_file is empty: {file}")
    return secret
