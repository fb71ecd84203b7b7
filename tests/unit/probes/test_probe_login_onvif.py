"""ONVIF with an account: one login, by a token for the device's own clock or by HTTP Digest, and reads only."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from probe_host import page, run

from camaudit.model import Account, Observation, Outcome, Secret
from camaudit.net.replay import ReplayHost
from camaudit.probes import login, onvif
from camaudit.probes.login import token

ACCOUNT = Account("auditor", Secret("correct horse"))
DIGEST = 'WWW-Authenticate: Digest qop="auth", realm="ONVIF", nonce="n1", algorithm=MD5'
NAMESPACES = (
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
)
MEDIA = "<tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace><tds:XAddr>{}</tds:XAddr></tds:Service>"


def now() -> datetime:
    return datetime.now(UTC)


def soap(inner: str, status: str = "200 OK", *headers: str) -> bytes:
    start = f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" {NAMESPACES}><s:Body>'
    body = f"{start}{inner}</s:Body></s:Envelope>"
    return page(status, body.encode(), *headers)


def refusal(status: str = "400 Bad Request", *headers: str) -> bytes:
    code = (
        "<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code>"
    )
    return soap(f"<s:Fault>{code}</s:Fault>", status, *headers)


def clock(at: datetime) -> bytes:
    parts = (("Hour", at.hour), ("Minute", at.minute), ("Second", at.second))
    time = "<tt:Time>" + "".join(f"<tt:{name}>{value}</tt:{name}>" for name, value in parts) + "</tt:Time>"
    date = (
        f"<tt:Date><tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date>"
    )
    return soap(
        f"<tds:GetSystemDateAndTimeResponse><tt:UTCDateTime>{time}{date}</tt:UTCDateTime></tds:GetSystemDateAndTimeResponse>"
    )


def information(model: str = "M1") -> bytes:
    return soap(
        f"<tds:GetDeviceInformationResponse><tds:Model>{model}</tds:Model></tds:GetDeviceInformationResponse>"
    )


@dataclass
class Device:
    """Answers by a rule of (operation, request) and remembers what brought an account."""

    rule: Callable[[str, str], bytes | None]
    asked: list[tuple[str, str]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)

    def answer(self, transport: str, port: int, request: bytes, tls: bool) -> bytes | None:
        text = request.decode()
        operation = re.search(r"<s:Body[^>]*><(\w+) ", text)
        assert operation is not None
        self.asked.append((operation[1], text))
        return self.rule(*self.asked[-1])

    @property
    def logins(self) -> list[str]:
        return [text for _, text in self.asked if "UsernameToken" in text or "\r\nAuthorization: " in text]

    def read(self) -> tuple[Observation, ...]:
        host = ReplayHost("192.0.2.10", self.answer, frozenset({80}))
        begin = lambda: self.begun.append(len(self.logins))  # noqa: E731 - one line is what it is
        return run(login.read(host, 80, "onvif", tls=False, account=ACCOUNT, begin=begin, now=now))


def let_in(operation: str, text: str) -> bytes:
    if operation == "GetSystemDateAndTime":
        return clock(now() - timedelta(hours=1))
    if "UsernameToken" not in text:
        return refusal()
    answers = {
        "GetDeviceInformation": information(),
        "GetServices": soap(
            f"<tds:GetServicesResponse>{MEDIA.format('http://192.0.2.10/onvif/media')}</tds:GetServicesResponse>"
        ),
        "GetNetworkInterfaces": soap(
            "<tds:GetNetworkInterfacesResponse><tt:HwAddress>00:11:22:33:44:55</tt:HwAddress></tds:GetNetworkInterfacesResponse>"
        ),
        "GetProfiles": profiles("Hall", "Yard"),
    }
    return answers.get(operation, soap("<s:Fault/>", "500 No"))


def profiles(*names: str) -> bytes:
    parts = "".join(
        f"<trt:Profiles><tt:VideoSourceConfiguration><tt:Name>{name}</tt:Name><tt:SourceToken>{name}</tt:SourceToken>"
        "</tt:VideoSourceConfiguration></trt:Profiles>" * 2
        for name in names
    )
    return soap(f"<trt:GetProfilesResponse>{parts}</trt:GetProfilesResponse>")


def outcome(observations: tuple[Observation, ...]) -> tuple[str, Outcome]:
    return observations[0].fields["login.outcome"][0], observations[0].outcome


def test_the_token_is_what_the_profile_says() -> None:
    """WS-Security UsernameToken Profile 1.0: Base64(SHA-1(nonce + created + password))."""
    at = datetime(2010, 9, 16, 7, 50, 45, tzinfo=UTC)
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")
    said = token.header(Account("user", Secret("userpassword")), at, nonce=nonce)
    created = "2010-09-16T07:50:45.000Z"
    expected = base64.b64encode(hashlib.sha1(nonce + f"{created}userpassword".encode()).digest()).decode()  # noqa: S324
    assert f'#PasswordDigest">{expected}</Password>' in said
    assert f">{created}</Created>" in said
    assert "userpassword" not in said


def test_an_account_reads_by_a_token_of_the_devices_clock() -> None:
    device = Device(let_in)
    found = device.read()
    assert outcome(found) == ("accepted", Outcome.ANSWERED)
    assert found[0].fields["onvif.model"] == ("M1",)
    assert found[0].fields["onvif.mac"] == ("00:11:22:33:44:55",)
    assert found[0].fields["onvif.video_source"] == ("Hall", "Yard")
    assert device.begun == [0]
    created = [re.search(r"<Created[^>]*>([^<]+)<", text)[1] for text in device.logins]  # type: ignore[index]
    behind = now() - datetime.fromisoformat(created[0])
    assert timedelta(minutes=59) < behind < timedelta(minutes=61)
    nonces = {re.search(r"<Nonce[^>]*>([^<]+)<", text)[1] for text in device.logins}  # type: ignore[index]
    assert len(nonces) == len(device.logins)


def test_only_reads_are_sent_and_no_subscription() -> None:
    device = Device(let_in)
    device.read()
    assert {operation for operation, _ in device.asked} == {
        "GetSystemDateAndTime",
        "GetDeviceInformation",
        "GetScopes",
        "GetServices",
        "GetNetworkInterfaces",
        "GetProfiles",
    }
    assert all(operation.startswith("Get") for operation, _ in device.asked)
    assert not any("correct horse" in text for _, text in device.asked)


def test_a_camera_with_two_lenses_is_no_recorder_and_a_recorder_lists_its_cameras() -> None:
    assert len(Device(let_in).read()) == 1

    def recorder(operation: str, text: str) -> bytes:
        if operation == "GetDeviceInformation" and "UsernameToken" in text:
            return information("NVR301-04X")
        return let_in(operation, text)

    found = Device(recorder).read()
    assert [item.fields["channel.name"][0] for item in found[1:]] == ["Hall", "Yard"]


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "500 No"])
def test_a_wrong_password_is_sent_once(status: str) -> None:
    device = Device(lambda operation, text: clock(now()) if "Time" in operation else refusal(status))
    assert outcome(device.read()) == ("refused", Outcome.REFUSED)
    assert len(device.logins) == 1


def test_where_http_digest_is_asked_it_is_used_and_no_token() -> None:
    def rule(operation: str, text: str) -> bytes:
        if operation == "GetSystemDateAndTime":
            return clock(now())
        if "\r\nAuthorization: Digest " not in text:
            return refusal("401 No", DIGEST)
        return let_in(operation, text + "UsernameToken")

    device = Device(rule)
    assert outcome(device.read()) == ("accepted", Outcome.ANSWERED)
    assert not any("UsernameToken" in text for text in device.logins)
    counts = [re.search(r"nc=(\w{8})", text)[1] for text in device.logins]  # type: ignore[index]
    assert counts == [f"{number:08x}" for number in range(1, len(counts) + 1)]


def test_silence_after_the_login_is_no_second_try() -> None:
    device = Device(lambda operation, text: None if "UsernameToken" in text else let_in(operation, text))
    assert outcome(device.read()) == ("no_answer", Outcome.SILENT)
    assert len(device.logins) == 1


@pytest.mark.parametrize(
    ("silent", "answers", "ended", "why"),
    [
        ("GetSystemDateAndTime", None, "not_tried", "did not answer before the login"),
        ("GetDeviceInformation", None, "not_tried", "did not answer before the login"),
        ("GetDeviceInformation", page("200 OK", b"<html>hi</html>"), "not_offered", "asked for no login"),
        (
            "GetDeviceInformation",
            page("401 No", b"<userCheck><lockStatus>lock</lockStatus><unlockTime>900</unlockTime></userCheck>"),
            "locked",
            "no login was tried",
        ),
    ],
)
def test_what_happens_before_the_login_ends_it_without_one(
    silent: str, answers: bytes | None, ended: str, why: str
) -> None:
    device = Device(lambda operation, text: answers if operation == silent else let_in(operation, text))
    found = device.read()
    assert outcome(found)[0] == ended
    assert why in found[0].note
    assert device.logins == []
    assert device.begun == []


def test_what_gets_lost_after_the_login_is_left_out_and_the_rest_is_read() -> None:
    lost = ("GetNetworkInterfaces", "GetProfiles")
    device = Device(lambda operation, text: None if operation in lost else let_in(operation, text))
    found = device.read()
    assert outcome(found) == ("accepted", Outcome.ANSWERED)
    assert found[0].fields["onvif.model"] == ("M1",)
    assert not {"onvif.mac", "onvif.video_source"} & set(found[0].fields)
    # Each is asked once more over a connection of its own, and no more
    assert [operation for operation, _ in device.asked].count("GetProfiles") == 2


def test_a_device_that_answers_anybody_is_sent_no_account() -> None:
    device = Device(lambda operation, text: information() if operation == "GetDeviceInformation" else clock(now()))
    assert outcome(device.read()) == ("not_needed", Outcome.ANSWERED)
    assert device.logins == device.begun == []


@pytest.mark.parametrize(
    "xaddr", ["http://198.51.100.9/onvif/media", "http://192.0.2.10:81/onvif/media", "http://192.0.2.10:x/", "//"]
)
def test_a_media_service_elsewhere_is_not_asked(xaddr: str) -> None:
    def rule(operation: str, text: str) -> bytes:
        if operation == "GetServices":
            return soap(f"<tds:GetServicesResponse>{MEDIA.format(xaddr)}</tds:GetServicesResponse>")
        return let_in(operation, text)

    device = Device(rule)
    assert outcome(device.read())[0] == "accepted"
    assert "GetProfiles" not in {operation for operation, _ in device.asked}


def test_a_refusal_after_the_login_ends_the_reading() -> None:
    device = Device(lambda operation, text: refusal() if operation == "GetScopes" else let_in(operation, text))
    found = device.read()
    assert outcome(found)[0] == "accepted"
    assert "GetScopes" in found[0].note
    assert device.asked[-1][0] == "GetScopes"


def test_a_password_digest_that_a_device_says_back_is_not_kept() -> None:
    def echoes(operation: str, text: str) -> bytes:
        if operation == onvif.FIRST:
            return clock(now())
        said = re.search(r"<Password [^>]*>([^<]+)<", text)
        return information(f"M1 {said[1]}") if said else refusal()

    device = Device(echoes)
    found = device.read()
    (digest,) = {found[1] for found in re.finditer(r"<Password [^>]*>([^<]+)<", device.logins[0])}
    assert found[0].fields["onvif.model"] == ("M1 …",)
    assert digest not in repr(found)
