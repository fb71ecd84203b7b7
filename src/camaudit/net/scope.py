"""What may be asked: in go targets as the operator writes them, out comes a scope that can be asked and walked."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from camaudit.errors import ScopeError
from camaudit.net.span import Address, Span, address_in, merged, without, zoned

_MAX_IPV6 = 1 << 64
"""One link; nobody's network is larger (RFC 4291 section 2.5.1)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The addresses that may be asked. ``written`` and ``excluded_written`` are the operator's own words."""

    spans: tuple[Span, ...]
    excluded: tuple[Span, ...] = ()
    written: tuple[str, ...] = ()
    excluded_written: tuple[str, ...] = ()

    @property
    def resolved(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return scope and exclusions as plain address ranges, host names looked up."""
        return tuple(map(str, self.spans)), tuple(map(str, self.excluded))

    def contains(self, address: str) -> bool:
        """Return whether an address may be asked; text that is no address never may."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in span for span in self.spans) and not self.excludes(parsed)

    def excludes(self, address: Address) -> bool:
        """Return whether the operator took this address out."""
        return any(address in span for span in self.excluded)

    @property
    def met(self) -> tuple[Span, ...]:
        """Return the IPv6 networks that are too large to sweep: who is met there is asked, nobody else."""
        return tuple(span for span in self.spans if not span.is_swept)

    def sweeps(self, address: str) -> bool:
        """Return whether an address is one of those that ``addresses`` yields."""
        parsed = ipaddress.ip_address(address)
        return any(parsed in span for span in self.spans if span.is_swept)

    def addresses(self) -> Iterator[str]:
        """Yield each address to sweep once, excluded ones too, without ever holding them all."""
        done: list[Span] = []
        for span in filter(lambda span: span.is_swept, self.spans):
            for number in range(int(span.first), int(span.last) + 1):
                address = address_in(number, span)
                if not any(address in earlier for earlier in done):
                    yield str(address)
            done.append(span)

    def pieces(self, size: int) -> Iterator[Span]:
        """Yield the scope in pieces of at most ``size`` addresses that do not overlap.

        A piece ends where a network of that size would; an IPv6 network too large to sweep is one piece.
        """
        for _, first, last in merged(filter(lambda span: span.is_swept, self.spans)):
            like = next(s for s in self.spans if s.is_swept and int(s.first) <= first <= int(s.last))
            while first <= last:
                end = min(last, first - first % size + size - 1)
                yield Span(address_in(first, like), address_in(end, like))
                first = end + 1
        yield from dict.fromkeys(self.met)

    def covers(self, other: Span) -> bool:
        """Return whether every address of ``other`` lies in this scope, whatever it excludes."""
        left = [(int(other.first), int(other.last))]
        for span in self.spans:
            if other.first.version == span.first.version and span.zone in ("", other.zone):
                left = [part for first, last in left for part in without(first, last, span)]
        return not left

    def size(self) -> int:
        """Return how many addresses are swept, overlaps counted once where spans are few."""
        swept = tuple(span for span in self.spans if span.is_swept)
        if len(swept) == 1:
            return swept[0].size
        return sum(last - first + 1 for _, first, last in merged(swept))


def parse_scope(targets: Iterable[str], exclude: Iterable[str] = (), *, allow_public: bool = False) -> Scope:
    """Read targets: address, CIDR, ``192.0.2.10-40``, IPv6, host name, or ``@FILE``.

    Raises ScopeError with what is wrong and what to write instead; nothing is sent before that (a host name is
    looked up by the system's resolver).
    """
    written = tuple(_expand(targets))
    left_out = tuple(_expand(exclude))
    spans = tuple(_span(text, where) for text, where in written)
    taken = tuple(_span(text, where) for text, where in left_out)
    for span, (text, where) in zip(spans, written, strict=True):
        _check(span, f"{where}{text}", allow_public)
    if spans and not any(_left(span, taken) for span in spans):
        raise ScopeError("every target is excluded, so nothing is left to scan; leave an exclusion out")
    return Scope(spans, taken, tuple(t for t, _ in written), tuple(t for t, _ in left_out))


def _expand(targets: Iterable[str]) -> Iterator[tuple[str, str]]:
    for target in targets:
        if not target.startswith("@"):
            yield target.strip(), ""
            continue
        path = Path(target[1:])
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text in UTF-8"
            raise ScopeError(f"{path}: cannot be read: {reason}; give a text file, one target a line") from None
        for number, line in enumerate(lines, 1):
            text = line.partition("#")[0].strip()
            if text:
                yield text, f"{path}:{number}: "


def _span(text: str, where: str) -> Span:
    if not text:
        raise ScopeError(f"{where}a target without a word; give an address, a range or a known name")
    first, dash, last = text.partition("-")
    try:
        if "/" in text:
            base, _, prefix = text.partition("/")
            plain, _, zone = base.partition("%")
            network = ipaddress.ip_network(f"{plain}/{prefix}", strict=False)
            return Span(zoned(network.network_address, zone), zoned(network.broadcast_address, zone))
        if dash and _is_address(first):
            return _range(first, last)
        address = ipaddress.ip_address(text)
        return Span(address, address)
    except ValueError as error:
        if _looks_numeric(text):
            raise ScopeError(
                f"{where}{text}: not an address or range ({error}); "
                "write 192.0.2.10, 192.0.2.0/24 or 192.0.2.10-40"
            ) from None
    return _by_name(text, where)


def _range(first: str, last: str) -> Span:
    begin = ipaddress.ip_address(first)
    tail = last if ("." in last or ":" in last) else f"{first.rpartition('.')[0]}.{last}"
    end = ipaddress.ip_address(tail)
    if end.version != begin.version or int(end) < int(begin):
        raise ValueError("the range ends before it begins")
    zone = first.partition("%")[2]
    if "%" in tail and tail.partition("%")[2] != zone:
        raise ValueError("the two ends are on different interfaces")
    return Span(begin, zoned(type(end)(int(end)), zone) if zone else end)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _looks_numeric(text: str) -> bool:
    return ":" in text or all(part.isdigit() for part in text.replace("/", ".").replace("-", ".").split("."))


def _by_name(text: str, where: str) -> Span:
    try:
        found = socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ScopeError(f"{where}{text}: no such host; give an address, a range or a known name") from None
    address = ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])
    return Span(address, address)


def _check(span: Span, text: str, allow_public: bool) -> None:
    for address in (span.first, span.last):
        reserved = address.version == 4 and address.is_reserved
        if address.is_multicast or address.is_unspecified or reserved:
            raise ScopeError(f"{text}: not an address of a device; give the addresses of your own network")
    if span.first.version == 6 and span.size > _MAX_IPV6:
        raise ScopeError(f"{text}: larger than any IPv6 network; give single addresses, a /112, or the link's /64")
    if span.first.is_link_local and span.first.version == 6 and span.is_swept and not span.zone:
        raise ScopeError(f"{text}: a link-local address is on one interface; write it as {span.first}%eth0")
    if not allow_public and not _is_private(span):
        raise ScopeError(
            f"{text}: a public address range is refused; if it is yours and you may scan it, add --allow-public"
        )


def _left(span: Span, taken: Iterable[Span]) -> bool:
    """Return whether any address of a span is not taken out."""
    left = [(int(span.first), int(span.last))]
    for other in taken:
        if other.first.version == span.first.version:
            left = [part for first, last in left for part in without(first, last, other)]
    return bool(left)


def _is_private(span: Span) -> bool:
    first, last = span.first, span.last
    if isinstance(first, ipaddress.IPv4Address) and isinstance(last, ipaddress.IPv4Address):
        return all(part.is_private for part in ipaddress.summarize_address_range(first, last))
    if isinstance(first, ipaddress.IPv6Address) and isinstance(last, ipaddress.IPv6Address):
        return all(part.is_private for part in ipaddress.summarize_address_range(first, last))
    return False
