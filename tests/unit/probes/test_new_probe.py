"""A new probe is one file: the example of CONTRIBUTING.md, followed to the letter, reads one page."""

from __future__ import annotations

import asyncio
import types
from datetime import UTC, datetime
from typing import Any

import pytest

from camaudit.model import Observation, Outcome
from camaudit.net.replay import ReplayHost
from recipes import blocks

AT = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def probe() -> Any:
    """Return the module that the recipe shows."""
    (text,) = blocks("add a probe", "python")
    module = types.ModuleType("camaudit.probes.acme")
    exec(compile(text, "<the recipe>", "exec"), module.__dict__)  # noqa: S102 - our own guide
    return module


def asked(probe: Any, reply: bytes | None) -> tuple[Observation, ReplayHost]:
    host = ReplayHost("192.0.2.5", lambda *_: reply, frozenset({80}))
    (told,) = asyncio.run(probe.status(host, 80, tls=False, now=lambda: AT))
    return told, host


def page(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_it_reads_the_model_with_one_get(probe: Any) -> None:
    told, host = asked(probe, page("200 OK", b"up=1\nmodel=ACME-C210\n"))
    assert (told.outcome, told.fields) == (Outcome.ANSWERED, {"acme.model": ("ACME-C210",)})
    (request,) = [request for talk in host.conversations for request in talk.requests]
    assert request.startswith(b"GET /acme/status HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (page("404 Not Found", b"model=ACME-C210\n"), Outcome.REFUSED),
        (page("200 OK", b"<html>"), Outcome.REFUSED),
        (b"\xff\x00 no HTTP at all", Outcome.MALFORMED),
        (None, Outcome.SILENT),
    ],
)
def test_what_is_not_the_protocol_is_no_error(probe: Any, reply: bytes | None, outcome: Outcome) -> None:
    assert asked(probe, reply)[0].outcome is outcome
