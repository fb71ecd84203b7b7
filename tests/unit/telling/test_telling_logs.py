"""Log servers and log files: framed as the RFCs say, over TLS with a certificate that is checked."""

from __future__ import annotations

import json
import re
import socket
import time
from pathlib import Path

import pytest
from news_factory import EVERY, change, news

from camaudit.telling import syslog
from camaudit.telling.receivers import LogFile, Syslog
from camaudit.telling.sending import NotSent, within
from receiving import Certified, log_server, unused_port
from siem_reading import events, parsed


def frames(whole: bytes) -> list[str]:
    """Take octet-counted frames (RFC 6587) apart."""
    found = []
    while whole:
        size, _, rest = whole.partition(b" ")
        found.append(rest[: int(size)].decode())
        whole = rest[int(size) :]
    return found


def waited_for(got: list[bytes]) -> bytes:
    for _ in range(100):
        if got:
            return got[-1]
        time.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.mark.parametrize("form", ["cef", "ocsf"])
@pytest.mark.parametrize("transport", ["tls", "tcp"])
def test_lines_arrive_framed_by_their_length(transport: str, form: str, certified: Certified) -> None:
    with log_server(certified if transport == "tls" else None) as (port, got):
        syslog.send(Syslog("siem", "127.0.0.1", port, transport, form, certified.ca), news(*EVERY))
        lines = frames(waited_for(got))
    assert len(lines) == len(EVERY) + 1
    for line in lines:
        assert re.match(r"<1(0[4-9]|11|10)>1 2026-11-30T09:00:40\.000Z \S+ camaudit - [\w-]+ - ", line), line
    if form == "ocsf":
        found = events("\n".join(line[line.index("{") :] for line in lines))
        assert [event["class_uid"] for event in found] == [0, 2003, 2003, 2003, 0, 0, 0]
        assert [event["activity_name"] for event in found[1:4]] == ["Create", "Close", "Update"]
        assert [event["status"] for event in found[1:4]] == ["New", "Resolved", "In Progress"]
        # One finding has one id, whatever becomes of it.
        assert len({event["finding_info"]["uid"] for event in found[1:4]}) == 1
    else:
        assert [parsed(line)[0][4] for line in lines] == [
            "changes", "finding-opened", "finding-closed", "finding-changed",
            "unseen", "seen_again", "coverage_worse",
        ]  # fmt: skip


def test_a_server_that_is_not_trusted_or_not_there_gets_nothing(certified: Certified) -> None:
    with log_server(certified) as (port, got):
        with pytest.raises(NotSent, match="certificate is not trusted"):
            within(5, lambda: syslog.send(Syslog("siem", "127.0.0.1", port, "tls", "cef"), news()))
        assert not any(got)
    for transport in ("tcp", "tls"):
        gone = Syslog("siem", "127.0.0.1", unused_port(), transport, "cef")
        with pytest.raises(NotSent, match="Connection refused"):
            within(5, lambda to=gone: syslog.send(to, news()))  # type: ignore[misc]


def test_a_datagram_is_one_line_and_no_longer_than_every_receiver_takes() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        to = Syslog("siem", "127.0.0.1", server.getsockname()[1], "udp", "cef")
        syslog.send(to, news(change(why="é" * 4000, title="é" * 900)))
        first, second = server.recv(65536), server.recv(65536)
    assert b"camaudit - changes -" in first
    assert len(second) <= syslog.MAX_DATAGRAM
    assert second.decode().startswith("<106>1 ")


def test_a_file_grows_by_whole_lines_and_is_not_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    for _ in range(2):
        syslog.append(LogFile("soc", file, "ocsf"), news(*EVERY))
    events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(events) == 2 * (len(EVERY) + 1)
    assert file.stat().st_mode & 0o007 == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="No such file or directory"):
        within(5, lambda: syslog.append(LogFile("soc", tmp_path / "no" / "x", "cef"), news()))
