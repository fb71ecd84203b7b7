"""Who is logged in to, and how often: over addresses, passes, resumed and later runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from camaudit.audit import collect, resume
from camaudit.credentials import Credential
from camaudit.model import Account, Load, Observation, Outcome, Run, Secret, Site, Target
from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.probes import login
from camaudit.probes.login import Login
from camaudit.scan import Accounts
from camaudit.scan.logins import Door, Logins, doors_of, marks_of
from camaudit.store import Store

AT = datetime(2026, 11, 30, tzinfo=UTC)
ISAPI = {"isapi.prefix": ("ISAPI",), "isapi.status": ("401",), "isapi.lock_status": ("unlock",)}
SADP = {"sadp.device_sn": ("DS-2CD2143G0-I20191008AAWRD91230001",), "sadp.mac": ("98:df:82:40:11:13",)}


def seen(probe: str, fields: dict[str, tuple[str, ...]], port: int | None = 80, note: str = "") -> Observation:
    outcome = Outcome.REFUSED if note else Outcome.ANSWERED
    return Observation(Target("192.0.2.1", port), probe, outcome, fields, AT, note)


def credential(name: str = "auditor", makers: tuple[str, ...] | None = None) -> Credential:
    return Credential(name, Account("auditor", Secret("x")), makers=makers)


@dataclass
class Sink:
    """Keeps what a scan would store."""

    observations: list[Observation] = field(default_factory=list)
    logins: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)

    def observation(self, observation: Observation) -> None:
        self.observations.append(observation)

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        pass

    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        pass

    def stage(self, *_: object) -> None:
        pass

    def login(self, devices: tuple[str, ...], credential: str, outcome: str, at: datetime) -> None:
        self.logins.append((devices, credential, outcome))


@dataclass
class Doorbell:
    """Stands in for the probe: counts who was logged in to, and how the login went."""

    outcome: Login = Login.REFUSED
    rung: list[str] = field(default_factory=list)

    async def read(self, host: object, port: int, protocol: str, **how: object) -> tuple[Observation, ...]:
        begin = how["begin"]
        assert callable(begin)
        begin()
        await asyncio.sleep(0)
        self.rung.append(str(getattr(host, "address", "")))
        return (seen("login", {"login.outcome": (self.outcome.value,)}),)


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Doorbell:
    made = Doorbell()
    monkeypatch.setattr(login, "read", made.read)
    return made


def logins(sink: Sink, accounts: Accounts) -> Logins:
    return Logins(Gate(parse_scope(["192.0.2.0/24"], allow_public=True), Pace(1000)), sink, accounts, lambda: AT)


def nobody(_: Iterable[Observation]) -> str:
    return ""


def ask(who: Logins, *addresses: str, told: dict[str, tuple[str, ...]] = SADP) -> None:
    async def all_at_once() -> None:
        items = (seen("isapi", ISAPI), seen("sadp", told, None))
        await asyncio.gather(*(who.read(address, items) for address in addresses))

    asyncio.run(all_at_once())


def test_that_it_is_tried_is_stored_before_and_how_it_ended_after(bell: Doorbell) -> None:
    sink = Sink()
    ask(logins(sink, Accounts((credential(),), nobody)), "192.0.2.1")
    marks = ("address 192.0.2.1", "mac 98df82401113", "id ds-2cd2143g0-i20191008aawrd91230001")
    assert sink.logins == [(marks, "auditor", "trying"), (marks, "auditor", "refused")]


def test_a_device_at_two_addresses_is_tried_once_even_at_the_same_moment(bell: Doorbell) -> None:
    sink = Sink()
    who = logins(sink, Accounts((credential(),), nobody))
    ask(who, "192.0.2.1", "192.0.2.2")
    ask(who, "192.0.2.1")
    assert len(bell.rung) == 1
    outcomes = [item.fields["login.outcome"][0] for item in sink.observations]
    assert sorted(outcomes) == ["not_tried", "not_tried", "refused"]
    assert any("tried at this device before" in item.note for item in sink.observations)


def test_what_this_run_tried_before_it_was_resumed_is_not_tried_again(bell: Doorbell) -> None:
    tried = frozenset({("mac 98df82401113", "auditor")})
    ask(logins(Sink(), Accounts((credential(),), nobody, tried=tried)), "192.0.2.9")
    assert bell.rung == []


@pytest.mark.parametrize(
    ("refused", "told", "rings"),
    [
        ("mac 98df82401113", SADP, False),
        # The address is another device's by now.
        ("address 192.0.2.1", SADP, True),
        ("address 192.0.2.1", {}, False),
    ],
)
def test_who_refused_in_an_earlier_run_is_left_alone(
    bell: Doorbell, refused: str, told: dict[str, tuple[str, ...]], rings: bool
) -> None:
    sink = Sink()
    accounts = Accounts((credential(),), nobody, refused=frozenset({(refused, "auditor")}))
    ask(logins(sink, accounts), "192.0.2.1", told=told)
    assert bool(bell.rung) is rings
    assert rings or "--login-again" in sink.observations[0].note


def test_the_first_entry_is_meant_and_a_second_one_never_follows_a_refusal(bell: Doorbell) -> None:
    accounts = Accounts((credential("first"), credential("second")), nobody)
    sink = Sink()
    ask(logins(sink, accounts), "192.0.2.1")
    assert {name for _, name, _ in sink.logins} == {"first"}


def test_a_maker_is_looked_for_only_where_an_entry_asks_for_one(bell: Doorbell) -> None:
    asked: list[int] = []

    def maker(items: Iterable[Observation]) -> str:
        asked.append(len(list(items)))
        return "dahua"

    ask(logins(Sink(), Accounts((credential(),), maker)), "192.0.2.1")
    assert (asked, len(bell.rung)) == ([], 1)
    sink = Sink()
    ask(logins(sink, Accounts((credential(makers=("hikvision",)),), maker)), "192.0.2.1")
    assert (asked, len(bell.rung)) == ([2], 1)
    assert "no entry of the credentials file" in sink.observations[0].note


@pytest.mark.parametrize("told", [{"sadp.device_lock": ("true",)}, {"isapi.lock_status": ("lock",)}])
def test_a_lock_that_was_announced_ends_it(bell: Doorbell, told: dict[str, tuple[str, ...]]) -> None:
    sink = Sink()
    ask(logins(sink, Accounts((credential(),), nobody)), "192.0.2.1", told=told)
    assert (bell.rung, sink.observations[0].fields["login.outcome"]) == ([], ("locked",))


@pytest.mark.parametrize(
    ("items", "door"),
    [
        ([seen("isapi", ISAPI), seen("tls", {}, 80)], Door("isapi", 80, True)),
        # Any server behind a login answers 401: a printer is sent no account.
        ([seen("isapi", {"isapi.status": ("401",)})], None),
        ([seen("dahua", {"dahua.realm": ("Login to 3e1b",)}, 8080)], Door("dahua", 8080, False)),
        ([seen("dahua", {"dahua.realm": ("printer",), "dahua.status": ("401",)})], None),
        (
            [seen("onvif", {"onvif.answered": ("GetSystemDateAndTime",)}), seen("isapi", ISAPI, 81)],
            Door("isapi", 81, False),
        ),
        ([seen("onvif", {"onvif.fault": ("ter:NotAuthorized",)}, 8000)], Door("onvif", 8000, False)),
        (
            [seen("onvif", {}, note="asks for a login"), seen("wsd", {"wsd.xaddr": ("http://x/",)}, None)],
            Door("onvif", 80, False),
        ),
        ([seen("onvif", {}, note="asks for a login")], None),
        ([seen("http", {"http.status": ("401",)})], None),
    ],
)
def test_only_a_recognised_interface_is_a_door(items: list[Observation], door: Door | None) -> None:
    assert (doors_of(items) or (None,))[-1] == door


def test_a_port_with_tls_comes_first_and_stays_the_only_one_where_it_answered_itself() -> None:
    plain, secure = Door("isapi", 80, False), Door("isapi", 443, True)
    assert doors_of([seen("isapi", ISAPI), seen("tls", {}, 443)]) == (secure, plain)
    assert doors_of([seen("isapi", ISAPI, 443), seen("tls", {}, 443)]) == (secure,)


@pytest.mark.parametrize(
    ("outcome", "sent", "ports"),
    [
        (Login.NOT_TRIED, False, [443, 80]),
        (Login.NOT_OFFERED, False, [443, 80]),
        (Login.LOCKED, False, [443]),
        (Login.NOT_NEEDED, False, [443]),
        (Login.REFUSED, True, [443]),
        (Login.NO_ANSWER, True, [443]),
        # Whatever a login came to that was sent: it is not sent again by another door.
        (Login.NOT_OFFERED, True, [443]),
    ],
)
def test_another_door_is_tried_only_while_no_login_was_sent(
    monkeypatch: pytest.MonkeyPatch, outcome: Login, sent: bool, ports: list[int]
) -> None:
    asked: list[int] = []

    async def read(host: object, port: int, protocol: str, **how: object) -> tuple[Observation, ...]:
        asked.append(port)
        begin = how["begin"]
        assert callable(begin)
        if sent:
            begin()
        return (seen("login", {"login.outcome": (outcome.value,)}),)

    monkeypatch.setattr(login, "read", read)
    sink = Sink()
    items = (seen("isapi", ISAPI), seen("tls", {}, 443))
    asyncio.run(logins(sink, Accounts((credential(),), nobody)).read("192.0.2.1", items))
    assert asked == ports
    assert len(sink.observations) == 1
    assert bool(sink.logins) is sent


def test_placeholders_tell_nobody_apart() -> None:
    told = seen("sadp", {"sadp.device_sn": ("0123456789",), "sadp.mac": ("none",)}, None)
    assert marks_of("192.0.2.1", [told]) == ("address 192.0.2.1",)


def test_a_store_tells_a_resumed_and_a_later_run_what_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    told: list[Accounts] = []

    async def scan(scope: object, sink: object, options: object, **_: object) -> object:
        told.append(options.accounts)  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr("camaudit.gathering.scan", scan)
    run = Run("r1", AT, None, "0", ("192.0.2.1",))
    scope = parse_scope(["192.0.2.1"], allow_public=True)
    writer = store.begin(run, Site("s"), scope.resolved)
    writer.login(("mac 1", "address 192.0.2.1"), "auditor", "trying", AT)
    writer.login(("mac 1", "address 192.0.2.1"), "auditor", "refused", AT)
    writer.login(("mac 2",), "auditor", "trying", AT)
    from camaudit.scan import ScanOptions

    options = ScanOptions(accounts=Accounts((credential(),), nobody))
    with pytest.raises(KeyboardInterrupt):
        resume(store, store.run("r1"), options, None)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        collect(store, scope, Site("s"), options, None)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        collect(store, scope, Site("s"), options, None, login_again=True)  # type: ignore[arg-type]
    resumed, later, again = told
    refused = {("mac 1", "auditor"), ("address 192.0.2.1", "auditor")}
    assert resumed.tried == refused | {("mac 2", "auditor")}
    assert (later.tried, later.refused) == (frozenset(), refused)
    assert (again.tried, again.refused) == (frozenset(), frozenset())
