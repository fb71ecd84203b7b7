"""Recorders that fall over when they are asked too much: they never do, and what they were asked is told."""

from __future__ import annotations

import pytest

from camaudit.net.manners import GENTLE, USUAL
from fragile_fleet import SCANS, Scanned

RECORDERS = {"dvr-2012": "hikvision", "dvr-2012-dahua": "dahua"}
ADDRESS = {"dvr-2012": "127.79.0.11", "dvr-2012-dahua": "127.79.0.12", "dvr-2012-plain": "127.79.0.13"}


def most_within_a_second(times: list[float]) -> int:
    ordered = sorted(times)
    return max(sum(begin <= at < begin + 1 for at in ordered) for begin in ordered)


@pytest.mark.parametrize("name", SCANS)
def test_no_recorder_falls(fragile: dict[str, Scanned], name: str) -> None:
    falls = [entry for entry in fragile[name].log if "broken" in entry]
    assert falls == []
    assert all(counted["broken"] == 0 for counted in fragile[name].summaries.values())
    assert len(fragile[name].summaries) >= 3


@pytest.mark.parametrize("name", SCANS)
def test_they_are_named_all_the_same(fragile: dict[str, Scanned], name: str) -> None:
    makers = {d["address"]: d["maker"] for d in fragile[name].report["devices"]}
    for recorder, maker in RECORDERS.items():
        found = makers[ADDRESS[recorder]]
        assert (found["id"], found["certainty"]) == (maker, "confirmed"), (recorder, found)


@pytest.mark.parametrize("name", SCANS)
def test_none_is_asked_more_than_our_manners_say(fragile: dict[str, Scanned], name: str) -> None:
    manners = GENTLE if name == "gentle" else USUAL
    for recorder, times in fragile[name].asked.items():
        # Two are let go: what left a tenth of a second apart may come in closer together.
        assert most_within_a_second(times) <= manners.at_first + manners.a_second + 2, recorder
    for recorder, counted in fragile[name].summaries.items():
        assert counted["most_open"] <= manners.connections, recorder


@pytest.mark.parametrize("name", SCANS)
def test_what_is_told_of_each_is_what_it_went_through(fragile: dict[str, Scanned], name: str) -> None:
    scanned = fragile[name]
    for recorder, address in ADDRESS.items():
        told, counted = scanned.loads[address], scanned.summaries[recorder]
        over_tcp = len(scanned.asked[recorder])
        # A TLS handshake is counted, and no request that its log would show; one of them speaks TLS.
        handshakes = told["requests"] - over_tcp
        assert handshakes in ((1, 2) if recorder == "dvr-2012-dahua" else (0,)), recorder
        # One that is only knocked at may be gone before the recorder looks.
        assert told["connections"] >= counted["connections"]
        assert counted["most_open"] <= told["at_once"] <= (GENTLE if name == "gentle" else USUAL).connections
        # Its count of bytes holds multicast searches too, which are sent to nobody alone.
        assert 0 < told["bytes_out"] <= counted["bytes_in"]
        assert told["bytes_in"] > 0
    heaviest = scanned.report["coverage"]["heaviest"]
    assert heaviest["requests"] == max(load["requests"] for load in scanned.loads.values())


def test_the_one_with_an_account_is_read_and_still_stands(fragile: dict[str, Scanned]) -> None:
    crowded = fragile["crowded"]
    logins = [entry for entry in crowded.log if entry.get("login") == "right"]
    assert {entry["device"] for entry in logins} == {"dvr-2012-with-login"}
    assert crowded.loads["127.79.0.14"]["requests"] > crowded.loads["127.79.0.11"]["requests"]


def test_one_that_says_it_is_busy_is_asked_less_and_less(fragile: dict[str, Scanned]) -> None:
    usual = fragile["usual"]
    busy, other = usual.asked["dvr-2012-busy"], usual.asked["dvr-2012-plain"]
    assert most_within_a_second(busy) < most_within_a_second(other)
    assert len(busy) < len(other)


def test_a_gentle_scan_asks_less_and_says_what_it_left_out(fragile: dict[str, Scanned]) -> None:
    gentle, usual = fragile["gentle"], fragile["usual"]
    assert "asked gently" in " ".join(gentle.report["coverage"]["limits"])
    assert "asked gently" not in " ".join(usual.report["coverage"]["limits"])
    plain = ADDRESS["dvr-2012-plain"]
    assert gentle.loads[plain]["requests"] < usual.loads[plain]["requests"]
    assert gentle.loads[plain]["knocks"] < usual.loads[plain]["knocks"]
