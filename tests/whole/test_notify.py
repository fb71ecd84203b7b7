"""Telling from the first audit on: the real program, the simulated fleet, and readers that others wrote."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from audited_fleet import SITE, Audited, camaudit
from camaudit.cli.lowports import may_bind
from camaudit.resources import data_root
from live_fleet import running
from receiving import Web, unused_port, web
from siem_reading import events, parsed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the specification
WAIVER = """schema: camaudit/waivers@1
waivers:
- rule: {rule}
  targets: [{address}]
  reason: Replacement ordered
  granted_by: A. Head
  granted: 2026-11-01
  expires: 2099-03-01
"""


def receivers(folder: Path, port: int, name: str = "hub") -> None:
    (folder / "secret").write_text(f"{SECRET}\n", "ascii")
    (folder / "secret").chmod(0o600)
    (folder / "notify.yaml").write_text(
        f"""schema: camaudit/notify@1
webhooks:
- {{name: {name}, url: "http://127.0.0.1:{port}/hook", secret_file: secret}}
logs:
- {{name: cef, file: events.cef}}
- {{name: ocsf, file: events.jsonl, form: ocsf}}
metrics:
- {{name: node, file: camaudit.prom}}
""",
        "utf-8",
    )


def copied(audited: Audited, folder: Path) -> str:
    """Copy the store of the shared audit: what is told here must not be known to others."""
    shared = sqlite3.connect(audited.store.removeprefix("sqlite:///"))
    with contextlib.closing(shared), contextlib.closing(sqlite3.connect(folder / "own.db")) as own:
        shared.backup(own)
    return f"sqlite:///{folder / 'own.db'}"


def verified(server: Web, number: int) -> dict[str, Any]:
    _, headers, body = server.got[number]
    found: dict[str, Any] = Webhook(SECRET).verify(body, headers)
    return found


def test_the_whole_fleet_is_told_once_and_then_what_changes(audited: Audited, tmp_path: Path) -> None:
    store = copied(audited, tmp_path)
    broken = next(f for f in audited.report["findings"] if f["verdict"] == "violation" and not f["waiver"])
    address = next(d["address"] for d in audited.report["devices"] if d["id"] == broken["device"])
    (tmp_path / "waivers.yaml").write_text(WAIVER.format(rule=broken["rule"], address=address), "utf-8")
    with web() as server:
        receivers(tmp_path, server.port)
        first = camaudit("notify", "--store", store, cwd=tmp_path)
        assert (first.returncode, first.stderr) == (0, "")
        again = camaudit("notify", "--store", store, cwd=tmp_path)
        assert "webhook hub: nothing new, so nothing was sent" in again.stdout
        waived = camaudit(
            "check", "--site", SITE, "--waivers", "waivers.yaml", "--notify", "notify.yaml", "--store", store,
            cwd=tmp_path,
        )  # fmt: skip
        assert waived.returncode == 1
        assert "webhook hub: told of 1 change\n" in waived.stdout
    start, news = verified(server, 0), verified(server, 1)
    assert start["standing"] == {key: audited.report["summary"][key] for key in start["standing"]}
    (change,) = news["changes"]
    assert (change["change"], change["rule"], change["address"]) == ("closed", broken["rule"], address)
    assert change["after"] == {"state": "violation", "waived": True}
    lines = (tmp_path / "events.cef").read_text("utf-8").splitlines()
    assert [parsed(line)[0][4] for line in lines] == ["start", "changes", "finding-closed"]
    assert len(events((tmp_path / "events.jsonl").read_text("utf-8"))) == 3
    assert "camaudit_units{" in (tmp_path / "camaudit.prom").read_text("utf-8")
    assert not list(tmp_path.glob(".camaudit.prom*"))


def test_every_format_of_the_fleet_for_other_programs_can_be_read(audited: Audited, tmp_path: Path) -> None:
    done = camaudit(
        "report", "--format", "ocsf,cef,prometheus,tickets", "--store", audited.store, "--site", SITE,
        "--output", str(tmp_path), "--quiet", cwd=audited.folder,
    )  # fmt: skip
    assert done.stderr == ""
    found = events((tmp_path / "ocsf.jsonl").read_text("utf-8"))
    assert len(found) == len(audited.report["devices"]) + len(audited.report["findings"])
    for line in (tmp_path / "camaudit.cef").read_text("utf-8").splitlines():
        parsed(line)
    assert (tmp_path / "tickets-jira.csv").is_file()


def test_an_audit_tells_when_it_is_over_and_a_dead_receiver_changes_nothing(tmp_path: Path) -> None:
    if not may_bind(80):
        pytest.skip("needs ports below 1024")
    store = f"sqlite:///{tmp_path / 'own.db'}"
    scan = (
        "audit", "127.77.0.5", "--yes", "--site", SITE, "--store", store, "--format", "json",
        "--notify", "notify.yaml", "--quiet",
    )  # fmt: skip
    with running(tmp_path) as fleet, web() as server:
        receivers(tmp_path, server.port)
        told = camaudit(*scan, cwd=tmp_path)
        report = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))
        receivers(tmp_path, unused_port(), "dead")
        untold = camaudit(*scan, cwd=tmp_path)
        asked = fleet.requests()
    assert told.stderr == ""
    assert untold.returncode == told.returncode
    message = verified(server, 0)
    assert (message["type"], message["run"]["id"]) == ("camaudit.start", report["run"]["id"])
    assert datetime.fromisoformat(message["run"]["at"]) <= datetime.fromtimestamp(
        int(server.got[0][1]["webhook-timestamp"]) + 1, tz=datetime.fromisoformat(message["run"]["at"]).tzinfo
    )
    assert untold.stderr.startswith("camaudit: webhook dead: not told: Connection refused")
    assert not any("/hook" in json.dumps(request) for request in asked)


def test_no_secret_is_left_anywhere(audited: Audited, tmp_path: Path) -> None:
    store = copied(audited, tmp_path)
    receivers(tmp_path, unused_port())
    done = camaudit("--verbose", "notify", "--store", store, cwd=tmp_path)
    assert done.returncode == 3
    assert "it is told next time" in done.stderr
    key = SECRET.removeprefix("whsec_")
    (tmp_path / "secret").unlink()
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert key.encode() not in file.read_bytes(), file
    assert key not in done.stdout + done.stderr


def test_the_page_shows_how_to_verify_a_message(tmp_path: Path) -> None:
    text = (Path(str(data_root())) / "docs" / "integrate.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(program, "integrate.md", "exec"), found)  # noqa: S102 - the page's own example
    os.environ.pop("CAMAUDIT_WEBHOOK_SECRET", None)
    from camaudit.telling.form_checks import webhook_key
    from camaudit.telling.webhook import signature

    body = b'{"schema":"camaudit/notice@1"}'
    now = 1_800_000_000
    headers = {
        "webhook-id": "camaudit-1",
        "webhook-timestamp": str(now),
        "webhook-signature": signature(webhook_key(SECRET), "camaudit-1", now, body),
    }
    assert found["genuine"](headers, body, SECRET, now)
    assert not found["genuine"](headers, body + b" ", SECRET, now)
    assert not found["genuine"](headers, body, "whsec_" + "A" * 32, now)
    assert not found["genuine"](headers, body, SECRET, now + 3600)
