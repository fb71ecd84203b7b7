"""Reading with accounts on the simulated fleet: one login each, no second try, no secret in what is written."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from camaudit.cli.lowports import in_namespace, may_bind, raise_loopback
from live_fleet import LiveFleet, running

NUMBERS = (24, 30, 31, 32, 33, 69, 233, 234)
SCOPES = ("127.77.0.24-69", "127.77.0.233-234")
RIGHT = {number: f"look-dont-touch-{number}" for number in NUMBERS}
LET_IN = {f"127.77.0.{number}" for number in (24, 30, 31, 69, 233, 234)}
WRONG = "wr0ng-horse-battery"


@dataclass(frozen=True)
class Ran:
    """One run of the program: what it wrote is all in ``folder``."""

    folder: Path
    code: int
    report: dict[str, Any]

    def device(self, number: int) -> dict[str, Any]:
        """Return the device at the address with this last number."""
        found = [one for one in self.report["devices"] if one["address"] == f"127.77.0.{number}"]
        assert len(found) == 1
        return dict(found[0])

    def probe(self, number: int) -> str:
        """Return what coverage says of the login at this address."""
        hosts = {host["address"]: host["probes"] for host in self.report["coverage"]["hosts"]}
        return str(hosts[f"127.77.0.{number}"].get("login"))


@dataclass(frozen=True)
class Logged:
    """The whole story: right accounts, then wrong ones in a store of their own, then those again."""

    right: Ran
    wrong: Ran
    again: Ran
    corrected: Ran
    logins: dict[str, list[dict[str, Any]]]
    """The requests with credentials that the fleet saw, by run."""
    requests: list[dict[str, Any]]


def accounts(folder: Path) -> Path:
    """Write a credentials file with an entry for each device."""
    entries = (
        f"- match: {{addresses: [127.77.0.{number}]}}\n  username: auditor\n  password_env: PASSWORD_{number}\n"
        for number in NUMBERS
    )
    file = folder / "credentials.yaml"
    file.write_text("".join(entries), "utf-8")
    return file


def audit(folder: Path, name: str, passwords: dict[int, str], *options: str, store: str = "") -> Ran:
    """Audit once; everything that the program writes goes below one folder."""
    own = folder / name
    own.mkdir()
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(own / "data"),
        **{f"PASSWORD_{number}": password for number, password in passwords.items()},
    }
    command = [
        sys.executable, "-m", "camaudit", "--verbose", "audit", *SCOPES, "--yes", "--rate", "5000",
        "--credentials", str(accounts(folder)), "--store", store or f"sqlite:///{own / 'runs.sqlite3'}",
        "--output", "out", "--format", "html,json,csv,xlsx", *options,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=own, env=environment, capture_output=True, timeout=600)
    (own / "stdout").write_bytes(done.stdout)
    (own / "stderr").write_bytes(done.stderr)
    assert done.returncode in (0, 1), done.stderr.decode()
    return Ran(own, done.returncode, json.loads((own / "out" / "report.json").read_text("utf-8")))


def story(folder: Path) -> None:
    """Run everything and write down what the fleet saw of each part."""
    wrong = dict.fromkeys(NUMBERS, WRONG)
    parts: dict[str, int] = {}
    with running(folder) as fleet:
        store = f"sqlite:///{folder / 'wrong.sqlite3'}"
        for name, passwords, options in (
            ("right", RIGHT, ()),
            ("wrong", wrong, ()),
            ("again", wrong, ()),
            ("corrected", RIGHT, ("--login-again",)),
        ):
            audit(folder, name, passwords, *options, store="" if name == "right" else store)
            parts[name] = len(fleet.requests())
    (folder / "parts.json").write_text(json.dumps(parts), "utf-8")


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    folder = tmp_path_factory.mktemp("login")
    if may_bind(80):
        story(folder)
    else:
        command = in_namespace([sys.executable, str(Path(__file__)), str(folder)])
        if command is None:
            pytest.skip("needs ports below 1024: run as root, or where user namespaces are allowed")
        # Run as a program, this file does not find what pytest puts on the path for it.
        beside = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        subprocess.run(command, check=True, timeout=300, env=beside)
    requests = LiveFleet({}, folder / "requests.jsonl").requests()
    logins: dict[str, list[dict[str, Any]]] = {}
    start = 0
    for name, end in json.loads((folder / "parts.json").read_text("utf-8")).items():
        logins[name] = [entry for entry in requests[start:end] if entry.get("login")]
        start = end
    runs = [
        Ran(folder / name, 0, json.loads((folder / name / "out" / "report.json").read_text("utf-8")))
        for name in ("right", "wrong", "again", "corrected")
    ]
    return Logged(*runs, logins, [entry for entry in requests if "summary" not in entry])


def test_each_device_with_the_right_account_is_read_after_one_login(logged: Logged) -> None:
    seen = logged.logins["right"]
    assert {entry["address"] for entry in seen} >= LET_IN
    assert {entry["login"] for entry in seen} == {"right"}
    for address in LET_IN:
        paths = [entry["request"] for entry in seen if entry["address"] == address]
        assert len(paths) == len(set(paths)), paths
    assert [logged.right.probe(number) for number in (24, 30, 31, 69, 233, 234)] == ["answered"] * 6
    assert logged.right.device(31)["serial"] == "DS-2CD2T47G2-L20230310AAWRL11234531"


def test_the_cameras_behind_recorders_are_there_and_counted(logged: Logged) -> None:
    recorder = logged.right.device(24)
    assert recorder["channels"] == {"reported": 16, "identified": 11}
    assert "channels 2, 3, 14, 15, 16" in recorder["next_step"]
    by_address = {one["address"]: one for one in logged.right.report["devices"]}
    behind = {address: one for address, one in by_address.items() if address.startswith("127.77.0.24#")}
    # Channel 6 is a camera that the scan saw itself: one device, not two.
    assert set(behind) == {f"127.77.0.24#{number}" for number in range(1, 17) if number not in (5, 6)} | {
        "127.77.0.24#5"
    }
    assert by_address["127.77.0.61"]["recorded"][0]["channel"] == "6"
    assert (behind["127.77.0.24#9"]["maker"]["id"], behind["127.77.0.24#9"]["brand"]["id"]) == ("hikvision", "lts")
    assert behind["127.77.0.24#3"]["maker"]["certainty"] == "unknown"
    dahua = logged.right.device(69)
    assert dahua["channels"] == {"reported": 4, "identified": 2}
    assert by_address["127.77.0.69#2"]["serial"] == "DS-2CD1143G0-I20211208AAWRJ21084244"
    assert {one["channel"] for one in by_address["127.77.0.61"]["recorded"]} == {"6", "4"}
    assert any("24 cameras reported, 13 identified, 11 unknown" in line for line in logged.right.report["notices"])


def test_onvif_is_read_with_a_token_by_the_devices_own_clock(logged: Logged) -> None:
    camera, recorder = logged.right.device(233), logged.right.device(234)
    assert (camera["model"], camera["serial"]) == ("FLEXIDOME IP 4000i", "044912736233")
    assert (recorder["serial"], recorder["mac"]) == ("210235T3B43207000234", "48:ea:63:9c:02:34")
    assert recorder["channels"] == {"reported": 4, "identified": 0}
    assert camera["channels"] == {"reported": None, "identified": None}
    # What was read with an account is not open to anybody.
    rules = {finding["rule"] for finding in logged.right.report["findings"] if finding["device"] == camera["id"]}
    assert "onvif-open" not in rules


def test_what_settings_say_is_in_the_report(logged: Logged) -> None:
    assert logged.right.device(31)["state"]["analytics"] == ["line-crossing", "intrusion"]
    assert logged.right.device(69)["state"] == {
        "activated": None,
        "cloud": "disabled",
        "analytics": ["face-detection", "line-crossing"],
        "locked": None,
        "access_terminal": False,
    }
    advice = {(finding["device"], finding["rule"]) for finding in logged.wrong.report["findings"]}
    assert (logged.wrong.device(30)["id"], "account-refused") in advice
    assert (logged.wrong.device(32)["id"], "logins-locked") in advice


def test_a_locked_device_and_one_that_wants_the_password_itself_are_not_tried(logged: Logged) -> None:
    tried = {entry["address"] for entries in logged.logins.values() for entry in entries}
    assert not {"127.77.0.32", "127.77.0.33"} & tried
    assert logged.right.probe(32) == logged.right.probe(33) == "not_asked"
    notes = {host["address"]: " ".join(host["notes"]) for host in logged.right.report["coverage"]["hosts"]}
    assert "logins are locked" in notes["127.77.0.32"]
    assert "offers only Basic" in notes["127.77.0.33"]
    assert notes["127.77.0.30"] == ""


def test_a_wrong_password_is_sent_once_to_each_device(logged: Logged) -> None:
    sent = Counter(entry["address"] for entry in logged.logins["wrong"])
    assert set(sent) >= LET_IN
    assert set(sent.values()) == {1}
    assert {entry["login"] for entry in logged.logins["wrong"]} == {"wrong"}
    assert logged.wrong.probe(30) == "refused"


def test_a_refused_account_is_not_sent_by_a_later_run_unless_it_was_corrected(logged: Logged) -> None:
    assert logged.logins["again"] == []
    assert logged.again.probe(30) == "not_asked"
    assert {entry["login"] for entry in logged.logins["corrected"]} == {"right"}
    assert logged.corrected.probe(30) == "answered"


def test_nothing_was_written_to_a_device_and_nothing_subscribed(logged: Logged) -> None:
    assert [entry for entry in logged.requests if entry.get("violation")] == []
    asked = " ".join(entry["request"] for entry in logged.requests)
    assert "Subscription" not in asked
    assert "audio.cgi" not in asked
    assert not any(entry["request"].startswith(("PUT", "DELETE")) for entry in logged.requests)


def test_no_secret_is_in_anything_that_was_written(logged: Logged) -> None:
    folder = logged.right.folder.parent
    hidden = {
        WRONG: "wrong",
        "hunter-of-cameras": "camera",
        "QWERTZ": "code",
        **{password: str(number) for number, password in RIGHT.items()},
    }
    needles: dict[bytes, str] = {}
    realms = ["IP Camera(34530)", "IP Camera(34531)", "DVRNVRDVS"]
    for secret, name in hidden.items():
        forms = [secret, f"auditor:{secret}"]
        needles |= {form.encode(): name for form in forms}
        needles |= {base64.b64encode(form.encode()).rstrip(b"="): name for form in forms}
        for realm in realms:
            text = f"auditor:{realm}:{secret}".encode()
            needles |= {hashlib.new(kind, text).hexdigest().encode(): name for kind in ("md5", "sha256")}
    written = [file for file in folder.rglob("*") if file.is_file() and file.name != "requests.jsonl"]
    assert len(written) > 20
    assert any(file.name == "wrong.sqlite3" for file in written)
    for file in written:
        raw = file.read_bytes()
        assert not [name for needle, name in needles.items() if needle in raw], file
    assert all(b"look-dont-touch" not in file.read_bytes() for file in written)
    # The XLSX is packed; what is in it is in the CSV and the JSON beside it, and here unpacked.
    import zipfile

    for file in (one for one in written if one.suffix == ".xlsx"):
        with zipfile.ZipFile(file) as book:
            for part in book.namelist():
                assert not [name for needle, name in needles.items() if needle in book.read(part)], part


if __name__ == "__main__":
    raise_loopback()
    story(Path(sys.argv[1]))
