from __future__ import annotations

import time

import pytest
from hypothesis import given
from probe_host import mangled

from camaudit.net.wire import REPLY_LIMIT
from camaudit.probes.markup import read_markup

GOOD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<userCheck version="2.0" '
    b'xmlns="http://www.hikvision.com/ver20/XMLSchema">\n<statusValue>401</statusValue>\n'
    b"<lockStatus>unlock</lockStatus><note>a &amp; b</note>\n</userCheck>\n"
)


def test_tags_come_in_order_by_local_name() -> None:
    markup = read_markup(b"\xef\xbb\xbf" + GOOD + b"\0\0")
    assert markup is not None
    assert markup.is_well_formed
    assert (markup.root, markup.namespaces) == ("userCheck", ("http://www.hikvision.com/ver20/XMLSchema",))
    assert markup.first("lockstatus") == "unlock"
    assert markup.first("note") == "a & b"


def test_broken_markup_is_read_tag_by_tag() -> None:
    markup = read_markup(b"<a:Top xmlns:a='urn:x'><a:Name k='v'>Cam\xe9ra &lt;1&gt;</a:Name><b>2")
    assert markup is not None
    assert not markup.is_well_formed
    assert (markup.root, markup.first("Name"), markup.first("b")) == ("Top", "Caméra <1>", "2")


def test_an_encoding_that_no_parser_knows_is_no_obstacle() -> None:
    data = b'<?xml version="1.0" encoding="GB2312"?><ProbeMatch><MAC>44-19-b6-00-00-01</MAC></ProbeMatch>'
    markup = read_markup(data)
    assert markup is not None
    assert markup.first("MAC") == "44-19-b6-00-00-01"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-dropbear",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<a><!ENTITY b "c">&b;',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b"<!doctype html><html></html>",
        b"<a>" * 101 + b"</a>" * 101,
        b"<a/>" * (REPLY_LIMIT // 4 + 1),
    ],
)
def test_what_is_no_plain_markup_is_not_read(data: bytes) -> None:
    assert read_markup(data) is None


def test_comments_cannot_hide_how_deep_tags_nest() -> None:
    assert read_markup(b"<a><!--</a>-->" * 200 + b"</a>" * 200) is None


def test_a_hundred_levels_are_read() -> None:
    assert read_markup(b"<a>" * 100 + b"</a>" * 100) is not None


def test_repeated_elements_are_told_apart() -> None:
    markup = read_markup(b"<r><m><n>1</n></m><m><n>2</n></m></r>")
    assert markup is not None
    assert [part.first("n") for part in markup.after("m")] == ["1", "2"]
    assert markup.after("x") == ()


@pytest.mark.parametrize("piece", [b"<", b"<a ", b"<a:", b"xmlns='", b"<!", b"<a b='<", b"&", b"<a>", b"</a>"])
def test_hostile_repetition_is_read_in_time(piece: bytes) -> None:
    started = time.process_time()
    read_markup((piece * REPLY_LIMIT)[: REPLY_LIMIT - 1])
    read_markup(b"<r>" + (piece * REPLY_LIMIT)[: REPLY_LIMIT - 9])
    assert time.process_time() - started < 2


@given(mangled(GOOD))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    markup = read_markup(data)
    if markup is not None:
        assert sum(len(text) for _, text in markup.tags) <= len(data)
