from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import mangled, page

from camaudit.net.wire import REPLY_LIMIT
from camaudit.probes.message import complete, looks_like, read, realms

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
DAHUA = (
    b"HTTP/1.1 401 Unauthorized\r\nCONNECTION: close\r\nCONTENT-LENGTH: 5\r\n"
    b'WWW-Authenticate: Digest realm="Login to 4M0747EPAA1D284", qop="auth"\r\n\r\nError'
)
RTSP_LF_ONLY = b"RTSP/1.0 200 OK\nCSeq: 1\nPublic: OPTIONS, DESCRIBE\n\n"


def test_headers_keep_their_order_and_spelling() -> None:
    message = read(DAHUA)
    assert message is not None
    assert message.lines[:2] == ("CONNECTION: close", "CONTENT-LENGTH: 5")
    assert (message.status, message.body, message.reusable) == (401, b"Error", False)
    assert realms(message.values("www-authenticate")) == ("Login to 4M0747EPAA1D284",)


def test_chunks_are_joined_and_the_connection_stays_usable() -> None:
    message = read(CHUNKED)
    assert message is not None
    assert (message.body, message.reusable) == (b"Wikipedia", True)


def test_lines_may_end_with_a_line_feed_only() -> None:
    message = read(RTSP_LF_ONLY)
    assert message is not None
    assert (message.protocol, message.first("Public"), message.reusable) == ("RTSP", "OPTIONS, DESCRIBE", True)


def test_an_interim_answer_is_passed_over() -> None:
    data = b"HTTP/1.1 100 Continue\r\n\r\n" + page("404 Not Found", b"no")
    message = read(data)
    assert message is not None
    assert message.status == 404
    assert complete(data)
    assert not complete(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_folded_header_lines_belong_to_the_line_before() -> None:
    message = read(b"HTTP/1.0 401 No\r\nWWW-Authenticate: Digest\r\n realm=abc\r\n\r\n")
    assert message is not None
    assert realms(message.values("WWW-Authenticate")) == ("abc",)


def test_bytes_after_the_answer_make_the_connection_useless() -> None:
    message = read(page("200 OK", b"x") + b"HTTP/1.1 200 OK")
    assert message is not None
    assert not message.reusable


@pytest.mark.parametrize(
    ("challenge", "realm"),
    [
        ('Digest realm="IP Camera(34512)", nonce="x"', "IP Camera(34512)"),
        ("Basic realm=unquoted, charset=UTF-8", "unquoted"),
        (r'Basic realm="a \"b\" c"', 'a "b" c'),
        ('Basic realm="never closed', "never"),
        ('Digest realm=""', ""),
    ],
)
def test_realms_quoted_or_not(challenge: str, realm: str) -> None:
    assert realms((challenge,)) == (realm,)


def test_several_challenges_in_one_header_give_several_realms() -> None:
    assert realms(('Digest realm="Hikvision", stale="FALSE", Basic realm="/"',)) == ("Hikvision", "/")


@pytest.mark.parametrize(
    ("data", "spoken"),
    [
        (b"HTTP/1.1 200 OK", "http"),
        (b"\r\nRTSP/1.0 400 Bad Request", "rtsp"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "tls"),
        (b"SSH-2.0-dropbear\r\n", "ssh"),
        (bytes.fromhex("000000100000000d0000000d00000000"), "unknown"),
        (b"", "unknown"),
    ],
)
def test_first_bytes_name_the_protocol(data: bytes, spoken: str) -> None:
    assert looks_like(data) == spoken


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"HT", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<html></html>", False),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\n\r\n<html>", False),
        (b"HTTP/1.0 200 OK\r\n\r\n<html></HTML>\r\n", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc", False),
        (CHUNKED[:-9], False),
        (CHUNKED, True),
        (b"RTSP/1.0 404 Not Found\r\n\r\n", True),
        (b"SSH-2.0-dropbear", True),
        (b"HTTP/ bad\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * REPLY_LIMIT, True),
    ],
)
def test_complete_knows_where_an_answer_ends(data: bytes, whole: bool) -> None:
    assert complete(data) is whole


@given(mangled(CHUNKED, DAHUA, RTSP_LF_ONLY))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    complete(data)
    looks_like(data)
    message = read(data)
    if message is not None:
        assert len(message.body) <= len(data)
        realms(message.values("WWW-Authenticate"))


@given(st.text(max_size=300))
def test_no_challenge_makes_realms_raise(text: str) -> None:
    realms((f'Digest realm="{text}', f"realm={text}"))


def test_many_open_quotes_are_read_in_time() -> None:
    realms(('realm="' * 1200 + "\\" * 4000,))
    read(b"HTTP/1.1 200 OK\r\n" + b"\n " * 30000)
