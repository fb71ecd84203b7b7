from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from probe_host import FakeHost, is_bounded, mangled, now, only, page, paths, run

from camaudit.model import Outcome
from camaudit.net.wire import Stopped, Tls
from camaudit.probes.certificate import certificate_fields
from camaudit.probes.http import front_page, page_fields
from camaudit.probes.message import read
from camaudit.probes.page import sent_on_to, title
from camaudit.probes.text import bounded

HIKVISION = (
    b"\xef\xbb\xbf<!doctype html><html><head><title></title></head><body><script>"
    b'window.location.href = "/doc/page/login.asp?_" + (new Date()).getTime();</script></body></html>'
)


def certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "HIKVISION"),
            x509.NameAttribute(NameOID.COMMON_NAME, "www.hikvision.com"),
        ]
    )
    start = datetime(2020, 1, 2, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(days=3650))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


CERTIFICATE = certificate()


def test_the_front_page_is_recorded_as_sent() -> None:
    host = FakeHost({b"GET / ": page("200 OK", HIKVISION, "Server: App-webs/", "X-Frame-Options: SAMEORIGIN")})
    seen = only(run(front_page(host, 8080, tls=False, now=now)))
    assert (seen.outcome, seen.probe, seen.at) == (Outcome.ANSWERED, "http", now())
    assert (seen.target.address, seen.target.port) == ("192.0.2.10", 8080)
    assert seen.fields["http.server"] == ("App-webs/",)
    assert seen.fields["http.location"] == ("/doc/page/login.asp?_",)
    assert seen.fields["http.body"][0].startswith("\ufeff<!doctype html>")
    assert seen.fields["http.headers"][0].splitlines()[:2] == ["Server: App-webs/", "X-Frame-Options: SAMEORIGIN"]
    request = host.asked[0].decode()
    assert "Host: 192.0.2.10:8080\r\n" in request
    assert "User-Agent: camaudit\r\n" in request
    assert "Authorization" not in request


def test_several_challenges_are_kept() -> None:
    data = page("401 No", b"", 'WWW-Authenticate: Digest realm="a b"', "WWW-Authenticate: Basic realm=c")
    seen = only(run(front_page(FakeHost({b"GET / ": data}), 80, tls=False, now=now)))
    assert seen.fields["http.realm"] == ("a b", "c")
    assert len(seen.fields["http.auth"]) == 2


def test_at_most_two_redirects_are_followed_on_one_connection() -> None:
    host = FakeHost(
        {
            b"GET / ": page("302 Found", b"", "Location: /a", "Server: first"),
            b"GET /a ": page("301 Moved", b"", "Location: http://192.0.2.10/b?c=1"),
            b"GET /b?c=1 ": page("302 Found", b"", "Location: /never"),
        }
    )
    seen = only(run(front_page(host, 80, tls=False, now=now)))
    assert paths(host) == ["GET /", "GET /a", "GET /b?c=1"]
    assert host.connections == 1
    assert seen.fields["http.location"] == ("/never", "/a", "http://192.0.2.10/b?c=1")
    assert seen.fields["http.server"] == ("first",)


@pytest.mark.parametrize(
    "location",
    [
        "https://192.0.2.10/",
        "http://192.0.2.10:8080/",
        "http://192.0.2.11/",
        "http://example.org/",
        "//example.org/x",
        "http://a:b@192.0.2.10/",
        "http://[::1/",
        "http://192.0.2.10:99999/",
        "/\u00e9",
        "/",
        "/cgi-bin/audio.cgi",
        "/System/deviceInfo?auth=YWRtaW46MTEK",
        "ftp://192.0.2.10/",
    ],
)
def test_a_redirect_to_anywhere_else_is_recorded_and_not_followed(location: str) -> None:
    data = page("302 Found", b"", f"Location: {location}")
    host = FakeHost({b"GET / ": data, b"GET": page("200 OK", b"followed")})
    seen = only(run(front_page(host, 80, tls=False, now=now)))
    assert paths(host) == ["GET /"]
    assert seen.fields["http.location"] == (location,)


def test_a_redirect_that_gives_nothing_leaves_the_first_page() -> None:
    seen = only(
        run(front_page(FakeHost({b"GET / ": page("302 Found", b"", "Location: /a")}), 80, tls=False, now=now))
    )
    assert seen.outcome is Outcome.ANSWERED
    assert seen.fields["http.status"] == ("302",)
    assert "gave nothing" in seen.note


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"RTSP/1.0 400 Bad Request\r\n\r\n", "RTSP"),
        (b"SSH-2.0-dropbear\r\n", "SSH"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "TLS"),
        (b"\x00\x00\x00\x10", "something unknown"),
    ],
)
def test_another_protocol_is_malformed_and_named(data: bytes, name: str) -> None:
    seen = only(run(front_page(FakeHost({b"GET": data}), 554, tls=False, now=now)))
    assert seen.outcome is Outcome.MALFORMED
    assert name in seen.note
    assert not seen.fields


def test_a_closed_keep_alive_connection_is_opened_again_once() -> None:
    host = FakeHost(
        {b"GET / ": page("302 Found", b"", "Location: /a"), b"GET /a ": page("200 OK", b"x")}, per_connection=1
    )
    seen = only(run(front_page(host, 80, tls=False, now=now)))
    assert host.connections == 2
    assert seen.fields["http.body"] == ("x",)


def test_a_slow_request_on_a_kept_connection_is_not_sent_twice() -> None:
    """Seen on a GStreamer server whose pipeline never became ready (docs/devices.md)."""
    slow = Stopped(Outcome.SILENT, "no answer in time")
    host = FakeHost({b"GET / ": page("302 Found", b"", "Location: /a"), b"GET /a ": slow})
    seen = only(run(front_page(host, 80, tls=False, now=now)))
    assert [request.split(b" ")[1] for request in host.asked] == [b"/", b"/a"]
    assert seen.outcome is Outcome.ANSWERED


def test_silence_is_passed_through_the_gate_and_recorded() -> None:
    host = FakeHost({b"GET": Stopped(Outcome.SILENT, "no answer in time")})
    seen = only(run(front_page(host, 80, tls=False, now=now)))
    assert (seen.outcome, seen.note) == (Outcome.SILENT, "no answer in time")
    assert len(host.seen) == 1
    assert len(host.asked) == 1


def test_a_certificate_is_kept_even_where_http_fails() -> None:
    host = FakeHost({}, tls=Tls("TLSv1.2", CERTIFICATE))
    http, tls = run(front_page(host, 443, tls=True, now=now))
    assert http.outcome is Outcome.REFUSED
    assert (tls.probe, tls.outcome) == ("tls", Outcome.ANSWERED)
    assert tls.fields["tls.subject"] == ("CN=www.hikvision.com,O=HIKVISION,C=CN",)
    assert tls.fields["tls.not_before"] == ("2020-01-02",)
    assert tls.fields["tls.key"] == ("EC-256",)
    assert tls.fields["tls.version"] == ("TLSv1.2",)
    assert len(tls.fields["tls.sha256"][0]) == 64


def test_a_refused_tls_port_gives_both_outcomes() -> None:
    refused = Stopped(Outcome.MALFORMED, "no TLS handshake: wrong version number")
    http, tls = run(front_page(FakeHost(refuses=refused), 443, tls=True, now=now))
    assert (http.outcome, tls.outcome, tls.note) == (Outcome.MALFORMED, Outcome.MALFORMED, refused.note)


def test_a_page_packed_against_our_wish_is_left_unread() -> None:
    data = page("200 OK", b"\x1f\x8b\x08\x00", "Content-Encoding: gzip", "Server: x")
    seen = only(run(front_page(FakeHost({b"GET": data}), 80, tls=False, now=now)))
    assert "http.body" not in seen.fields
    assert "unread" in seen.note


def test_refresh_tags_and_scripts_name_their_targets() -> None:
    text = '<META http-equiv="Refresh" content="0; URL=/control/userimage.html"><script>location = \'/b\'</script>'
    assert sent_on_to(text) == ("/control/userimage.html", "/b")
    assert title("<TITLE id=x>\n WEB &amp; SERVICE\t </TITLE>") == "WEB & SERVICE"


def test_hostile_pages_are_read_in_time() -> None:
    started = time.process_time()
    for piece in ("<meta ", "<title", "location ", "location = ", 'location="', "url= ", "<meta refresh url="):
        text = (piece * 8192)[:8192]
        sent_on_to(text)
        title(text)
    assert time.process_time() - started < 2


def test_an_ipv6_address_is_bracketed() -> None:
    host = FakeHost({b"GET": page("200 OK", b"x")}, address="::1")
    run(front_page(host, 80, tls=False, now=now))
    assert b"Host: [::1]:80\r\n" in host.asked[0]


@given(mangled(page("302 Found", HIKVISION, "Location: http://192.0.2.10/a", 'WWW-Authenticate: Basic realm="a"')))
def test_no_page_makes_the_probe_raise(data: bytes) -> None:
    message = read(data)
    if message is not None:
        assert is_bounded(bounded(page_fields(message)))
    run(front_page(FakeHost({b"GET": data}), 80, tls=False, now=now))


@settings(max_examples=300)
@given(mangled(CERTIFICATE))
def test_no_certificate_makes_the_probe_raise(data: bytes) -> None:
    fields, _ = certificate_fields(Tls("TLSv1", data))
    assert is_bounded(bounded(fields))


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        (bytes.fromhex("000000100000000d0000000d00000000") + b"more", ("000000100000000d0000000d00000000",)),
        (b"SSH-2.0-dropbear\r\n", ()),
        (b"RTSP/1.0 400 Bad Request\r\n\r\n", ()),
    ],
)
def test_how_an_unknown_answer_began_is_kept(came: bytes, kept: tuple[str, ...]) -> None:
    """Port 8000 of Hikvision's units answers a page's request in the form of its own protocol."""
    front, *more = run(front_page(FakeHost({b"GET": came}), 8000, tls=False, now=now))
    assert (front.outcome, dict(front.fields)) == (Outcome.MALFORMED, {})
    assert tuple(value for item in more for value in item.fields["sdk.reply"]) == kept
    assert all((item.probe, item.outcome) == ("sdk", Outcome.ANSWERED) for item in more)
