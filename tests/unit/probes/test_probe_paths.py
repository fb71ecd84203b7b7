"""A device names paths; those that would do something, log in or hide what they are are not asked for."""

from __future__ import annotations

import pytest

from camaudit.probes import upnp
from camaudit.probes.favicon import linked
from camaudit.probes.http import _next_path
from camaudit.probes.message import read
from camaudit.probes.paths import is_harmless
from camaudit.probes.session import Session

HARMFUL = [
    *("/cgi-bin/audio.cgi", "/cgi-bin/%61udio.cgi", "/cgi-bin/audio%2ecgi", "/cgi-bin/%2561udio.cgi"),
    *(
        "/cgi-bin/audio.c%67i",
        "/x/../cgi-bin/AUDIO.cgi",
        "/%u0061udio.cgi",
        "/a%c1%b1udio.cgi",
        "/cgi-bin/audi%00o",
    ),
    *("/?auth=YWRtaW46", "/x?%61uth=YWRtaW46", "/login?user=admin&pwd=", "/x;password=1"),
    *("/ISAPI/System/reboot", "/cgi-bin/magicBox.cgi?action=reboot", "/param.cgi?cmd=setntp", "/sys_reset.cgi"),
    *("/ISAPI/System/factoryReset?mode=full", "/upgrade_firmware", "/x y", "/x\r\nHost: y", "x", ""),
]
HARMLESS = [
    *("/", "/doc/page/login.asp?_1700000000", "/web/index.html?lang=en&v=1.2", "/ISAPI/Security/userCheck"),
    *("/a%20b.html", "/d%C3%A9but", "/preset.html", "/default.htm", "/favicon.ico?v=3", "/cgi-bin/luci"),
]


class Host:
    address = "192.0.2.1"


@pytest.mark.parametrize("path", HARMFUL)
def test_harmful_paths_are_not_asked_for_whoever_names_them(path: str) -> None:
    session = Session(Host(), 80)  # type: ignore[arg-type]
    moved = read(f"HTTP/1.1 302 Found\r\nLocation: {path}\r\n\r\n".encode())
    assert moved is not None
    asked = _next_path(session, "/", moved)
    assert not is_harmless(path)
    assert asked is None or is_harmless(asked)
    icon = linked(f'<link rel="icon" href="{path}">', session)
    assert icon == "" or is_harmless(icon)
    found = upnp.place("192.0.2.1", f"http://192.0.2.1{path}")
    assert found is None or is_harmless(found[1])


@pytest.mark.parametrize("path", HARMLESS)
def test_what_devices_name_is_asked_for(path: str) -> None:
    assert is_harmless(path)
