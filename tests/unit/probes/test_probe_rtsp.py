from __future__ import annotations

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, run

from camaudit.model import Outcome
from camaudit.probes.message import read
from camaudit.probes.rtsp import describe_fields, options_fields, request, stream
from camaudit.probes.text import bounded

PUBLIC = "OPTIONS, DESCRIBE, PLAY, PAUSE, SETUP, TEARDOWN, SET_PARAMETER, GET_PARAMETER"
OPTIONS = (
    f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: {PUBLIC}\r\nDate:  Wed, 25 Nov 2026 00:45:41 GMT\r\n\r\n".encode()
)
CHALLENGED = (
    b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="4419b6000001", nonce="x"\r\n'
    b'WWW-Authenticate: Basic realm="/"\r\n\r\n'
)
SDP = b"v=0\r\ns=Media Presentation\r\na=Media_header:MEDIAINFO=494D4B48010100\r\n"
DESCRIBED = (
    b"RTSP/1.0 200 OK\r\nServer: Rtsp Server/3.0\r\nContent-Type: application/sdp\r\n"
    b"Content-Base: rtsp://203.0.113.9/live/\r\nContent-Length: " + str(len(SDP)).encode() + b"\r\n\r\n" + SDP
)


def test_options_and_describe_on_one_connection() -> None:
    host = FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": CHALLENGED})
    seen = only(run(stream(host, 554, now)))
    assert (seen.outcome, seen.probe, host.connections) == (Outcome.ANSWERED, "rtsp", 1)
    assert seen.fields["rtsp.public"] == (PUBLIC,)
    assert seen.fields["rtsp.headers"][0].splitlines()[1] == f"Public: {PUBLIC}"
    assert seen.fields["rtsp.status"] == ("401",)
    assert seen.fields["rtsp.realm"] == ("4419b6000001", "/")
    assert len(seen.fields["rtsp.auth"]) == 2
    assert "rtsp.server" not in seen.fields


def test_the_requests_are_plain_reads_of_the_root() -> None:
    assert request("OPTIONS", "192.0.2.10:554", 1) == (
        b"OPTIONS rtsp://192.0.2.10:554/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: camaudit\r\n\r\n"
    )
    assert b"\r\nAccept: application/sdp\r\n" in request("DESCRIBE", "192.0.2.10:554", 2)


def test_a_server_that_closes_after_each_answer_is_asked_again() -> None:
    host = FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": CHALLENGED}, per_connection=1)
    seen = only(run(stream(host, 554, now)))
    assert host.connections == 2
    assert seen.fields["rtsp.status"] == ("401",)


def test_an_open_stream_gives_its_sdp_and_is_not_followed_elsewhere() -> None:
    host = FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": DESCRIBED})
    seen = only(run(stream(host, 554, now)))
    assert "MEDIAINFO=494D4B48" in seen.fields["rtsp.sdp"][0]
    assert "was not asked" in seen.note
    assert len(host.asked) == 2


def test_an_answer_that_names_a_place_which_is_none_is_read_all_the_same() -> None:
    host = FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": DESCRIBED.replace(b"203.0.113.9", b"[203.0.113.9")})
    seen = only(run(stream(host, 554, now)))
    assert "MEDIAINFO=494D4B48" in seen.fields["rtsp.sdp"][0]
    assert "Content-Base is not an address" in seen.note


@pytest.mark.parametrize(
    ("told", "path"),
    [
        (
            "Content-Base: rtsp://203.0.113.9:554/cam/realmonitor?channel=1&subtype=0/",
            "/cam/realmonitor?channel=1&subtype=0/",
        ),
        ("Content-Location: rtsp://203.0.113.9/axis-media/media.amp", "/axis-media/media.amp"),
        ("Content-Base: rtsp://rtsp://203.0.113.9:554/stream0/", "//203.0.113.9:554/stream0/"),
        ("Content-Base: rtsp://203.0.113.9:554/", None),
        ("Content-Base: rtsp://203.0.113.9", None),
        ("Location: rtsp://203.0.113.9/live", None),
        ("X-Other: 1", None),
    ],
)
def test_a_path_that_the_unit_gives_unasked_is_kept(told: str, path: str | None) -> None:
    answer = DESCRIBED.replace(b"Content-Base: rtsp://203.0.113.9/live/", told.encode())
    fields = bounded(describe_fields(read(answer)))
    assert fields.get("rtsp.path") == ((path,) if path else None)


def test_the_head_of_the_description_is_kept_without_what_is_somebodys_alone() -> None:
    head = b"x-Accept-Dynamic-Rate: 1\r\nSession: 4711;timeout=60\r\nSet-Cookie: id=hunter2\r\nContent-Base:"
    answer = DESCRIBED.replace(b"Content-Base:", head)
    told = bounded(describe_fields(read(answer)))["rtsp.described"][0].splitlines()
    assert told == [
        "Server: Rtsp Server/3.0",
        "Content-Type: application/sdp",
        "x-Accept-Dynamic-Rate: 1",
        told[-1],
    ]
    assert told[-1].startswith("Content-Length: ")
    assert not any("realm" in line for line in bounded(describe_fields(read(CHALLENGED)))["rtsp.described"])


def test_a_path_in_the_description_is_the_units_own_too() -> None:
    body = b"v=0\r\na=control:rtsp://203.0.113.9:554/media.smp/\r\nm=video 0 RTP/AVP 96\r\n"
    answer = b"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n" + body
    assert bounded(describe_fields(read(answer)))["rtsp.path"] == ("/media.smp/",)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (
            "/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp?real_stream",
            "/user=x&pass=x&channel=1&stream=0.sdp",
        ),
        ("/user=admin&password=hunter2&channel=2&stream=1.sdp", "/user=x&pass=x&channel=2&stream=1.sdp"),
        (
            "/cam/realmonitor?channel=1&subtype=0&authbasic=aHVudGVyMg",
            "/cam/realmonitor?auth=x&channel=1&subtype=0",
        ),
        ("/live?token=hunter2", "/live?token=x"),
        ("/live/PWD:hunter2/1", "/pwd=x"),
    ],
)
def test_no_name_or_password_in_a_path_is_kept(path: str, kept: str) -> None:
    answer = DESCRIBED.replace(b"/live/", path.encode())
    assert bounded(describe_fields(read(answer)))["rtsp.path"] == (kept,)


def test_options_in_place_of_public_without_cseq_and_with_bare_line_feeds() -> None:
    host = FakeHost({b"OPTIONS": b"RTSP/1.0 200 OK\nOPTIONS: DESCRIBE, SETUP\n\n", b"DESCRIBE": CHALLENGED})
    assert only(run(stream(host, 554, now))).fields["rtsp.public"] == ("DESCRIBE, SETUP",)


def test_gstreamer_says_404_before_401_and_that_is_an_answer() -> None:
    host = FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": b"RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n"})
    seen = only(run(stream(host, 554, now)))
    assert (seen.outcome, seen.fields["rtsp.status"]) == (Outcome.ANSWERED, ("404",))


def test_describe_may_stay_without_an_answer() -> None:
    seen = only(run(stream(FakeHost({b"OPTIONS": OPTIONS}), 554, now)))
    assert (seen.outcome, seen.fields["rtsp.public"]) == (Outcome.ANSWERED, (PUBLIC,))
    assert seen.note.startswith("DESCRIBE: ")


def test_http_on_the_port_is_malformed() -> None:
    seen = only(run(stream(FakeHost({b"OPTIONS": b"HTTP/1.1 400 Bad Request\r\n\r\n"}), 80, now)))
    assert (seen.outcome, seen.fields) == (Outcome.MALFORMED, {})
    assert "HTTP" in seen.note


@given(mangled(OPTIONS, CHALLENGED, DESCRIBED))
def test_no_answer_makes_the_probe_raise(data: bytes) -> None:
    message = read(data)
    if message is not None:
        assert is_bounded(bounded({**options_fields(message), **describe_fields(message)}))
    run(stream(FakeHost({b"OPTIONS": OPTIONS, b"DESCRIBE": data}), 554, now))
    run(stream(FakeHost({b"OPTIONS": data, b"DESCRIBE": data}), 554, now))
