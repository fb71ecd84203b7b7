"""Recording to observations: each reply is read by the functions of the probes. Nothing is sent."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from camaudit.model import Observation, Outcome, Target
from camaudit.probes import (
    HINTED,
    dahua,
    dahua_answers,
    dhip,
    http,
    isapi,
    isapi_answers,
    lapi,
    onvif,
    rtsp,
    sadp,
    ssdp,
    tapo,
    tiandy,
    upnp,
    wsd,
    xiongmai,
)
from camaudit.probes.message import Message, read
from camaudit.probes.record import joined
from camaudit.probes.text import bounded
from corpus.form import Recording, Reply

ADDRESS = "192.0.2.1"
_XM_HEADER = bytes.fromhex("ff01000000000000000000000000fb05ff000000")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_OPERATIONS = frozenset({onvif.FIRST, *onvif.WHOLE})

Fields = Mapping[str, tuple[str, ...]]


class Unreadable(ValueError):
    """A reply is not what its ``ask`` says: the recording is wrong."""


def observations(recording: Recording) -> tuple[Observation, ...]:
    """Return what camaudit would have stored of the device; raises ``Unreadable``."""
    heard: dict[tuple[str, int], list[Fields]] = {}
    for reply in recording.replies:
        try:
            probe, port, fields = _read(reply)
        except ValueError as error:
            raise Unreadable(f"{recording.id}: {error}") from None
        heard.setdefault((probe, port), []).append(fields)
    found = []
    for (probe, port), parts in heard.items():
        fields = bounded(joined(*parts))
        found.append(Observation(Target(ADDRESS, port or None), probe, Outcome.ANSWERED, fields, _AT))
    return tuple(found)


def _read(reply: Reply) -> tuple[str, int, Fields]:
    method, _, path = reply.ask.partition(" ")
    if method == "GET":
        return _page(path, reply)
    if method in ("OPTIONS", "DESCRIBE"):
        take = rtsp.options_fields if method == "OPTIONS" else rtsp.describe_fields
        return "rtsp", reply.port or 554, take(_message(reply))
    if method in _OPERATIONS:
        fields = onvif.answer_fields(method, _message(reply))
        if not fields:
            raise Unreadable(f"the reply to {method} is no SOAP of ONVIF")
        return "onvif", reply.port or 80, fields
    return _discovered(reply)


def _page(path: str, reply: Reply) -> tuple[str, int, Fields]:
    message = _message(reply)
    port = reply.port or (443 if reply.tls else 80)
    if path.endswith("/System/deviceInfo"):
        told = isapi.info_fields(message, path.split("/")[1])
        # Others have a path that ends so: NetSDK is no ISAPI, and its answer is a page like any other.
        if path.startswith(("/ISAPI/", "/PSIA/", "/pramaAPI/")) or "isapi.root" in told:
            return "isapi", port, told
    if path == isapi.ACTIVATE_STATUS:
        return "isapi", port, isapi.activation_fields(message)
    if path == isapi.LOGIN_PAGE and message.status == 200:
        return "isapi", port, isapi.login_page_fields(message)
    if path == lapi.BASIC_INFO:
        return "lapi", port, lapi.info_fields(message)
    if path.startswith("/cgi-bin/magicBox.cgi"):
        return "dahua", port, dahua.info_fields(message, path)
    for probe, answers in (("dahua", dahua_answers), ("isapi", isapi_answers)):
        answer = answers.answer_fields(path, message)
        if answer:
            return probe, port, answer | {"http.server": message.values("Server")}
    return "http", port, http.page_fields(message)


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Unreadable(f"no hexadecimal digits: {error}") from None


def _discovered(reply: Reply) -> tuple[str, int, Fields]:
    readers: dict[str, tuple[int, Callable[[bytes], Fields | None]]] = {
        "wsd": (wsd.PORT, wsd.parse),
        "sadp": (sadp.PORT, sadp.parse),
        "dhip": (dhip.PORT, lambda text: dhip.parse(_framed(text))),
        "xm": (xiongmai.PORT, lambda text: xiongmai.parse(_XM_HEADER + text)),
        "tapo": (tapo.PORT, lambda text: tapo.parse(tapo.request() + text)),
        "tiandy": (tiandy.PORT, lambda text: tiandy.parse(tiandy.request()[:10] + text)),
        "ssdp": (ssdp.PORT, lambda text: ssdp.parse(wire(text.decode()))),
        "upnp": (0, lambda text: upnp.description_fields(_description(text))),
        "mac": (0, lambda text: {"mac.address": (text.decode().strip(),)}),
    }
    data = reply.reply.encode()
    binary = next((search for search in HINTED if search.probe == reply.ask), None)
    if reply.ask not in readers and binary is not None:
        # Binary answers to makers' own searches stand in a recording as hexadecimal digits.
        readers[reply.ask], data = (binary.port, binary.parse), _octets(reply.reply)
    if reply.ask not in readers:
        raise Unreadable(f"ask {reply.ask!r} means nothing; see corpus/README.md")
    port, take = readers[reply.ask]
    fields = take(data)
    if not fields:
        raise Unreadable(f"the reply to {reply.ask} is not of that protocol")
    return reply.ask, port, fields


def _framed(text: bytes) -> bytes:
    """Return a DHIP datagram: the header that recordings leave out, then the JSON."""
    json.loads(text)
    return b"\x20\x00\x00\x00DHIP" + bytes(8) + struct.pack("<IIII", len(text), 0, len(text), 0) + text


def _description(text: bytes) -> Message:
    return Message("HTTP", "1.1", 200, (), text, False, {})


def _message(reply: Reply) -> Message:
    message = read(wire(reply.reply))
    if message is None:
        raise Unreadable(f"the reply to {reply.ask} starts with no status line")
    return message


def wire(text: str) -> bytes:
    """Return the bytes of a reply: header lines end in CR LF; the length is the body's own, its name as it was."""
    head, blank, body = text.replace("\r\n", "\n").partition("\n\n")
    payload = body.encode() if blank else b""
    lines = [line for line in _lines(head) if not line.lower().startswith("transfer-encoding:")]
    measured = [_measured(line, payload) for line in lines]
    if not any(line.lower().startswith("content-length:") for line in lines):
        measured.append(f"Content-Length: {len(payload)}")
    return "\r\n".join([*measured, "", ""]).encode() + payload


def _measured(line: str, payload: bytes) -> str:
    name, colon, _ = line.partition(":")
    return f"{name}: {len(payload)}" if colon and name.lower() == "content-length" else line


def _lines(head: str) -> Iterator[str]:
    return (line for line in head.split("\n") if line.strip())
