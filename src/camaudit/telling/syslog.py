"""A log server or a log file: in goes ``News``, out goes a line for each change, in CEF or OCSF."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from collections.abc import Iterable

from camaudit.telling.lines import file_lines, lines_of
from camaudit.telling.news import News
from camaudit.telling.receivers import LogFile, Syslog
from camaudit.telling.sending import STEP_S, trusting

END_S = 2.0
"""Seconds to wait for the server to close its side."""
MAX_DATAGRAM = 2048
"""Bytes of one UDP message that every receiver must take (RFC 5426); what is longer is cut."""


def send(to: Syslog, news: News) -> None:
    """Send the lines by RFC 5424: framed by their length over TCP and TLS (RFC 6587, 5425), one each over UDP."""
    lines = [line.encode() for line in lines_of(news, to.form)]
    if to.transport == "udp":
        _datagrams(to, lines)
        return
    with socket.create_connection((to.server.strip("[]"), to.port), timeout=STEP_S) as plain:
        if to.transport == "tcp":
            _framed(plain, lines)
            _see_it_end(plain)
            return
        with trusting(to.ca_file).wrap_socket(plain, server_hostname=to.server.strip("[]")) as secure:
            _framed(secure, lines)
            # Many servers end TLS without a word; that says nothing against what they took.
            with contextlib.suppress(ssl.SSLError, TimeoutError):
                secure.settimeout(END_S)
                secure.unwrap()


def _see_it_end(connection: socket.socket) -> None:
    """Wait a little for the server to close too: a connection that it resets has lost what we sent."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(END_S)
    with contextlib.suppress(TimeoutError):
        connection.recv(1)


def _framed(connection: socket.socket, lines: Iterable[bytes]) -> None:
    for line in lines:
        connection.sendall(b"%d %s" % (len(line), line))


def _datagrams(to: Syslog, lines: Iterable[bytes]) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        to.server.strip("[]"), to.port, type=socket.SOCK_DGRAM
    )[0]
    with socket.socket(family, kind, protocol) as datagrams:
        datagrams.settimeout(STEP_S)
        datagrams.connect(address)
        for line in lines:
            datagrams.send(line[:MAX_DATAGRAM].decode("utf-8", "ignore").encode())


def append(to: LogFile, news: News) -> None:
    """Add the lines to the file, all in one write, so that a reader never sees half a line of another program."""
    text = "".join(f"{line}\n" for line in file_lines(news, to.form))
    descriptor = os.open(to.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
