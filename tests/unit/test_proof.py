"""Knowledge that was proven may be loaded while the scan runs; anything else is checked before a packet leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from camaudit import catalogue, proof
from camaudit.errors import DataFileError
from camaudit.resources import data_root


def test_what_is_packaged_is_what_was_proven() -> None:
    assert proof.is_proven(), "signatures or policies have changed: run `make proven` and commit proven.txt"


def test_proven_knowledge_comes_when_it_is_wanted() -> None:
    assert proof.catalogue_at_leisure(None, None, now=False)().knowledge.signatures


def _copy(folder: Path, name: str) -> Path:
    shutil.copytree(str(data_root() / name), folder / name)
    return folder / name


def test_an_own_folder_is_checked_at_once(tmp_path: Path) -> None:
    own = _copy(tmp_path, "signatures")
    (own / "vendors" / "axis.yaml").write_text("schema: camaudit/signatures@1\nmaker: axis\nsignatures: 5\n")
    with pytest.raises(DataFileError, match=r"axis\.yaml:3"):
        proof.catalogue_at_leisure(own, None, now=False)


def test_an_edited_file_of_ours_is_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given our own folders with one rule edited
    for name in ("signatures", "policies"):
        _copy(tmp_path, name)
    (tmp_path / "policies" / "instruments.yaml").write_text("instruments: [\n")
    for module in ("camaudit.proof", "camaudit.catalogue"):
        monkeypatch.setattr(f"{module}.data_folder", lambda name, override=None: override or tmp_path / name)
    assert not proof.is_proven()
    # Then it is refused before anything could be sent
    with pytest.raises(DataFileError, match=r"instruments\.yaml:"):
        proof.catalogue_at_leisure(None, None, now=False)


def test_only_what_was_proven_is_spared_the_search_for_patterns_that_stall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr("camaudit.signatures.load.wrong_pattern", lambda pattern: looked.append(pattern) or "")
    monkeypatch.setattr("camaudit.catalogue.kept", lambda _name, _key, make: make())
    monkeypatch.setattr("camaudit.catalogue.is_proven", lambda: True)
    proven = catalogue.load_catalogue()
    spared = len(looked)
    edited = catalogue.load_catalogue(_copy(tmp_path, "signatures"))
    signs = {sign.signature.pattern for sign in edited.knowledge.signatures}
    assert signs <= set(looked[spared:])
    assert spared < len(signs) / 2
    assert proven.knowledge.signatures == edited.knowledge.signatures
