"""Judge whether a request was a read. In: what came in on a port. Out: a summary and, if any, the offence.

This is the test of "look, don't touch": whatever is not listed here as a read is a violation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from camaudit.simulator.agent import snmp_question
from camaudit.simulator.device import DeviceSpec, Service
from camaudit.simulator.discovery import dhip_request, probe_types, sadp_type
from camaudit.simulator.groups import mdns_questions, ssdp_search
from camaudit.simulator.login import brings_credentials
from camaudit.simulator.message import Request, read_request
from camaudit.simulator.onvif import operation
from camaudit.simulator.parse_onvif import PRE_AUTH
from camaudit.simulator.searches import is_search

ONVIF_READS = frozenset(PRE_AUTH) | {
    "GetDeviceInformation",
    "GetScopes",
    "GetNetworkInterfaces",
    "GetNetworkProtocols",
    "GetNetworkDefaultGateway",
    "GetDNS",
    "GetNTP",
    "GetDiscoveryMode",
    "GetProfiles",
    "GetVideoSources",
    "GetVideoEncoderConfigurations",
    "GetStreamUri",
    "GetSnapshotUri",
}
_RTSP_READS = frozenset({"OPTIONS", "DESCRIBE", "TEARDOWN"})
_HTTP_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORBIDDEN_PATHS = {
    "/cgi-bin/audio.cgi": "one request reboots Lorex E891AB",
    "/querydevinfo": "reads what CVE-2024-7339 leaks",
    "/web_caps/webcapsconfig": "reads what CVE-2019-9680 leaks",
}
_WRITING_QUERY = re.compile(r"(?:^|&)action=(?!get|list|factoryGet)", re.IGNORECASE)
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the log shows it."""

    summary: str
    violation: str | None


def judge(payload: bytes, service: Service, spec: DeviceSpec) -> Seen:
    """Name what one request was and whether it was more than a read."""
    match service.speaks:
        case "http" | "rtsp" | "raw" | "silent":
            return _judge_stream(payload, service, spec)
        case "ws-discovery":
            return _judge_ws_discovery(payload)
        case "sadp":
            asked = sadp_type(payload)
            wrong = None if asked == "inquiry" else f"SADP type {asked or 'unreadable'} is not an inquiry"
            return Seen(f"SADP {asked}", wrong)
        case "dhip":
            said = dhip_request(payload)
            method = str(said.get("method")) if said else "unreadable"
            wrong = None if method == "DHDiscover.search" else f"DHIP method {method} is not a search"
            return Seen(f"DHIP {method}"[:_SHOWN_CHARS], wrong)
        case "ssdp":
            sought = ssdp_search(payload)
            return Seen(f"M-SEARCH {sought}"[:_SHOWN_CHARS], None if sought else "SSDP that is not a search")
        case "mdns":
            asked_for = mdns_questions(payload)
            wrong = None if asked_for else "multicast DNS that is not a plain query"
            return Seen(f"mDNS {' '.join(asked_for)}"[:_SHOWN_CHARS], wrong)
        case "snmp":
            # Its community is a secret, so nothing of the datagram is shown.
            asked = snmp_question(payload)
            return Seen(f"SNMP {asked}", None if asked == "GetRequest" else f"SNMP {asked} is not a read")
        case _:
            wrong = None if is_search(service.port, payload) else f"no search of a maker on UDP {service.port}"
            return Seen(payload[:32].hex(), wrong)


def _judge_ws_discovery(payload: bytes) -> Seen:
    text = payload.decode("utf-8", "replace")
    found = re.search(r"discovery/(\w+)\s*<", text)
    action = found.group(1) if found else "unreadable"
    wrong = None if action in ("Probe", "Resolve") else f"WS-Discovery {action} is not a Probe"
    return Seen(f"{action} {' '.join(probe_types(text))}".strip()[:_SHOWN_CHARS], wrong)


def _judge_stream(payload: bytes, service: Service, spec: DeviceSpec) -> Seen:
    request = read_request(payload)
    if request is None:
        return _judge_unreadable(payload, service)
    called = operation(request.body)
    summary = f"{request.method} {request.target}" + (f" {called}" if called else "")
    return Seen(summary[:_SHOWN_CHARS], _offence(request, called, spec))


def _judge_unreadable(payload: bytes, service: Service) -> Seen:
    shown = repr(payload[:60])
    if payload.startswith(b"\x16\x03"):
        return Seen("TLS hello on a port without TLS", None)
    wrong = "these bytes are no HTTP and no RTSP request" if service.speaks in ("raw", "silent") else None
    return Seen(shown[:_SHOWN_CHARS], wrong)


def _offence(request: Request, called: str, spec: DeviceSpec) -> str | None:
    if brings_credentials(request) and spec.login is None:
        return "brings credentials to a device that no one gave credentials for"
    if request.version.startswith("RTSP/"):
        return None if request.method in _RTSP_READS else f"RTSP {request.method} is not a read"
    path, _, query = request.path_and_query.partition("?")
    why = _FORBIDDEN_PATHS.get(path.lower())
    if why is not None:
        return f"{path}: {why}"
    if re.search(r"(?:^|&)auth=", query):
        return "auth= in a query is the back door of CVE-2017-7921"
    if request.method in _HTTP_READS:
        return "a query with an action that writes" if _WRITING_QUERY.search(query) else None
    if request.method == "POST" and called in ONVIF_READS:
        return None
    return f"HTTP {request.method} {called}".rstrip() + " is not a read"
