"""An evidence bundle: checked with stock tools alone, and by `camaudit verify`; whatever is changed is found."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from audited_fleet import SITE, Audited, camaudit

VERIFY = (
    "ssh-keygen -Y verify -f allowed_signers -I camaudit -n camaudit-bundle -s SHA256SUMS.sig < SHA256SUMS"
    " && sha256sum -c --quiet SHA256SUMS"
)

stock = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None or shutil.which("sha256sum") is None,
    reason="needs ssh-keygen and sha256sum on this machine",
)


@pytest.fixture(scope="module")
def made(audited: Audited, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle of the audited fleet, made with camaudit's own key."""
    folder = tmp_path_factory.mktemp("bundle")
    done = camaudit("bundle", "--store", audited.store, "--site", SITE, "--output", "evidence", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "SHA256:" in done.stdout
    return folder / "evidence"


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "evidence", symlinks=True))


def stock_tools(folder: Path) -> int:
    return subprocess.run(["sh", "-c", VERIFY], cwd=folder, capture_output=True, timeout=60).returncode


@stock
def test_it_passes_with_stock_tools_and_with_ours(bundle: Path, tmp_path: Path) -> None:
    assert stock_tools(bundle) == 0
    done = camaudit("verify", str(bundle), cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "judged the same again" in done.stdout


def flip_a_byte(name: str) -> Callable[[Path], None]:
    def spoil(bundle: Path) -> None:
        data = bytearray((bundle / name).read_bytes())
        data[len(data) // 2] ^= 1
        (bundle / name).write_bytes(data)

    return spoil


@stock
@pytest.mark.parametrize(
    "name",
    [
        "run/observations.jsonl",
        "reports/report.json",
        "reports/report.html",
        "knowledge/policies/instruments.yaml",
        "inputs/site.yaml",
        "judging.json",
        "README.txt",
        "SHA256SUMS",
        "SHA256SUMS.sig",
    ],
)
def test_one_byte_changed_is_found_by_both(bundle: Path, tmp_path: Path, name: str) -> None:
    flip_a_byte(name)(bundle)
    assert stock_tools(bundle) != 0
    done = camaudit("verify", str(bundle), cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "judged the same" not in done.stdout


def remove(bundle: Path) -> None:
    (bundle / "knowledge" / "policies" / "documents.yaml").unlink()


def add(bundle: Path) -> None:
    (bundle / "knowledge" / "policies" / "more.yaml").write_text("schema: camaudit/policy@1\n")


def link(bundle: Path) -> None:
    file = bundle / "judging.json"
    moved = bundle.parent / "moved.json"
    file.rename(moved)
    file.symlink_to(moved)


@pytest.mark.parametrize(("spoil", "said"), [(remove, "is missing"), (add, "was added"), (link, "no plain file")])
def test_what_hashes_alone_do_not_show_is_found_too(
    bundle: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(bundle)
    done = camaudit("verify", str(bundle), cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stdout


@stock
def test_a_key_of_ones_own_signs_and_another_does_not_pass(audited: Audited, tmp_path: Path) -> None:
    for name in ("mine", "other"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", name]
        subprocess.run(make, cwd=tmp_path, check=True, timeout=60)
    done = camaudit("bundle", "--store", audited.store, "--key", "mine", "--output", "signed", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = ["ssh-keygen", "-l", "-f", "mine.pub"]
    fingerprint = subprocess.run(shown, cwd=tmp_path, capture_output=True, text=True, timeout=60).stdout.split()[1]
    assert fingerprint in done.stdout
    assert camaudit("verify", "signed", "--signer", "mine.pub", cwd=tmp_path).returncode == 0
    wrong = camaudit("verify", "signed", "--signer", "other.pub", cwd=tmp_path)
    assert wrong.returncode == 1
    assert "another key" in wrong.stdout


@stock
def test_a_locked_key_says_what_to_do_and_writes_nothing(audited: Audited, tmp_path: Path) -> None:
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "open-sesame", "-C", "", "-f", "locked"]
    subprocess.run(make, cwd=tmp_path, check=True, timeout=60)
    done = camaudit("bundle", "--store", audited.store, "--key", "locked", "--output", "signed", cwd=tmp_path)
    assert done.returncode == 2
    assert "CAMAUDIT_KEY_PASSPHRASE" in done.stderr
    assert not (tmp_path / "signed").exists()


def test_a_report_that_says_otherwise_does_not_pass_though_it_is_signed(bundle: Path, tmp_path: Path) -> None:
    """Whoever holds a key can sign anything; the run still tells what its report should say."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from camaudit.bundle.writing import _seal

    report = bundle / "reports" / "report.json"
    report.write_text(
        report.read_text("ascii").replace('"verdict": "violation"', '"verdict": "compliant"'), "ascii"
    )
    _seal(bundle, Ed25519PrivateKey.generate())
    done = camaudit("verify", str(bundle), cwd=tmp_path)
    assert done.returncode == 1
    assert "judged otherwise" in done.stdout


def test_a_folder_that_is_no_bundle_is_one_line(tmp_path: Path) -> None:
    done = camaudit("verify", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_used_folder_is_refused(audited: Audited, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "note.txt").write_text("mine")
    done = camaudit("bundle", "--store", audited.store, "--output", "used", cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
