"""The wheel holds exactly the data that git tracks, and works from a zip without a checkout near."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import hatchling.build
import pytest

ROOT = Path(__file__).parent.parent
DATA = ("signatures", "policies", "reports")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return folder / hatchling.build.build_wheel(str(folder))


def tracked(folder: str) -> set[str]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("no git checkout here to compare with")
    return {name for name in listed.stdout.split("\n") if name and (ROOT / name).is_file()}


@pytest.mark.parametrize("folder", DATA)
def test_the_wheel_holds_what_git_tracks(wheel: Path, folder: str) -> None:
    prefix = f"camaudit/_data/{folder}/"
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(prefix)}
    assert {f"{folder}/{name.removeprefix(prefix)}" for name in packed} == tracked(folder)


def test_the_wheel_holds_the_simulated_fleet(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert sum(name.startswith("camaudit/simulator/fleet/") for name in names) >= 80
    assert "camaudit/simulator/demo-site.yaml" in names
    assert "camaudit/py.typed" in names


def test_a_stray_file_is_noticed(wheel: Path, tmp_path: Path) -> None:
    # Given a wheel into which something slipped that git does not track
    spoiled = tmp_path / wheel.name
    spoiled.write_bytes(wheel.read_bytes())
    with zipfile.ZipFile(spoiled, "a") as archive:
        archive.writestr("camaudit/_data/signatures/mine.local.yaml", "")
    # Then the same comparison fails
    with pytest.raises(AssertionError):
        test_the_wheel_holds_what_git_tracks(spoiled, "signatures")


def test_it_reads_its_data_from_a_zip(wheel: Path, tmp_path: Path) -> None:
    code = (
        "from camaudit.catalogue import load_catalogue; c = load_catalogue(); "
        "print(len(c.knowledge.signatures), len(c.policies.packs))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {[str(wheel), *sys.path]!r}; {code}"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    signatures, packs = (int(part) for part in done.stdout.split())
    assert signatures > 100
    assert packs >= 5
