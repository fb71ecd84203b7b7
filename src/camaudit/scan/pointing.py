"""What points to a maker, so that its own search is worth a packet: in goes an interview, out come searches. Pure.

A search is asked in person where everybody was asked and this host answered it, where a port of the maker is open,
or where its name stands in a banner or as the owner of a MAC prefix. A camera that names nobody, and that no call
to everybody reaches, is asked by the makers whose cameras are the commonest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from camaudit.model import Observation
from camaudit.probes import HINTED, Hinted
from camaudit.signatures.oui import OuiTable, packaged_table

if TYPE_CHECKING:
    from camaudit.scan.interview import Interview

_BANNERS = (
    *("http.server", "http.title", "http.realm", "rtsp.server", "rtsp.realm", "tls.subject", "ssdp.server"),
    *("onvif.manufacturer", "wsd.manufacturer", "wsd.name", "upnp.manufacturer", "mdns.instance"),
)
_NAMED_BY = frozenset({"onvif.manufacturer", "wsd.manufacturer", "wsd.hardware", "isapi.root", "dahua.realm"})
"""Fields that tell a maker, or are no use where they do not; who fills one has named itself."""
_CAMERAS = frozenset({"rtsp", "onvif", "wsd"})
_LONGEST = 200


def pointed_to(interview: Interview, opened: Iterable[int]) -> Iterator[Hinted]:
    """Yield the makers' searches that this host is worth being asked."""
    everything = (*interview.told.items, *interview.seen)
    heard, ports = interview.told.probes(), frozenset(opened)
    names = frozenset(_names(everything))
    unnamed = _is_unnamed(interview, everything)
    for search in HINTED:
        if search.probe in heard or (
            not interview.has(search.unless)
            and (
                (search.hints & ports and not (search.call and interview.group_asked))
                or (search.names and any(re.search(search.names, name) for name in names))
                or (search.of_unnamed and unnamed)
            )
        ):
            yield search


def _names(items: Iterable[Observation]) -> Iterator[str]:
    for item in items:
        for field in _BANNERS:
            yield from (value[:_LONGEST].lower() for value in item.fields.get(field, ()))
        for mac in item.fields.get("mac.address", ()):
            owner = _table().organisation(mac)
            if owner is not None:
                yield owner.lower()


def _is_unnamed(interview: Interview, items: Iterable[Observation]) -> bool:
    """Say whether this is a camera that names nobody, where no search of everybody came."""
    if interview.group_asked or not interview.host.manners.optional or not any(map(interview.has, _CAMERAS)):
        return False
    return not any(item.fields.get(field) for item in items for field in _NAMED_BY)


@cache
def _table() -> OuiTable:
    return packaged_table()
