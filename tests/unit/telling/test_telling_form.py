"""The file of receivers: read whole before anything is sent, each problem at its line, never with a secret."""

# ruff: noqa: S106 - names of variables and files, and passwords that must be refused

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.telling import load_receivers
from camaudit.telling.form_checks import url_problem
from camaudit.telling.receivers import Mailbox, Syslog, Webhook, is_loopback

KEY = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
HEAD = "schema: camaudit/notify@1\n"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOOK", KEY)
    private = tmp_path / "password"
    private.write_text("hunter2-hunter2\n", "utf-8")
    private.chmod(0o600)
    public = tmp_path / "public"
    public.write_text("hunter2-hunter2\n", "utf-8")
    public.chmod(0o644)


def problems(text: str) -> str:
    Path("notify.yaml").write_text(HEAD + text, "utf-8")
    with pytest.raises(DataFileError) as told:
        load_receivers(Path("notify.yaml"))
    return str(told.value)


def hook(**changes: str) -> str:
    known = {"name": "hub", "url": "https://hooks.example.org/x", "secret_env": "HOOK", **changes}
    return "webhooks:\n- {" + ", ".join(f"{key}: '{value}'" for key, value in known.items() if value) + "}\n"


def box(**changes: str) -> str:
    known = {
        "name": "it", "server": "smtp.example.org", "sender": "'a@example.org'", "to": "['it@example.org']",
        **changes,
    }  # fmt: skip
    return "mail:\n- {" + ", ".join(f"{key}: {value}" for key, value in known.items() if value) + "}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "notify.yaml:1: names no receiver"),
        (hook(name="Not a name"), "notify.yaml:3: webhooks.0.name: write small letters"),
        (hook() + "logs:\n- {name: hub, file: x}\n", "notify.yaml:5: logs.0.name: given twice"),
        (hook(url="http://hooks.example.org/"), "webhooks.0.url: must begin with https://"),
        (hook(url="https://u:hunter2@example.org/"), "holds a name or a password"),
        (hook(url="ftp://example.org/"), "must begin with https://"),
        (hook(url="https://exa mple.org/"), "is no web address"),
        (hook(url="https://example.org:99999/"), "is no web address"),
        (hook(url="https://example.org/#hunter2"), "has a part after #"),
        (hook(secret_file="password"), "give one of secret_env or secret_file"),
        (hook(secret_env=""), "give one of secret_env or secret_file"),
        (hook(secret_env="NOT_SET"), "no such environment variable"),
        (hook(secret_env="", secret_file="public"), "others may read it; take that away with chmod 600"),
        (hook(secret_env="", secret_file="password"), "too short to sign with"),
        (hook(secret_env="", secret_file="gone"), "cannot be read: No such file"),
        (hook(ca_file="gone.pem"), "ca_file: there is no such file"),
        (hook(proxy="http://u:hunter2@proxy.example.org:3128"), "is no proxy that can be used here"),
        (hook(url="http://127.0.0.1/", proxy="http://proxy.example.org:3128"), "goes with https:// only"),
        (hook(secret=KEY), "a key that is not known stands here"),
        (box(security="none"), "mail.0.security: none is for a server on this machine only"),
        (box(to="['a@example.org\\nBcc: b@example.org']"), "mail.0.to: holds something that is no mail address"),
        (box(to="[]"), "names 0 addresses"),
        (box(sender='"a@example.org\\r\\nX: y"'), "mail.0.sender: holds something that is no mail address"),
        (box(username="audit"), "give one of password_env or password_file"),
        (box(password_env="HOOK"), "names a password but no username"),
        (box(server="127.0.0.1", security="none", username="audit", password_env="HOOK"), "mail.0.username: "),
        ("logs:\n- {name: cef, file: ' '}\n", "logs.0.file: must not be empty"),
        (box(server="'smtp.example.org:587'"), "write smtp.example.org, without a port"),
        (box(port="70000"), "is no port"),
        (box(password="hunter2"), "a key that is not known stands here"),
        ("metrics:\n- {name: m, file: camaudit.txt}\n", "metrics.0.file: must end in .prom"),
        ("syslog:\n- {name: s, server: x, transport: pigeon}\n", "notify.yaml:3: syslog.0.transport"),
    ],
)  # fmt: skip
def test_every_problem_is_one_line_that_holds_no_secret(text: str, said: str) -> None:
    told = problems(text)
    assert said in told
    assert "hunter2" not in told
    assert KEY not in told
    assert len(told.splitlines()) == 1


def test_all_problems_come_at_once() -> None:
    told = problems(hook(url="http://example.org") + box(to="[]") + "logs:\n- {name: ok, file: x}\n")
    assert len(told.splitlines()) == 2


def test_what_is_right_is_read_with_its_usual_ports(tmp_path: Path) -> None:
    text = (
        hook() + box(username="audit", password_file="password") + "syslog:\n- {name: s, server: siem.example}\n"
    )
    Path("notify.yaml").write_text(HEAD + text, "utf-8")
    web, mail, log = load_receivers(Path("notify.yaml"))
    assert isinstance(web, Webhook)
    assert isinstance(mail, Mailbox)
    assert isinstance(log, Syslog)
    assert mail.account is not None
    assert (mail.port, mail.account.password.reveal()) == (587, "hunter2-hunter2")
    assert (log.port, log.transport, log.form) == (6514, "tls", "cef")
    assert "hunter2" not in repr((web, mail, log))


def test_mail_needs_no_account_and_an_authority_is_found_beside_the_file(tmp_path: Path) -> None:
    Path("own.pem").write_text("-----BEGIN CERTIFICATE-----\n", "ascii")
    Path("notify.yaml").write_text(HEAD + box(ca_file="own.pem"), "utf-8")
    (mail,) = load_receivers(Path("notify.yaml"))
    assert isinstance(mail, Mailbox)
    assert mail.account is None
    assert mail.ca_file is not None
    assert mail.ca_file.read_text("ascii").startswith("-----BEGIN")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST."])
def test_this_machine_is_known_by_its_name(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.org", "127.0.0.1.example.org", "192.0.2.1", "0.0.0.0", "::"])
def test_no_other_is(host: str) -> None:
    assert not is_loopback(host)


def test_plain_http_is_for_this_machine() -> None:
    assert url_problem("http://127.0.0.1:8080/x") == url_problem("http://[::1]/x") == ""
    assert url_problem("http://127.0.0.1.nip.example/x") != ""
