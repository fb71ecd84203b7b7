"""Files of other tools: each kind is known by its content, read as far as it goes, and judged without a packet."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from typer.testing import CliRunner

from camaudit.audit import judge
from camaudit.catalogue import load_catalogue
from camaudit.cli.main import program
from camaudit.errors import UsageError
from camaudit.importing import import_files
from camaudit.imports import KINDS, Imported, place, read_file
from camaudit.model import Certainty, Outcome, Site
from camaudit.reached import coverage
from camaudit.store import Store

NMAP = """<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap">
<host><status state="up"/><address addr="192.0.2.5" addrtype="ipv4"/><address addr="28:57:BE:00:00:05" addrtype="mac"/>
<ports><port protocol="tcp" portid="80"><state state="open"/><service product="Hikvision Network Video Recorder http admin"/></port>
<port protocol="tcp" portid="81"><state state="closed"/></port></ports></host>
<host><status state="down"/><address addr="192.0.2.6" addrtype="ipv4"/></host>
</nmaprun>"""  # noqa: E501
ISC = """lease 192.0.2.7 {
  hardware ethernet 28:57:be:00:00:07;
  client-hostname "cam7";
}
lease nonsense {
}
lease 192.0.2.8 {
  hardware ethernet 28:57:be:00:00:08;
"""
CISCO = """SW3#show mac address-table
Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
  10    2857.be00.0005    DYNAMIC     Gi1/0/14
  10    2857.be00.0099    DYNAMIC     Gi1/0/15
  10    2857.be00.0077    something else
"""
SADP = (
    "ID,Device Type,Status,IPv4 Address,Port,Software Version,HTTP Port,Device Serial No.,MAC Address\n"
    "1,DS-2CD2032F-I,Active,192.0.2.9,8000,V5.4.0build 160401,80,"
    "DS-2CD2032F-I20150126CCCH502126167,28-57-be-00-00-09\n"
)
BOMB = '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nmaprun>&b;</nmaprun>'


def read(folder: Path, text: str | bytes, name: str = "file", kind: str = "", **chosen: str) -> Imported:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_file(path, kind, chosen)


def test_nmap_gives_live_hosts_open_ports_and_a_product_that_is_weak(tmp_path: Path) -> None:
    found = read(tmp_path, NMAP)
    assert (found.kind, found.problems) == ("nmap", [])
    assert [(e.address, e.probe, dict(e.fields)) for e in found.entries] == [
        ("192.0.2.5", "port", {"port.open": ("80",)}),
        ("192.0.2.5", "import", {"import.product": ("Hikvision Network Video Recorder http admin",)}),
    ]
    store = Store(f"sqlite:///{tmp_path}/s")
    made = import_files(store, [found], Site("x"))
    report = judge(store.run(made.run), load_catalogue(), as_of=date(2026, 11, 27))
    unit = report.devices[0].identification
    # A prefix and another tool's word: never more than possible.
    assert unit.maker == "hikvision"
    assert unit.certainty is Certainty.POSSIBLE
    assert unit.confidence <= 0.92
    assert any(e.signature == "hikvision:told-name" and e.strength == "weak" for e in unit.evidence)


def test_another_tools_word_alone_names_no_maker(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s")
    made = import_files(store, [read(tmp_path, NMAP.replace('addrtype="mac"', 'addrtype="none"'))], Site("x"))
    unit = judge(store.run(made.run), load_catalogue(), as_of=date(2026, 11, 27)).devices[0].identification
    assert unit.confidence <= 0.5
    assert unit.certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN)


def test_nmap_cut_short_gives_the_hosts_before_the_cut_and_names_the_line(tmp_path: Path) -> None:
    found = read(tmp_path, NMAP[: NMAP.index('<host><status state="down"') + 20])
    assert {e.address for e in found.entries} == {"192.0.2.5"}
    assert found.problems[0].startswith("file:")


def test_a_host_of_nmap_that_opened_nothing_is_no_device_and_one_that_was_never_met_is_nobody(
    tmp_path: Path,
) -> None:
    shut = (
        '<host><status state="up" reason="{}"/><address addr="192.0.2.{}" addrtype="ipv4"/>'
        "<ports>{}</ports></host>"
    )
    closed = '<port protocol="tcp" portid="80"><state state="closed"/></port>'
    rows = shut.format("arp-response", 7, "") + shut.format("user-set", 8, "") + shut.format("user-set", 9, closed)
    found = read(tmp_path, NMAP.replace("</nmaprun>", rows + "</nmaprun>"))
    assert [(e.address, e.outcome) for e in found.entries if not e.fields] == [
        ("192.0.2.7", Outcome.REFUSED),
        ("192.0.2.9", Outcome.REFUSED),
    ]
    store = Store(f"sqlite:///{tmp_path}/s")
    report = judge(
        store.run(import_files(store, [found], Site("x")).run), load_catalogue(), as_of=date(2026, 11, 27)
    )
    assert [device.address for device in report.devices] == ["192.0.2.5"]
    assert (report.coverage.answered, report.coverage.refused, report.coverage.silent) == (1, 2, 0)


def test_an_xml_bomb_is_refused_whole(tmp_path: Path) -> None:
    found = read(tmp_path, BOMB)
    assert found.entries == []
    assert "entities" in found.problems[0]
    with pytest.raises(UsageError, match="file:1"):
        import_files(Store(f"sqlite:///{tmp_path}/s"), [found], Site("x"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[\n{"ip": "192.0.2.5", "ports": [{"port": 554, "proto": "tcp"}]},\n{"finished": 1}]', "masscan"),
        ('{"host":"192.0.2.5","ip":"192.0.2.5","port":554,"protocol":"tcp"}\n', "naabu"),
        ('{"addresses":["192.0.2.5"],"macs":["28:57:be:00:00:05"],"service_ports_tcp":[554]}\n', "runzero"),
    ],
)  # fmt: skip
def test_json_of_scanners_gives_open_ports(tmp_path: Path, text: str, kind: str) -> None:
    found = read(tmp_path, text)
    assert (found.kind, found.problems) == (kind, [])
    assert ("192.0.2.5", ("554",)) in [(e.address, e.fields.get("port.open")) for e in found.entries]


def test_broken_json_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path, '{"ip":"192.0.2.5","port":80}\n{"ip":"192.0.2.\n{"ip":"192.0.2.6","port":80}\n', kind="naabu"
    )
    assert [e.address for e in found.entries] == ["192.0.2.5", "192.0.2.6"]
    assert found.problems == ["file:2: is no JSON, or was cut short; it was left out"]


def test_leases_are_read_and_broken_ones_named(tmp_path: Path) -> None:
    isc = read(tmp_path, ISC)
    assert isc.kind == "isc-leases"
    assert [(e.address, e.mac, dict(e.fields)) for e in isc.entries] == [
        ("192.0.2.7", "28:57:be:00:00:07", {"dhcp.hostname": ("cam7",)})
    ]
    assert [p.partition(": ")[0] for p in isc.problems] == ["file:5", "file:7"]
    dnsmasq = read(tmp_path, "1700000000 28:57:be:00:00:07 192.0.2.7 * 01:28\nnot a lease at all, this\n")
    assert (dnsmasq.kind, len(dnsmasq.entries), len(dnsmasq.problems)) == ("dnsmasq-leases", 1, 1)
    windows = read(
        tmp_path, '"IPAddress","ScopeId","ClientId","HostName"\n"192.0.2.7","192.0.2.0","28-57-be-00-00-07","c"\n'
    )
    assert windows.kind == "windows-leases"
    assert [(e.address, e.mac) for e in windows.entries] == [("192.0.2.7", "28:57:be:00:00:07")]


@pytest.mark.parametrize(
    ("text", "port", "vlan"),
    [
        (CISCO, "Gi1/0/14", "10"),
        ("  2857be-000005  14  10\n", "14", "10"),
        ("28:57:be:00:00:05    10   dynamic   1/1/14\n", "1/1/14", "10"),
        ("Port VLAN MAC\n   14   10  28:57:be:00:00:05  192.0.2.5  cam  1d\n", "14", "10"),
    ],
)
def test_mac_tables_of_each_dialect(tmp_path: Path, text: str, port: str, vlan: str) -> None:
    found = read(tmp_path, text, "closet.txt")
    assert found.kind == "mac-table"
    first = found.entries[0]
    assert (first.mac, first.fields["switch.port"], first.fields["switch.vlan"]) == (
        "28:57:be:00:00:05",
        (port,),
        (vlan,),
    )
    assert first.fields["switch.name"] == (("SW3",) if "SW3" in text else ("closet",))


def test_a_mac_table_is_placed_at_the_addresses_that_other_files_know(tmp_path: Path) -> None:
    files = [read(tmp_path, CISCO, "sw.txt"), read(tmp_path, NMAP, "n.xml")]
    assert [p for p in files[0].problems if p.startswith("sw.txt:6:")]
    found = list(place(files, {}, lambda: datetime(2026, 11, 27, tzinfo=UTC)))
    at = {o.target.address for o in found if o.probe == "switch"}
    assert at == {"192.0.2.5", "28:57:be:00:00:99"}


def test_a_sadp_export_alone_makes_a_full_report_that_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, SADP, "sadp.csv")
    assert (found.kind, found.problems) == ("sadp", [])
    store = Store(f"sqlite:///{tmp_path}/s")
    made = import_files(store, [found], Site("x"))
    stored = store.run(made.run)
    report = judge(stored, load_catalogue(), as_of=date(2026, 11, 27))
    unit = report.devices[0]
    assert (unit.address, unit.mac, unit.identification.model) == (
        "192.0.2.9",
        "28:57:be:00:00:09",
        "DS-2CD2032F-I",
    )
    assert unit.identification.maker == "hikvision"
    assert stored.run.origin == "import"
    assert any("no packet was sent" in notice for notice in report.notices)
    reached = coverage(stored)
    assert (reached.addresses, reached.answered, reached.silent, reached.unasked) == (1, 1, 0, 0)


def test_a_register_with_a_title_two_headings_and_merged_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("School cameras 2026",),
        ("Where", None, "What", None),
        ("Building", "IP address", "Make", "Serial no."),
        ("Gym", "192.0.2.5", "Hikvision", "A1B2C3D4"),
        (None, "192.0.2.300", "Axis", "ACCC8E000001"),
    ):
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    book.save(tmp_path / "r.xlsx")
    found = read_file(tmp_path / "r.xlsx", "", {})
    assert found.kind == "register"
    assert [(e.address, e.fields["register.location"], e.outcome) for e in found.entries] == [
        ("192.0.2.5", ("Gym",), Outcome.NOT_ASKED),
        ("", ("Gym",), Outcome.NOT_ASKED),
    ]
    assert found.problems == ["r.xlsx:5: '192.0.2.300' is no address; the rest of the row was read"]
    assert "line 3" in found.notes[0]


def test_an_area_of_billions_of_merged_cells_costs_no_time_and_is_named(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Building", "IP address", "Make"),
        ("Gym", "192.0.2.5", "Hikvision"),
        (None, "192.0.2.6", "Axis"),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "r.xlsx")
    _with_sheet(tmp_path, lambda text: text.replace('ref="A2:A3"', 'ref="A2:XFD1048576"'))
    found = read_file(tmp_path / "b.xlsx", "", {})
    assert [(e.address, e.fields.get("register.location")) for e in found.entries] == [
        ("192.0.2.5", ("Gym",)),
        ("192.0.2.6", None),
    ]
    assert found.problems[0].startswith("b.xlsx:2: merged cells cover too many cells")


def _with_sheet(folder: Path, change: Callable[[str], str]) -> None:
    """Copy ``r.xlsx`` to ``b.xlsx``, its first sheet changed."""
    with zipfile.ZipFile(folder / "r.xlsx") as whole, zipfile.ZipFile(folder / "b.xlsx", "w") as made:
        for part in whole.namelist():
            text = whole.read(part).decode()
            made.writestr(part, change(text) if part.endswith("sheet1.xml") else text)


def test_what_a_register_says_is_no_evidence(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s")
    found = read(tmp_path, "IP,Make,Model\n192.0.2.5,Hikvision,DS-2CD2032F-I\n", "r.csv")
    stored = store.run(import_files(store, [found], Site("x")).run)
    assert judge(stored, load_catalogue(), as_of=date(2026, 11, 27)).devices == ()
    assert coverage(stored).unasked == 1


def test_the_command_keeps_what_it_read_and_ends_with_2_for_a_bad_line(tmp_path: Path) -> None:
    (tmp_path / "leases").write_text(ISC)
    store = f"sqlite:///{tmp_path}/s"
    done = CliRunner().invoke(program(["import"]), ["import", str(tmp_path / "leases"), "--store", store])
    assert done.exit_code == 2
    assert "leases:5:" in done.output
    assert len(Store(store).run().observations) == 1


def test_imports_joined_with_a_run_stand_beside_what_it_saw(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/s")
    first = import_files(store, [read(tmp_path, NMAP, "n.xml")], Site("x"))
    joined = import_files(store, [read(tmp_path, CISCO, "sw.txt")], Site("x"), store.run(first.run))
    stored = store.run(joined.run)
    probes = {o.probe for o in stored.observations["192.0.2.5"]}
    assert {"port", "mac", "import", "switch"} <= probes
    assert json.dumps(stored.run.scope)


def test_a_file_of_no_known_kind_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--kind"):
        read(tmp_path, "hello\n")


def test_an_xml_bomb_inside_a_workbook_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "r.xlsx")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    _with_sheet(tmp_path, lambda text: bomb + text.replace("</worksheet>", "<x>&b;</x></worksheet>"))
    found = read_file(tmp_path / "b.xlsx", "", {})
    assert found.entries == []
    assert found.problems == ["b.xlsx:1: is no sound XLSX workbook; save it again, or export it as CSV"]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from(list(KINDS)))
def test_no_text_whatever_ends_in_an_error_of_python(text: str, kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_bytes(text.encode("utf-8", "replace"))
        found = read_file(path, kind, {})
        assert all(problem.startswith("f:") for problem in found.problems)
