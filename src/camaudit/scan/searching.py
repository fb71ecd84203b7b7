"""The questions by datagram to one host: in goes its interview, out come observations, noted there.

Discovery by unicast only for what multicast did not tell, a maker's own search only where something points to that
maker, and SNMP only with a community that the operator gave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from camaudit.model import Observation, Outcome, Target
from camaudit.probes import DISCOVERIES, Discovery, Hinted, snmp
from camaudit.scan.describing import described
from camaudit.scan.pointing import pointed_to
from camaudit.scan.told import is_public

if TYPE_CHECKING:
    from camaudit.scan.interview import Interview

_OF_GROUPS = frozenset(item.probe for item in DISCOVERIES)
"""Who only answered a maker's call to everybody may not have been reached by multicast, which switches drop."""

_NAMED_BY_NOBODY = frozenset({"ssdp", "mdns"})
"""Searches whose answer convicts nobody: where the group's was heard, it need not be had again in person."""

_ONLY_PRIVATE = "discovery by UDP is asked in private networks only"
_HEARD = "it was reached by multicast and answered other searches than this one"
_MUTE = "it answered no port and no multicast search, so it was not searched for once more"


async def ask_datagrams(interview: Interview) -> None:
    """Ask by unicast what multicast did not tell."""
    await interview.settled()
    if is_public(interview.host.address):
        _leave_out(interview, _ONLY_PRIVATE)
    elif interview.group_asked and interview.told.probes() & _OF_GROUPS:
        _leave_out(interview, _HEARD)
    elif interview.group_asked and not interview.knocking.is_there:
        _leave_out(interview, _MUTE)
    else:
        await asyncio.gather(*(_ask(interview, item) for item in _unasked(interview)))


async def read_descriptions(interview: Interview) -> None:
    """Read the UPnP descriptions that the host itself named when it was asked in person."""
    told = [item for item in interview.seen if item.probe == "ssdp" and "ssdp.location" in item.fields]
    if told and interview.host.manners.optional:
        known = interview.recall.anywhere("upnp")
        interview.note_all(known or await described(interview.host, told, interview.now))


async def ask_in_person(interview: Interview) -> None:
    """Ask at its address whoever answered a search of everybody: that carries the sender its sender wrote."""
    if interview.told.items and not is_public(interview.host.address):
        heard = interview.told.probes() - _NAMED_BY_NOBODY
        await asyncio.gather(*(_ask(interview, item) for item in DISCOVERIES if item.probe in heard))


async def ask_hinted(interview: Interview, opened: list[int]) -> None:
    """Ask a maker's own search where something points to that maker."""
    await interview.settled()
    if not is_public(interview.host.address):
        await asyncio.gather(*(_ask_hinted(interview, search) for search in list(pointed_to(interview, opened))))


async def _ask_hinted(interview: Interview, search: Hinted) -> None:
    if search.call is not None and ":" in interview.host.address:
        # What goes to everybody on a link is a matter of IPv4, and so is where its answers come.
        return
    known = interview.recall.at(search.port, search.probe)
    interview.note_all(known or await search.ask(interview.host, interview.now))


async def ask_snmp(interview: Interview) -> None:
    """Ask by SNMP who is there, where the operator gave a community: it crosses the network in the clear."""
    if interview.communities and not is_public(interview.host.address):
        await interview.settled()
        if interview.knocking.is_there or interview.told.items:
            known = interview.recall.anywhere("snmp")
            interview.note_all(known or await snmp.ask(interview.host, interview.now, interview.communities))


async def _ask(interview: Interview, item: Discovery) -> None:
    if item.ask is not None:
        known = interview.recall.at(item.port, item.probe)
        interview.note_all(known or await item.ask(interview.host, interview.now))


def _unasked(interview: Interview) -> Iterator[Discovery]:
    """Yield the searches that one host can be asked by and that have not told of this one."""
    return (item for item in DISCOVERIES if item.ask is not None and not interview.has(item.probe))


def _leave_out(interview: Interview, why: str) -> None:
    for one in _unasked(interview):
        at = Target(interview.host.address, one.port), one.probe
        said = Observation(*at, Outcome.NOT_ASKED, {}, interview.now(), why)
        interview.note_all(interview.recall.at(one.port, one.probe) or (said,))
