"""An audit from files alone: all that they say is joined, judged and reported, with the reach it really has."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

# The generator of packets is shared with the benchmarks, which are no part of the package.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks.packets import ethernet, pcap, udp

from camaudit.cli.main import program
from camaudit.errors import UsageError
from camaudit.imports import read_file

SERIAL = "DS-2CD2032F-I20150126CCCH502126167"
SADP = (
    "ID,Device Type,Status,IPv4 Address,Port,Software Version,HTTP Port,Device Serial No.,MAC Address\n"
    f"1,DS-2CD2032F-I,Active,192.0.2.9,8000,V5.4.0build 160401,80,{SERIAL},28-57-be-00-00-09\n"
)
NMAP = (
    '<?xml version="1.0"?><nmaprun scanner="nmap"><host><status state="up" reason="arp-response"/>'
    '<address addr="192.0.2.9" addrtype="ipv4"/><address addr="28:57:BE:00:00:09" addrtype="mac"/><ports>'
    '<port protocol="tcp" portid="554"><state state="open"/></port></ports></host></nmaprun>'
)
SEEN = (
    b'<?xml version="1.0"?><ProbeMatch><DeviceDescription>DS-2CD2143G0-I</DeviceDescription>'
    b"<DeviceSN>DS-2CD2143G0-I20190120AAWR123456789</DeviceSN><MAC>28-57-be-00-00-0b</MAC></ProbeMatch>"
)
TABLES = {
    "switch3.txt": "SW3#show mac address-table\n  10    2857.be00.0009    DYNAMIC     Gi1/0/14\n",
    # The core sees both cameras at the port that leads to switch 3.
    "core.txt": "CORE#show mac address-table\n  10    2857.be00.0009    DYNAMIC     Te1/1/1\n"
    "  10    2857.be00.000b    DYNAMIC     Te1/1/1\n",
}
LEASES = "1700000000 28:57:be:00:00:77 192.0.2.77 reception 01:28\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "seen.pcap").write_bytes(
        b"".join(pcap([ethernet(udp(SEEN, "192.0.2.11", "239.255.255.250", (37020, 37020)), "28:57:be:00:00:0b")]))
    )
    register = "Asset,Serial,IP\nGate,502126167,192.0.2.9\nYard,123123123,192.0.2.40\n"
    texts = {"sadp.csv": SADP, "scan.xml": NMAP, "dnsmasq.leases": LEASES, "assets.csv": register, **TABLES}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in ("seen.pcap", *texts)]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(program(arguments), list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_an_audit_from_imports_alone_is_whole_and_marked_as_such(tmp_path: Path, files: list[str]) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/s")
    code, said, wrong = run("import", *files, *store)
    assert (code, wrong) == (0, "")
    assert "nothing was sent" in said
    code, _, _ = run("report", *store, "--policy", "us-federal-contractor", "--output", str(tmp_path / "out"))
    assert code in (0, 1)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    units = {device["address"]: device for device in report["devices"]}
    assert set(units) == {"192.0.2.9", "192.0.2.11", "192.0.2.77"}
    gate = units["192.0.2.9"]
    assert (gate["maker"]["id"], gate["serial"], gate["mac"]) == ("hikvision", SERIAL, "28:57:be:00:00:09")
    assert gate["ports"] == [{"switch": "SW3", "port": "Gi1/0/14", "vlan": "10", "power": "", "label": ""}]
    # Only the core knows where the other is, and says it with what it leads to.
    assert [port["switch"] for port in units["192.0.2.11"]["ports"]] == ["CORE"]
    assert report["run"]["origin"] == "import"
    assert (report["coverage"]["silent"], report["coverage"]["answered"], report["coverage"]["unasked"]) == (
        0,
        3,
        1,
    )
    assert {each["matched"] for each in report["register"]} == {"seen", "not_seen", "unregistered"}
    assert next(e["reach"] for e in report["register"] if e["name"] == "Yard") == "unasked"
    assert any("rests on imported files alone" in notice for notice in report["notices"])
    assert report["findings"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "no packet was sent" in page
    assert "switch SW3, port Gi1/0/14" in page
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        "register.csv",
        "findings.csv",
        "reconciled.csv",
    }


def test_a_table_in_a_dialect_that_is_not_known_is_named_line_by_line(tmp_path: Path) -> None:
    strange = "unit and port\n28:57:be:00:00:09 at gigabit seven\n28:57:be:00:00:0b at gigabit eight\n"
    (tmp_path / "odd.txt").write_text(strange)
    found = read_file(tmp_path / "odd.txt", "", {})
    assert found.entries == []
    assert [problem.partition(": ")[0] for problem in found.problems] == ["odd.txt:2", "odd.txt:3"]
    command = ["import", str(tmp_path / "odd.txt"), "--store", f"sqlite:///{tmp_path}/s"]
    failed = CliRunner().invoke(program(command), command).exception
    assert isinstance(failed, UsageError)
    assert "odd.txt:2" in str(failed)


def test_two_header_rows_and_merged_cells_lose_no_unit(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Cameras", None, None, None),
        ("Place", "Network", None, "Unit"),
        ("Room", "IP", "MAC", "Serial no"),
        ("Hall", "192.0.2.9", "28:57:be:00:00:09", "A1B2C3D4"),
        (None, "192.0.2.10", "28:57:be:00:00:10", "A1B2C3D5"),
        (None, "not an address", "28:57:be:00:00:12", "A1B2C3D6"),
    ):
        sheet.append(row)
    for area in ("A1:D1", "B2:C2", "A4:A6"):
        sheet.merge_cells(area)
    book.save(tmp_path / "assets.xlsx")
    found = read_file(tmp_path / "assets.xlsx", "", {})
    assert [(e.address, e.fields["register.location"]) for e in found.entries] == [
        ("192.0.2.9", ("Hall",)),
        ("192.0.2.10", ("Hall",)),
        ("", ("Hall",)),
    ]
    assert [problem.partition(": ")[0] for problem in found.problems] == ["assets.xlsx:6"]
