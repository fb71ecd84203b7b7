"""Files of other tools that are odd, too large or wrong: each is refused or read so far, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_imports import read

from camaudit.errors import UsageError
from camaudit.imports import read_file, tables

REGISTER = "Location,Network,Maker\nHall,192.0.2.5,Axis\n"


@pytest.mark.parametrize("kind", ["", "capture", "register"])
@pytest.mark.parametrize("name", ["gone", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(UsageError, match=r":1: cannot be read: .*; check the path and its permissions"):
        read_file(tmp_path / name, kind, {})


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "disk.img").open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(UsageError, match="larger than 256 MiB; is this the right file"):
        read_file(tmp_path / "disk.img", "", {})


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "latin-1"])
def test_tables_come_in_several_codings(tmp_path: Path, coding: str) -> None:
    found = read(tmp_path, "IP,Make,Location\n192.0.2.5,Axis,Hôtel\n".encode(coding))
    assert [(entry.address, entry.fields["register.location"]) for entry in found.entries] == [
        ("192.0.2.5", ("Hôtel",))
    ]


def test_a_cell_without_end_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, f"IP,Make\n192.0.2.5,{'x' * (1 << 21)}\n192.0.2.6,Axis\n", kind="register")
    assert [entry.address for entry in found.entries] == ["192.0.2.6"]


def test_a_workbook_that_unpacks_to_more_than_any_register_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    monkeypatch.setattr(tables, "_MAX_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 2000)
    found = read_file(tmp_path / "bomb.xlsx", "", {})
    assert found.entries == []
    assert "unpacks to more than 512 MiB" in found.problems[0]


def test_xml_of_another_tool_is_not_nmaps(tmp_path: Path) -> None:
    assert read(tmp_path, "<html><body/></html>").problems == [
        "file:1: is XML of kind 'html', not nmap's; write it with nmap -oX FILE"
    ]


@pytest.mark.parametrize("ports", ['["80"]', '[{"port": 80, "proto": "udp"}]', '[{"port": 99999}]', "[]"])
def test_what_is_no_open_port_is_named(tmp_path: Path, ports: str) -> None:
    found = read(tmp_path, f'{{"ip": "192.0.2.5", "ports": {ports}}}\n', kind="masscan")
    assert found.entries == []
    assert found.problems == ["file:1: has no ip with a port; it was left out"]


def test_a_lease_that_does_not_end_before_the_next_is_left_out(tmp_path: Path) -> None:
    text = "lease 192.0.2.7 {\n  hardware ethernet 28:57:be:00:00:07;\nlease 192.0.2.8 {\n"
    found = read(tmp_path, text + "  hardware ethernet 28:57:be:00:00:08;\n}\n")
    assert [entry.address for entry in found.entries] == ["192.0.2.8"]
    assert found.problems == ["file:1: this lease has no end; it was left out"]


def test_a_column_that_the_operator_names_goes_before_what_is_proposed(tmp_path: Path) -> None:
    assert not any(entry.address for entry in read(tmp_path, REGISTER, kind="register").entries)
    named = read(tmp_path, REGISTER, kind="register", address="network")
    assert named.entries[0].address == "192.0.2.5"
    wrong = read(tmp_path, REGISTER, kind="register", serial="Serial no.", address="Network")
    assert wrong.problems == ["file:1: has no column 'Serial no.'; the heading reads Location, Network, Maker"]


@pytest.mark.parametrize(
    ("kind", "heading"),
    [("sadp", "IPv4 Address,Device Type,Software Version"), ("configtool", "IP,Model,Version")],
)
def test_a_row_without_an_address_is_no_unit(tmp_path: Path, kind: str, heading: str) -> None:
    found = read(tmp_path, f"{heading}\n,DS-2CD2032F-I,V5.4.0\n192.0.2.9,DS-2CD2032F-I,V5.4.0\n", kind=kind)
    assert [entry.address for entry in found.entries] == ["192.0.2.9"]
