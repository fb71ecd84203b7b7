"""What holds for every probe: it only reads, and it only fills fields that are known."""

from __future__ import annotations

import re
from importlib.resources import files

from probe_host import FakeHost, now, page, run

from camaudit.model import Outcome
from camaudit.net.wire import Stopped
from camaudit.probes import DISCOVERIES, STREAM_PROBES, WEB_PROBES, onvif, upnp
from camaudit.signatures.fields import FIELDS

_READ = re.compile(
    rb"GET /|OPTIONS rtsp://|DESCRIBE rtsp://|POST /onvif/device_service [\s\S]*<s:Body[^>]*><Get\w+ "
    rb"|[\s\S]*<Types>inquiry</Types>|[\s\S]*<d:Probe><d:Types>|[\s\S]*\"DHDiscover\.search\""
    rb"|M-SEARCH \* HTTP/1\.1\r\n|\0{4}\0.\0{6}[\s\S]*\x05local\0\0\x0c\x80\x01\Z"
)
_CHANNELS = (
    "http|isapi|dahua|rtsp|tls|onvif|wsd|sadp|dhip|ssdp|mdns|upnp|snmp|lapi|dvrip|xm|tapo|tiandy"
    "|login|channel|behind"
    "|hanwha|bosch|ipro|vivotek|sony|reolink|vstarcam|foscam|ubiquiti|kasa"
)


def everything_asked() -> list[bytes]:
    """Ask hosts that answer in ways which lead the probes as far as they go."""
    xml = b'<ActivateStatus xmlns="urn:pramaAPI"><Activated>true</Activated>/pramaAPI</ActivateStatus>'
    soap = b'<Envelope xmlns:t="http://www.onvif.org/x"><Body/></Envelope>'
    asked: list[bytes] = []
    for get in (page("401 No", xml), page("200 OK", xml), page("404 No", xml), page("302 F", b"", "Location: /x")):
        host = FakeHost({b"GET": get, b"POST": page("200 OK", soap), b"": b"RTSP/1.0 200 OK\r\n\r\n"})
        for web in WEB_PROBES:
            run(web(host, 80, tls=False, now=now))
        for streaming in STREAM_PROBES:
            run(streaming(host, 554, now))
        for discovery in DISCOVERIES:
            if discovery.ask is not None:
                run(discovery.ask(host, now))
        run(upnp.description(host, f"http://{host.address}/description.xml", now))
        asked += host.asked
    return asked + [request for discovery in DISCOVERIES for request in discovery.requests()]


def test_only_reads_are_sent_and_never_credentials() -> None:
    asked = everything_asked()
    assert len(asked) > 40
    for request in asked:
        assert _READ.match(request), request
        assert b"authorization" not in request.lower()
        assert b"Security" not in request
        assert not re.search(rb"audio\.cgi|[?&]auth=|PSIA|RPC2|queryDevInfo|userCheck", request)


def test_every_onvif_operation_is_a_get() -> None:
    for operation in (onvif.FIRST, onvif.SERVICES, onvif.CAPABILITIES, *onvif.OTHERS):
        assert operation.startswith("Get")


def test_every_outcome_of_the_gate_becomes_an_observation() -> None:
    for outcome in (Outcome.REFUSED, Outcome.SILENT, Outcome.OUT_OF_SCOPE, Outcome.MALFORMED):
        stopped = Stopped(outcome, "why")
        for web in WEB_PROBES:
            for seen in run(web(FakeHost(refuses=stopped), 443, tls=True, now=now)):
                assert (seen.outcome, seen.note, seen.fields) == (outcome, "why", {})
        for streaming in STREAM_PROBES:
            assert run(streaming(FakeHost(refuses=stopped), 554, now))[0].outcome is outcome
        for ask in (discovery.ask for discovery in DISCOVERIES if discovery.ask is not None):
            assert run(ask(FakeHost(udp=[stopped]), now))[0].outcome is outcome


def test_probes_fill_known_fields_and_all_that_are_theirs() -> None:
    folders = (files("camaudit.probes"), files("camaudit.probes.login"))
    source = "".join(
        entry.read_text("utf-8") for folder in folders for entry in folder.iterdir() if entry.name.endswith(".py")
    )
    filled = set(re.findall(rf'"((?:{_CHANNELS})\.[a-z0-9_]+)"', source)) - {"onvif.org"}
    assert filled <= FIELDS.keys()
    own = {name for name in FIELDS if re.match(rf"(?:{_CHANNELS})\.", name) and not name.endswith("mac_vendor")}
    assert own - filled == set()
