"""What a unit lets anybody see: only what was observed is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camaudit.exposure import exposures_of
from camaudit.model import Observation, Outcome, Target

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


def seen(probe: str, port: int = 80, **fields: str) -> Observation:
    named = {name.replace("__", "."): (value,) for name, value in fields.items()}
    return Observation(Target("192.0.2.7", port), probe, Outcome.ANSWERED, named, AT)


@pytest.mark.parametrize(
    ("one", "names"),
    [
        (seen("rtsp", rtsp__status="200", rtsp__sdp="v=0"), ("rtsp_open",)),
        (seen("rtsp", rtsp__status="200"), ()),
        (seen("rtsp", rtsp__status="401"), ()),
        (seen("onvif", onvif__answered="GetDeviceInformation"), ("onvif_open",)),
        (seen("onvif", onvif__answered="GetSystemDateAndTime"), ()),
        (seen("onvif", onvif__utc="2026-11-27T12:04:00+00:00"), ()),
        (seen("onvif", onvif__utc="1970-01-01T00:00:00+00:00"), ("clock_wrong",)),
        (seen("onvif", onvif__utc="no time"), ()),
        (seen("login", onvif__answered="GetDeviceInformation", login__outcome="accepted"), ()),
        (seen("login", isapi__time="2026-11-27T20:01:00+08:00", login__outcome="accepted"), ()),
        (seen("login", isapi__time="2026-11-27T12:01:00+08:00", login__outcome="accepted"), ("clock_wrong",)),
        (seen("login", isapi__time="1970-01-01T00:00:00"), ()),
        (seen("login", login__outcome="not_tried"), ()),
        (seen("tls", tls__version="TLSv1"), ("old_encryption",)),
        (seen("tls", tls__version="TLSv1.2", tls__key="RSA-1024"), ("old_encryption",)),
        (seen("tls", tls__version="TLSv1.3", tls__key="RSA-2048"), ()),
        (seen("tls", tls__version="TLSv1.2", tls__key="EC-secp256r1"), ()),
        (seen("http", http__status="401"), ("plain_management",)),
        (seen("http", http__status="404"), ()),
        (seen("http", http__status="200", http__location="https://192.0.2.7/"), ()),
    ],
)
def test_only_what_was_seen_is_named(one: Observation, names: tuple[str, ...]) -> None:
    assert exposures_of([one]) == names


@pytest.mark.parametrize(
    ("outcome", "names"), [("refused", ("login_refused",)), ("locked", ("login_locked",)), ("no_answer", ())]
)
def test_a_login_that_came_to_nothing_is_named(outcome: str, names: tuple[str, ...]) -> None:
    for how in (Outcome.REFUSED, Outcome.NOT_ASKED, Outcome.SILENT):
        one = Observation(Target("192.0.2.7", 80), "login", how, {"login.outcome": (outcome,)}, AT)
        assert exposures_of([one]) == names


def test_a_page_over_tls_is_not_plain() -> None:
    assert exposures_of([seen("http", 443, http__status="200"), seen("tls", 443, tls__version="TLSv1.2")]) == ()
