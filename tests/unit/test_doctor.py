"""What `camaudit doctor` says of fonts: whether a Chinese name can be printed, and what to install where not."""

from __future__ import annotations

import pytest

from camaudit import doctor
from camaudit.report import legible


def test_a_machine_without_chinese_signs_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legible, "refused", lambda signs, system_fonts: frozenset(signs))
    (check,) = [each for each in doctor.examine() if "Chinese" in each.what]
    assert not check.good
    assert not check.needed
    assert "fonts-noto-cjk" in check.remedy


def test_a_machine_with_them_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legible, "refused", lambda signs, system_fonts: frozenset())
    (check,) = [each for each in doctor.examine() if "Chinese" in each.what]
    assert check.good


def refused(*_: object) -> None:
    raise PermissionError


def remedy(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(doctor.socket, "socket", refused)
    return doctor._raw_sockets().remedy


def test_without_raw_sockets_it_names_the_capability_and_not_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "prefix", "/opt/camaudit")
    monkeypatch.setattr(doctor.sys, "executable", "/opt/camaudit/bin/python3")
    said = remedy(monkeypatch)
    assert said.endswith("sudo setcap cap_net_raw,cap_net_admin+ep /opt/camaudit/bin/python3")
    assert "do not run it as root" in said


def test_an_interpreter_of_everybody_gets_no_capability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "executable", "/usr/bin/python3")
    said = remedy(monkeypatch)
    assert "/usr/bin/python3" not in said
    assert "venv --copies" in said
