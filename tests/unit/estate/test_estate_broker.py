"""Results on the wire: small, and whatever comes instead of one is put aside."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

pytest.importorskip("kombu")

from kombu.compression import compress

from camaudit.errors import UsageError
from camaudit.estate.post import MOST_BYTES, ZLIB, opened
from camaudit.estate.work import Result

RESULT = Result("run/0", "oak", "done", rows={"observations": [{"note": "the same again" * 20}] * 500})


def message(body: bytes | str, **headers: str) -> tuple[bytes | str, str | None]:
    return body, headers.get("compression")


def test_a_result_comes_through_small_or_as_older_workers_send_it() -> None:
    text = json.dumps(RESULT.as_json())
    packed, kind = compress(text.encode(), "zlib")
    assert len(packed) < len(text) / 10
    for sent in (message(packed, compression=kind), message(text), message(text.encode())):
        assert opened(*sent) == RESULT


@pytest.mark.parametrize(
    "sent",
    [
        message(zlib.compress(b" " * (MOST_BYTES + 2)), compression=ZLIB),
        message(b"not packed at all", compression=ZLIB),
        message(zlib.compress(b"{}")[:-3], compression=ZLIB),
        message(zlib.compress(b"{}"), compression="application/x-bz2"),
        message(b"[" * 100_000),
        message(b"[]"),
        message(b"\xff"),
    ],
    ids=["bomb", "unpacked", "cut", "other packer", "deep", "no object", "no text"],
)
def test_what_is_no_result_is_one_line(sent: Any) -> None:
    with pytest.raises(UsageError):
        opened(*sent)
