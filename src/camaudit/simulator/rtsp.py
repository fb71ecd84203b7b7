"""Answer RTSP requests the way a device's streaming server does. In: request bytes. Out: a ``Reply``."""

from __future__ import annotations

from camaudit.simulator.device import DeviceSpec, ReplySpec, Rtsp
from camaudit.simulator.message import Request, read_request
from camaudit.simulator.reply import Reply, rendered


def answer_rtsp(payload: bytes, spec: DeviceSpec, rtsp: Rtsp) -> Reply:
    """Answer OPTIONS, DESCRIBE and TEARDOWN; every other method gets the server's refusal."""
    request = read_request(payload)
    if request is None:
        return Reply(b"RTSP/1.0 400 Bad Request\r\n\r\n", close=True)
    chosen = _chosen(request, rtsp)
    known = {"cseq": request.headers.get("cseq", "0"), "url": request.target, "path": request.path}
    data = rendered(f"RTSP/1.0 {chosen.status}", chosen, known, encoding=spec.encoding)
    return Reply(data, close=request.method == "TEARDOWN")


def _chosen(request: Request, rtsp: Rtsp) -> ReplySpec:
    match request.method:
        case "OPTIONS":
            return rtsp.options
        case "DESCRIBE":
            served = not rtsp.paths or request.path in rtsp.paths or request.path_and_query in rtsp.paths
            return rtsp.describe if served or rtsp.missing is None else rtsp.missing
        case _:
            return rtsp.other
