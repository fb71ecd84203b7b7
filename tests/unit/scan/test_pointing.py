"""A maker's own search goes in person only where something points to that maker."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from camaudit.model import OF_A_GROUP, Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.manners import GENTLE, USUAL, Manners
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.probes import HINTED, Hinted
from camaudit.scan import pointing
from camaudit.scan.interview import Interview
from camaudit.scan.searching import ask_hinted
from camaudit.scan.told import Told

HERE = "192.168.1.9"
COMMONEST = ["bosch", "hanwha", "ipro", "sony", "vivotek"]


def at() -> datetime:
    return datetime(2026, 11, 30, tzinfo=UTC)


def seen(probe: str, note: str = "", **fields: str) -> Observation:
    values = {f"{probe}.{name}": (value,) for name, value in fields.items()}
    return Observation(Target(HERE), probe, Outcome.ANSWERED, values, at(), note)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The searches that are sent, in the order of their names at the end."""
    sent: list[str] = []

    def spy(search: Hinted) -> Hinted:
        async def ask(host: object, now: object, port: int = 0) -> tuple[Observation, ...]:
            sent.append(search.probe)
            return ()

        return replace(search, ask=ask)

    monkeypatch.setattr(pointing, "HINTED", tuple(map(spy, HINTED)))
    return sent


def ask(
    *items: Observation,
    opened: tuple[int, ...] = (80, 554),
    address: str = HERE,
    told: tuple[Observation, ...] = (),
    group: bool = True,
    manners: Manners = USUAL,
) -> None:
    gate = Gate(parse_scope([address], allow_public=True), Pace(1000), manners=manners)
    interview = Interview(gate.host(address), {}, at, lambda _: None, told=Told(list(told)), group_asked=group)
    interview.note_all(items)
    asyncio.run(ask_hinted(interview, list(opened)))


def test_nothing_points_anywhere_and_nothing_is_sent(asked: list[str]) -> None:
    ask(seen("http", server="nginx", title="Login"), seen("rtsp", server="Server"))
    ask(seen("mac", address="aa:bb:cc:00:11:22"), group=False)
    ask(group=False)
    assert asked == []


@pytest.mark.parametrize(("opened", "search"), [(34567, "xm"), (2020, "tapo"), (3002, "tiandy"), (37777, "dvrip")])
def test_a_port_of_the_maker_calls_for_its_search(asked: list[str], opened: int, search: str) -> None:
    ask(opened=(80, opened))
    assert asked == [search]


def test_what_has_answered_better_is_not_asked_worse(asked: list[str]) -> None:
    ask(seen("dhip", vendor="Dahua"), opened=(37777,))
    ask(seen("sadp", reply="ProbeMatch"), seen("http", title="Hanwha"), opened=(34567,))
    assert asked == []


@pytest.mark.parametrize(
    ("port", "search"), [(9000, "reolink"), (10554, "vstarcam"), (88, "foscam"), (7080, "ubiquiti")]
)
def test_a_port_calls_for_it_only_where_everybody_was_not_asked(asked: list[str], port: int, search: str) -> None:
    ask(opened=(port,))
    assert asked == []
    ask(opened=(port,), group=False)
    assert asked == [search]


@pytest.mark.parametrize(
    ("item", "search"),
    [
        (seen("mac", address="00:09:18:7d:75:6e"), "hanwha"),
        (seen("mac", address="00:04:63:7a:1b:2c"), "bosch"),
        (seen("mac", address="00:02:d1:97:64:70"), "vivotek"),
        (seen("mac", address="ec:71:db:01:02:03"), "reolink"),
        (seen("http", realm="iPolis"), "hanwha"),
        (seen("tls", subject="CN=x,O=Bosch Security Systems"), "bosch"),
        (seen("onvif", manufacturer="i-PRO"), "ipro"),
        (seen("http", title="Panasonic Network Camera"), "ipro"),
        (seen("rtsp", realm="Sony IPC"), "sony"),
        (seen("ssdp", server="Ubiquiti/1.0"), "ubiquiti"),
    ],
)
def test_the_makers_name_calls_for_its_search(asked: list[str], item: Observation, search: str) -> None:
    ask(item)
    assert asked == [search]


def test_a_game_console_is_no_camera(asked: list[str]) -> None:
    ask(seen("upnp", manufacturer="Sony Interactive Entertainment Inc."))
    assert asked == []


def test_whoever_answered_the_call_to_everybody_is_asked_itself(asked: list[str]) -> None:
    ask(seen("sadp", reply="ProbeMatch"), told=(seen("hanwha", OF_A_GROUP, reply="0b"),), opened=())
    assert asked == ["hanwha"]


def test_a_camera_that_names_nobody_is_asked_where_no_call_reached_it(asked: list[str]) -> None:
    ask(seen("rtsp", server="Server"), group=False)
    assert sorted(asked) == COMMONEST
    asked.clear()
    ask(seen("rtsp", server="Server"), seen("onvif", manufacturer="Uniview"), group=False)
    ask(seen("rtsp", server="Server"), group=False, manners=GENTLE)
    ask(seen("http", title="Printer"), group=False)
    assert asked == []


def test_the_internet_is_never_searched_nor_asked_by_ipv6(asked: list[str]) -> None:
    ask(seen("http", title="Hanwha"), opened=(37777, 34567, 2020), address="8.8.8.8", group=False)
    ask(seen("http", title="Hanwha"), seen("rtsp"), address="fd00::9", group=False)
    assert asked == []
