"""Units of which one stream or one page is all that answers: named by what they say of themselves, or not at all.

The texts follow ``signatures/sources.yaml`` (traces that clients and libraries quote); addresses are made up.
"""

from __future__ import annotations

import pytest
from wire_text import SURE, Said, describe, identified, information, options, stream, web

from camaudit.model import Kind

SDP_TIME = ("c=IN IP4 0.0.0.0", "t=0 0")

NAMED: dict[str, tuple[str, tuple[Said, ...]]] = {
    "Bosch by its realm": ("bosch", (describe("Please log in with a valid username"),)),
    "Bosch by its stream": ("bosch", (stream("s=LIVE VIEW", *SDP_TIME, "m=video 0 RTP/AVP 35"),)),
    "Reolink by its stream": (
        "reolink",
        (stream('s=Session streamed by "preview"', "i=0", "t=0 0", "a=tool:Reolink Streaming Media 2024.12.11"),),
    ),
    "Sony by its stream": ("sony", (stream("s=Sony RTSP Server", "t=0 0", "a=range:npt=now-"),)),
    "D-Link by its stream, which Vivotek's resembles": (
        "d-link",
        (stream("s=D-Link DCS-2121", *SDP_TIME, "a=charset:Shift_JIS", "a=etag:1234567890"),),
    ),
    "Vivotek by its metadata": ("vivotek", (stream("s=RTSP server", "a=rtpmap:108 vnd.vivotek.metj/90000"),)),
    "Hanwha by its paths": (
        "hanwha",
        (stream("s=-", "m=video 0 RTP/AVP 97", "a=control:rtsp://192.0.2.50/profile5/media.smp/trackID=v"),),
    ),
    "Samsung by its stream, which begins as Hikvision's": (
        "hanwha",
        (stream("s=Media Presentation", "i=samsung", *SDP_TIME),),
    ),
    "Uniview by its number": ("uniview", (information("", "HIC6622-IR@X33-VF"),)),
    "Foscam by its stream": ("foscam", (stream("s=IP Camera Video", "i=videoMain", "t=0 0"),)),
    "Jovision by its stream": ("jovision", (stream('s=Session streamed by "rtspServerForJovision"', "t=0 0"),)),
    "a UniFi camera by its realm": ("ubiquiti", (describe("RTSP UVC G4 Bullet (9BB2)"),)),
    "Mercury, a sister of TP-Link": (
        "mercury",
        (stream('s=Session streamed by "MERCURY RTSP Server"', "t=0 0", "a=smart_encoder:virtualIFrame=1"),),
    ),
    "TVT by its server": ("tvt", (options("Server: Customer RTSP Server/1.0.0"), describe("RTSP SERVER"))),
    "Kedacom by its page": ("kedacom", (web("<title>NVR Station Web</title>"),)),
    "Hitron by its realm": ("hitron-systems", (describe("HITRON_0007D8192659"),)),
    "Axis by its first page": ("axis", (web("", "Location: /view/viewer_index.shtml?id=0", status="302 Found"),)),
    "Wisenet by its first page": ("hanwha", (web("", "Location: /wmf/index.html", status="302 Found"),)),
    "Avigilon by its number": ("avigilon", (information("", "2.0C-H4A-D1-B"),)),
}

PLATFORMS: dict[str, tuple[Said, ...]] = {
    "firmware of TAS-Tech": (options("Server: TAS-Tech Streaming Server V100R001"),),
    "sample code of a chip maker": (
        stream("o=StreamingServer 3331435948 1116907222000 IN IP4 192.0.2.4", "s=h264.mp4", *SDP_TIME),
    ),
    "a sample camera": (stream("s=RTSP/RTP stream from IPNC", "i=main", "t=0 0"),),
    "a plain live view": (stream("o=- 1 1 IN IP4 192.0.2.1", "s=Live View", "t=0 0"),),
    "a plain server": (options("Server: RTSP Server"), describe("RTSP Server")),
}

PROGRAMS: dict[str, tuple[Said, ...]] = {
    "ZLMediaKit": (options("Server: ZLMediaKit-5.0(build in Jul 12 2020 14:02:13)"),),
    "Digifort": (describe("Digifort RTSP Server"),),
    "SecuritySpy": (web("", "Server: BBVS/1.1.5"),),
    "IP Webcam, a telephone": (web("", "Server: IP Webcam Server 0.2"),),
}


@pytest.mark.parametrize("name", NAMED)
def test_one_answer_names_the_maker_and_nobody_is_sure_of_it(name: str) -> None:
    maker, replies = NAMED[name]
    found = identified(*replies)
    assert found.maker == maker
    assert len(replies) > 1 or found.certainty not in SURE


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_of_many_labels_names_no_maker(name: str) -> None:
    assert identified(*PLATFORMS[name]).maker is None


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_no_camera_and_has_no_maker(name: str) -> None:
    found = identified(*PROGRAMS[name])
    assert (found.maker, found.kind) == (None, Kind.OTHER)


def test_what_a_recorder_passes_on_is_the_recorders() -> None:
    found = identified(stream('s=Session streamed by "ssrtspd"', "t=0 0"))
    assert (found.maker, found.kind) == ("synology", Kind.RECORDER)


@pytest.mark.parametrize(
    ("more", "maker"),
    [("", "dahua"), ("x-Accept-Retransmit: our-retransmit\n", None), ("Server: gortsplib\n", None)],
)
def test_the_head_of_dahuas_description_and_of_servers_that_resemble_it(more: str, maker: str | None) -> None:
    head = "x-Accept-Dynamic-Rate: 1\nCache-Control: must-revalidate\n"
    found = identified(("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 3\n{more}{head}Content-Type: application/sdp\n"))
    assert found.maker == maker
    assert found.certainty not in SURE


PATHS = {
    "/Streaming/Channels/101/": "hikvision",
    "/ISAPI/streaming/channels/101/": "hikvision",
    "/h264/ch1/main/av_stream/": "hikvision",
    "/cam/realmonitor?channel=1&subtype=0/": "dahua",
    "/unicast/c1/s0/live/": "uniview",
    "/user=admin&password=x&channel=1&stream=0.sdp/": "xiongmai",
    "/axis-media/media.amp/": "axis",
    "/h264Preview_01_main/": "reolink",
    "/rtsp_tunnel/": "bosch",
    "/MediaInput/h264/stream_1/": "i-pro",
}


@pytest.mark.parametrize("path", PATHS)
def test_the_path_at_which_a_unit_says_its_stream_is_names_nobody_surely(path: str) -> None:
    base = ("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 2\nContent-Base: rtsp://192.0.2.1:554{path}\n")
    found = identified(base)
    assert found.maker == PATHS[path]
    assert found.certainty not in SURE


@pytest.mark.parametrize("server", ["gortsplib", "EasyDarwin/8.1.0"])
def test_the_path_that_a_program_gives_to_what_it_passes_on_names_nobody(server: str) -> None:
    base = "Content-Base: rtsp://192.0.2.1:8554/Streaming/Channels/101/"
    assert identified(("DESCRIBE", f"RTSP/1.0 200 OK\nCSeq: 2\nServer: {server}\n{base}\n")).maker is None


@pytest.mark.parametrize("path", ["/media/video1/", "/live.sdp", "/stream1/", "/live/", "/0/", "/1/"])
def test_a_path_that_many_makers_share_names_nobody(path: str) -> None:
    assert identified(("DESCRIBE", f"RTSP/1.0 200 OK\nContent-Base: rtsp://192.0.2.1{path}\n")).maker is None
