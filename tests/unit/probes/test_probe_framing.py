"""Where an answer ends is told the same however it is cut into pieces, and with work in line with its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import page

from camaudit.net.wire import REPLY_LIMIT
from camaudit.probes.framing import Framing, complete

_PARTS = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"RTSP/1.0 401 No", b"HTTP/1.1 100 Continue", b"HTTP/1.1 204 x", b"http/1.0 "),
        *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"Content-Length: 5", b"Content-Length: x", b"hello", b"</html>"),
        *(b"Transfer-Encoding: chunked", b"0", b"5", b"5;a=b", b"zz", b"1\r\na\r\n", b"", b"H", b"$\0\0\4abcd"),
    ]
)
DRIPPED = {
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "a chunk's extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"abcd"),
    "lines that are no chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"zzz\n"),
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"abcd"),
    "lengths": (b"HTTP/1.1 200 OK\r\n", b"Content-Length: 5\r\n"),
    "a first line": (b"HTTP/1.1 ", b"   \t"),
    "blank lines": (b"", b"\r\n\r\n"),
    "announcements": (b"", b"HTTP/1.1 103 x\r\n\r\n"),
    "a page": (b"HTTP/1.1 200 OK\r\n\r\n", b"<a> "),
}


@given(st.lists(_PARTS, max_size=30).map(b"".join), st.lists(st.integers(1, 40), max_size=60))
def test_pieces_change_nothing(data: bytes, sizes: list[int]) -> None:
    framing, end = Framing(), 0
    for size in [*sizes, len(data)]:
        end = min(len(data), end + size)
        assert framing(bytearray(data[:end])) is complete(data[:end])
        if complete(data[:end]):
            return


@pytest.mark.parametrize("name", DRIPPED)
def test_a_drip_costs_no_more_than_its_length(name: str) -> None:
    begin, piece = DRIPPED[name]
    framing, data = Framing(), bytearray(begin)
    began = time.thread_time()
    pieces = 0
    while not framing(data):
        data += piece
        pieces += 1
    assert len(data) >= REPLY_LIMIT or name == "announcements"
    # Read anew at every piece the first of these takes a minute.
    assert time.thread_time() - began < 0.02 + 30e-6 * pieces


def test_an_answer_is_whole_with_its_last_byte() -> None:
    for answer in (
        page("200 OK", b"hello"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nWiki\r\n5\r\npedia\r\n0\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nPublic: OPTIONS\r\n\r\n",
    ):
        framing = Framing()
        assert [framing(answer[:end]) for end in range(1, len(answer))] == [False] * (len(answer) - 1)
        assert framing(answer)
