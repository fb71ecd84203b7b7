"""What a unit lets anybody see or do: in go its observations, out come names of ``EXPOSURES``. Pure.

Only what was seen is named; a name that is missing says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from camaudit.model import Observation, Outcome
from camaudit.model.figures import whole_number

EXPOSURES = (
    *("rtsp_open", "onvif_open", "plain_management", "clock_wrong"),
    *("old_encryption", "login_refused", "login_locked"),
)
"""Stream described without a login; ONVIF details without one; web pages without TLS; clock 5 min off or more; TLS
before 1.2 or an RSA key below 2048 bits; an account refused that the operator handed over; logins locked."""

_CLOCK_OFF_S = 300.0
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_OLD_TLS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
_LEAST_RSA_BITS = 2048
_LOGINS = {"refused": "login_refused", "locked": "login_locked"}
_PAGES = frozenset({"200", "401"})


def exposures_of(observations: Iterable[Observation]) -> tuple[str, ...]:
    """Return what the observations of one unit show, in the order of ``EXPOSURES``."""
    everything = tuple(observations)
    answered = [seen for seen in everything if seen.outcome is Outcome.ANSWERED]
    encrypted = {(seen.target.address, seen.target.port) for seen in answered if seen.probe == "tls"}
    found = {_LOGINS.get(word, "") for seen in everything for word in seen.fields.get("login.outcome", ())}
    for seen in answered:
        fields = seen.fields
        if "200" in fields.get("rtsp.status", ()) and fields.get("rtsp.sdp"):
            found.add("rtsp_open")
        # What was read with an account is not open to anybody.
        if seen.probe != "login" and "GetDeviceInformation" in fields.get("onvif.answered", ()):
            found.add("onvif_open")
        if seen.probe == "http" and (seen.target.address, seen.target.port) not in encrypted and _is_page(seen):
            found.add("plain_management")
        if _is_old(fields.get("tls.version", ()), fields.get("tls.key", ())):
            found.add("old_encryption")
        # Without its offset a local time says nothing.
        local = [text for text in fields.get("isapi.time", ()) if _ZONE.search(text)]
        if any(is_off(text, seen.at) for text in (*fields.get("onvif.utc", ()), *local)):
            found.add("clock_wrong")
    return tuple(name for name in EXPOSURES if name in found)


def _is_old(versions: Iterable[str], keys: Iterable[str]) -> bool:
    sizes = [key.partition("-")[2] for key in keys if key.startswith("RSA-")]
    short = any((bits := whole_number(size, 10**6)) is not None and bits < _LEAST_RSA_BITS for size in sizes)
    return short or bool(_OLD_TLS.intersection(versions))


def _is_page(seen: Observation) -> bool:
    """Say whether a page or a login came over plain HTTP, and no word of HTTPS instead."""
    onward = any(place.lower().startswith("https:") for place in seen.fields.get("http.location", ()))
    return bool(_PAGES.intersection(seen.fields.get("http.status", ()))) and not onward


def is_off(text: str, at: datetime) -> bool:
    """Say whether a clock that showed ``text`` at this moment is wrong; of what is no time nothing is said."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return False
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return abs((told - at).total_seconds()) > _CLOCK_OFF_S
