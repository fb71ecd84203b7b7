"""What is kept of ISAPI's answers beside their documents: who serves them, and what the login page is called."""

from __future__ import annotations

import pytest
from probe_host import FakeHost, now, only, page, run

from camaudit.imports.capture.exchanges import Request, told_by
from camaudit.probes import isapi
from camaudit.probes.message import Message, read


def message(data: bytes) -> Message:
    told = read(data)
    assert told is not None
    return told


def test_the_login_page_gives_the_title_that_the_front_page_lacks() -> None:
    host = FakeHost(
        {
            f"GET {isapi.DEVICE_INFO}".encode(): page("401 No", b"", 'WWW-Authenticate: Basic realm="x"'),
            f"GET {isapi.LOGIN_PAGE}".encode(): page("200 OK", b"<html><title>Acme NVR</title></html>"),
            b"GET / ": page("200 OK", b"<html>front</html>"),
            b"GET": page("404 Not Found", b"<html>no</html>"),
        }
    )
    seen = only(run(isapi.edges(host, 80, tls=False, now=now)))
    assert "Acme NVR" in seen.fields["http.title"]


@pytest.mark.parametrize("status", ["401 Unauthorized", "503 Service Unavailable", "404 Not Found"])
def test_a_captured_refusal_of_device_information_names_its_server(status: str) -> None:
    answer = message(page(status, b"", "Server: App-webs/"))
    told = tuple(told_by(Request("GET", isapi.DEVICE_INFO), answer))
    assert any(fields.get("http.server") == ("App-webs/",) for _, _, fields in told)


def test_the_server_is_said_once_for_the_front_page_and_for_isapi() -> None:
    """Both are of the channel of the web server, so one banner never counts as two."""
    fields = isapi.info_fields(message(page("401 No", b"", "Server: App-webs/")), "ISAPI")
    assert fields["http.server"] == ("App-webs/",)
    assert not any("server" in name for name in fields if name.startswith("isapi."))
