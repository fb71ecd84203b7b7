"""What a unit's settings say of its cloud and its analytics, in words that do not depend on the maker."""

from __future__ import annotations

import pytest

from camaudit.model import DeviceState
from camaudit.settings import with_settings


@pytest.mark.parametrize(
    ("fields", "before", "cloud"),
    [
        ({"isapi.cloud": ("enabled, registered",)}, "unknown", "enabled"),
        ({"isapi.cloud": ("disabled",)}, "unknown", "disabled"),
        ({"dahua.cloud": ("enabled",)}, "disabled", "enabled"),
        ({}, "enabled", "enabled"),
        ({"isapi.cloud": ("nonsense",)}, "unknown", "unknown"),
    ],
)
def test_the_cloud_setting_outranks_what_is_announced(
    fields: dict[str, tuple[str, ...]], before: str, cloud: str
) -> None:
    assert with_settings(DeviceState(cloud=before), fields).cloud == cloud


def test_analytics_are_named_in_one_language() -> None:
    hikvision = with_settings(DeviceState(), {"isapi.supports": ("isSupportFaceDetect", "isSupportROI")})
    dahua = with_settings(DeviceState(), {"dahua.supports": ("FaceDetection", "WanderDetection", "NumberStat")})
    assert hikvision.analytics == ("face-detection",)
    assert dahua.analytics == ("face-detection", "people-counting", "loitering")
    assert with_settings(DeviceState(activated=True), {}).activated is True
