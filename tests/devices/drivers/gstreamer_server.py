"""Serve a test picture over RTSP with GStreamer: ADDRESS PORT PATH none|basic|digest. For the system's python3."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402 - gi wants its versions said before

address, port, path, login = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address=address, service=port)
factory = GstRtspServer.RTSPMediaFactory()
picture = "video/x-raw,format=I420,width=64,height=48"  # rtpjpegpay hangs on any other format
factory.set_launch(f"( videotestsrc is-live=true ! {picture} ! jpegenc ! rtpjpegpay name=pay0 )")
if login != "none":
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if login == "basic":
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic("viewer", "not-asked"), token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest("viewer", "not-asked", token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.new_from_string(
            "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
        )
    )
server.get_mount_points().add_factory(path, factory)
server.attach(None)
GLib.MainLoop().run()
