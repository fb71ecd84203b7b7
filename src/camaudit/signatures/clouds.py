"""Whom a unit talks to: in go the host names it asked for, out come contacts, those of makers' clouds named. Pure.

A contact is no sign of a maker: the owner's own computer and phone ask for the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Literal

from camaudit.model import Contact
from camaudit.signatures.patterns import wrong_pattern
from camaudit.yamlio import STRICT, Path, load

_SEEN_IN = {"traffic.dns": "dns", "traffic.sni": "tls"}
_MOST = 64


@dataclass(frozen=True, slots=True)
class Cloud:
    """A maker's cloud: domains stand for themselves and all below them, ``hosts`` are patterns of whole names."""

    __pydantic_config__ = STRICT
    name: str
    maker: str
    domains: tuple[str, ...]
    source: tuple[str, ...]
    hosts: tuple[str, ...] = ()

    def owns(self, host: str) -> bool:
        """Say whether a host name belongs to this cloud."""
        below = any(host == domain or host.endswith(f".{domain}") for domain in self.domains)
        return below or any(re.fullmatch(pattern, host) for pattern in self.hosts)


@dataclass(frozen=True, slots=True)
class CloudFile:
    """The file ``signatures/clouds.yaml``."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/clouds@1"]
    clouds: tuple[Cloud, ...]


def load_clouds(folder: Traversable) -> tuple[Cloud, ...]:
    """Read the file of a signature folder; one that has none knows no clouds. Raises DataFileError."""
    file = folder / "clouds.yaml"
    return load(file, CloudFile).clouds if file.is_file() else ()


def wrong_clouds(
    clouds: tuple[Cloud, ...], makers: Iterable[str], sources: Iterable[str]
) -> Iterator[tuple[Path, str]]:
    """Yield each thing that is wrong with the file, by key path."""
    known_makers, known_sources = frozenset(makers), frozenset(sources)
    for index, cloud in enumerate(clouds):
        here: Path = ("clouds", index)
        if cloud.maker not in known_makers:
            yield (
                here,
                f"{cloud.name}: {cloud.maker!r} is no entity; add it to entities.yaml",
            )
        for name in cloud.source:
            if name not in known_sources:
                yield here, f"{cloud.name}: source {name!r} is not in sources.yaml; explain it there"
        for domain in cloud.domains:
            if domain != domain.lower().strip(".") or "." not in domain:
                yield here, f"{cloud.name}: {domain!r} is no domain in small letters with a dot in it"
        for pattern in cloud.hosts:
            problem = wrong_pattern(pattern)
            if problem:
                yield here, f"{cloud.name}: {problem}"


def contacts_of(fields: Mapping[str, tuple[str, ...]], clouds: tuple[Cloud, ...]) -> tuple[Contact, ...]:
    """Return whom a unit talked to, each host once, makers' clouds first."""
    found: dict[str, Contact] = {}
    for field, seen_in in _SEEN_IN.items():
        for host in fields.get(field, ()):
            cloud = next((each for each in clouds if each.owns(host)), None)
            # A name in a connection says more than one that was only asked for.
            if host not in found or seen_in == "tls":
                found[host] = Contact(host, seen_in, cloud.name if cloud else "", cloud.maker if cloud else "")
    return tuple(sorted(found.values(), key=lambda contact: (not contact.cloud, contact.host)))[:_MOST]
