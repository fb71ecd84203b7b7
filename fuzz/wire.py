"""Targets: what devices send to a scan. Nothing in their bytes may make a reader raise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from camaudit.model import Account, Secret
from camaudit.net.raw import frames, netlink
from camaudit.net.wire import Tls
from camaudit.probes import (
    DISCOVERIES,
    HINTED,
    Discovery,
    Hinted,
    certificate,
    dahua,
    dhip,
    digest,
    dvrip,
    favicon,
    http,
    isapi,
    lapi,
    mdns,
    message,
    onvif,
    rtsp,
    sadp,
    snmp,
    ssdp,
    tapo,
    tiandy,
    upnp,
    wsd,
    xiongmai,
)
from camaudit.probes.framing import Framing
from camaudit.probes.markup import read_markup
from camaudit.probes.session import Session
from fuzz import samples
from fuzz.seeds import dhip as framed
from fuzz.seeds import made, recorded, sound
from fuzz.target import Run, Target, kept

_OPERATIONS = (onvif.FIRST, *onvif.WHOLE)


class _NoHost:
    """A host that a session is made for and that nothing is asked of."""

    address = "192.0.2.1"


def _http(data: bytes) -> None:
    whole = message.complete(data)
    said = message.read(data)
    assert said is None or isinstance(whole, bool)
    if said is None:
        return
    kept(http.page_fields(said))
    kept(favicon.icon_fields(said))
    http._next_path(_session(), "/", said)
    favicon.linked(said.text(8192), _session())


def _session() -> Session:
    return Session(_NoHost(), 80)  # type: ignore[arg-type]  # nothing is asked of it


def _pieces(data: bytes) -> None:
    """Read an answer as it drips in: at every piece it is as whole as if it had come at once."""
    is_whole = Framing()
    for end in range(0, len(data) + 1, max(1, len(data) // 16)):
        said = is_whole(data[:end])
        assert said == message.complete(data[:end]), f"at {end}"
        if said:
            return


def _rtsp(data: bytes) -> None:
    said = message.read(data)
    if said is not None:
        kept(rtsp.options_fields(said))
        kept(rtsp.describe_fields(said))
        rtsp._elsewhere(said, _session())


def _sdp(data: bytes) -> None:
    head = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n"
    _rtsp(head % len(data) + data)


def _soap(data: bytes) -> None:
    said = message.Message("HTTP", "1.1", 200, (), data, False, {})
    for operation in _OPERATIONS:
        kept(onvif.answer_fields(operation, said))


def _isapi(data: bytes) -> None:
    for status in (200, 401):
        said = message.Message("HTTP", "1.1", status, (), data, False, {})
        fields = isapi.info_fields(said, "ISAPI")
        kept(fields)
        isapi.verdict(said, fields)
        kept(isapi.activation_fields(said))
    isapi.web_version(data.decode("latin-1"))


def _lapi(data: bytes) -> None:
    kept(lapi.info_fields(message.Message("HTTP", "1.1", 200, (), data, False, {})))


def _dahua(data: bytes) -> None:
    for status in (200, 401):
        said = message.Message("HTTP", "1.1", status, (), data, False, {})
        kept(dahua.info_fields(said))
        dahua.verdict(said)


def _digest(data: bytes) -> None:
    text = data.decode("latin-1")
    best = digest.best((text,))
    if best is not None:
        account = Account("auditor", Secret("a password"))
        header = digest.answer(best, account, method="GET", uri="/a", cnonce="c", count=1)
        assert "a password" not in header
    digest.schemes((text,))
    message.realms((text,))


def _upnp(data: bytes) -> None:
    kept(upnp.description_fields(message.Message("HTTP", "1.1", 200, (), data, False, {})))
    upnp.place("192.0.2.1", data[:2048].decode("latin-1"))


def _snmp(data: bytes) -> None:
    for version in (0, 1):
        kept(snmp.parse(data, version, 1))


def _certificate(data: bytes) -> None:
    kept(certificate.certificate_fields(Tls("TLSv1.2", data))[0])


def _frames(data: bytes) -> None:
    frames.read_reply(data)
    for each in netlink.messages(data):
        netlink.attributes(each.body)
        netlink.read_neighbour(each.body)
        netlink.read_address(each.body)


@cache
def _discovered(*asks: str) -> tuple[bytes, ...]:
    return recorded(*asks)


def _datagrams(ask: str, *others: bytes, head: bytes = b"") -> Iterable[bytes]:
    yield from (head + each for each in _discovered(ask))
    yield from others


_MARKUP_WORDS = (
    b"<!DOCTYPE a>",
    b"<!ENTITY a 'b'>",
    b"&lt;",
    b"&#x41;",
    b"<a>",
    b"</a>",
    b"xmlns:a=",
    b"<![CDATA[",
    b"]]>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"encoding='utf-16'",
)
_HTTP_WORDS = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\n",
    b"\r\n\r\n",
    b'WWW-Authenticate: Digest realm="a\\"b", nonce="n"\r\n',
    b"Location: http://192.0.2.1/a\r\n",
    b"Content-Encoding: gzip\r\n",
    b"<title>",
    b"<meta refresh url=",
    b"<link rel=icon href='/i'>",
    b"ffffffff\r\n",
    b"RTSP/1.0 200 OK\r\n",
)

_OWN = frozenset({"sadp", "dhip", "ssdp", "mdns", "wsd", "dvrip", "xm", "tapo", "tiandy"})
"""Searches that have a target below, with words of their own; every other one gets its target from the table."""


def _searches() -> Iterator[Target]:
    """Yield a target for each search that somebody added to the table of the probes."""
    searches: tuple[Discovery | Hinted, ...] = (*DISCOVERIES, *HINTED)
    for search in searches:
        if search.probe not in _OWN:
            yield Target(
                search.probe, _heard(search.parse), _answers(search.probe), (f"{search.parse.__module__}:parse",)
            )


def _heard(parse: Callable[[bytes], Mapping[str, tuple[str, ...]] | None]) -> Run:
    return lambda data: kept(parse(data))


def _answers(probe: str) -> Callable[[], Iterable[bytes]]:
    return lambda: (*sound(probe), *recorded(probe), bytes(64))


_P = "camaudit.probes."
_MESSAGE = _P + "message:read _lines _body _dechunked Message"

TARGETS = (
    Target(
        "http",
        _http,
        lambda: (*recorded("GET /"), *samples.HTTP),
        (_MESSAGE, _P + "page", _P + "text", _P + "favicon:icon_fields linked"),
        words=_HTTP_WORDS,
    ),
    Target(
        "http-pieces",
        _pieces,
        lambda: (*recorded("GET /"), *samples.HTTP),
        (_P + "framing",),
        words=_HTTP_WORDS,
    ),
    Target(
        "rtsp",
        _rtsp,
        lambda: (*recorded("OPTIONS"), *recorded("DESCRIBE"), *samples.RTSP),
        (_MESSAGE, _P + "rtsp:options_fields describe_fields _elsewhere"),
        words=(*_HTTP_WORDS, b"Content-Base: rtsp://a/", b"Public: "),
    ),
    Target(
        "sdp",
        _sdp,
        lambda: (*filter(None, (each.partition(b"\r\n\r\n")[2] for each in recorded("DESCRIBE"))), *samples.SDP),
        (_P + "rtsp:describe_fields", _P + "message:Message"),
        words=(b"v=0\r\n", b"a=control:*\r\n", b"m=video 0 RTP/AVP 96\r\n"),
    ),
    Target(
        "soap",
        _soap,
        lambda: (*recorded("GetDeviceInformation", "GetScopes"), *samples.SOAP),
        (_P + "onvif", _P + "scopes", _P + "markup"),
        words=_MARKUP_WORDS,
    ),
    Target(
        "isapi",
        _isapi,
        lambda: (*(each.partition(b"\r\n\r\n")[2] for each in recorded("GET /ISAPI")), *samples.ISAPI),
        (_P + "isapi", _P + "markup"),
        words=_MARKUP_WORDS,
    ),
    Target(
        "lapi", _lapi, made(*samples.LAPI), (_P + "lapi",), words=(b'"Response":', b'"Data":', b"{", b"\\ud800")
    ),
    Target("dahua-cgi", _dahua, made(*samples.DAHUA_CGI), (_P + "dahua",), words=(b"deviceType=", b"<html>")),
    Target(
        "markup",
        read_markup,
        lambda: (*samples.SOAP, *samples.ISAPI, *samples.SADP),
        (_P + "markup",),
        words=_MARKUP_WORDS,
    ),
    Target(
        "digest",
        _digest,
        made(*samples.CHALLENGES),
        (_P + "digest",),
        words=(b"Digest ", b"realm=", b'"', b'\\"', b"algorithm=SHA-256-sess", b"qop=auth", b"stale=true", b","),
    ),
    Target(
        "sadp",
        lambda data: kept(sadp.parse(data)),
        lambda: _datagrams("sadp", *samples.SADP),
        (_P + "sadp", _P + "markup"),
        words=_MARKUP_WORDS,
    ),
    Target(
        "dhip",
        lambda data: kept(dhip.parse(data)),
        lambda: (framed(each) for each in (*_discovered("dhip"), *samples.DHIP)),
        (_P + "dhip",),
        words=(b'"method":', b'"params":', b'"deviceInfo":{', b"DHIP", b"\\ud800", b"1e999", b"NaN", b"[" * 99),
    ),
    Target(
        "dvrip",
        lambda data: kept(dvrip.parse(data)),
        made(*samples.DVRIP),
        (_P + "dvrip",),
        words=(b"SerialNo:", b"Name:", b"Device:", b"00:11:22:33:44:55"),
    ),
    Target(
        "ssdp",
        lambda data: kept(ssdp.parse(data)),
        lambda: (*samples.SSDP, *_ssdp_seeds()),
        (_P + "ssdp:parse", _MESSAGE),
        words=(b"NOTIFY * ", b"NTS: ssdp:alive", b"LOCATION: ", *_HTTP_WORDS),
    ),
    Target(
        "upnp",
        _upnp,
        lambda: _datagrams("upnp", *samples.LOCATIONS),
        (_P + "upnp", _P + "markup"),
        words=_MARKUP_WORDS,
    ),
    Target(
        "mdns",
        lambda data: kept(mdns.parse(data)),
        made(*samples.MDNS),
        (_P + "mdns",),
        words=(b"\xc0\x0c", b"\x05local\0", b"\0\x0c\0\1", b"\0\x10\0\1", b"\0\x21\0\1", b"\x3f"),
    ),
    Target(
        "wsd",
        lambda data: kept(wsd.parse(data)),
        lambda: _datagrams("wsd", *samples.WSD),
        (_P + "wsd", _P + "scopes", _P + "markup"),
        words=(b"onvif://www.onvif.org/mac/", b"%ff", *_MARKUP_WORDS),
    ),
    Target(
        "tapo",
        lambda data: kept(tapo.parse(data)),
        made(*samples.TAPO),
        (_P + "tapo",),
        words=(b'"result":{', b'"device_model":', b"\\ud800"),
    ),
    Target(
        "xiongmai",
        lambda data: kept(xiongmai.parse(data)),
        made(*samples.XIONGMAI),
        (_P + "xiongmai",),
        words=(b'"NetWork.NetCommon":{', b'"MAC":', b"\\ud800"),
    ),
    Target(
        "tiandy",
        lambda data: kept(tiandy.parse(data)),
        lambda: (tiandy.request()[:10] + each for each in (*recorded("tiandy"), *samples.TIANDY)),
        (_P + "tiandy",),
        words=(b"\t", b"\n\n\n", b"NEWM4V00\t", b"CMD\tNVSS\t"),
    ),
    Target(
        "snmp",
        _snmp,
        made(*samples.SNMP),
        (_P + "snmp:parse _fields _text",),
        words=(b"\x30\x82", b"\xa2", b"\x30\x80", b"\x06\x01"),
    ),
    Target("certificate", _certificate, made(*samples.CERTIFICATES), (_P + "certificate",)),
    Target("frames", _frames, made(*samples.FRAMES), ("camaudit.net.raw.frames",)),
    *_searches(),
)


def _ssdp_seeds() -> Iterable[bytes]:
    return (each.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for each in _discovered("ssdp"))
