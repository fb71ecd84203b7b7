"""One login and no more: what is sent to a device that lets in, refuses, locks or stays silent."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from probe_host import mangled, now, page, run

from camaudit.model import Account, Observation, Outcome, Secret
from camaudit.net.replay import ReplayHost
from camaudit.net.wire import Stopped
from camaudit.probes import login
from camaudit.probes.login import channels, isapi
from camaudit.probes.login.lock import lock_of
from camaudit.probes.markup import read_markup
from camaudit.probes.message import read

ACCOUNT = Account("auditor", Secret("correct horse"))
DIGEST = 'WWW-Authenticate: Digest qop="auth", realm="IP Camera(1)", nonce="n1", stale="FALSE"'
INFO = b"<DeviceInfo><model>DS-2CD2143G0-I</model><deviceType>IPCamera</deviceType></DeviceInfo>"


def user_check(**parts: str) -> bytes:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return f"<userCheck><statusValue>401</statusValue>{inner}</userCheck>".encode()


@dataclass
class Device:
    """Answers by a rule of (path, Authorization header) and remembers every request."""

    rule: Callable[[str, str], bytes | None]
    asked: list[tuple[str, str]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)

    def answer(self, transport: str, port: int, request: bytes, tls: bool) -> bytes | None:
        head = request.decode()
        said = re.search(r"\r\nAuthorization: ([^\r]*)", head)
        path = head.split(" ")[1]
        self.asked.append((path, said[1] if said else ""))
        return self.rule(path, self.asked[-1][1])

    @property
    def logins(self) -> list[tuple[str, str]]:
        return [one for one in self.asked if one[1]]

    def read(self, account: Account = ACCOUNT) -> tuple[Observation, ...]:
        host = ReplayHost("192.0.2.10", self.answer, frozenset({80}))
        begin = lambda: self.begun.append(len(self.logins))  # noqa: E731 - one line is what it is
        return run(login.read(host, 80, "isapi", tls=False, account=account, begin=begin, now=now))


def outcome(observations: tuple[Observation, ...]) -> tuple[str, Outcome]:
    return observations[0].fields["login.outcome"][0], observations[0].outcome


def behind_login(path: str, said: str) -> bytes:
    if not said:
        return page("401 No", user_check(lockStatus="unlock", retryLoginTime="7"), DIGEST)
    return page("200 OK", INFO) if path == isapi.DEVICE_INFO else page("404 No")


def test_an_account_that_is_let_in_reads_on() -> None:
    device = Device(behind_login)
    found = device.read()
    assert outcome(found) == ("accepted", Outcome.ANSWERED)
    assert found[0].fields["isapi.model"] == ("DS-2CD2143G0-I",)
    counts = [re.search(r"nc=(\w{8})", said)[1] for _, said in device.logins]  # type: ignore[index]
    assert counts == [f"{number:08x}" for number in range(1, len(counts) + 1)]
    assert device.asked[0] == (isapi.DEVICE_INFO, "")
    assert {path for path, _ in device.logins} >= {isapi.TIME, isapi.USERS, isapi.CLOUD, isapi.SERVICES}
    assert not any("InputProxy" in path for path, _ in device.asked)


def test_what_was_sent_to_log_in_is_not_kept_though_a_device_says_it_back() -> None:
    def echoes(path: str, said: str) -> bytes:
        if not said:
            return behind_login(path, said)
        proof = re.search(r'response="(\w+)"', said)[1]  # type: ignore[index]
        back = f"{html.escape(said)} {proof.upper()} {ACCOUNT.password.reveal()}"
        body = f"<DeviceInfo><model>DS-1 {back}</model><serialNumber>{proof}</serialNumber></DeviceInfo>"
        return page("200 OK", body.encode())

    device = Device(echoes)
    found = device.read()
    kept = repr(found).lower()
    sent = {re.search(r'response="(\w+)"', said)[1] for _, said in device.logins}  # type: ignore[index]
    assert "ds-1 digest username=" in kept
    assert not any(proof in kept for proof in sent)
    assert "correct horse" not in kept


def test_that_a_login_is_tried_is_noted_before_it_is_sent() -> None:
    device = Device(behind_login)
    device.read()
    assert device.begun == [0]


@pytest.mark.parametrize("status", ["401 No", "403 No"])
def test_a_wrong_password_is_sent_once(status: str) -> None:
    device = Device(lambda path, said: page(status if said else "401 No", b"", DIGEST))
    assert outcome(device.read()) == ("refused", Outcome.REFUSED)
    assert len(device.logins) == 1
    assert len(device.asked) == 2


def test_a_stale_answer_to_the_login_itself_is_no_second_try() -> None:
    stale = DIGEST.replace("FALSE", "TRUE")
    device = Device(lambda path, said: page("401 No", b"", stale))
    assert outcome(device.read()) == ("refused", Outcome.REFUSED)
    assert len(device.logins) == 1


def test_silence_after_the_login_is_no_second_try() -> None:
    device = Device(lambda path, said: None if said else page("401 No", b"", DIGEST))
    found = device.read()
    assert outcome(found) == ("no_answer", Outcome.SILENT)
    assert "not tried again" in found[0].note
    assert len(device.logins) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (user_check(lockStatus="lock", unlockTime="1741"), "locked for 1741 s more"),
        (user_check(lockStatus="lock"), "logins are locked"),
        (user_check(lockStatus="unlock", retryLoginTime="2"), "would lock after 2 more"),
        (user_check(retryLoginTime="0"), "would lock after 0 more"),
        (b"Error\nUser is locked\n", "logins are locked"),
        (b"Error: 268632081", "logins are locked"),
    ],
)
def test_a_lock_that_is_reported_ends_it_before_a_login(body: bytes, why: str) -> None:
    device = Device(lambda path, said: page("401 No", body, DIGEST))
    found = device.read()
    assert outcome(found) == ("locked", Outcome.NOT_ASKED)
    assert why in found[0].note
    assert device.logins == device.begun == []


def test_a_lock_that_comes_with_the_refusal_is_told() -> None:
    locks = page("401 No", user_check(lockStatus="lock", unlockTime="1800"), DIGEST)
    device = Device(lambda path, said: locks if said else page("401 No", b"", DIGEST))
    found = device.read()
    assert outcome(found)[0] == "locked"
    assert "refused the account" in found[0].note
    assert len(device.logins) == 1


@pytest.mark.parametrize("left", ["3", "7", "", "many", "99999999"])
def test_enough_tries_left_are_no_lock(left: str) -> None:
    message = read(page("401 No", user_check(lockStatus="unlock", retryLoginTime=left)))
    assert message is not None
    assert lock_of(message) == ""


@pytest.mark.parametrize(
    "header",
    ['WWW-Authenticate: Basic realm="x"', 'WWW-Authenticate: Digest realm="x", nonce="1", qop="auth-int"'],
)
def test_what_would_hand_over_the_password_is_not_answered(header: str) -> None:
    device = Device(lambda path, said: page("401 No", b"", header))
    assert outcome(device.read()) == ("not_offered", Outcome.NOT_ASKED)
    assert device.logins == device.begun == []


def test_where_no_login_is_asked_none_is_sent() -> None:
    device = Device(lambda path, said: page("200 OK", INFO))
    assert outcome(device.read()) == ("not_needed", Outcome.ANSWERED)
    assert device.logins == device.begun == []


def test_a_dead_port_is_not_tried() -> None:
    device = Device(lambda path, said: None)
    assert outcome(device.read()) == ("not_tried", Outcome.NOT_ASKED)


def test_a_nonce_that_ran_out_is_renewed_after_the_login_and_only_then() -> None:
    def rule(path: str, said: str) -> bytes:
        if path == isapi.TIME and 'nonce="n1"' in said:
            return page("401 No", b"", DIGEST.replace("FALSE", "true").replace("n1", "n2"))
        return behind_login(path, said)

    device = Device(rule)
    assert outcome(device.read())[0] == "accepted"
    times = [said for path, said in device.logins if path == isapi.TIME]
    assert ["n1" in times[0], "n2" in times[1], "nc=00000001" in times[1]] == [True, True, True]
    assert len(times) == 2


def test_a_refusal_after_the_login_ends_the_reading() -> None:
    device = Device(
        lambda path, said: page("401 No", b"", DIGEST) if path == isapi.SERVICES else behind_login(path, said)
    )
    found = device.read()
    assert outcome(found)[0] == "accepted"
    assert isapi.SERVICES in found[0].note
    assert device.asked[-1][0] == isapi.SERVICES
    assert found[0].fields["isapi.model"]


def test_a_request_that_got_lost_after_the_login_is_signed_anew() -> None:
    lost: list[str] = []

    def rule(path: str, said: str) -> bytes | None:
        if path == isapi.TIME and not lost:
            lost.append(said)
            return None
        return behind_login(path, said)

    device = Device(rule)
    device.read()
    times = [said for path, said in device.logins if path == isapi.TIME]
    first, second = (int(count, 16) for said in times for count in re.findall(r"nc=(\w+)", said))
    assert second == first + 1


def test_what_gets_lost_twice_after_the_login_is_left_out_and_the_rest_is_read() -> None:
    device = Device(lambda path, said: None if path == isapi.TIME else behind_login(path, said))
    found = device.read()
    assert outcome(found) == ("accepted", Outcome.ANSWERED)
    assert [path for path, _ in device.logins].count(isapi.TIME) == 2
    assert device.asked[-1][0] != isapi.TIME


@pytest.mark.parametrize("status", ["403 Forbidden", "302 Found", "500 No"])
def test_an_answer_that_asks_for_no_login_is_none_that_gets_one(status: str) -> None:
    device = Device(lambda path, said: page(status))
    found = device.read()
    assert outcome(found) == ("not_offered", Outcome.NOT_ASKED)
    assert "where it should ask for a login; none was tried" in found[0].note
    assert device.logins == device.begun == []


def test_nothing_that_is_kept_holds_what_was_sent() -> None:
    device = Device(
        lambda path, said: behind_login(path, said) if not said else page("200 OK", INFO + said.encode())
    )
    found = device.read()
    kept = repr([(item.fields, item.note) for item in found])
    assert "response=" not in kept
    assert "correct horse" not in kept


RECORDER = b"""<InputProxyChannelList>
<InputProxyChannel><id>1</id><name>Yard</name><sourceInputPortDescriptor><proxyProtocol>HIKVISION</proxyProtocol>
<ipAddress>192.168.254.2</ipAddress><userName>admin</userName><password>12345</password><model>DS-2CD</model>
<serialNumber>S1</serialNumber></sourceInputPortDescriptor></InputProxyChannel>
<InputProxyChannel><id>2</id><name>Free</name><sourceInputPortDescriptor><proxyProtocol>ONVIF</proxyProtocol>
<ipAddress>0.0.0.0</ipAddress></sourceInputPortDescriptor></InputProxyChannel>
<InputProxyChannel><id>3</id><sourceInputPortDescriptor><ipAddress>192.168.254.4</ipAddress>
</sourceInputPortDescriptor></InputProxyChannel></InputProxyChannelList>"""
STATES = b"<L><InputProxyChannelStatus><id>3</id><online>false</online></InputProxyChannelStatus></L>"


def test_a_recorders_channels_are_those_with_a_camera_and_without_its_password() -> None:
    listed, states = read_markup(RECORDER), read_markup(STATES)
    assert listed is not None
    first, third = channels.of_input_proxy(listed, states)
    assert first == {
        "channel.name": ("Yard",),
        "channel.protocol": ("HIKVISION",),
        "behind.model": ("DS-2CD",),
        "behind.serial": ("S1",),
        "channel.number": ("1",),
        "channel.address": ("192.168.254.2",),
    }
    assert third == {
        "channel.number": ("3",),
        "channel.address": ("192.168.254.4",),
        "channel.online": ("false",),
    }


def test_a_recorder_is_asked_for_its_channels() -> None:
    def rule(path: str, said: str) -> bytes:
        bodies = {
            isapi.DEVICE_INFO: b"<DeviceInfo><deviceType>NVR</deviceType></DeviceInfo>",
            isapi.CHANNELS: RECORDER,
            isapi.CHANNEL_STATES: STATES,
        }
        return page("200 OK", bodies[path]) if said and path in bodies else behind_login("", said)

    found = Device(rule).read()
    assert [item.probe for item in found] == ["login", "channel", "channel"]
    assert found[0].fields["isapi.channels"] == ("2",)


def test_of_accounts_and_cloud_only_numbers_and_states_are_kept() -> None:
    users = b"<UserList><User><userName>mallory</userName><userLevel>Administrator</userLevel></User><User/>"
    on = b"<enabled>true</enabled><registerStatus>true</registerStatus><verificationCode>X</verificationCode>"
    cloud = b"<EZVIZ>" + on + b"</EZVIZ>"
    users += b"</UserList>"
    assert isapi.user_fields(read_markup(users)) == {"isapi.users": ("2",), "isapi.administrators": ("1",)}
    assert isapi.cloud_fields(read_markup(cloud)) == {"isapi.cloud": ("enabled, registered",)}


@given(
    mangled(page("401 No", user_check(lockStatus="lock"), DIGEST), page("200 OK", RECORDER), page("200 OK", INFO))
)
def test_whatever_comes_back_one_login_is_sent_at_most_before_it_is_let_in(data: bytes) -> None:
    device = Device(lambda path, said: data if said else page("401 No", b"", DIGEST))
    try:
        found = device.read()
    except Stopped:  # pragma: no cover - that is the failure
        pytest.fail("Stopped came out of a login")
    if found[0].fields["login.outcome"] != ("accepted",):
        assert len(device.logins) == 1
