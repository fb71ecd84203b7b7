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
