"""The webhook: signed as the specification says, only ever to the operator's address, and never for long."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from news_factory import EVERY, change, news
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from camaudit.model import Secret
from camaudit.telling import sending, try_out, webhook
from camaudit.telling.document import document, render, schema
from camaudit.telling.form_checks import webhook_key
from camaudit.telling.news import MAX_CHANGES, Occasion
from camaudit.telling.receivers import Webhook
from camaudit.telling.sending import NotSent, within
from receiving import Certified, certify, proxy, web

KEY = base64.b64encode(bytes(range(32))).decode()


def to(url: str, ca_file: Path | None = None, secret: str = f"whsec_{KEY}") -> Webhook:
    return Webhook("hub", url, webhook_key(secret), ca_file)


def test_another_program_verifies_the_signature_and_notices_a_change() -> None:
    with web() as server:
        webhook.send(to(f"http://127.0.0.1:{server.port}/a/b?c=d"), news(*EVERY), int(time.time()))
    path, headers, body = server.got[0]
    assert path == "/a/b?c=d"
    assert headers["content-type"] == "application/json"
    verifier = Verifier(f"whsec_{KEY}")
    assert verifier.verify(body, headers)["id"] == headers["webhook-id"] == "camaudit-0123456789abcdef"
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body.replace(b"192.0.2.11", b"192.0.2.12"), headers)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body, {**headers, "webhook-timestamp": str(int(time.time()) - 5)})
    with pytest.raises(WebhookVerificationError):
        Verifier(base64.b64encode(b"x" * 32).decode()).verify(body, headers)


def test_over_tls_the_certificate_and_the_name_must_be_right(certified: Certified, tmp_path: Path) -> None:
    with web(certified) as server:
        webhook.send(to(f"https://127.0.0.1:{server.port}/", certified.ca), news(), 1)
        with pytest.raises(NotSent, match="certificate is not trusted"):
            within(5, lambda: webhook.send(to(f"https://127.0.0.1:{server.port}/"), news(), 1))
    assert len(server.got) == 1
    other = certify(tmp_path, "somebody-else.example")
    with web(other) as server:
        with pytest.raises(NotSent, match="IP address mismatch"):
            within(5, lambda: webhook.send(to(f"https://127.0.0.1:{server.port}/", other.ca), news(), 1))
        assert server.got == []


def test_a_redirect_is_not_followed() -> None:
    with web() as elsewhere, web() as server:
        server.status = 307
        server.headers = {"location": f"http://127.0.0.1:{elsewhere.port}/stolen"}
        with pytest.raises(NotSent, match="status 307"):
            webhook.send(to(f"http://127.0.0.1:{server.port}/"), news(), 1)
        assert elsewhere.got == []


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with web() as taken, web() as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{taken.port}")
        webhook.send(to(f"http://127.0.0.1:{server.port}/"), news(), 1)
        assert (len(server.got), taken.got) == (1, [])


def test_a_proxy_that_the_file_names_sees_where_and_not_what(certified: Certified) -> None:
    with web(certified) as server, proxy() as (port, asked):
        through = f"http://127.0.0.1:{port}"
        hub = Webhook("hub", f"https://127.0.0.1:{server.port}/x", webhook_key("k" * 24), certified.ca, through)
        webhook.send(hub, news(), 1)
        assert [line.split()[:2] for line in asked] == [["CONNECT", f"127.0.0.1:{server.port}"]]
        with pytest.raises(NotSent, match="certificate is not trusted"):
            within(5, lambda: webhook.send(replace(hub, ca_file=None), news(), 1))
    assert len(server.got) == 1


def test_a_receiver_that_never_answers_is_given_up() -> None:
    with web() as server:
        server.wait = threading.Event()
        began = time.monotonic()
        with pytest.raises(NotSent, match=r"not done within 0\.5 s"):
            within(0.5, lambda: webhook.send(to(f"http://127.0.0.1:{server.port}/"), news(), 1))
        assert time.monotonic() - began < 3
        server.wait.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_no_one_foresaw_is_not_taken_for_sent() -> None:
    def fail() -> None:
        raise KeyError("foreseen by nobody")

    with pytest.raises(NotSent, match="went wrong on this machine"):
        within(5, fail)


def test_the_document_has_the_form_of_its_schema() -> None:
    check = jsonschema_rs.validator_for(schema(), validate_formats=True)
    for occasion in Occasion:
        check.validate(json.loads(render(news(*EVERY, occasion=occasion))))
    assert not check.is_valid({**document(news()), "number": "none"})


def test_a_message_of_very_many_changes_says_how_many_there_are() -> None:
    many = [change(id=str(number)) for number in range(MAX_CHANGES + 5)]
    told = document(news(*many))
    assert (told["number"], len(told["changes"])) == (MAX_CHANGES + 5, MAX_CHANGES)


def test_what_a_device_wrote_stays_a_string() -> None:
    body = render(news(change(label='\x1b[2J"}],"number":0,\u202e\ud800')))
    assert body.isascii()
    assert json.loads(body)["changes"][0]["name"] == '␛[2J"}],"number":0,\\u202e\\ud800'


def test_the_secret_and_the_address_are_shown_nowhere() -> None:
    shown = repr(to("https://hooks.example.org/T00000000/token"))
    assert "token" not in shown
    assert KEY not in shown
    assert "hub" in shown


@pytest.mark.parametrize("secret", ["hunter2", "whsec_%%%", "whsec_aHVudGVyMg=="])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="its secret") as told:
        webhook_key(secret)
    assert secret.removeprefix("whsec_") not in str(told.value)


def test_a_secret_without_a_mark_is_its_own_bytes() -> None:
    assert webhook_key("a" * 23 + "ö").reveal().encode("latin-1") == ("a" * 23 + "ö").encode()


def test_trying_out_and_telling_go_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(webhook, "send", lambda *given: sent.append(given))
    outcome = try_out([Webhook("hub", "https://example.org/", Secret("k" * 24))], "Town Hall")
    assert outcome[0].state == "told"
    assert sent[0][1].changes == ()
    assert sending.WITHIN_S <= 30
