"""All that is written during a run is its owner's alone, whatever the umask, and holds none of its secrets."""

from __future__ import annotations

import base64
import io
import os
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from camaudit.report.write import NAMES
from killing import command, killed_after
from live_fleet import running

COMMUNITY = "grey-heron-161"
PASSWORD = "correct-horse-77"  # noqa: S105 - no device's; this test looks for it
RIGHT = {number: f"look-dont-touch-{number}" for number in (30, 31, 69)}
SCOPE = "127.77.0.24-69"
OPTIONS = ("--ports", "20080,20443,20554", "--rate", "400")
FLEET = ("--shift", "20000", "--shift-below", "1024")


def written(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def layers(data: bytes) -> Iterator[bytes]:
    """Yield bytes as they are, and whatever is packed in them."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from layers(packed.read(name))
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Stream):
                    yield item.read_bytes()


def disguises(secret: str) -> list[bytes]:
    """Return a secret as it is and as it would stand there encoded."""
    plain = secret.encode()
    shifted = [base64.b64encode(b"x" * shift + plain)[4 * bool(shift) :].rstrip(b"=")[:-1] for shift in range(3)]
    return [plain, plain.hex().encode(), secret.encode("utf-16-le"), *shifted]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan with accounts and a community, killed and resumed under an open umask, and all that is made of it."""
    folder = tmp_path_factory.mktemp("private")
    inputs, own = folder / "inputs", folder / "own"
    inputs.mkdir()
    own.mkdir(mode=0o700)
    entries = [
        f"- match: {{addresses: [127.77.0.{number}]}}\n  username: auditor\n  password_env: PASSWORD_{number}\n"
        for number in RIGHT
    ]
    (inputs / "credentials.yaml").write_text("".join(entries), "utf-8")
    with pytest.MonkeyPatch.context() as patch, running(folder, *FLEET) as fleet:
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "HOME"):
            (own / name.lower()).mkdir(mode=0o700)
            patch.setenv(name, str(own / name.lower()))
        for number, password in RIGHT.items():
            patch.setenv(f"PASSWORD_{number}", password)
        secret = ("--credentials", str(inputs / "credentials.yaml"), "--snmp-community", COMMUNITY)
        scan = openly("--verbose", "scan", SCOPE, "--yes", *OPTIONS, *secret)
        assert killed_after(1.5, scan, own, fleet.log, own / "xdg_data_home")
        # What lies there after the kill is looked at as well, with SQLite's journal
        killed = own / "killed"
        killed.mkdir(mode=0o700)
        left = [shutil.copy(file, killed) for file in written(own / "xdg_data_home")]
        assert any(str(file).endswith("-wal") for file in left)
        told = [
            ran(own, "--verbose", "scan", "--resume", *secret),
            ran(own, "--verbose", "report", "--format", ",".join(NAMES), "--output", "out"),
            ran(own, "explain", "127.77.0.30"),
            ran(own, "bundle", "--output", "bundle"),
        ]
    assert any(entry.get("login") == "right" for entry in fleet.requests()), "no account was used"
    (own / "told").touch(mode=0o600)
    (own / "told").write_bytes(b"\n".join(told))
    assert b"auditor" not in b"\n".join(told)
    return own


def openly(*arguments: str) -> list[str]:
    """Return a command as it runs where everybody may read what is made."""
    return ["sh", "-c", 'umask 000; exec "$@"', "sh", *command(*arguments)]


def ran(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(openly(*arguments), cwd=folder, capture_output=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout + done.stderr


def test_no_secret_is_in_anything_that_was_written(folder: Path) -> None:
    files = list(written(folder))
    assert {file.suffix for file in files} >= {".sqlite3", ".pdf", ".html", ".xlsx", ".csv", ".json"}
    found = [
        (file.relative_to(folder), secret)
        for secret in (COMMUNITY, *RIGHT.values())
        for file in files
        for data in layers(file.read_bytes())
        if any(each in data for each in disguises(secret))
    ]
    assert found == []


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The test above would find a secret, wherever it were hidden."""
    packed: Any = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("sheet.xml", base64.b64encode(f"auditor:{PASSWORD}".encode()))
    assert any(each in data for data in layers(packed.getvalue()) for each in disguises(PASSWORD))


def test_everything_is_its_owners_alone(folder: Path) -> None:
    open_to_others = [
        (path.relative_to(folder), oct(stat.S_IMODE(path.stat().st_mode)))
        for path in folder.rglob("*")
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_a_report_that_was_opened_to_others_stays_so(folder: Path) -> None:
    report = folder / "out" / "report.html"
    report.chmod(0o644)
    env = {**os.environ, "XDG_DATA_HOME": str(folder / "xdg_data_home")}
    again = command("report", "--format", "html", "--output", "out")
    subprocess.run(again, cwd=folder, env=env, capture_output=True, check=False, timeout=60)
    assert stat.S_IMODE(report.stat().st_mode) == 0o644
