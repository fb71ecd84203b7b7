"""Dahua's CGI with an account: what is taken out of its tables, and what is left in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_host import now, page, run

from camaudit.model import Account, Observation, Secret
from camaudit.net.replay import ReplayHost
from camaudit.probes import login
from camaudit.probes.dahua import SYSTEM_INFO
from camaudit.probes.login import channels, dahua

DIGEST = 'WWW-Authenticate: Digest realm="Login to 3e1b", qop="auth", nonce="n1", opaque="o"'
REMOTE = "table.RemoteDevice.uuid:System_CONFIG_NETCAMERA_INFO_{}.{}={}\r\n"
ANSWERS = {
    SYSTEM_INFO: "deviceType=31\r\nserialNumber=4M0747EPAA1D062\r\nhardwareVersion=1.00\r\n",
    dahua.DEVICE_TYPE: "type=DHI-NVR4208-8P-4KS2\r\n",
    dahua.DEVICE_CLASS: "class=NVR\r\n",
    dahua.VENDOR: "vendor=Dahua\r\n",
    dahua.VERSION: "version=4.001.0000000.3.R,build:2020-11-18\r\n",
    dahua.NETWORK: "table.Network.eth0.PhysicalAddress=3c:ef:8c:22:31:62\r\n",
    dahua.CLOUD: "table.T2UServer.Enable=true\r\n",
    dahua.ANALYTICS: "caps.SupportedScenes.Normal.SupportedRules.FaceDetection.MaxRules=1\r\n",
    dahua.CHANNEL_NAMES: "table.ChannelTitle[0].Name=Yard\r\ntable.ChannelTitle[1].Name=Gate\r\n",
    dahua.CHANNEL_STATES: "states[0].channel=1\r\nstates[0].connectionState=Unconnect\r\n",
    dahua.REMOTE_DEVICES: "".join(
        REMOTE.format(number, key, value)
        for number, row in enumerate(
            (
                {
                    "Address": "192.168.1.65",
                    "SerialNo": "S1",
                    "Password": "hunter2",
                    "Vendor": "Private",
                    "Enable": "true",
                },
                {"Address": "192.168.1.66", "Mac": "ff:ff:ff:ff:ff:ff", "Vendor": "Onvif", "DeviceType": "M"},
                {"Address": "192.168.1.67", "Enable": "false"},
                {"Address": "0.0.0.0", "Enable": "true"},
            )
        )
        for key, value in row.items()
    ),
}


@dataclass
class Device:
    """Answers by path once an account is brought; ``refuses`` are paths that it may not see."""

    refuses: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def answer(self, transport: str, port: int, request: bytes, tls: bool) -> bytes | None:
        path = request.decode().split(" ")[1]
        self.asked.append(path)
        if b"Authorization: Digest" not in request or path in self.refuses:
            return page("401 Unauthorized", b"Error\nInvalid Authority!\n", DIGEST)
        return page("200 OK", ANSWERS[path].encode()) if path in ANSWERS else page("404 No")

    def read(self) -> tuple[Observation, ...]:
        host = ReplayHost("192.0.2.10", self.answer, frozenset({80}))
        account = Account("auditor", Secret("correct horse"))
        begin: Callable[[], None] = lambda: None  # noqa: E731 - one line is what it is
        return run(login.read(host, 80, "dahua", tls=False, account=account, begin=begin, now=now))


def test_a_recorder_and_its_cameras_are_read() -> None:
    found, *cameras = Device().read()
    assert {name: values[0] for name, values in found.fields.items()} == {
        "dahua.serial": "4M0747EPAA1D062",
        "dahua.hardware": "1.00",
        "dahua.model": "DHI-NVR4208-8P-4KS2",
        "dahua.device_class": "NVR",
        "dahua.vendor": "Dahua",
        "dahua.firmware": "4.001.0000000.3.R,build:2020-11-18",
        "dahua.mac": "3c:ef:8c:22:31:62",
        "dahua.answer": "magicBox getSystemInfo: keys deviceType serialNumber hardwareVersion",
        "dahua.cloud": "enabled",
        "dahua.supports": "FaceDetection",
        "dahua.channels": "2",
        "login.outcome": "accepted",
        "login.protocol": "dahua",
    }
    assert [dict(camera.fields) for camera in cameras] == [
        {
            "channel.number": ("1",),
            "channel.name": ("Yard",),
            "channel.maker": ("Private",),
            "channel.address": ("192.168.1.65",),
            "behind.serial": ("S1",),
        },
        {
            "channel.number": ("2",),
            "channel.name": ("Gate",),
            "channel.maker": ("Onvif",),
            "channel.address": ("192.168.1.66",),
            "channel.online": ("Unconnect",),
            "behind.model": ("M",),
        },
    ]


def test_only_get_actions_are_sent_and_no_forbidden_one() -> None:
    device = Device()
    device.read()
    assert all(re.search(r"[?&]action=get", path) for path in device.asked)
    assert not any("audio.cgi" in path or "auth=" in path for path in device.asked)


def test_no_password_of_a_camera_is_kept() -> None:
    assert "hunter2" not in repr(Device().read())


def test_cameras_are_read_before_settings_that_a_reader_may_not_see() -> None:
    device = Device(refuses=(dahua.NETWORK,))
    found, *cameras = device.read()
    assert len(cameras) == 2
    assert found.fields["login.outcome"] == ("accepted",)
    assert "refused it for /cgi-bin/configManager.cgi" in found.note
    assert device.asked[-1] == dahua.NETWORK


def test_a_recorder_that_keeps_its_list_to_itself_is_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ANSWERS, dahua.REMOTE_DEVICES)
    (found,) = Device().read()
    assert found.fields["dahua.model"] == ("DHI-NVR4208-8P-4KS2",)
    assert "dahua.channels" not in found.fields


def test_cameras_without_a_name_or_a_state_are_listed_and_a_list_that_was_cut_off_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for path in (dahua.CHANNEL_NAMES, dahua.CHANNEL_STATES):
        monkeypatch.delitem(ANSWERS, path)
    monkeypatch.setattr(dahua, "LIST_LIMIT", 4096 + len(ANSWERS[dahua.REMOTE_DEVICES]))
    found, *cameras = Device().read()
    assert [camera.fields.get("channel.name", ()) for camera in cameras] == [(), ()]
    assert "the list of channels was too long" in found.note


@given(st.text(max_size=400))
def test_no_table_breaks_the_readers(text: str) -> None:
    for wild in (
        text,
        ANSWERS[dahua.REMOTE_DEVICES] + text,
        f"states[0].channel={text}\nstates[0].connectionState=x",
    ):
        dahua.camera_states(wild)
        dahua.cloud_fields(wild)
        for camera in channels.of_remote_devices(wild, {}, {}):
            assert "hunter2" not in repr(camera)
