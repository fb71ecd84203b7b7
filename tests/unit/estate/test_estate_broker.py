"""Results on the wire: small, and whatever comes instead of one is put aside."""

from __future__ import annotations

import bz2
import json
import zlib

import pytest

pytest.importorskip("kombu")

from kombu.compression import compress
from kombu.message import Message

from camaudit.errors import UsageError
from camaudit.estate.post import MOST_BYTES, ZLIB, guard, opened
from camaudit.estate.work import Result

RESULT = Result("run/0", "oak", "done", rows={"observations": [{"note": "the same again" * 20}] * 500})


def test_a_result_comes_through_small_or_as_older_workers_send_it() -> None:
    guard()
    text = json.dumps(RESULT.as_json())
    packed, kind = compress(text, "zlib")
    assert len(packed) < len(text) / 10
    for message in (Message(packed, headers={"compression": kind}), Message(text), Message(text.encode())):
        assert not message.errors
        assert opened(message.body) == RESULT


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ZLIB, zlib.compress(b" " * (MOST_BYTES + 2))),
        (ZLIB, b"not packed at all"),
        (ZLIB, zlib.compress(b"{}" * 500)[:-3]),
        ("application/x-bz2", bz2.compress(b" " * 10_000_000)),
        ("application/x-unheard-of", b"{}"),
    ],
    ids=["bomb", "not packed", "cut", "bomb of another kind", "unknown"],
)
def test_what_swells_or_is_cut_is_never_unpacked(kind: str, body: bytes) -> None:
    guard()
    message = Message(body, headers={"compression": kind})
    assert message.errors
    assert len(message.body) == len(body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[]", b"\xff", b"{}", " " * 5])
def test_what_is_no_result_is_one_line(body: bytes | str) -> None:
    with pytest.raises(UsageError):
        opened(body)
