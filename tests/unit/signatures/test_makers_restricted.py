"""Makers that some rule restricts: each unit is named, whichever channel stays silent or speaks alone."""

from __future__ import annotations

import pytest
from dahua_units import DAHUA
from hikvision_units import GROUP, HIKVISION
from restricted_units import OTHERS
from wire_text import SURE, identified

from camaudit.model import Certainty

ALL = {
    f"{group}: {name}": device
    for group, devices in (("Hikvision", HIKVISION), ("its group", GROUP), ("Dahua", DAHUA), ("others", OTHERS))
    for name, device in devices.items()
}


@pytest.mark.parametrize("name", ALL)
def test_the_maker_is_named(name: str) -> None:
    device = ALL[name]
    found = identified(*device.replies)
    assert found.maker == device.maker
    if device.maker is not None:
        assert found.certainty in SURE if device.sure else found.certainty is Certainty.POSSIBLE
    if device.brand is not None:
        assert found.brand == device.brand
    if device.relation is not None:
        assert found.relation == device.relation


@pytest.mark.parametrize(
    "name", [name for name, device in ALL.items() if device.maker and len(device.replies) > 2]
)
def test_a_channel_that_stays_silent_names_nobody_else(name: str) -> None:
    device = ALL[name]
    allowed = (device.maker,) if device.maker in ("hikvision", "dahua") else (device.maker, None)
    for left_out in range(len(device.replies)):
        found = identified(*(reply for at, reply in enumerate(device.replies) if at != left_out))
        assert found.maker in allowed, device.replies[left_out][0]


@pytest.mark.parametrize("name", ALL)
def test_no_channel_alone_names_another_maker_surely(name: str) -> None:
    device = ALL[name]
    for reply in device.replies:
        found = identified(reply)
        assert found.certainty not in SURE or found.maker == device.maker, reply[0]
