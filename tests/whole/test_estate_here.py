"""An estate scanned in this process and by a worker's own hands: what ends it early loses nothing, logins stay."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from audited_fleet import camaudit
from camaudit.catalogue import load_catalogue
from camaudit.cli.collecting import accounts
from camaudit.cli.lowports import may_bind
from camaudit.estate.here import Nobody
from camaudit.estate.jobs import Job
from camaudit.estate.work import Logins, Result, do
from camaudit.model import Site
from camaudit.scan import ScanOptions
from camaudit.store import Store
from live_fleet import LiveFleet, running

PORTS = "20080,20554,20443"
SITE = "schema: camaudit/site@1\nname: {name}\njurisdiction: GB-ENG\nkind: school\nscope: [{scope}]\n"
WRONG = "wr0ng-horse-battery"


def estate(folder: Path) -> None:
    """Write an estate of two sites."""
    (folder / "ash.yaml").write_text(SITE.format(name="Ash", scope="127.80.0.1-20"))
    (folder / "birch.yaml").write_text(SITE.format(name="Birch", scope="127.80.0.21-40"))
    sites = "sites: [{id: ash, site: ash.yaml}, {id: birch, site: birch.yaml}]"
    (folder / "estate.yaml").write_text(f"schema: camaudit/estate@1\nname: E\nchunk: 32\n{sites}\n")


@pytest.mark.parametrize("side_by_side", ["1", "2"])
def test_ctrl_c_loses_no_finished_host_and_the_rest_is_done_later(tmp_path: Path, side_by_side: str) -> None:
    estate(tmp_path)
    store = tmp_path / "hub.sqlite3"
    here = ("--store", f"sqlite:///{store}", "--ports", PORTS, "--side-by-side", side_by_side)
    with running(tmp_path, "--multiply", "40", "--network", "127.80.0.0/24", "--shift", "20000") as fleet:
        said = stopped_when_some_hosts_are_stored(store, ["--yes", *here], tmp_path)
        before = finished(store)
        assert 0 < len(before) < 40
        assert "estate run --resume" in said
        asked_before = len(fleet.requests())
        done = camaudit("estate", "run", "--resume", *here, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        again = {each["address"] for each in fleet.requests()[asked_before:] if each["transport"] == "tcp"}
    assert len(finished(store)) == 40
    assert not again & before
    runs = Store(f"sqlite:///{store}").runs()
    assert len(runs) == 2
    assert all(run.finished for run in runs)
    # The lines of the report were worked out as the sites ended: nobody waits for them now.
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("select count(*) from summaries").fetchone() == (2,)


def stopped_when_some_hosts_are_stored(store: Path, options: list[str], folder: Path) -> str:
    """Begin a pass, send it what Ctrl-C sends when some hosts are there, and return what it says."""
    command = [sys.executable, "-m", "camaudit", "estate", "run", "--rate", "60", *options]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 90
    while len(finished(store)) < 3 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    return said


def finished(store: Path) -> set[str]:
    """Return the hosts that the store has as finished."""
    if not store.exists():
        return set()
    with closing(sqlite3.connect(store, timeout=10)) as connection:
        try:
            return {row[0] for row in connection.execute("select address from hosts")}
        except sqlite3.OperationalError:
            return set()  # its tables are being made


def job(run: str) -> Job:
    return Job(f"{run}/0", "batch", "ash", run, ("127.77.0.24",), ())


def logged_in(fleet: LiveFleet) -> int:
    """Return how many requests with credentials the fleet saw."""
    return sum(bool(each.get("login")) for each in fleet.requests())


@pytest.mark.skipif(not may_bind(80), reason="needs ports below 1024: run as root")
def test_a_worker_logs_in_with_the_sites_own_accounts_once_and_tells_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHOOL_CAMERAS", WRONG)
    file = tmp_path / "credentials.yaml"
    file.write_text("- username: site-auditor\n  password_env: SCHOOL_CAMERAS\n")
    site = Site("Ash", scope=("127.77.0.24",))
    ledger = Store(f"sqlite:///{tmp_path / 'logins.sqlite3'}")
    catalogue = load_catalogue()
    logins = Logins(lambda known: accounts(file, known, catalogue), ledger)
    how = ScanOptions(rate=5000, multicast=False)

    def done(run: str, given: Logins = logins) -> Result:
        return do(job(run), "ash", site, how, Nobody(), given)

    with running(tmp_path) as fleet:
        first = done("autumn")
        assert first.state == "done"
        sent = logged_in(fleet)
        assert sent >= 1
        told = json.dumps(first.as_json())
        assert "login" in {row["probe"] for row in first.rows["observations"]}
        # The job is done again after its worker died, and once more in the next term.
        outcomes = [login_outcome(done("autumn")), login_outcome(done("spring"))]
        assert outcomes == ["not_tried", "not_tried"]
        assert logged_in(fleet) == sent
        # Only whoever corrected the account may try again.
        done("summer", replace(logins, again=True))
        assert logged_in(fleet) > sent
    for secret in (WRONG, "site-auditor", "SCHOOL_CAMERAS"):
        assert secret not in told
    assert WRONG.encode() not in (tmp_path / "logins.sqlite3").read_bytes()
    assert {name for name in first.rows} <= {"swept", "hosts", "observations"}


def login_outcome(result: Result) -> str:
    """Return the word of the login among what a result tells."""
    words = [row["fields"].get("login.outcome") for row in result.rows["observations"] if row["probe"] == "login"]
    return str(words[0][0]) if words and words[0] else "none"


def test_a_wrong_credentials_file_is_a_failed_job_that_names_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "credentials.yaml"
    file.write_text(f"- username: site-auditor\n  password: {WRONG}\n")
    logins = Logins(lambda known: accounts(file, known, load_catalogue()), Store("sqlite://"))
    result = do(job("r"), "ash", Site("Ash", scope=("127.77.0.24",)), ScanOptions(), Nobody(), logins)
    assert result.state == "failed"
    assert "credentials file is wrong" in result.note
    assert WRONG not in json.dumps(result.as_json())
