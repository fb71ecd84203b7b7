"""What a unit lets anybody see or do: in go its observations, out come names of ``EXPOSURES``. Pure.

Only what was seen is named; a name that is missing says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from camaudit.model import Observation, Outcome

EXPOSURES = ("rtsp_open", "onvif_open", "plain_management", "clock_wrong")
"""Stream described without a login; ONVIF details without one; web pages without TLS; clock 5 min off or more."""

_CLOCK_OFF_S = 300.0
_PAGES = frozenset({"200", "401"})


def exposures_of(observations: Iterable[Observation]) -> tuple[str, ...]:
    """Return what the observations of one unit show, in the order of ``EXPOSURES``."""
    answered = [seen for seen in observations if seen.outcome is Outcome.ANSWERED]
    encrypted = {(seen.target.address, seen.target.port) for seen in answered if seen.probe == "tls"}
    found = set()
    for seen in answered:
        fields = seen.fields
        if "200" in fields.get("rtsp.status", ()) and fields.get("rtsp.sdp"):
            found.add("rtsp_open")
        if "GetDeviceInformation" in fields.get("onvif.answered", ()):
            found.add("onvif_open")
        if seen.probe == "http" and (seen.target.address, seen.target.port) not in encrypted and _is_page(seen):
            found.add("plain_management")
        if any(_is_off(text, seen.at) for text in fields.get("onvif.utc", ())):
            found.add("clock_wrong")
    return tuple(name for name in EXPOSURES if name in found)


def _is_page(seen: Observation) -> bool:
    """Say whether a page or a login came over plain HTTP, and no word of HTTPS instead."""
    onward = any(place.lower().startswith("https:") for place in seen.fields.get("http.location", ()))
    return bool(_PAGES.intersection(seen.fields.get("http.status", ()))) and not onward


def _is_off(text: str, at: datetime) -> bool:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return False
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return abs((told - at).total_seconds()) > _CLOCK_OFF_S
