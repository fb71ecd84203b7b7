"""The icon: one GET at the place that the page names, its hashes, and nothing of what is no image."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, page, paths, run

from camaudit.catalogue import load_catalogue
from camaudit.identify import identify
from camaudit.model import Certainty, Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import favicon
from camaudit.probes.message import read
from camaudit.probes.text import bounded
from camaudit.signatures.match import match

ICON = b"\x00\x00\x01\x00" + bytes(range(256)) * 4


def murmur3(data: bytes) -> int:
    """MurmurHash3 x86_32 with seed 0, from its published description."""
    mask, state = 0xFFFFFFFF, 0
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        state ^= _mixed(int.from_bytes(data[at : at + 4], "little"))
        state = (((state << 13 | state >> 19) & mask) * 5 + 0xE6546B64) & mask
    if data[whole:]:
        state ^= _mixed(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    for factor, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13), (1, 16)):
        state = ((state ^ state >> shift) * factor) & mask
    return state - (1 << 32) if state >> 31 else state


def _mixed(block: int) -> int:
    block = block * 0xCC9E2D51 & 0xFFFFFFFF
    return (block << 15 | block >> 17) * 0x1B873593 & 0xFFFFFFFF


def asked(host: FakeHost, *pages: str, tls: bool = False) -> tuple[str, list[str]]:
    seen = only(run(favicon.icon(host, 443 if tls else 80, tls=tls, now=now, pages=pages)))
    return str(seen.outcome), paths(host)


def test_both_hashes_are_those_of_the_field() -> None:
    seen = only(run(favicon.icon(FakeHost({b"GET": page("200 OK", ICON)}), 80, tls=False, now=now)))
    assert seen.fields["http.favicon_md5"] == (hashlib.md5(ICON, usedforsecurity=False).hexdigest(),)
    assert seen.fields["http.favicon_mmh3"] == (str(murmur3(base64.encodebytes(ICON))),)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "/favicon.ico"),
        ('<link rel="shortcut icon" href="/doc/img/icon.ico?v=2">', "/doc/img/icon.ico?v=2"),
        ("<LINK HREF='img/a.png' REL=icon>", "/img/a.png"),
        ('<link rel="stylesheet" href="/a.css"><link rel="icon" href="b.ico">', "/b.ico"),
        ('<link rel="icon" href="http://192.0.2.10/home.ico">', "/home.ico"),
        ('<link rel="icon" href="http://198.51.100.7/elsewhere.ico">', "/favicon.ico"),
        ('<link rel="icon" href="https://192.0.2.10/secure.ico">', "/favicon.ico"),
        ('<link rel="icon" href="/cgi-bin/audio.cgi?action=getAudio">', "/favicon.ico"),
        ('<link rel="icon" href="/a.ico?auth=YWRtaW46MTEK">', "/favicon.ico"),
        ('<link rel="icon" href="data:image/png;base64,AAAA">', "/favicon.ico"),
        ('<link rel="icon" href="/a b&#10;.ico">', "/favicon.ico"),
        ('<link rel="icon" href="http://[broken/a.ico">', "/favicon.ico"),
        ('<link rel="lexicon" href="/no.ico">', "/favicon.ico"),
    ],
)
def test_the_icon_is_asked_where_the_page_says_if_that_is_here(text: str, path: str) -> None:
    host = FakeHost({b"GET": page("200 OK", ICON)})
    assert asked(host, text) == ("answered", [f"GET {path}"])


@pytest.mark.parametrize(
    "answer",
    [
        page("404 Not Found", b"no"),
        page("200 OK"),
        page("200 OK", b"<!doctype html><html>login</html>"),
        page("401 Unauthorized", ICON),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + ICON,
        page("200 OK", ICON, "Content-Encoding: gzip"),
    ],
)
def test_what_is_no_whole_image_has_no_hash(answer: bytes) -> None:
    assert asked(FakeHost({b"GET": answer}))[0] == "refused"


def test_silence_is_recorded() -> None:
    seen = only(run(favicon.icon(FakeHost(refuses=Stopped(Outcome.SILENT, "why")), 80, tls=False, now=now)))
    assert (seen.outcome, seen.note, seen.probe) == (Outcome.SILENT, "why", "favicon")


@given(mangled(page("200 OK", ICON), page("200 OK", b"", "Content-Length: 9")))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    message = read(data)
    if message is not None:
        assert is_bounded(bounded(favicon.icon_fields(message)))


def test_an_icon_alone_never_names_a_maker() -> None:
    knowledge = load_catalogue().knowledge
    hashes = {"http.favicon_mmh3": ("999357577",), "http.favicon_md5": ("89b932fcc47cf4ca3faadb0cfdef89cf",)}
    fields = {**hashes, "http.status": ("200",), "http.server": ("nginx",)}
    found = identify(fields, match(fields, knowledge), knowledge)
    assert found.certainty in (Certainty.UNKNOWN, Certainty.POSSIBLE)
    assert found.confidence <= 0.5
