"""The makers' own searches: in goes one host that something points at a maker for, or everybody on a link.

Each line says to whom a search may go. What is sent is a read of the maker's own tool; whoever only answered a
call to everybody is asked at its own address as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from camaudit.model import Observation
from camaudit.net.wire import Host, Sender
from camaudit.probes import (
    bosch,
    dvrip,
    foscam,
    hanwha,
    ipro,
    kasa,
    reolink,
    sony,
    tapo,
    tiandy,
    ubiquiti,
    vivotek,
    vstarcam,
    xiongmai,
)
from camaudit.probes.record import Now


class Ask(Protocol):
    """Asks one host by datagram."""

    async def __call__(self, host: Host, now: Now, port: int = ...) -> tuple[Observation, ...]:
        """Return what was read; never raises ``Stopped``."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """A maker's own search: asked of one host by ``ask`` where something points to that maker.

    Not where ``unless`` has answered: what the unit said there is more than this search tells.
    """

    probe: str
    port: int
    parse: Callable[[bytes], Mapping[str, tuple[str, ...]] | None]
    hints: frozenset[int]
    """TCP ports of the maker."""
    unless: str
    ask: Ask
    names: str = ""
    """A pattern for the maker's name, as the owner of a MAC prefix or a banner has it, in lower case."""
    call: Callable[[Sender], bytes] | None = None
    """What everybody on the link is asked, where the maker's own tool asks everybody."""
    reply_port: int = 0
    """The port of this machine to which answers come, where it is not the one that asked."""
    of_unnamed: bool = False
    """Whether a camera that names no maker is asked, where no search of everybody reaches it."""


_TP_LINK = r"\btp-?link"
HINTED: tuple[Hinted, ...] = (
    Hinted("dvrip", dvrip.PORT, dvrip.parse, dvrip.HINTS, "dhip", dvrip.ask),
    Hinted("xm", xiongmai.PORT, xiongmai.parse, xiongmai.HINTS, "sadp", xiongmai.ask),
    Hinted("tapo", tapo.PORT, tapo.parse, tapo.HINTS, "sadp", tapo.ask),
    Hinted("tiandy", tiandy.PORT, tiandy.parse, tiandy.HINTS, "sadp", tiandy.ask),
    Hinted("kasa", kasa.PORT, kasa.parse, frozenset(), "tapo", kasa.ask, names=_TP_LINK),
    Hinted(
        "hanwha",
        hanwha.PORT,
        hanwha.parse,
        frozenset(),
        "sadp",
        hanwha.ask,
        names=r"hanwha|samsung techwin|wisenet|ipolis",
        call=lambda _: hanwha.request(),
        reply_port=hanwha.REPLY_PORT,
        of_unnamed=True,
    ),
    Hinted(
        "bosch",
        bosch.PORT,
        bosch.parse,
        frozenset(),
        "sadp",
        bosch.ask,
        names=r"\bbosch|keenfinity|^iqsight|^vcs video comm",
        call=lambda _: bosch.request(),
        reply_port=bosch.REPLY_PORT,
        of_unnamed=True,
    ),
    Hinted(
        "ipro",
        ipro.PORT,
        ipro.parse,
        frozenset(),
        "sadp",
        ipro.ask,
        names=r"\bi-pro\b|panasonic",
        call=ipro.request,
        reply_port=ipro.REPLY_PORT,
        of_unnamed=True,
    ),
    Hinted(
        "vivotek",
        vivotek.PORT,
        vivotek.parse,
        frozenset(),
        "sadp",
        vivotek.ask,
        names="vivotek",
        call=lambda _: vivotek.request(),
        of_unnamed=True,
    ),
    Hinted(
        "sony",
        sony.PORT,
        sony.parse,
        frozenset(),
        "sadp",
        sony.ask,
        names=r"\bsony\b(?! interactive| mobile)",
        call=lambda _: sony.request(),
        of_unnamed=True,
    ),
    Hinted(
        "reolink",
        reolink.PORT,
        reolink.parse,
        frozenset({9000}),
        "sadp",
        reolink.ask,
        names="reolink",
        call=lambda _: reolink.request(),
        reply_port=reolink.REPLY_PORT,
    ),
    Hinted(
        "vstarcam",
        vstarcam.PORT,
        vstarcam.parse,
        frozenset({10554}),
        "sadp",
        vstarcam.ask,
        names="vstarcam",
        call=lambda _: vstarcam.request(),
        reply_port=vstarcam.REPLY_PORT,
    ),
    Hinted(
        "foscam",
        foscam.PORT,
        foscam.parse,
        frozenset({88}),
        "sadp",
        foscam.ask,
        names="foscam",
        call=lambda _: foscam.request(),
    ),
    Hinted(
        "ubiquiti",
        ubiquiti.PORT,
        ubiquiti.parse,
        frozenset({7080}),
        "sadp",
        ubiquiti.ask,
        names="ubiquiti",
        call=lambda _: ubiquiti.request(),
    ),
)
