"""Turn ``sites`` and ``rtsp`` of a device file into prepared answers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from http import HTTPStatus

from camaudit.simulator.device import Headers, ReplySpec, Rtsp, Site
from camaudit.simulator.section import Section

_LIVE_BODY = re.compile(rb"\{[a-z_]+\}")


def parse_site(section: Section, encoding: str) -> Site:
    """Read one web server: common headers, routes, what is missing and what asks for a login."""
    common = _header_lists(section, "headers")
    routes = section.section("routes")
    missing, challenge = section.section("missing"), section.section("challenge")
    site = Site(
        version=section.word("version", ("HTTP/1.1", "HTTP/1.0"), "HTTP/1.1"),
        routes={
            path: parse_reply(Section(spec, f"{section.where}: routes: {path}"), common, encoding)
            for path, spec in (routes.rest() if routes else ())
        },
        missing=parse_reply(missing or Section({"status": 404}, section.where), common, encoding),
        challenge=parse_reply(challenge, common, encoding) if challenge else None,
        keep_alive=section.flag("keep_alive", default=True),
        onvif=section.flag("onvif", default=False),
        soap_headers=flat(laid_over(common, _header_lists(section, "soap_headers"))),
    )
    if site.challenge is None and any(route.login for route in site.routes.values()):
        raise section.fail("challenge", "missing, though a route needs a login")
    section.close()
    return site


def parse_rtsp(section: Section, encoding: str) -> Rtsp:
    """Read the RTSP server; its answers share ``headers``, which start with CSeq."""
    common = _header_lists(section, "headers") or {"CSeq": ["{cseq}"]}
    options, describe = section.section("options"), section.section("describe")
    missing, other = section.section("missing"), section.section("other")
    if options is None or describe is None:
        raise section.fail("options and describe", "both are needed")
    rtsp = Rtsp(
        options=parse_reply(options, common, encoding),
        describe=parse_reply(describe, common, encoding),
        missing=parse_reply(missing, common, encoding) if missing else None,
        paths=section.texts("paths"),
        other=parse_reply(other or Section({"status": "405 Method Not Allowed"}, section.where), common, encoding),
    )
    section.close()
    return rtsp


def parse_reply(section: Section, common: Mapping[str, list[str]], encoding: str) -> ReplySpec:
    """Read one prepared answer on top of the headers it shares with the others."""
    status = section.text("status", "200")
    if status.isdigit():
        status = f"{status} {HTTPStatus(int(status)).phrase}"
    body = section.text("body", "").encode(encoding)
    zeros = section.whole("body_gzip_zeros", 0)
    if zeros:
        body = gzip.compress(bytes(zeros), compresslevel=9, mtime=0)
    reply = ReplySpec(
        status=status,
        headers=flat(laid_over(common, _header_lists(section, "headers"))),
        body=body,
        live=not zeros and _LIVE_BODY.search(body) is not None,
        login=section.flag("login", default=False),
    )
    section.close()
    return reply


def laid_over(common: Mapping[str, list[str]], own: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Put own headers over the common ones: same name in any case replaces in place, empty removes."""
    result = dict(common)
    for name, lines in own.items():
        there = next((known for known in result if known.casefold() == name.casefold()), None)
        if there is not None and there != name:
            result = {(name if known == there else known): kept for known, kept in result.items()}
        result[name] = lines
    return {name: lines for name, lines in result.items() if lines}


def flat(headers: Mapping[str, list[str]]) -> Headers:
    """Give one pair for each header line."""
    return tuple((name, line) for name, lines in headers.items() for line in lines)


def _header_lists(section: Section, key: str) -> dict[str, list[str]]:
    headers = section.section(key)
    result: dict[str, list[str]] = {}
    for name, value in headers.rest() if headers else ():
        lines = value if isinstance(value, list) else [] if value in (None, "") else [value]
        result[name] = [str(line) for line in lines]
    return result
