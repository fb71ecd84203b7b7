"""Answer HTTP requests the way one web server of a device does. In: request bytes. Out: a ``Reply``."""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.simulator.device import DeviceSpec, ReplySpec, Site
from camaudit.simulator.login import brings_credentials, is_let_in
from camaudit.simulator.message import Request, read_request
from camaudit.simulator.onvif import answer_soap
from camaudit.simulator.reply import Reply, framed, rendered

_NO_ACCOUNT_LOCKS_AFTER = 7


def answer_http(payload: bytes, spec: DeviceSpec, site: Site, *, failures: int = 0) -> tuple[Reply, int]:
    """Answer one request; ``failures`` counts wrong logins so far, and the new count comes back."""
    request = read_request(payload)
    if request is None:
        return Reply(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", True), failures
    lock_after = spec.login.lock_after if spec.login else _NO_ACCOUNT_LOCKS_AFTER
    let_in = is_let_in(request, spec) and failures < lock_after
    if let_in:
        failures = 0
    elif brings_credentials(request):
        failures += 1
    closes = not site.keep_alive or request.headers.get("connection", "").lower() == "close"
    known = {
        "path": request.path,
        "url": request.target,
        "retries": str(max(0, lock_after - failures)),
        "lock_status": "lock" if failures >= lock_after else "unlock",
    }
    if site.onvif and spec.onvif and request.path in spec.onvif.paths and request.method == "POST":
        soap = answer_soap(request.body, spec.onvif, let_in=let_in)
        headers = site.soap_headers + soap.headers
        data = framed(f"{site.version} {soap.status}", headers, soap.body.encode(), known, encoding=spec.encoding)
        return Reply(data, closes), failures
    chosen = _chosen(request, site, let_in=let_in)
    data = rendered(
        f"{site.version} {chosen.status}",
        chosen,
        known,
        encoding=spec.encoding,
        with_body=request.method != "HEAD",
    )
    return Reply(data, closes or not _has_length(chosen)), failures


def _chosen(request: Request, site: Site, *, let_in: bool) -> ReplySpec:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return site.missing
    route = _route(site.routes, request)
    if route is None:
        return site.missing
    if route.login and not let_in and site.challenge is not None:
        return site.challenge
    return route


def _route(routes: Mapping[str, ReplySpec], request: Request) -> ReplySpec | None:
    for key in (request.path_and_query, request.path):
        if key in routes:
            return routes[key]
    prefixes = [key for key in routes if key.endswith("*") and request.path_and_query.startswith(key[:-1])]
    return routes[max(prefixes, key=len)] if prefixes else None


def _has_length(spec: ReplySpec) -> bool:
    return any(name.lower() in ("content-length", "transfer-encoding") for name, _ in spec.headers)
