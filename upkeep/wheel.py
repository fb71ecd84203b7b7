"""Whether two people who build the same commit get the same wheel: ``python -m upkeep.wheel [--keep FOLDER]``.

The commit is unpacked twice, with other times, names and modes, and built in each; the wheels must be the same
byte for byte. What is not committed is not built.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

_GIT = shutil.which("git") or "git"


def unpacked(folder: Path, mode: int, moment: int) -> Path:
    """Unpack the commit below ``folder``, every file with this mode and time; return where."""
    archive = subprocess.run([_GIT, "archive", "HEAD"], check=True, capture_output=True).stdout  # noqa: S603 - ours
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
        os.utime(path, (moment, moment))
    return folder


def built(folder: Path) -> Path:
    """Build the wheel of a folder with the installed tools alone, and return its file."""
    committed = subprocess.run(  # noqa: S603 - ours
        [_GIT, "log", "-1", "--format=%ct"], check=True, capture_output=True, text=True
    ).stdout.strip()
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": committed}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603 - ours
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def main() -> int:
    """Build twice; 1 where the wheels differ."""
    parser = argparse.ArgumentParser(prog="python -m upkeep.wheel", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="put the wheel here")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory(prefix="elsewhere-") as there:
        first = built(unpacked(Path(here) / "one", 0o644, 1_700_000_000))
        second = built(unpacked(Path(there) / "another", 0o600, 1_600_000_000))
        digests = [hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in (first, second)]
        for wheel, digest in zip((first, second), digests, strict=True):
            print(f"{digest}  {wheel.name}")
        if wanted.keep is not None:
            wanted.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(first, wanted.keep)
    return 0 if len(set(digests)) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
