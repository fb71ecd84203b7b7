"""Uniview's LAPI: one GET, and only JSON that repeats its path counts as an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from probe_host import FakeHost, is_bounded, mangled, now, only, page, paths, run

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import lapi
from camaudit.probes.message import read
from camaudit.probes.text import bounded

REFUSED = page(
    "401 Unauthorized",
    b'{"Response": {"ResponseURL": "/LAPI/V1.0/System/DeviceBasicInfo", "ResponseCode": 3,'
    b'"ResponseString": "Not Authorized", "StatusCode": 401, "Data": "null"}}',
    'WWW-Authenticate: Digest realm="48ea63c2402b",nonce="0883", stale="FALSE"',
)
"""As a public session with a unit shows it."""

OPEN = page(
    "200 OK",
    b'{"Response": {"ResponseURL": "/LAPI/V1.0/System/DeviceInfo", "Data": {"DeviceModel": "NVR302-16S2",'
    b'"SerialNumber": "210235XAX93239000081", "FirmwareVersion": "NVR-B3601.37.45.230825"}}}',
)


def asked(answer: bytes) -> Observation:
    host = FakeHost({b"GET": answer})
    seen = only(run(lapi.edges(host, 80, tls=False, now=now)))
    assert paths(host) == [f"GET {lapi.BASIC_INFO}"]
    return seen


def test_a_refusal_names_the_interface_and_the_realm() -> None:
    assert asked(REFUSED).fields == {
        "lapi.url": ("/LAPI/V1.0/System/DeviceBasicInfo",),
        "lapi.status": ("401",),
        "lapi.realm": ("48ea63c2402b",),
    }


def test_an_open_answer_tells_the_unit() -> None:
    fields = asked(OPEN).fields
    assert fields["lapi.model"] == ("NVR302-16S2",)
    assert fields["lapi.serial"] == ("210235XAX93239000081",)
    assert fields["lapi.firmware"] == ("NVR-B3601.37.45.230825",)


@pytest.mark.parametrize(
    "answer",
    [
        page("401 Unauthorized", b"<html>no</html>", 'WWW-Authenticate: Basic realm="x"'),
        page("404 Not Found"),
        page("200 OK", b'{"Response": "none"}'),
        page("200 OK", b'["Response"]'),
        page("200 OK", b'{"Response": {"ResponseURL": 7}}'),
        page("200 OK", b'{"a":' * 2000),
    ],
)
def test_any_other_answer_is_none(answer: bytes) -> None:
    seen = asked(answer)
    assert (seen.outcome, seen.fields) == (Outcome.REFUSED, {})


def test_silence_is_recorded() -> None:
    seen = only(run(lapi.edges(FakeHost(refuses=Stopped(Outcome.SILENT, "why")), 80, tls=False, now=now)))
    assert (seen.outcome, seen.probe) == (Outcome.SILENT, "lapi")


@given(mangled(REFUSED, OPEN))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    message = read(data)
    if message is not None:
        assert is_bounded(bounded(lapi.info_fields(message)))
