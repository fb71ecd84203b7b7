"""What all ways of sending share: one error, a time that ends everything, and whom TLS trusts."""

from __future__ import annotations

import contextvars
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

WITHIN_S = 20.0
"""Seconds after which a message counts as not sent, whatever holds it up: names, connection, answer."""
STEP_S = 10.0
"""Seconds that one step of it may take."""


class NotSent(Exception):
    """A receiver could not be told; the text is one line that holds no secret."""


def within(seconds: float, send: Callable[[], None]) -> None:
    """Send in a thread of its own and wait for it so long; raise ``NotSent`` where it fails or takes longer.

    A name server that hangs, or a receiver that answers a byte at a time, must not hold up an audit.
    """
    problems: list[NotSent] = []
    done = threading.Event()

    def act() -> None:
        try:
            send()
            done.set()
        except NotSent as error:
            problems.append(error)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            problems.append(NotSent(reason_of(error)))

    # The thread speaks the language of the caller.
    run = contextvars.copy_context().run
    thread = threading.Thread(target=run, args=(act,), daemon=True, name="camaudit-telling")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise NotSent(f"not done within {seconds:g} s")
    if not done.is_set():
        raise problems[0] if problems else NotSent("something went wrong on this machine")


def reason_of(error: Exception) -> str:
    """Return what went wrong, as one short line; what a server wrote in an error is not repeated."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); name its authority with ca_file"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection ({(error.reason or 'failed').replace('_', ' ').lower()})"
    if isinstance(error, socket.gaierror):
        return "its name is not known to the name server"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPException):
        return _of_mail(error)
    return (error.strerror if isinstance(error, OSError) else None) or "it did not answer as it should"


def _of_mail(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the server offers no STARTTLS, or not what is asked of it; see security in the file of receivers"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the server refused the account (code {error.smtp_code})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"the server refused the addresses (code {min(code for code, _ in error.recipients.values())})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server said no (code {error.smtp_code})"
    return "the server broke off"


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Return what checks a server's certificate and name: by the system's authorities, or by one file alone."""
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise NotSent("ca_file: holds no certificate; name the PEM file of the authority") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
