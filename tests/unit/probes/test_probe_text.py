from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from probe_host import is_bounded

from camaudit.probes.text import bounded, decode


def test_utf_8_is_kept_and_cut_at_a_whole_character() -> None:
    assert decode("摄像机".encode()) == "摄像机"
    assert decode("摄像机".encode(), 4) == "摄"


def test_what_is_not_utf_8_is_read_as_latin_1_and_loses_nothing() -> None:
    assert decode(b"Cam\xe9ra\x00 1") == "Caméra 1"


def test_half_a_surrogate_pair_and_empty_values_do_not_reach_the_store() -> None:
    assert bounded({"a": ["\ud800x", "\ud800x"], "b": [" "], "c": []}) == {"a": ("?x",)}


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(), max_size=90), max_size=3))
def test_fields_are_bounded(fields: dict[str, list[str]]) -> None:
    kept = bounded(fields)
    assert is_bounded(kept)
    for values in kept.values():
        "".join(values).encode("utf-8")


@given(st.binary(), st.integers(0, 64))
def test_any_bytes_decode_within_the_limit(data: bytes, limit: int) -> None:
    assert len(decode(data, limit)) <= limit
