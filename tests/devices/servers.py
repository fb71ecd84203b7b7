"""The servers that others wrote: what each needs, how it is started, and when it is ready.

In goes a place (an address, a folder), out comes a command for ``Host.command``. Each runs without privileges.
What is not installed says so, and its tests are skipped by name; ``install.sh`` installs everything.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devices.lab import program

VARIABLE = "CAMAUDIT_DEVICES"
"""Names the folder that ``install.sh`` filled with the packages that are not Debian's."""

_DRIVERS = Path(__file__).parent / "drivers"
_ENVIRONMENT = os.environ.get(VARIABLE, "")
_INSTALLED = Path(_ENVIRONMENT) if _ENVIRONMENT else None
_PYTHON = _INSTALLED / "venv" / "bin" / "python" if _INSTALLED else None
_NODE = _INSTALLED / "node" / "node_modules" if _INSTALLED else None


@dataclass(frozen=True)
class Place:
    """Where a server is started: its own address, and a folder for its files and logs."""

    address: str
    folder: Path

    def write(self, name: str, text: str) -> str:
        """Write a file of the server, with ADDRESS and FOLDER put in, and return its path."""
        file = self.folder / name
        file.write_text(text.replace("ADDRESS", self.address).replace("FOLDER", str(self.folder)), "utf-8")
        return str(file)


@dataclass(frozen=True)
class Server:
    """One server. ``lacking`` says what is not installed, ``ready`` is what it binds when it is up."""

    name: str
    lacking: Callable[[], str]
    command: Callable[[Place], list[str]]
    ready: frozenset[tuple[str, int]]


def _ports(*bound: str) -> frozenset[tuple[str, int]]:
    """Read ``tcp/80``."""
    return frozenset((protocol, int(port)) for protocol, _, port in (text.partition("/") for text in bound))


def _debian(name: str, package: str) -> Callable[[], str]:
    return lambda: "" if program(name) else f"no {name} here (Debian package {package})"


@cache
def _imports(python: Path | None, module: str, package: str) -> str:
    if python is None:
        return f"{VARIABLE} is not set (tests/devices/install.sh FOLDER, then {VARIABLE}=FOLDER)"
    if not os.access(python, os.X_OK):
        return f"no {python} that may be run here (tests/devices/install.sh makes it)"
    found = subprocess.run([str(python), "-c", f"import {module}"], capture_output=True, timeout=60)
    return "" if found.returncode == 0 else f"{package} is not installed for {python}"


def _ipycam(*login: str) -> Callable[[Place], list[str]]:
    return lambda place: [str(_PYTHON), str(_DRIVERS / "virtual_camera.py"), place.address, *login]


def _no_ipycam() -> str:
    return _imports(_PYTHON, "ipycam", "PyPI ipycam") or _debian("ffmpeg", "ffmpeg")()


def _no_onvif_mock() -> str:
    if _NODE is None:
        return f"{VARIABLE} is not set (tests/devices/install.sh FOLDER, then {VARIABLE}=FOLDER)"
    if not (_NODE / "onvif" / "test" / "serverMockup.coffee").is_file() or not (_NODE / "coffeescript").is_dir():
        return f"npm packages onvif and coffeescript are not in {_NODE}"
    return _debian("node", "nodejs")()


def _onvif_mock(place: Place) -> list[str]:
    mock = str(_NODE / "onvif/test/serverMockup.coffee") if _NODE else ""
    start = f"require({str(_NODE / 'coffeescript/register') if _NODE else ''!r}); require({mock!r})"
    return ["env", f"HOSTNAME={place.address}", "PORT=8000", "VERBOSE=1", "node", "-e", start]


def _no_gstreamer() -> str:
    script = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    found = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, timeout=60)
    return "" if found.returncode == 0 else "no GstRtspServer here (Debian package gir1.2-gst-rtsp-server-1.0)"


def _gstreamer(path: str, login: str) -> Callable[[Place], list[str]]:
    driver = str(_DRIVERS / "gstreamer_server.py")
    return lambda place: ["/usr/bin/python3", driver, place.address, "554", path, login]


def _vlc(place: Place) -> list[str]:
    film = str(place.folder / "film.mpg")
    picture = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=25", "-t", "4", "-c:v", "mpeg1video"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *picture, film], check=True, timeout=30)
    target = f"#rtp{{sdp=rtsp://{place.address}:8554/live}}"
    return ["cvlc", "-q", "--no-dbus", "--repeat", film, "--sout", target, "--sout-keep"]


def _wsdd(_place: Place) -> list[str]:
    return ["wsdd", "--interface", "eth0", "--hostname", "WINHOST", "--workgroup", "WORKGROUP", "--ipv4only"]


def _cups(place: Place) -> list[str]:
    for name in ("spool", "cache", "state", "tmp", "root"):
        (place.folder / name).mkdir()
    files = """
        AccessLog FOLDER/access.log
        ErrorLog FOLDER/error.log
        PageLog FOLDER/page.log
        RequestRoot FOLDER/spool
        CacheDir FOLDER/cache
        StateDir FOLDER/state
        TempDir FOLDER/tmp
        ServerRoot FOLDER/root
    """
    main = """
        AccessLogLevel all
        Listen ADDRESS:631
        Listen ADDRESS:80
        Listen 127.0.0.1:631
        DefaultAuthType Basic
        <Location />
          Order allow,deny
          Allow all
        </Location>
    """
    return ["cupsd", "-f", "-c", place.write("cupsd.conf", main), "-s", place.write("files.conf", files)]


def _nginx(place: Place) -> list[str]:
    configuration = """
        daemon off; pid FOLDER/nginx.pid; error_log FOLDER/error.log;
        events {}
        http {
          access_log FOLDER/access.log;
          client_body_temp_path FOLDER/a; proxy_temp_path FOLDER/b; fastcgi_temp_path FOLDER/c;
          uwsgi_temp_path FOLDER/d; scgi_temp_path FOLDER/e;
          server { listen ADDRESS:80; root FOLDER/pages; }
        }
    """
    _page(place)
    return ["nginx", "-e", str(place.folder / "error.log"), "-c", place.write("nginx.conf", configuration)]


def _lighttpd(place: Place) -> list[str]:
    configuration = """
        server.bind = "ADDRESS"
        server.port = 8080
        server.document-root = "FOLDER/pages"
        server.modules = ("mod_accesslog")
        accesslog.filename = "FOLDER/access.log"
        index-file.names = ("index.html")
    """
    _page(place)
    return ["lighttpd", "-D", "-f", place.write("lighttpd.conf", configuration)]


def _page(place: Place) -> None:
    (place.folder / "pages").mkdir()
    place.write("pages/index.html", "<html><head><title>Welcome</title></head><body>It works.</body></html>")


def _minidlna(place: Place) -> list[str]:
    (place.folder / "media").mkdir()
    configuration = """network_interface=eth0
port=8200
media_dir=FOLDER/media
db_dir=FOLDER
log_dir=FOLDER
friendly_name=Media
inotify=no
"""
    return ["minidlnad", "-S", "-f", place.write("minidlna.conf", configuration), "-P", f"{place.folder}/pid"]


SERVERS: tuple[Server, ...] = (
    Server("ipycam", _no_ipycam, _ipycam(), _ports("tcp/8080", "tcp/8554", "udp/3702")),
    Server(
        "ipycam-locked",
        _no_ipycam,
        _ipycam("viewer", "not-asked"),
        _ports("tcp/8080", "tcp/8554", "udp/3702"),
    ),
    Server("onvif-mock", _no_onvif_mock, _onvif_mock, _ports("tcp/8000", "udp/3702")),
    Server("gstreamer-open", _no_gstreamer, _gstreamer("/", "none"), _ports("tcp/554")),
    Server("gstreamer-digest", _no_gstreamer, _gstreamer("/", "digest"), _ports("tcp/554")),
    Server("gstreamer-basic", _no_gstreamer, _gstreamer("/live", "basic"), _ports("tcp/554")),
    Server(
        "vlc",
        lambda: _debian("cvlc", "vlc-bin")() or _debian("ffmpeg", "ffmpeg")(),
        _vlc,
        _ports("tcp/8554"),
    ),
    Server(
        "rtsp-rs",
        lambda: _imports(_PYTHON, "rtsp", "PyPI rtsp-rs"),
        lambda place: [str(_PYTHON), str(_DRIVERS / "rtsp_rs_server.py"), place.address, "554"],
        _ports("tcp/554"),
    ),
    Server("wsdd", _debian("wsdd", "wsdd"), _wsdd, _ports("tcp/5357", "udp/3702")),
    Server("cups", _debian("cupsd", "cups-daemon"), _cups, _ports("tcp/80", "tcp/631")),
    Server("nginx", _debian("nginx", "nginx-light"), _nginx, _ports("tcp/80")),
    Server("lighttpd", _debian("lighttpd", "lighttpd"), _lighttpd, _ports("tcp/8080")),
    Server("minidlna", _debian("minidlnad", "minidlna"), _minidlna, _ports("tcp/8200")),
)
