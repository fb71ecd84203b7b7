"""Raw sockets are the helper's alone, and it has nothing else; what reads hostile bytes has neither."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from lan.fleet import cameras, layout
from lan.lab import NETWORK, Lab, why_not

DAC_OVERRIDE, NET_ADMIN, NET_RAW = 1 << 1, 1 << 12, 1 << 13
NOBODY = "65534"


@pytest.fixture(scope="module", autouse=True)
def possible() -> None:
    if why_not():
        pytest.skip(why_not())


def status(task: Path) -> dict[str, str]:
    lines = (task / "status").read_text("utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def children(process: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]


def packet_sockets(process: int) -> set[str]:
    """Return the packet and raw sockets that a process has open, by their numbers in the kernel."""
    here = Path(f"/proc/{process}")
    raw: set[str] = set()
    for name, column in (("packet", 8), ("raw", 9), ("raw6", 9)):
        raw.update(line.split()[column] for line in (here / "net" / name).read_text("utf-8").splitlines()[1:])
    mine = set()
    for file in (here / "fd").iterdir():
        try:
            target = str(file.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            mine.add(target[8:-1])
    return mine & raw


def test_only_the_helper_holds_a_raw_socket_and_nobody_holds_more(tmp_path: Path) -> None:
    with Lab() as lab, cameras(lab, layout(12), tmp_path):
        command = lab.scanning(
            sys.executable, "-m", "camaudit", "audit", NETWORK, "--yes", "--quiet", "--rate", "80"
        )
        command += ["--store", f"sqlite:///{tmp_path / 'runs.sqlite3'}", "--output", str(tmp_path / "out")]
        scan = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            helper = _wait_for_helper(scan)
            time.sleep(0.3)
            told = status(Path(f"/proc/{helper}"))
            assert int(told["CapEff"], 16) == int(told["CapPrm"], 16) == NET_ADMIN | NET_RAW
            assert set(told["Uid"].split()) == {NOBODY}
            assert told["NoNewPrivs"] == "1"
            assert packet_sockets(helper)
            # When the scan itself is looked at, thread by thread
            main = status(Path(f"/proc/{scan.pid}"))
            assert int(main["CapPrm"], 16) & ~DAC_OVERRIDE == 0
            assert main["NoNewPrivs"] == "1"
            for task in Path(f"/proc/{scan.pid}/task").iterdir():
                assert int(status(task)["CapEff"], 16) & ~DAC_OVERRIDE == 0
            assert packet_sockets(scan.pid) == set()
        finally:
            _, said = scan.communicate(timeout=60)
    assert scan.returncode in (0, 1), said


def _wait_for_helper(scan: subprocess.Popen[bytes]) -> int:
    end_s = time.monotonic() + 30
    while time.monotonic() < end_s and scan.poll() is None:
        for child in children(scan.pid):
            if packet_sockets(child):
                return child
        time.sleep(0.02)
    raise AssertionError("no helper process with a packet socket was seen")
