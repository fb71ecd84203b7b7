"""The makers' own web edges of one host: in goes its interview and a page, out come observations, noted there.

Each may count as a failed login, so they are asked once a unit. An address may stand for several units, where a
router forwards its ports: a page that plainly is another maker's than those asked so far is another unit's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from camaudit.model import Observation
from camaudit.probes import dahua, isapi, lapi, onvif

if TYPE_CHECKING:
    from camaudit.scan.interview import Interview

_MOST_UNITS = 4
"""Units behind one address whose edges are asked; who shows more is likelier a trap."""


async def ask_edges(interview: Interview, page: Observation) -> None:
    """Ask the edges where ``page`` is the first of its unit."""
    if not interview.edges_asked:
        interview.edges_asked.append(page)
        await _ask_first(interview, page)
    elif await _is_another_unit(interview, page):
        interview.edges_asked.append(page)
        await _ask_another(interview, page)


async def _is_another_unit(interview: Interview, page: Observation) -> bool:
    asked = interview.edges_asked
    if len(asked) >= _MOST_UNITS or any(_look(page) == _look(one) for one in asked):
        return False
    # What is known of makers may have to be read first, while others are being asked.
    return await asyncio.to_thread(lambda: all(interview.are_apart(page, one) for one in asked))


def _look(page: Observation) -> tuple[tuple[str, ...], ...]:
    return tuple(page.fields.get(name, ()) for name in ("http.server", "http.title", "http.body"))


async def _ask_first(interview: Interview, page: Observation) -> None:
    host, port, now, recall = interview.host, page.target.port or 0, interview.now, interview.recall
    secure, told = interview.is_secure(port), interview.has("sadp")
    speaks_isapi = False
    if not interview.has("dhip"):
        known = recall.anywhere("isapi")
        for observation in known or await isapi.edges(host, port, tls=secure, now=now, told=told):
            interview.note_all((observation,))
            speaks_isapi = "isapi.root" in observation.fields
    if not told and not interview.has("isapi"):
        interview.note_all(recall.anywhere("dahua") or await dahua.edges(host, port, tls=secure, now=now))
    if not (told or speaks_isapi or interview.has("dhip") or interview.has("dahua")):
        interview.note_all(recall.anywhere("lapi") or await lapi.edges(host, port, tls=secure, now=now))


async def _ask_another(interview: Interview, page: Observation) -> None:
    """Ask a further unit, one interface after another until one answers; what the first told is not of it."""
    host, port, now, recall = interview.host, page.target.port or 0, interview.now, interview.recall
    secure = interview.is_secure(port)
    for probe, edges in (("isapi", isapi.edges), ("dahua", dahua.edges), ("lapi", lapi.edges)):
        found = recall.at(port, probe) or await edges(host, port, tls=secure, now=now)
        interview.note_all(found)
        if any(item.outcome == "answered" for item in found):
            break
    interview.note_all(
        recall.at(port, "onvif") or await onvif.service(host, port, tls=secure, now=now, told=False)
    )
