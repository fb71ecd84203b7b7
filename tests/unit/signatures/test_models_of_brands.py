"""A model as a brand numbers its own, where a unit shows nothing else: its brand, and who alone builds for it."""

from __future__ import annotations

import pytest
from wire_text import shown

from camaudit.model import Certainty, Relation

BUILT_BY_ONE = {
    "LTN8716-P16": ("hikvision", "lts"),
    "IPCB62500": ("hikvision", "abus"),
    "CP-UNR-4K4322-V2": ("dahua", "cp-plus"),
    "QCN8033Z": (None, "q-see"),
    "IP8M-2496EB": ("dahua", "amcrest"),
    "CS-C6N-A0-1C2WFR": ("hikvision", "ezviz"),
}


@pytest.mark.parametrize("model", BUILT_BY_ONE)
def test_the_model_alone_names_the_brand_and_its_one_builder(model: str) -> None:
    found = shown(onvif__model=model, onvif__manufacturer="ONVIF")
    assert (found.maker, found.brand) == BUILT_BY_ONE[model]
    assert found.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)
    assert found.relation is not Relation.OWN_BRAND


@pytest.mark.parametrize("model", ["LUM-510-BUL-IP", "SWNHD-885CAM"])
def test_a_brand_of_several_builders_stays_undecided(model: str) -> None:
    found = shown(onvif__model=model)
    assert found.maker is None
    assert found.brand in ("luma", "swann")


@pytest.mark.parametrize("model", ["C800", "I91BD", "DB1", "KX", "BCS", "MAX"])
def test_a_short_model_names_no_brand(model: str) -> None:
    assert shown(onvif__model=model).brand is None


def test_a_model_in_a_place_that_every_device_has_names_no_brand() -> None:
    assert shown(upnp__model_name="LTN8716-P16").brand is None
    assert shown(mdns__instance="CP-UNR-4K4322-V2").brand is None
