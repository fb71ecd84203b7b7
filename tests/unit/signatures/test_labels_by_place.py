"""Labels in each place where firmware writes them, known and unknown; and names that owners give, which are none.

The units are made from the fields of the protocols (``labelled_units``), the labels from the list of brands and
from words that nobody sells under: whatever rule reads them must read them wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from labelled_units import BOTH, MODEL, NAME, OWN, PLACES, Place, units
from wire_text import Said, catalogue, identified, shown

from camaudit.model import Identification, Relation

UNHEARD = (
    ("Vistaguard", "VG-4N52D"),
    ("Corvex", "CX8B-40Z"),
    ("Nordlys Security", "NLS2140"),
    ("OPTRON", "OP-IPD5MP"),
    ("Kestrel", "KSL-28F"),
)
"""Labels and models of nobody."""

SORTS = (
    *(
        "IP CAMERA",
        "IPCamera",
        "IPC",
        "HD-IPC",
        "Network Camera",
        "Network Video Recorder",
        "NVR",
        "DVR",
        "Digital",
    ),
    *(
        "Embedded Net DVR",
        "Network Digital Video Recorder",
        "WEB SERVICE",
        "Login",
        "Web Client",
        "H.264",
        "ONVIF",
    ),
)
GIVEN = (
    *("Front door", "Camera 01", "CAM-02", "Reception", "Main Hall East", "GYM-2", "Lobby", "Room 12B", "Oxford"),
    *("St Marys School", "Hauptseite", "Eingang Nord", "Cantine", "DESKTOP-7F3A", "cam-lobby-3f2", "Parking P3"),
    *("Northern gate", "Hills Road", "Northern", "Matrix", "Luma", "Turing House", "Swann Street", "Stanley"),
    *(
        "Honeywell building",
        "Amcrest",
        "Axis",
        "Bosch hall",
        "Dahua cam",
        "Panasonic",
        "Hikvision front",
        "Kestrel",
    ),
    *(
        "IP CAMERA",
        "Network Video Recorder",
        "Embedded Net DVR",
        "General",
        "IPC",
        "HD-IPC",
        "Block C-12",
        "BT-2021",
    ),
)
"""What people call their cameras: places, rooms, host names, and words that some house sells under."""

KNOWLEDGE = catalogue().knowledge
PAIRS = [
    (brand, maker)
    for brand, entry in KNOWLEDGE.oem.items()
    for maker in sorted({row.maker for row in entry.made_by} - {brand})
]


def slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower())


def told(found: Identification) -> tuple[str | None, str | None, str]:
    return found.maker, found.brand, found.relation.value


def relation(brand: str, maker: str) -> str:
    owners = (o for o in KNOWLEDGE.entities[brand].owned_by if o.maker == maker and o.until is None)
    return next((owner.relation.value for owner in owners), "oem")


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize(("label", "model"), UNHEARD)
def test_a_label_that_nobody_knows_is_read_as_written(place: Place, label: str, model: str) -> None:
    found = identified(*units(place, label, model))
    if place.given:
        assert found.maker == place.maker
        assert found.brand in (None, slug(label))
        assert found.relation in (Relation.OEM, Relation.UNKNOWN)
    else:
        brand = None if place.shows == MODEL else slug(label)
        assert told(found) == (place.maker, brand, "oem")


@pytest.mark.parametrize("place", [place for place in PLACES if place.shows != MODEL], ids=str)
def test_every_brand_of_the_list_is_known_by_each_of_its_names(place: Place) -> None:
    wrong = [
        (name, told(found))
        for brand, maker in PAIRS
        if maker == place.maker
        for name in (KNOWLEDGE.entities[brand].name, *KNOWLEDGE.entities[brand].aliases)
        if told(found := identified(*units(place, name, "ZQ-4N52D"))) != (maker, brand, relation(brand, maker))
        # Underscores stand for blanks in scopes, and in no line of rights.
        if not ("_" in name and place.field == "line of rights")
    ]
    assert wrong == []


def brands_numbered(model: str, maker: str) -> set[str]:
    return {
        brand
        for brand, entry in KNOWLEDGE.oem.items()
        if any(row.maker == maker for row in entry.made_by)
        if any(re.match(pattern, model) for pattern in entry.model_names)
    }


NUMBERED = [(brand, maker, pattern) for brand, maker in PAIRS for pattern in KNOWLEDGE.oem[brand].model_names]


_REST = re.compile(r"[0-9][A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4})?", re.ASCII)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_brands_models_name_it_in_each_place_for_models(data: st.DataObject) -> None:
    _, maker, pattern = data.draw(st.sampled_from(NUMBERED))
    model = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    if not pattern.endswith("$"):
        model += data.draw(
            st.from_regex(re.compile(r"[0-9][A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4})?", re.ASCII), fullmatch=True)
        )
    assume(brands_numbered(model, maker) and model.isascii() and model.isprintable() and len(model) >= 4)
    place = data.draw(st.sampled_from([p for p in PLACES if p.maker == maker and p.shows != NAME] or [PLACES[0]]))
    assume(place.maker == maker)
    # A model that stands before a serial number is written without blanks.
    assume(" " not in model or not place.field.endswith("DeviceSN"))
    found = identified(*units(place, "IP CAMERA", model))
    assert found.maker == maker
    assert found.brand in brands_numbered(model, maker), (place.field, model, found.brand)
    assert found.relation.value == relation(str(found.brand), maker)


@pytest.mark.parametrize("place", [place for place in PLACES if place.shows == NAME], ids=str)
@pytest.mark.parametrize("word", SORTS)
def test_a_word_for_the_sort_of_a_unit_is_no_label(place: Place, word: str) -> None:
    found = identified(*units(place, word, "IPC"))
    assert found.brand is None or found.brand == place.maker
    # Xiongmai sells to others alone, TVT's old server stands in what others sell, and this vendor is "Private".
    assert found.relation is not Relation.OEM or place.maker in ("xiongmai", "tvt") or "DHIP" in place.field


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("maker", OWN)
def test_what_an_owner_calls_a_unit_makes_it_no_rebadge(maker: str, name: str) -> None:
    replies = OWN[maker](name)
    assert told(identified(*replies)) == (maker, maker, "own_brand")
    for left_out in range(len(replies)):
        found = identified(*(said for place, said in enumerate(replies) if place != left_out))
        assert told(found) == (maker, maker, "own_brand"), replies[left_out][0]


@pytest.mark.parametrize("name", ["Front door", "Matrix", "Camera 01", "Bosch hall", "Room 12B"])
@pytest.mark.parametrize("maker", OWN)
def test_what_an_owner_calls_a_rebadge_hides_no_label(maker: str, name: str) -> None:
    for place in PLACES:
        if place.maker == maker and not place.given and place.shows != MODEL:
            unit = units(place, "Vistaguard", "VG-4N52D")
            named = tuple(
                (ask, text.replace("<deviceName>IP CAMERA<", f"<deviceName>{name}<")) for ask, text in unit
            )
            assert told(identified(*named)) == (maker, "vistaguard", "oem"), place.field


def _several(label: str, model: str, chosen: list[Place]) -> tuple[Said, ...]:
    return tuple(dict.fromkeys(said for place in chosen for said in units(place, label, model)))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_labels_in_several_places_and_answers_left_out(data: st.DataObject) -> None:
    maker = data.draw(st.sampled_from(sorted({place.maker for place in PLACES})))
    sure = [place for place in PLACES if place.maker == maker and not place.given]
    chosen = data.draw(st.lists(st.sampled_from(sure), min_size=2, max_size=4, unique_by=str))
    label, model = data.draw(st.sampled_from(UNHEARD))
    replies = _several(label, model, chosen)
    brand = slug(label) if any(place.shows in (NAME, BOTH) for place in chosen) else None
    assert told(identified(*replies)) == (maker, brand, "oem")
    kept = data.draw(st.lists(st.sampled_from(replies), min_size=1, unique=True))
    found = identified(*kept)
    assert found.maker in (None, maker)
    assert found.relation is not Relation.OWN_BRAND


CERTIFIED = ("CN=192.0.2.1,O={},C=US", "O={},OU=Cameras", "CN={}")


@pytest.mark.parametrize("subject", CERTIFIED)
def test_a_brand_in_a_certificate_is_a_label_and_an_owners_name_is_none(subject: str) -> None:
    page = {"http__server": "App-webs/", "isapi__realm": "IP Camera(K2071)"}
    known = shown(tls__subject=subject.format("LTS"), **page)
    owner = shown(tls__subject=subject.format("St Marys School"), **page)
    assert told(known) == ("hikvision", "lts", "oem")
    assert told(owner) == ("hikvision", None, "unknown")


LIBRARIES = (
    "<!-- jQuery JavaScript Library, Copyright JS Foundation and other contributors. All rights reserved. -->",
    "<script>/*! Copyright (c) 2010 The Dojo Foundation, all rights reserved */</script>",
    '<script>var vendor = "Google Inc."; var company = "";</script>',
    '<img class="logo" src="logo.png" alt="logo"><img src="company_logo.png" alt="Company Logo">',
    "<title>Please wait...</title><p>Copyright 2019. All rights reserved.</p>",
    '<div class="logo"></div><input name="customer" value=""><a href="http://www.google.com">help</a>',
)


def _pages() -> Iterator[str]:
    for page in LIBRARIES:
        yield f'<html><a href="/doc/page/login.asp"></a>{page}</html>'


@pytest.mark.parametrize("page", tuple(_pages()))
def test_rights_of_libraries_and_empty_places_on_a_page_are_no_label(page: str) -> None:
    found = shown(http__body=page, isapi__realm="IP Camera(K2071)")
    assert told(found) == ("hikvision", None, "unknown")
