"""Cameras behind recorders: one device however often it is seen, never named by a guess, and always counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from camaudit.devices import devices_of
from camaudit.model import Certainty, Device, Kind, Observation, Outcome, Recorded, Target
from camaudit.recorders import told_of
from known import CATALOGUE

AT = datetime(2026, 11, 30, tzinfo=UTC)
RECORDER = {
    "sadp.reply": ("ProbeMatch",),
    "sadp.device_sn": ("DS-7616NI-K21620201012CCRRF01234524WCVU",),
    "sadp.mac": ("8c:e7:48:11:11:24",),
    "sadp.device_description": ("DS-7616NI-K2",),
    "sadp.digital_channels": ("16",),
}
SERIAL = "DS-2CD2143G0-I20191008AAWRD91230001"
CAMERA = {
    "sadp.reply": ("ProbeMatch",),
    "sadp.device_sn": (SERIAL,),
    "sadp.mac": ("98:df:82:40:11:13",),
    "sadp.device_description": ("DS-2CD2143G0-I",),
}
AT_RECORDER = "192.0.2.24"


def seen(address: str, probe: str, fields: dict[str, tuple[str, ...]]) -> Observation:
    return Observation(Target(address), probe, Outcome.ANSWERED, fields, AT)


def channel(number: int, recorder: str = AT_RECORDER, **told: str) -> Observation:
    fields = {name.replace("_", ".", 1): (value,) for name, value in told.items()}
    return seen(recorder, "channel", {"channel.number": (str(number),), **fields})


def devices(*observations: Observation, recorder: str = AT_RECORDER) -> dict[str, Device]:
    by_address: dict[str, tuple[Observation, ...]] = {recorder: (seen(recorder, "sadp", RECORDER),)}
    for one in observations:
        by_address[one.target.address] = (*by_address.get(one.target.address, ()), one)
    found = devices_of(by_address, CATALOGUE.knowledge, CATALOGUE.oui)
    assert len({device.id for device in found}) == len(found)
    return {device.address: device for device in found}


def test_a_camera_that_only_the_recorder_knows_is_named_by_two_signs_and_never_confirmed() -> None:
    told = channel(1, channel_protocol="HIKVISION", behind_serial=SERIAL, behind_model="DS-2CD2143G0-I")
    found = devices(told)
    camera = found["192.0.2.24#1"].identification
    assert (camera.maker, camera.certainty, camera.kind) == ("hikvision", Certainty.PROBABLE, Kind.CAMERA)
    assert camera.confidence <= 0.94
    assert (camera.model, camera.serial) == ("DS-2CD2143G0-I", SERIAL)
    counted = [item for item in camera.evidence if item.counted]
    assert {item.channel for item in counted} == {"channel", "behind"}
    assert all(item.note.startswith("As the recorder says") for item in counted)


@pytest.mark.parametrize(
    "told",
    [
        {"channel_protocol": "HIKVISION", "channel_address": "192.168.254.2"},
        {"channel_protocol": "ONVIF", "behind_model": "DS-2CD2143G0-I"},
        {"channel_maker": "Dahua", "channel_address": "192.168.254.2"},
        {"behind_mac": "98:df:82:40:11:13"},
    ],
)
def test_one_word_of_a_recorder_is_never_enough(told: dict[str, str]) -> None:
    camera = devices(channel(1, **told))["192.0.2.24#1"].identification
    assert camera.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)
    assert camera.video


def test_what_cameras_say_is_not_said_of_their_recorder() -> None:
    told = channel(1, channel_protocol="DAHUA", behind_model="IPC-HFW2831T-ZS-S2", behind_serial="6J0E022PAG35061")
    recorder = devices(told)[AT_RECORDER].identification
    assert (recorder.maker, recorder.model) == ("hikvision", "DS-7616NI-K2")
    assert not any(item.channel in ("channel", "behind") for item in recorder.evidence)


@pytest.mark.parametrize(
    "told",
    [
        {"behind_serial": SERIAL, "channel_address": "192.168.254.2"},
        {"behind_mac": "98-DF-82-40-11-13", "channel_address": "192.168.254.2"},
        {"channel_address": "192.0.2.30"},
        {"channel_address": "192.0.2.30", "behind_model": "HIKVISION DS-2CD2143G0-I"},
    ],
)
def test_a_camera_that_was_seen_directly_too_is_one_device(told: dict[str, str]) -> None:
    found = devices(seen("192.0.2.30", "sadp", CAMERA), channel(7, channel_name="Yard", **told))
    assert set(found) == {AT_RECORDER, "192.0.2.30"}
    recorder, camera = found[AT_RECORDER], found["192.0.2.30"]
    assert camera.recorded == (Recorded(recorder.id, AT_RECORDER, "7", "Yard", told["channel_address"]),)
    assert camera.identification.maker == "hikvision"
    assert (recorder.identification.channels_reported, recorder.identification.channels_identified) == (1, 1)


@pytest.mark.parametrize(
    "told",
    [
        {"channel_address": "192.0.2.30", "behind_serial": "DS-2CD2385G1-I20190401AAWRD31239999"},
        {"channel_address": "192.0.2.30", "behind_model": "IPC-HFW2831T-ZS-S2"},
        {"channel_address": "192.0.2.30", "behind_mac": "98:df:82:40:99:99"},
        {"channel_address": "192.0.2.31"},
    ],
)
def test_what_differs_stays_two(told: dict[str, str]) -> None:
    found = devices(seen("192.0.2.30", "sadp", CAMERA), channel(7, **told))
    assert set(found) == {AT_RECORDER, "192.0.2.30", "192.0.2.24#7"}


def test_two_recorders_that_list_one_camera_have_one_and_those_with_alike_networks_two() -> None:
    second = {
        **RECORDER,
        "sadp.device_sn": ("DS-7616NI-K21620201012CCRRF09999999WCVU",),
        "sadp.mac": ("8c:e7:48:11:11:25",),
    }
    both = (seen("192.0.2.25", "sadp", second),)
    one = channel(1, behind_serial=SERIAL, channel_address="192.168.254.2")
    other = channel(4, "192.0.2.25", behind_serial=SERIAL, channel_address="192.168.254.2")
    found = devices(*both, one, other)
    assert set(found) == {AT_RECORDER, "192.0.2.25", "192.0.2.24#1"}
    assert [entry.channel for entry in found["192.0.2.24#1"].recorded] == ["1", "4"]
    bare = channel(1, channel_address="192.168.254.2"), channel(4, "192.0.2.25", channel_address="192.168.254.2")
    assert set(devices(*both, *bare)) == {AT_RECORDER, "192.0.2.25", "192.0.2.24#1", "192.0.2.25#4"}


def test_sixteen_reported_eleven_identified_five_unknown_stays_visible() -> None:
    known = [
        channel(n, channel_protocol="HIKVISION", behind_serial=f"DS-2CD2143G0-I20191008AAWRD912300{n:02}")
        for n in range(1, 12)
    ]
    unknown = [channel(n, channel_protocol="ONVIF", channel_address=f"192.168.254.{n}") for n in range(12, 17)]
    found = devices(*known, *unknown)
    recorder = found[AT_RECORDER].identification
    assert (recorder.channels_reported, recorder.channels_identified) == (16, 11)
    assert "Of 16 cameras behind this recorder 11 are identified" in recorder.next_step
    assert "channels 12, 13, 14, 15, 16" in recorder.next_step
    assert len(found) == 17
    (notice,) = told_of(found.values())
    assert "16 cameras reported, 11 identified, 5 unknown" in notice
    assert "channel 12 of the recorder at 192.0.2.24" in found["192.0.2.24#12"].identification.next_step


def test_a_recorder_that_was_not_read_says_what_is_missing() -> None:
    found = devices()
    recorder = found[AT_RECORDER].identification
    assert (recorder.channels_reported, recorder.channels_identified) == (16, None)
    assert "16 channels are reported" in recorder.next_step
    (notice,) = told_of(found.values())
    assert "not read: 16 channels on 1 recorder" in notice


def test_a_recorder_whose_list_is_empty_was_read_all_the_same() -> None:
    found = devices(seen(AT_RECORDER, "login", {"isapi.channels": ("0",)}))
    recorder = found[AT_RECORDER].identification
    assert (recorder.channels_reported, recorder.channels_identified) == (16, 0)
    assert "lists no network camera" in recorder.next_step
    (notice,) = told_of(found.values())
    assert "16 cameras reported, 0 identified, 16 unknown" in notice


def test_a_recorder_at_two_addresses_keeps_its_cameras() -> None:
    found = devices(
        seen("2001:db8::24", "sadp", RECORDER),
        channel(1, "2001:db8::24", channel_protocol="HIKVISION", behind_serial=SERIAL),
    )
    assert found[AT_RECORDER].also_at == ("2001:db8::24",)
    assert found[AT_RECORDER].identification.channels_identified == 1
    assert found["2001:db8::24#1"].recorded[0].recorder == found[AT_RECORDER].id
