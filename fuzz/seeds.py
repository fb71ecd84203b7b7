"""Where inputs begin: what real devices answered (``corpus/``), and a few made by hand for the rest."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from corpus import form
from corpus.replay import wire

from camaudit.resources import data_folder
from camaudit.signatures.load import load_knowledge

ROOT = Path(__file__).resolve().parent.parent
_MOST = 12
_LONGEST = 4096


@cache
def recorded(*asks: str) -> tuple[bytes, ...]:
    """Return some replies to requests that begin so, as they came over the wire, from short to long."""
    found = {
        wire(reply.reply) if reply.reply.startswith(("HTTP", "RTSP")) else reply.reply.encode()
        for recording in _recordings()
        for reply in recording.replies
        if reply.ask.startswith(asks)
    }
    short = sorted((one for one in found if len(one) <= _LONGEST), key=lambda one: (len(one), one))
    return tuple(short[:: max(1, len(short) // _MOST)])


def sound(name: str) -> tuple[bytes, ...]:
    """Return the answers of ``fuzz/sound``, which no recording of the corpus holds."""
    folder = ROOT / "fuzz" / "sound" / name
    return tuple(file.read_bytes() for file in sorted(folder.iterdir())) if folder.is_dir() else ()


@cache
def _recordings() -> tuple[form.Recording, ...]:
    return form.load(load_knowledge(data_folder("signatures")))


def made(*texts: str | bytes) -> Callable[[], Iterable[bytes]]:
    """Return seeds written by hand."""
    return lambda: (text.encode() if isinstance(text, str) else text for text in texts)


def files(*names: str) -> Callable[[], Iterable[bytes]]:
    """Return files of this project as seeds."""
    return lambda: ((ROOT / name).read_bytes() for name in names)


def dhip(text: bytes) -> bytes:
    """Return a DHIP datagram around JSON."""
    return b"\x20\0\0\0DHIP" + bytes(8) + struct.pack("<IIII", len(text), 0, len(text), 0) + text


def answer(body: bytes, kind: str = "application/xml", status: str = "200 OK", *headers: str) -> bytes:
    """Return an HTTP answer around a body."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def light(book: dict[str, bytes]) -> dict[str, bytes]:
    """Return a workbook's parts without those of its looks: reading them is most of the time."""
    return {name: part for name, part in book.items() if name not in ("xl/styles.xml", "xl/theme/theme1.xml")}
