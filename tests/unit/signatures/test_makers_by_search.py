"""A unit behind a plain page that answers its maker's own search in person is named by it; nobody is accused."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "probes"))

from test_probe_makers import (
    BOSCH,
    BOSCH_XML,
    FOSCAM,
    HANWHA,
    HANWHA_LONG,
    IPRO,
    KASA,
    KASA_PLUG,
    REOLINK,
    SONY,
    UBIQUITI,
    VIVOTEK,
    VSTARCAM,
)

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.devices import devices_of
from camaudit.model import Device, Kind, Observation, Outcome, Target
from camaudit.probes import HINTED

ADDRESS, AT = "192.0.2.40", datetime(2026, 11, 30, tzinfo=UTC)
SURE = ("probable", "confirmed")
WITH_A_SECOND_SIGN = ("reolink", "vstarcam", "ubiquiti")
"""Whose search others answer too, so that it names nobody alone."""
SEARCHES = {search.probe: search for search in HINTED}
PAGE = {"http.status": ("200",), "http.server": ("nginx",), "http.title": ("Login",)}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def device(catalogue: Catalogue, probe: str, answer: bytes) -> Device:
    fields = SEARCHES[probe].parse(answer)
    assert fields is not None
    seen = (
        Observation(Target(ADDRESS, 80), "http", Outcome.ANSWERED, PAGE, AT),
        Observation(Target(ADDRESS, SEARCHES[probe].port), probe, Outcome.ANSWERED, fields, AT),
    )
    (found,) = devices_of({ADDRESS: seen}, catalogue.knowledge, catalogue.oui)
    return found


@pytest.mark.parametrize(
    ("probe", "answer", "maker", "model", "serial", "kind"),
    [
        ("hanwha", HANWHA, "hanwha", "SND-6083", None, Kind.CAMERA),
        ("hanwha", HANWHA_LONG, "hanwha", "XNP-9300RW/VAP", None, Kind.RECORDER),
        ("bosch", BOSCH, "bosch", None, None, Kind.CAMERA),
        ("bosch", BOSCH_XML, "bosch", "FLEXIDOME IP 5000i", "12345678:12345678", Kind.CAMERA),
        ("ipro", IPRO, "i-pro", "WV-X22700-V2L", "XBV30463", Kind.CAMERA),
        ("vivotek", VIVOTEK, "vivotek", "IB9360-H", None, Kind.CAMERA),
        ("sony", SONY, "sony", "SNC-VB770", "123456789", Kind.CAMERA),
        ("reolink", REOLINK, "reolink", None, None, Kind.CAMERA),
        ("vstarcam", VSTARCAM, "vstarcam", None, "VSTA123456ABCDE", Kind.CAMERA),
        ("ubiquiti", UBIQUITI, "ubiquiti", "AGW", None, Kind.OTHER),
        ("kasa", KASA, "tp-link", "KC120", None, Kind.CAMERA),
        ("kasa", KASA_PLUG, "tp-link", "LB100", None, Kind.OTHER),
    ],
)
def test_its_own_search_names_it(
    catalogue: Catalogue, probe: str, answer: bytes, maker: str, model: str | None, serial: str | None, kind: Kind
) -> None:
    found = device(catalogue, probe, answer).identification
    assert (found.maker, found.model, found.serial, found.kind) == (maker, model, serial, kind)
    assert (found.certainty in SURE) is (probe not in WITH_A_SECOND_SIGN and answer != KASA_PLUG)
    assert found.mac or probe == "kasa"


def test_firmware_that_others_sell_too_is_a_hint_only(catalogue: Catalogue) -> None:
    found = device(catalogue, "foscam", FOSCAM).identification
    assert found.maker in (None, "foscam")
    assert found.certainty not in SURE
    assert found.mac == "00:0d:c5:d0:0d:65"


def test_nobody_is_called_a_restricted_maker_by_these(catalogue: Catalogue) -> None:
    samples = {"hanwha": HANWHA, "bosch": BOSCH, "ipro": IPRO, "vivotek": VIVOTEK, "sony": SONY, "foscam": FOSCAM}
    for probe, answer in samples.items():
        found = device(catalogue, probe, answer).identification
        assert not {each.maker for each in found.candidates} & {"hikvision", "dahua"}
