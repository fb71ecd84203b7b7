"""What the devices of the benchmark's LAN say, one table a device; written for this purpose, not recorded.

They are independent of ``camaudit.simulator``. Banners follow what makers are known to send closely enough that
time, packets and ports are fair; how many makers a tool names is only indicative.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SILENT, TARPIT = "silent", "tarpit"
"""What a port does that speaks no text: a maker's binary protocol, or one that accepts and never writes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of device. ``ports`` maps a TCP port to ``http``, ``https``, ``https-old``, ``rtsp`` or silence."""

    name: str
    maker: str
    ports: dict[int, str]
    pages: dict[str, str] = field(default_factory=dict)
    server: str = ""
    realm: str = ""
    realm_paths: tuple[str, ...] = ()
    rtsp_server: str = ""
    onvif: bool = False
    discovery: tuple[str, ...] = ()
    model: str = ""

    @property
    def is_camera(self) -> bool:
        """Whether an audit should find it."""
        return bool(self.maker)


def _title(text: str, more: str = "") -> str:
    return f"<html><head><title>{text}</title></head><body>{more}</body></html>"


CAMERAS = (
    Profile(
        "hikvision-camera", "hikvision", {80: "http", 443: "https", 554: "rtsp", 8000: SILENT},
        {"/": '<script>window.location.href = "/doc/page/login.asp?_" + (new Date()).getTime();</script>'},
        "App-webs/", "IP Camera({serial})", ("/ISAPI/System/deviceInfo",), "", True, ("wsd", "sadp"),
        "DS-2CD2042WD-I",
    ),
    Profile(
        "dahua-camera", "dahua", {80: "http", 554: "rtsp", 37777: SILENT},
        {"/": _title("WEB SERVICE", '<script src="/jsCore/rpcCore.js?version=@WebVersion@"></script>')},
        "", "Login to {serial}", ("/cgi-bin/magicBox.cgi",), "Dahua Rtsp Server", True, ("wsd", "dhip"),
        "IPC-HFW4431R-Z",
    ),
    Profile(
        "xiongmai-camera", "xiongmai", {80: "http", 554: "rtsp", 34567: SILENT, 8899: "http"},
        {"/": _title("NETSurveillance WEB", '<script src="m.jsp"></script>')}, "uc-httpd 1.0.0", "", (),
        "H264DVR 1.0", True, ("wsd",), "HI3516EV100_50H20L",
    ),
    Profile(
        "axis-camera", "axis", {80: "http", 443: "https", 554: "rtsp"},
        {"/": _title("AXIS", '<meta http-equiv="refresh" content="0;url=/camera/index.html">')}, "Apache",
        "AXIS_{serial}", ("/axis-cgi/param.cgi",), "GStreamer RTSP server", True, ("wsd",), "P3245-V",
    ),
    Profile(
        "reolink-camera", "reolink", {80: "http", 443: "https", 554: "rtsp", 8000: "http", 9000: SILENT},
        {"/": _title("Reolink", '<div id="app"></div>')}, "nginx", "", (), "", True, ("wsd",), "RLC-810A",
    ),
    Profile(
        "tapo-camera", "tp-link", {443: "https", 554: "rtsp", 2020: "http"}, {}, "", "TP-Link IP-Camera", (),
        "", True, ("wsd",), "C200",
    ),
    Profile(
        "uniview-camera", "uniview", {80: "http", 554: "rtsp", 443: "https"},
        {"/": _title("", '<script src="/script/lib.js"></script>Uniview')}, "", "iptest", ("/cgi-bin/main-cgi",),
        "", True, ("wsd",), "IPC322SR3-VSF28W-C",
    ),
    Profile(
        "hanwha-camera", "hanwha", {80: "http", 443: "https", 554: "rtsp"},
        {"/": _title("WISENET", '<script src="home/setup/wmf.js"></script>')}, "", "iPolis_{serial}",
        ("/stw-cgi/system.cgi",), "", True, ("wsd",), "XNV-6080R",
    ),
    Profile(
        "netwave-camera", "foscam", {81: "http", 554: "rtsp"}, {"/": _title("IPCam Client", "ipcam")},
        "Netwave IP Camera", "", (), "", False, (), "",
    ),
    Profile(
        "old-camera", "generic", {80: "http", 443: "https-old", 554: "rtsp", 8080: "http"},
        {"/": _title("IPCAM", "GoAhead")}, "GoAhead-Webs", "GoAhead", ("/system.ini",), "", False, (), "",
    ),
)  # fmt: skip
"""Ten cameras; the fleet repeats them."""

DECOYS = (
    Profile(
        "printer", "", {80: "http", 443: "https"}, {"/": _title("HP LaserJet M402")}, "HP HTTP Server",
        discovery=("wsd",), model="HP LaserJet",
    ),
    Profile("nas", "", {80: "http", 443: "https", 8080: "http"}, {"/": _title("DiskStation")}, "nginx"),
    Profile("router", "", {80: "http", 443: "https"}, {"/": _title("Router login")}, "micro_httpd"),
)  # fmt: skip
TARPIT_HOST = Profile("tarpit", "", dict.fromkeys((80, 81, 443, 554, 8000, 8080, 8554), TARPIT))

BY_NAME = {profile.name: profile for profile in (*CAMERAS, *DECOYS, TARPIT_HOST)}
