"""A register against what was seen: who is one, what differs, and what "not seen" does not say."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from camaudit.audit import judge
from camaudit.catalogue import load_catalogue
from camaudit.cli.main import program
from camaudit.importing import import_files
from camaudit.imports import read_file
from camaudit.model import (
    Certainty,
    Coverage,
    Device,
    Identification,
    Kind,
    Matched,
    Observation,
    Outcome,
    Reconciled,
    Report,
    Run,
    Site,
    Target,
)
from camaudit.reconcile import reconcile
from camaudit.report import json as report_json
from camaudit.report.write import write
from camaudit.store import Store

DAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, tzinfo=UTC)
SERIAL = "DS-2CD2032F-I20150126CCCH502126167"
REGISTER = """Camera register 2026,,,,,,
Asset,Make,Model,Serial no,IP,MAC,Room
Gate,Hikvision,DS-2CD2032F-I,502126167,192.0.2.10,28:57:be:00:00:10,Gate
Hall,Axis,P3245-LVE,,192.0.2.11,,Hall
Yard,Hikvision,DS-2CD2143G0-I,,192.0.2.12,,Yard
Attic,Dahua,IPC-HDW1431,,192.0.2.13,,Attic
Shed,Dahua,IPC-HFW1230S,4K01234PAG00001,,,Shed
Office,,,,198.51.100.9,,Office
"""


def sadp(address: str, model: str, serial: str, mac: str) -> tuple[Observation, ...]:
    fields = {
        "sadp.reply": ("ProbeMatch",),
        "sadp.device_description": (model,),
        "sadp.device_sn": (serial,),
        "sadp.mac": (mac,),
    }
    return (Observation(Target(address, 37020), "sadp", Outcome.ANSWERED, fields, AT),)


def scanned(folder: Path, *, finished: bool = True) -> tuple[Store, str]:
    """A scan of 192.0.2.0/28 that found three cameras, one of them elsewhere than registered."""
    store = Store(f"sqlite:///{folder}/s")
    run = Run("20261130-000000-aaaa", AT, None, "0", ("192.0.2.0/28",))
    writer = store.begin(run, Site("x"), (("192.0.2.0-192.0.2.15",), ()))
    for address, model, serial, mac in (
        ("192.0.2.14", "DS-2CD2032F-I", SERIAL, "28-57-be-00-00-10"),
        ("192.0.2.11", "DS-2CD2143G0-I", "DS-2CD2143G0-I20190120AAWR123456789", "28-57-be-00-00-11"),
        ("192.0.2.15", "DS-2CD2T42WD-I5", "DS-2CD2T42WD-I520160101AAWR987654321", "28-57-be-00-00-15"),
    ):
        for item in sadp(address, model, serial, mac):
            writer.observation(item)
        writer.host(address, "answered")
    writer.host("192.0.2.13", "refused")
    writer.flush()
    if finished:
        store.finish(run.id, AT, ())
    return store, run.id


def reconciled(folder: Path, text: str = REGISTER) -> Report:
    store, base = scanned(folder)
    (folder / "assets.csv").write_text(text)
    read = read_file(folder / "assets.csv", "register", {})
    made = import_files(store, [read], Site("x"), store.run(base))
    return judge(store.run(made.run), load_catalogue(), as_of=DAY)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return reconciled(tmp_path_factory.mktemp("register"))


def row(report: Report, name: str) -> Reconciled:
    return next(each for each in report.reconciled if each.name == name)


def test_a_serial_number_goes_before_an_address_and_what_differs_is_named(report: Report) -> None:
    gate = row(report, "Gate")
    assert (gate.matched, gate.by, gate.row) == (Matched.DIFFERENT, "serial", "assets.csv:3")
    assert [(d.what, d.registered, d.seen) for d in gate.differences] == [("address", "192.0.2.10", "192.0.2.14")]
    hall = row(report, "Hall")
    assert (hall.matched, hall.by) == (Matched.DIFFERENT, "address")
    assert {d.what: (d.registered, d.seen) for d in hall.differences} == {
        "maker": ("Axis", "Hikvision"),
        "model": ("P3245-LVE", "DS-2CD2143G0-I"),
    }


def test_not_seen_says_only_what_was_asked(report: Report) -> None:
    assert {
        name: (row(report, name).matched, row(report, name).reach) for name in ("Yard", "Attic", "Shed", "Office")
    } == {
        "Yard": (Matched.NOT_SEEN, "silent"),
        "Attic": (Matched.NOT_SEEN, "refused"),
        "Shed": (Matched.NOT_SEEN, "no_address"),
        "Office": (Matched.NOT_SEEN, "unasked"),
    }


def test_a_camera_that_no_row_names_is_told(report: Report) -> None:
    (stray,) = [each for each in report.reconciled if each.matched is Matched.UNREGISTERED]
    assert stray.address == "192.0.2.15"
    assert len(report.devices) == 3


def test_every_format_tells_it(report: Report, tmp_path: Path) -> None:
    write(report, ("html", "json", "csv"), tmp_path)
    told = json.loads((tmp_path / "report.json").read_text())["register"]
    assert sorted(each["matched"] for each in told) == ["different"] * 2 + ["not_seen"] * 4 + ["unregistered"]
    required = report_json.schema()["properties"]["register"]["items"]["required"]
    assert all(set(required) <= set(each) for each in told)
    page = (tmp_path / "report.html").read_text()
    assert "Registered otherwise" in page
    assert "Address: registered 192.0.2.10, seen 192.0.2.14" in page.replace("; address", "; Address")
    assert "that it is gone is not shown" in " ".join(page.split()).replace("that it\n", "that it ")
    rows = list(csv.reader((tmp_path / "reconciled.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 8
    assert rows[1][0] == "Registered otherwise"


def test_without_a_register_nothing_is_said_of_one(tmp_path: Path) -> None:
    store, base = scanned(tmp_path)
    report = judge(store.run(base), load_catalogue(), as_of=DAY)
    assert report.reconciled == ()
    assert "reconciled.csv" not in [path.name for path in write(report, ("html", "csv"), tmp_path / "out")]
    assert "Registered otherwise" not in (tmp_path / "out" / "report.html").read_text()


def test_a_scan_that_was_ended_early_has_asked_nobody_for_sure(tmp_path: Path) -> None:
    store, base = scanned(tmp_path, finished=False)
    from camaudit.locating import _asked

    assert not _asked(store.run(base))("192.0.2.12")


def test_a_serial_number_that_many_show_makes_no_pair(tmp_path: Path) -> None:
    # A placeholder, and the end of a real one that is too short to be anybody's own.
    for serial in ("111111", "6167", ""):
        folder = tmp_path / f"n{serial}"
        folder.mkdir()
        report = reconciled(folder, f"Asset,Serial no,IP\nX,{serial},192.0.2.12\n")
        assert row(report, "X").matched is Matched.NOT_SEEN


def test_the_terminal_counts_it(tmp_path: Path) -> None:
    reconciled(tmp_path)
    command = ["report", "--store", f"sqlite:///{tmp_path}/s", "--output", str(tmp_path / "out")]
    said = CliRunner().invoke(program(command), command).stdout
    assert "Register: 0 as registered, 2 otherwise, 4 not seen, 1 not in it." in said


def test_a_plan_says_where_to_cut_the_power(tmp_path: Path) -> None:
    from camaudit.model import Device, PlanStep, SwitchPort
    from camaudit.whereabouts import with_ports, without_ports

    report = reconciled(tmp_path)
    unit = replace(report.devices[0], ports=(SwitchPort("3", "14", power="on"), SwitchPort("core", "1/2")))
    steps = (
        PlanStep(1, "isolate", "Cut off", (unit.id, "other"), "Why."),
        PlanStep(2, "replace", "Replace", (unit.id,), "Why."),
    )
    cut, other = with_ports(steps, {unit.id: unit})
    where = "switch 3, port 14 (PoE can be cut here) or switch core, port 1/2"
    assert without_ports(cut.why) == "Why."
    assert cut.why == f"Why. Where they are plugged in: {unit.address} at {where}."
    assert other is steps[1]
    assert isinstance(unit, Device)


def registered(line: int, **told: str) -> Observation:
    fields = {f"register.{name}": (text,) for name, text in {"row": f"register.csv:{line}", **told}.items()}
    return Observation(Target("192.0.2.1"), "register", Outcome.NOT_ASKED, fields, AT)


def camera(address: str, **told: str) -> Device:
    found = Identification("axis", Certainty.CONFIRMED, 0.97, kind=Kind.CAMERA, video=True, **told)  # type: ignore[arg-type]
    return Device(f"unit-{address}", address, found, mac=told.get("mac"))


def test_another_model_serial_and_place_are_named_and_a_mac_is_no_place() -> None:
    rows = (
        registered(2, mac="b8:a4:4f:00:00:01", address="192.0.2.5", model="P3245", serial="B8A44F000009"),
        registered(3, mac="b8:a4:4f:00:00:02", address="192.0.2.6"),
        registered(4, serial="B8A44F000003", mac="b8:a4:4f:00:00:99"),
    )
    units = (
        camera("192.0.2.7", mac="b8:a4:4f:00:00:01", model="M1065", serial="B8A44F000001"),
        # Known by its MAC alone, as from a table of a switch: where it is nobody knows.
        camera("b8:a4:4f:00:00:02", mac="b8:a4:4f:00:00:02"),
        camera("192.0.2.8", mac="b8:a4:4f:00:00:03", serial="B8A44F000003"),
    )
    named = reconcile({"x": rows}, units, Coverage(0, 0, 0, 0), named=lambda text: None, asked=lambda _: True)
    assert [(each.by, [d.what for d in each.differences]) for each in named] == [
        ("mac", ["model", "serial", "address"]),
        ("mac", []),
        ("serial", ["mac"]),
    ]
