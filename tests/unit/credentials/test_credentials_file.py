"""The credentials file: what is read, what is refused, and that no password is ever shown."""

from __future__ import annotations

import copy
import pickle
import sys
import types
from pathlib import Path

import pytest

from camaudit.credentials import Credential, Known, first_match, load_credentials
from camaudit.errors import DataFileError
from camaudit.model import Account, Secret

PASSWORD = "h0rse-battery-staple"  # noqa: S105 - of nobody
MAKERS = ("hikvision", "dahua")
GROUPS = {"yard": ("192.0.2.0/28", "192.0.2.40"), "named": ("camera.example",), "empty": ()}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMAUDIT_PASSWORD", PASSWORD)


def read(text: str, folder: Path) -> tuple[Credential, ...]:
    file = folder / "credentials.yaml"
    file.write_text(text, "utf-8")
    return load_credentials(file, makers=MAKERS, groups=GROUPS)


def problems(text: str, folder: Path) -> list[str]:
    with pytest.raises(DataFileError) as caught:
        read(text, folder)
    said = list(caught.value.problems)
    assert all("credentials.yaml:" in line for line in said)
    assert not any(PASSWORD in line or "h0rse" in line for line in said), said
    return said


def test_the_contracts_own_example_is_read(tmp_path: Path) -> None:
    (one,) = read(
        "- match: {addresses: [192.0.2.0/24], maker: hikvision}\n"
        "  username: auditor\n"
        "  password_env: CAMAUDIT_PASSWORD\n",
        tmp_path,
    )
    assert one.account.username == "auditor"
    assert one.account.password.reveal() == PASSWORD
    assert one.matches(Known("192.0.2.9", maker="hikvision"))
    assert not one.matches(Known("192.0.2.9", maker="dahua"))
    assert not one.matches(Known("192.0.2.9"))
    assert not one.matches(Known("198.51.100.9", maker="hikvision"))


def test_a_password_is_read_from_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"with spaces in it \r\n")
    (one,) = read("- {username: auditor, password_file: secret.txt}\n", tmp_path)
    assert one.account.password.reveal() == "with spaces in it "


def test_a_password_is_read_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class KeyringError(Exception):
        pass

    held = {("camaudit", "auditor"): PASSWORD}
    keyring = types.ModuleType("keyring")
    keyring.get_password = lambda service, name: held.get((service, name))  # type: ignore[attr-defined]
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = KeyringError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    (one,) = read("- {username: auditor, keyring: {service: camaudit, name: auditor}}\n", tmp_path)
    assert one.account.password.reveal() == PASSWORD
    (missing,) = problems("- {username: auditor, keyring: {service: camaudit, name: other}}\n", tmp_path)
    assert ":1: 0.keyring: the keyring holds nothing" in missing


def test_without_the_library_the_keyring_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    (said,) = problems("- {username: auditor, keyring: {service: camaudit, name: auditor}}\n", tmp_path)
    assert "camaudit[keyring]" in said


def test_the_first_that_matches_is_meant_and_no_other(tmp_path: Path) -> None:
    entries = read(
        "- {username: a, password_env: CAMAUDIT_PASSWORD, match: {mac: '44:19:B6'}}\n"
        "- {username: b, password_env: CAMAUDIT_PASSWORD, match: {group: yard}}\n"
        "- {username: c, password_env: CAMAUDIT_PASSWORD, match: {maker: [dahua, hikvision], group: yard}}\n"
        "- {username: d, password_env: CAMAUDIT_PASSWORD}\n",
        tmp_path,
    )

    def name(device: Known) -> str:
        found = first_match(entries, device)
        assert found is not None
        return found.account.username

    assert name(Known("192.0.2.1", ("44-19-b6-01-02-03",), "hikvision")) == "a"
    assert name(Known("192.0.2.1", ("3c:1b:f8:01:02:03",), "hikvision")) == "b"
    assert name(Known("192.0.2.40")) == "b"
    assert name(Known("192.0.2.41", maker="dahua")) == "d"
    assert first_match(entries[:3], Known("192.0.2.41")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"- username: auditor\n  password: {PASSWORD}\n", ":2: 0.password: a password does not belong"),
        (f"- username: auditor\n  passwort: {PASSWORD}\n", ":2: 0: a key that is not known"),
        (f"- username: auditor\n  {PASSWORD}: x\n", ":2: 0: a key that is not known"),
        (f"- {PASSWORD}\n", ":1: 0: this has not the form"),
        (f"- username: auditor\n  password_env: [{PASSWORD}]\n", ":2: 0.password_env: this has not the form"),
        (f"- username: auditor\n  password_env: *{PASSWORD}\n", ":2: not valid YAML"),
        (f"- username: auditor\n  password_env: !{PASSWORD} x\n", ":2: not valid YAML"),
        (
            f"- username: auditor\n  '{PASSWORD}': 1\n  '{PASSWORD}': 2\n",
            ":3: not valid YAML, or a key given twice",
        ),
        ("- password_env: CAMAUDIT_PASSWORD\n", ":1: 0.username: is missing"),
        ("- username: auditor\n", ":1: 0: give one of password_env"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, password_file: x}\n", "give one of"),
        ("- username: auditor\n  password_env: NOT_THERE\n", ":2: 0.password_env: no such environment variable"),
        ("- username: auditor\n  password_file: nowhere.txt\n", ":2: 0.password_file: cannot be read"),
        ("- {username: '', password_env: CAMAUDIT_PASSWORD}\n", "0.username: must be 1 to 64"),
        ("- username: a\n  password_env: CAMAUDIT_PASSWORD\n  match: {maker: hikvison}\n", ":3: 0.match.maker"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {group: attic}}\n", "no group of the site file"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {group: named}}\n", "addresses and ranges only"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {group: empty}}\n", "addresses and ranges only"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {addresses: [camera.example]}}\n", "no address"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {addresses: [192.0.2.0/33]}}\n", "no address"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {addresses: []}}\n", "would match no device"),
        ("- {username: a, password_env: CAMAUDIT_PASSWORD, match: {mac: printer}}\n", "no MAC address"),
        ("[]\n", ":1: no account stands here"),
        ("username: auditor\n", ":1: file: this has not the form"),
    ],
)
def test_bad_input_gets_its_line_and_no_value(text: str, expected: str, tmp_path: Path) -> None:
    assert any(expected in line for line in problems(text, tmp_path)), problems(text, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"x" * 2000, b"\xff\xfe", b"bell\x07"])
def test_a_password_file_that_holds_none_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(content)
    (said,) = problems("- {username: auditor, password_file: secret.txt}\n", tmp_path)
    assert "0.password_file" in said


def test_a_secret_shows_itself_nowhere(tmp_path: Path) -> None:
    secret = Secret(PASSWORD)
    account = Account("auditor", secret)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", repr(account), f"{account}"):
        assert PASSWORD not in shown
    (one,) = read("- {username: auditor, password_env: CAMAUDIT_PASSWORD}\n", tmp_path)
    assert PASSWORD not in repr(one)
    assert PASSWORD not in one.name
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert copy.deepcopy(account).password.reveal() == PASSWORD


def test_targets_that_slipped_through_never_mean_everywhere() -> None:
    from camaudit.credentials.file import _scope_of
    from camaudit.errors import ScopeError

    assert _scope_of(None) is None
    with pytest.raises(ScopeError, match="not addresses"):
        _scope_of(("printer",))
