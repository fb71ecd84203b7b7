"""Mail through a real server: over TLS, with a login, and with nothing that a device wrote doing anything."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from news_factory import EVERY, change, news

from camaudit.language import ENGLISH, speak
from camaudit.model import Account, Secret
from camaudit.telling import mail
from camaudit.telling.news import Kind, Occasion
from camaudit.telling.receivers import Mailbox
from camaudit.telling.sending import NotSent, within
from receiving import Certified, unused_port

PASSWORD = "correct horse battery"  # noqa: S105 - of the test's own server


class _Kept:
    """What the server took, and how."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], EmailMessage, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append((envelope.rcpt_tos, message, server.transport.get_extra_info("sslcontext") is not None))
        return "250 taken"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 who?"
        envelope.rcpt_tos.append(address)
        return "250 yes"


TRIES: list[str] = []


def _login(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    TRIES.append(mechanism)
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"audit", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def server(certified: Certified | None = None, how: str = "none") -> Iterator[tuple[int, _Kept]]:
    kept, given = _Kept(), {}
    if how == "starttls" and certified:
        given = {"tls_context": certified.context(), "require_starttls": True}
    if certified:
        given |= {"authenticator": _login, "auth_required": True, "auth_require_tls": how == "starttls"}
    context = certified.context() if how == "tls" and certified else None
    running = Controller(kept, hostname="127.0.0.1", port=unused_port(), ssl_context=context, **given)
    running.start()
    try:
        yield running.port, kept
    finally:
        running.stop()


def box(
    port: int, security: str = "none", ca_file: Path | None = None, password: str = PASSWORD, **more: Any
) -> Mailbox:
    account = Account("audit", Secret(password)) if security != "none" else None
    known = {"sender": "audit@example.org", "to": ("it@example.org", "head@example.org"), **more}
    return Mailbox("it", "127.0.0.1", port, security, account=account, ca_file=ca_file, **known)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_digest_arrives_over_tls_with_a_login(security: str, certified: Certified) -> None:
    with server(certified, security) as (port, kept):
        mail.send(box(port, security, certified.ca), [news(*EVERY)], 1_800_000_000)
    to, message, encrypted = kept.got[0]
    assert to == ["it@example.org", "head@example.org"]
    assert encrypted
    assert message["subject"] == (
        "Town Hall: 1 new finding, 1 finding closed, 1 verdict changed, 1 unit no longer seen, 1 unit seen again, "
        "the scan reached less"
    )
    assert message["message-id"] == "<camaudit-0123456789abcdef@example.org>"
    assert message["auto-submitted"] == "auto-generated"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    for words in ("192.0.2.11", "Hikvision DS-2CD2032F-I camera", "20261130-090000-abcd", "due 31 January 2027"):
        assert words in " ".join(text.get_content().split())
        assert words in page.get_content()
    assert max(map(len, text.get_content().splitlines())) <= 78


def test_a_server_without_trusted_tls_gets_neither_password_nor_mail(
    certified: Certified,
) -> None:
    with server(certified, "starttls") as (port, kept):
        with pytest.raises(NotSent, match="certificate is not trusted"):
            within(5, lambda: mail.send(box(port, "starttls"), [news()], 1))
        assert kept.got == []
    with server() as (port, kept):
        with pytest.raises(NotSent, match="STARTTLS"):
            within(5, lambda: mail.send(box(port, "starttls", certified.ca), [news()], 1))
        assert kept.got == []


def test_what_the_server_refuses_is_told_without_what_it_wrote(certified: Certified) -> None:
    TRIES.clear()
    with server(certified, "starttls") as (port, _):
        wrong = box(port, "starttls", certified.ca, password="wrong")  # noqa: S106 - it is meant to be
        with pytest.raises(NotSent, match=r"refused the account \(code 535\)"):
            within(15, lambda: mail.send(wrong, [news()], 1))
        assert TRIES == ["PLAIN"]
    with server() as (port, kept):
        with pytest.raises(NotSent, match=r"refused the addresses \(code 550\)"):
            within(5, lambda: mail.send(box(port, to=("nobody@example.org",)), [news()], 1))
        # Taken for some only is not taken: the mail comes again, with the same id.
        with pytest.raises(NotSent, match="550"):
            within(5, lambda: mail.send(box(port, to=("it@example.org", "nobody@example.org")), [news()], 1))
        assert len(kept.got) == 1


HOSTILE = (
    "x\r\nBcc: everyone@example.org\r\n\r\nowned",
    "<script>alert(1)</script><img src=http://203.0.113.9/x>",
    "\x1b[2J\u202e\ud800\x00",
    "=?utf-8?q?owned?=",
)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_device_or_a_site_is_called_does_nothing(text: str) -> None:
    with server() as (port, kept):
        mail.send(box(port), [news(change(label=text, title=text, why=text), site=text)], 1)
    to, message, _ = kept.got[0]
    assert to == ["it@example.org", "head@example.org"]
    assert message["bcc"] is None
    assert "\n" not in message["subject"]
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert not set(plain.get_content()) & {"\x1b", "\u202e", "\x00"}
    tags = _Tags()
    tags.feed(page.get_content())
    assert tags.seen <= {"html", "head", "meta", "title", "body", "p", "h2", "strong", "ul", "li"}


def test_many_units_are_named_up_to_a_number() -> None:
    text = mail.in_plain_text([news(*(change(address=f"192.0.2.{n}", id=str(n)) for n in range(1, 80)))])
    assert text.count("192.0.2.") == 50
    assert "and 29 more" in text


def test_a_mail_may_be_welsh() -> None:
    speak("cy")
    try:
        message = mail.compose(box(25), [news(change(Kind.OPENED))], 1)
    finally:
        speak(ENGLISH)
    assert message["content-language"] == "cy"
    page = message.get_body(("html",))
    assert page is not None
    assert "Tachwedd 2026" in page.get_content()


def test_several_sites_are_one_mail() -> None:
    oak, elm = news(change(), site="Oak"), news(change(Kind.CLOSED), change(id="2"), site="Elm <b>")
    message = mail.compose(box(25), [oak, elm], 1)
    assert message["subject"] == "2 sites: 2 new findings, 1 finding closed"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    assert re.findall(r"={78}\n(.*)\n", text.get_content()) == ["Oak", "Elm <b>"]
    assert page.get_content().count("<h1") == 2
    assert "Elm &lt;b&gt;" in page.get_content()
    again = mail.compose(box(25), [elm, oak], 2)
    assert again["message-id"] == message["message-id"]
    assert mail.compose(box(25), [oak], 1)["message-id"] != message["message-id"]


def test_a_trial_says_nothing_of_any_camera() -> None:
    text = mail.in_plain_text([news(occasion=Occasion.TRIAL)])
    assert "This is a trial" in text
    assert "break a rule" not in text


def test_the_servers_error_text_is_not_repeated() -> None:
    def fail() -> None:
        raise smtplib.SMTPDataError(554, b"\x1b[2Jpassword is hunter2")

    with pytest.raises(NotSent, match=r"^the server said no \(code 554\)$"):
        within(5, fail)
