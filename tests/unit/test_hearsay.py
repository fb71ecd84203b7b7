"""An answer to a search of everybody carries the sender that its sender wrote: alone it makes nobody sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.devices import devices_of
from camaudit.model import OF_A_GROUP, Certainty, Device, Observation, Outcome, Target
from camaudit.probes import sadp

AT = datetime(2026, 11, 30, tzinfo=UTC)
ADDRESS = "192.0.2.64"
ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Uuid>E8ECFE09-90E4-44C0-842B-703F46B58C81</Uuid>'
    "<Types>inquiry</Types><DeviceType>141945</DeviceType><DeviceDescription>DS-2CD2385G1-I</DeviceDescription>"
    "<DeviceSN>DS-2CD2385G1-I20200414AAWRE33842150</DeviceSN><CommandPort>8000</CommandPort><HttpPort>80</HttpPort>"
    "<MAC>58-50-ed-1f-e3-85</MAC><IPv4Address>192.0.2.64</IPv4Address><DHCP>true</DHCP>"
    "<SoftwareVersion>V5.6.2build 190701</SoftwareVersion><DSPVersion>V7.3 build 190620</DSPVersion>"
    "<Activated>true</Activated></ProbeMatch>"
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def heard() -> Observation:
    fields = sadp.parse(ANSWER.encode())
    assert fields is not None
    return Observation(Target(ADDRESS), "sadp", Outcome.ANSWERED, fields, AT, OF_A_GROUP)


def device(catalogue: Catalogue, *seen: Observation) -> Device:
    (found,) = devices_of({ADDRESS: seen}, catalogue.knowledge, catalogue.oui)
    return found


def test_alone_it_is_possible_and_says_what_would_settle_it(catalogue: Catalogue) -> None:
    found = device(catalogue, heard()).identification
    assert (found.maker, found.certainty) == ("hikvision", Certainty.POSSIBLE)
    assert found.confidence < 0.8
    assert "whole network" in found.next_step


def test_asked_at_its_address_it_is_what_it_says(catalogue: Catalogue) -> None:
    found = device(catalogue, heard(), replace(heard(), note="")).identification
    assert (found.maker, found.certainty) == ("hikvision", Certainty.PROBABLE)


def test_what_was_not_sure_anyway_is_left_as_it_is(catalogue: Catalogue) -> None:
    label = Observation(Target(ADDRESS), "mdns", Outcome.ANSWERED, {"mdns.instance": ("HIKVISION",)}, AT)
    alone = device(catalogue, replace(label, note=OF_A_GROUP)).identification
    assert alone.certainty not in (Certainty.CONFIRMED, Certainty.PROBABLE)
    assert alone == device(catalogue, label).identification


@pytest.mark.parametrize("probe", ["port", "mac"])
def test_that_somebody_is_there_does_not_tell_who(catalogue: Catalogue, probe: str) -> None:
    there = Observation(Target(ADDRESS, 80), probe, Outcome.ANSWERED, {}, AT)
    assert device(catalogue, heard(), there).identification.certainty is Certainty.POSSIBLE


def test_the_mac_of_its_frames_confirms_what_it_says(catalogue: Catalogue) -> None:
    def frames(mac: str) -> Observation:
        return Observation(Target(ADDRESS), "mac", Outcome.ANSWERED, {"mac.address": (mac,)}, AT)

    assert (
        device(catalogue, heard(), frames("58:50:ED:1F:E3:85")).identification.certainty is not Certainty.POSSIBLE
    )
    forged = device(catalogue, heard(), frames("00:11:22:33:44:55")).identification
    assert forged.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)


def test_it_joins_no_two_addresses(catalogue: Catalogue) -> None:
    elsewhere = Observation(Target("192.0.2.65"), "sadp", Outcome.ANSWERED, heard().fields, AT)
    seen = {ADDRESS: (heard(),), "192.0.2.65": (elsewhere,)}
    found = devices_of(seen, catalogue.knowledge, catalogue.oui)
    assert [unit.identification.certainty for unit in found] == [Certainty.POSSIBLE, Certainty.PROBABLE]


def test_any_conversation_at_the_address_lets_it_count(catalogue: Catalogue) -> None:
    page = Observation(Target(ADDRESS, 80), "http", Outcome.ANSWERED, {"http.server": ("App-webs/",)}, AT)
    assert device(catalogue, heard(), page).identification.certainty in (Certainty.PROBABLE, Certainty.CONFIRMED)


def page(text: str) -> Observation:
    fields = {"http.title": (text,), "http.status": ("200",)}
    return Observation(Target(ADDRESS, 80), "http", Outcome.ANSWERED, fields, AT)


def called(mac: str = "00:09:18:00:00:11") -> Observation:
    fields = {"hanwha.reply": ("0b",), "hanwha.mac": (mac,), "hanwha.model": ("XNV-8080R",)}
    return Observation(Target(ADDRESS), "hanwha", Outcome.ANSWERED, fields, AT, OF_A_GROUP)


def silent() -> Observation:
    return Observation(Target(ADDRESS, 7701), "hanwha", Outcome.SILENT, {}, AT, "no answer in time")


def test_a_maker_that_answers_everybody_and_not_in_person_is_possible(catalogue: Catalogue) -> None:
    found = device(catalogue, called(), silent(), page("Login")).identification
    assert (found.maker, found.certainty) == ("hanwha", Certainty.POSSIBLE)
    assert "whole network" in found.next_step
    in_person = replace(called(), target=Target(ADDRESS, 7701), note="")
    sure = device(catalogue, called(), in_person, page("Login")).identification
    assert (sure.maker, sure.certainty) == ("hanwha", Certainty.PROBABLE)


def test_nobody_else_can_clear_a_unit_that_speaks_for_itself(catalogue: Catalogue) -> None:
    """Somebody answers the call to everybody as a Hanwha unit, in the name of a camera that is none."""
    itself = replace(heard(), target=Target(ADDRESS, 37020), note="")
    alone = device(catalogue, itself, page("Login")).identification
    found = device(catalogue, called(), silent(), itself, page("Login")).identification
    assert (found.maker, found.certainty, found.confidence) == ("hikvision", alone.certainty, alone.confidence)


def test_frames_from_the_stated_mac_speak_for_a_call(catalogue: Catalogue) -> None:
    frames = Observation(Target(ADDRESS), "mac", Outcome.ANSWERED, {"mac.address": ("00:09:18:00:00:11",)}, AT)
    found = device(catalogue, called(), silent(), page("Login"), frames).identification
    assert (found.maker, found.certainty) != ("hanwha", Certainty.POSSIBLE)
    forged = device(catalogue, called("00:09:18:00:00:99"), silent(), page("Login"), frames).identification
    assert forged.certainty is not Certainty.CONFIRMED


def test_a_search_beside_a_page_of_nobody_known_convicts_nobody(catalogue: Catalogue) -> None:
    unanswered = Observation(Target(ADDRESS, 37020), "sadp", Outcome.SILENT, {}, AT, "no answer in time")
    found = device(catalogue, heard(), unanswered, page("Welcome")).identification
    assert (found.maker, found.certainty) == ("hikvision", Certainty.POSSIBLE)
    assert "whole network" in found.next_step
