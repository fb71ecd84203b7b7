"""Forty hosts that mean harm: bounded time and memory, nothing out of scope touched, every report inert."""

from __future__ import annotations

import csv
import ipaddress
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pypdf
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from openpyxl import load_workbook

from hostile_fleet import SCOPE, Besieged

MOST_S, MOST_BYTES = 90, 300_000_000
US = "127.0.0.1"
GROUPS = {"239.255.255.250", "239.255.255.251", "224.0.0.251", "224.0.0.22", "255.255.255.255"}
UNTHINKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal or an editor obeys: controls but tab and line feed, and marks that turn the writing round."""
_OSCAL = Path(__file__).parents[1] / "schemas" / "oscal" / "oscal_complete_schema.json"


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a JSON document, names of members too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def test_the_fleet_is_forty_hosts(besieged: Besieged) -> None:
    assert len(besieged.truth) == 40
    assert all(device["hostile"] and device["trap"] for device in besieged.truth)


@pytest.mark.parametrize("command", ["scan", "report", "check", "explain"])
def test_it_ends_in_bounded_time_and_memory_without_a_traceback(besieged: Besieged, command: str) -> None:
    run = besieged.runs[command]
    assert run["code"] in (0, 1), run["err"]
    assert run["took_s"] < MOST_S
    assert run["memory"] < MOST_BYTES
    assert "Traceback" not in run["out"] + run["err"]
    assert run["err"] == ""


def test_every_host_has_its_line_and_none_upset_the_scan(besieged: Besieged) -> None:
    hosts = {host["address"]: host for host in besieged.report["coverage"]["hosts"]}
    for device in besieged.truth:
        host = hosts[device["address"]]
        assert host["outcome"] in ("answered", "refused", "silent"), (device["id"], host)
        assert host["probes"], device["id"]
    assert besieged.report["coverage"]["error"] == 0
    assert besieged.report["coverage"]["unasked"] == 0


def test_a_handshake_that_stalls_and_a_chain_without_end_are_given_up(besieged: Besieged) -> None:
    address = {device["id"]: device["address"] for device in besieged.truth}
    seen = besieged.stored().observations
    said = {name: {item.note for item in seen[at]} for name, at in address.items()}
    assert "the TLS handshake was not finished in time" in said["tls-stalls"]
    assert "no TLS handshake: excessive message size" in said["certificates-without-end"]


def test_no_packet_left_the_scope(besieged: Besieged) -> None:
    """Every packet was seen; whatever we sent went to the scope, to a group or to everybody on the link."""
    ours = {key: count for key, count in besieged.sent.items() if key[1] in (US, "::1", "0.0.0.0")}
    scope = ipaddress.ip_network(SCOPE)
    assert sum(ours.values()) > 2000
    astray = {
        key: count
        for key, count in ours.items()
        if key[2] not in GROUPS and ipaddress.ip_address(key[2]) not in scope
    }
    assert astray == {}


def test_the_watch_would_have_seen_a_packet_astray(besieged: Besieged) -> None:
    """Forged answers came from out of scope, and were seen: the watch sees what is not of the scope too."""
    senders = {source for _, source, to in besieged.sent if to == US}
    assert {"127.99.0.1", "198.51.100.9"} <= senders


def test_nobody_out_of_scope_stands_among_the_devices(besieged: Besieged) -> None:
    scope = ipaddress.ip_network(SCOPE)
    assert all(ipaddress.ip_address(d["address"]) in scope for d in besieged.report["devices"])


def test_nothing_but_reads_was_sent(besieged: Besieged) -> None:
    entries = [json.loads(line) for line in (besieged.folder / "requests.jsonl").read_text("utf-8").splitlines()]
    assert len([entry for entry in entries if "request" in entry]) > 150
    assert [entry for entry in entries if entry.get("violation")] == []


def test_what_stands_on_the_terminal_cannot_steer_it(besieged: Besieged) -> None:
    for name, run in besieged.runs.items():
        assert UNTHINKABLE.findall(run["out"]) == [], name


def test_the_pages_scripts_are_ours_alone(besieged: Besieged) -> None:
    page = (besieged.folder / "out" / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert UNTHINKABLE.findall(page) == []


def test_the_document_tells_and_runs_nothing(besieged: Besieged) -> None:
    file = besieged.folder / "out" / "report.pdf"
    read = pypdf.PdfReader(file)
    assert "/JavaScript" not in read.root_object.get("/Names", {})
    assert "/OpenAction" not in read.root_object
    for page in read.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert action.get("/S", "/URI") in ("/URI", "/GoTo")
            assert "198.51.100" not in str(action.get("/URI", ""))
    told = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, timeout=60, check=True)
    text = told.stdout.decode("utf-8")
    assert all(device["address"] in text for device in besieged.report["devices"])
    assert "root:x:0:0" not in text
    assert UNTHINKABLE.findall(text.replace("\f", "")) == []


def test_the_workbook_calculates_nothing(besieged: Besieged) -> None:
    book = load_workbook(besieged.folder / "out" / "register.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 500
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [c.value for c in cells if c.hyperlink and "198.51.100" in str(c.hyperlink.target)] == []
    assert [c.value for c in cells if isinstance(c.value, str) and UNTHINKABLE.search(c.value)] == []


@pytest.mark.parametrize("name", ["register.csv", "findings.csv", "plan.csv"])
def test_no_field_of_a_list_is_a_formula(besieged: Besieged, name: str) -> None:
    text = (besieged.folder / "out" / name).read_text("utf-8-sig")
    assert UNTHINKABLE.findall(text.replace("\r\n", "\n")) == []
    fields = [field for row in csv.reader(text.splitlines()) for field in row]
    assert len(fields) > 100 or name == "plan.csv"
    assert [field for field in fields if field[:1] in ("=", "+", "@", "\t")] == []
    assert [field for field in fields if field.startswith("-") and not re.fullmatch(r"-?[\d.]*", field)] == []


def test_the_documents_for_machines_are_valid(besieged: Besieged) -> None:
    out = besieged.folder / "out"
    schema = jsonschema_rs.validator_for(json.loads(_OSCAL.read_text("utf-8")), validate_formats=True)
    assert [str(e)[:200] for e in schema.iter_errors(json.loads((out / "oscal.json").read_text("utf-8")))] == []
    cyclonedx = (out / "cyclonedx.json").read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx) is None
    asked = [sys.executable, "-m", "camaudit", "schema", "report"]
    schema_of = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
    ours = jsonschema_rs.validator_for(json.loads(schema_of.stdout))
    assert [str(error)[:200] for error in ours.iter_errors(besieged.report)] == []


def test_every_format_but_those_of_machines_is_free_of_controls(besieged: Besieged) -> None:
    for file in sorted((besieged.folder / "out").rglob("*")):
        if file.suffix in (".json", ".txt", ".md", ".nft", ".conf", ".cfg"):
            raw = file.read_text("utf-8")
            assert UNTHINKABLE.findall(raw) == [], file.name


def test_what_was_collected_names_no_file_of_this_machine(besieged: Besieged) -> None:
    told = "\n".join(texts(besieged.report))
    assert "root:x:0:0" not in told
    assert not Path("/tmp/owned").exists()


def test_what_another_host_wrote_in_its_name_makes_nobody_sure_of_it(besieged: Besieged) -> None:
    (forged,) = [d for d in besieged.report["devices"] if d["address"] == "127.78.0.11"]
    assert forged["maker"]["certainty"] in ("possible", "unknown")
    verdicts = {f["verdict"] for f in besieged.report["findings"] if f["device"] == forged["id"]}
    assert "violation" not in verdicts
    assert "whole network" in forged["next_step"]
