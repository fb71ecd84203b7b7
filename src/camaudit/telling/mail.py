"""Mail: in goes news of one site or several, out goes one digest as plain text and as simple HTML, over TLS."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import wrap

from camaudit.language import language
from camaudit.model import Account
from camaudit.report.templates import template
from camaudit.telling.news import News, mark
from camaudit.telling.receivers import Mailbox
from camaudit.telling.sending import STEP_S, NotSent, trusting
from camaudit.telling.wording import Told, subject_of, told
from camaudit.telling.words import telling_words

_WIDTH = 78
_HELLO = "camaudit.invalid"
"""What we call ourselves to the server: this machine's name is nobody's business."""


def send(to: Mailbox, news: Sequence[News], timestamp: int) -> None:
    """Send the digest; raises ``OSError`` or an ``SMTPException`` where the server does not take it for all."""
    message = compose(to, news, timestamp)
    with _connected(to) as server:
        if to.security == "starttls":
            server.starttls(context=trusting(to.ca_file))
            server.ehlo()
        if to.account is not None:
            _log_in(server, to.account)
        refused = server.send_message(message, to.sender, list(to.to))
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def _log_in(server: smtplib.SMTP, account: Account) -> None:
    """Log in once, in one way: the library would try a wrong password in every way, and lock the account."""
    server.ehlo_or_helo_if_needed()
    offered = server.esmtp_features.get("auth", "").upper().split()
    ways = {"PLAIN": server.auth_plain, "LOGIN": server.auth_login}
    way = next((name for name in ways if name in offered), None)
    if way is None:
        raise NotSent("the server offers no way to log in that is known here (PLAIN, LOGIN)")
    server.user, server.password = account.username, account.password.reveal()
    server.auth(way, ways[way])


def _connected(to: Mailbox) -> smtplib.SMTP:
    host = to.server.strip("[]")
    if to.security == "tls":
        context: ssl.SSLContext = trusting(to.ca_file)
        return smtplib.SMTP_SSL(host, to.port, local_hostname=_HELLO, timeout=STEP_S, context=context)
    return smtplib.SMTP(host, to.port, local_hostname=_HELLO, timeout=STEP_S)


def compose(to: Mailbox, news: Sequence[News], timestamp: int) -> EmailMessage:
    """Return the mail. Its id is that of the message, so that a second copy is known as one."""
    said = [told(each) for each in news]
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject_of(news)
    message["From"] = to.sender
    message["To"] = ", ".join(to.to)
    message["Date"] = format_datetime(datetime.fromtimestamp(timestamp, UTC))
    message["Message-ID"] = f"<{_id(news)}@{to.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(in_plain_text(news))
    words = {
        "said": said,
        "language": language(),
        "subject": message["Subject"],
        "who": telling_words().text["who"],
    }
    message.add_alternative(template("digest.html.j2").render(words), subtype="html")
    # Set last: of a message that becomes one of two parts such a heading goes to the first part.
    message["Content-Language"] = language()
    return message


def _id(news: Sequence[News]) -> str:
    return news[0].id if len(news) == 1 else f"camaudit-{mark(*sorted(each.id for each in news))}"


def in_plain_text(news: Sequence[News]) -> str:
    """Return what the mail says, without markup."""
    many = len(news) > 1
    lines = [line for each in news for line in _lines(told(each), named=many)]
    return "\n".join((*lines, "", *wrap(telling_words().text["who"], _WIDTH))) + "\n"


def _lines(said: Told, *, named: bool) -> Iterator[str]:
    if named:
        yield from ("", "=" * _WIDTH, said.site, "")
    yield from wrap(said.first, _WIDTH)
    for part in said.parts:
        yield from ("", part.head, "-" * len(part.head))
        yield from wrap(part.meaning, _WIDTH)
        for group in part.groups:
            yield from (["", *wrap(group.title, _WIDTH)] if group.title else [])
            yield from wrap(group.why, _WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
            yield from (f"    {unit}" for unit in group.units)
            yield from ([f"    {group.more}"] if group.more else [])
    for sentence in said.last:
        yield from ("", *wrap(sentence, _WIDTH))
