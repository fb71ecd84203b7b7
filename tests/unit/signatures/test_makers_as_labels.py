"""Names of makers that build cameras themselves, on a platform that another maker built: there they are labels."""

from __future__ import annotations

import pytest
from labelled_units import MODEL, PLACES, Place, units
from wire_text import Said, identified, information, shown, upnp, wsd

from camaudit.model import Certainty, Relation

NAMES = {
    "Pelco": "pelco",
    "ACTi": "acti",
    "AXIS": "axis",
    "Sony": "sony",
    "Vivotek": "vivotek",
    "Hanwha": "hanwha",
    "GeoVision": "geovision",
    "Avigilon": "avigilon",
    "Grandstream": "grandstream",
    "Canon": "canon",
    "Bosch": "bosch",
    "Reolink": "reolink",
}


SHOWN = [p for p in PLACES if p.shows != MODEL and not p.given and p.maker != "raysharp"]
"""Of Raysharp nothing but a page is known that others could show as well: there it stays open who is meant."""


@pytest.mark.parametrize("place", SHOWN, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_makers_name_on_anothers_platform_is_a_label(place: Place, name: str) -> None:
    found = identified(*units(place, name, "ZQ-4N52D"))
    assert (found.maker, found.brand, found.relation) == (place.maker, NAMES[name], Relation.OEM)


ALONE: dict[str, Said] = {
    "vendor of the interface": (
        "GET /cgi-bin/magicBox.cgi?action=getVendor",
        "HTTP/1.1 200 OK\nContent-Type: text/plain\n\nvendor=Pelco\n",
    ),
    "description of the unit": upnp(
        friendlyName="Pelco IPC 6G01F2APAG3C4E1",
        manufacturer="Pelco",
        modelName="IPC-HFW4431R-Z",
        serialNumber="6G01F2APAG3C4E1",
    ),
}


@pytest.mark.parametrize("where", ALONE)
def test_one_answer_in_dahuas_form_outweighs_the_name_in_it(where: str) -> None:
    found = identified(ALONE[where])
    assert (found.maker, found.brand, found.relation) == ("dahua", "pelco", Relation.OEM)
    assert found.certainty is Certainty.POSSIBLE


def test_a_makers_own_description_with_one_likeness_stays_its_own() -> None:
    found = identified(upnp(friendlyName="Pelco IMP1110", manufacturer="Pelco", modelName="IPC-HFW4431R-Z"))
    assert found.maker == "pelco"


def test_a_makers_own_answers_stay_its_own() -> None:
    found = identified(information("Pelco", "IMP1110"), wsd("name/Pelco", "hardware/IMP1110"))
    assert (found.maker, found.brand) == ("pelco", "pelco")


OWN = {
    "axis": {
        "mdns__service": "_axis-video._tcp",
        "mac__vendor": "Axis Communications AB",
        "wsd__hardware": "M2036-LE",
    },
    "i-pro": {"mac__vendor": "i-PRO Co., Ltd.", "onvif__model": "WV-SFN311", "wsd__hardware": "WV-SFN311"},
    "hanwha": {
        "mac__vendor": "Hanwha Vision Co., Ltd.",
        "wsd__hardware": "XNV-6080R",
        "http__title": "Network viewer",
    },
}


@pytest.mark.parametrize("typed", ["HIKVISION", "Dahua"])
@pytest.mark.parametrize("maker", OWN)
def test_a_makers_name_that_somebody_typed_is_no_label(maker: str, typed: str) -> None:
    found = shown(wsd__name=typed, **OWN[maker])
    assert found.maker == maker
    assert found.relation is not Relation.OEM
