"""Where few files may be open at once, fewer hosts are asked side by side, and none is missed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from audited_fleet import camaudit
from killing import command, environment, few_files
from live_fleet import running


@pytest.mark.parametrize(
    ("number", "hosts", "network"),
    [
        # One host after the other: few of them show it, and more would only take longer
        (64, 12, "127.80.0.0/28"),
        # Two dozen side by side, of more than that
        (256, 40, "127.80.0.0/26"),
    ],
)
def test_nobody_is_missed(number: int, hosts: int, network: str, tmp_path: Path) -> None:
    scan = command("scan", network, "--yes", "--rate", "5000", "--ports", "20080,20554,20443")
    with running(tmp_path, "--multiply", str(hosts), "--network", network, "--shift", "20000"):
        done = subprocess.run(
            [*few_files(number), *scan], cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=600
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert camaudit("report", "--format", "json", cwd=tmp_path).returncode in (0, 1)
    coverage = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))["coverage"]
    assert coverage["answered"] >= hosts - 1
    assert coverage["error"] == 0
    assert not any("Too many open files" in limit for limit in coverage["limits"])
