"""Where is it: switches place every camera of the simulated fleet on its port, and an uplink is nobody's port."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import camaudit
from camaudit.simulator.fleet import load_fleet
from snmp_switches import V3_HIDDEN, V3_PROOF, V3_USER, Switch, answering, asked

PORTS = 24
ACCESS = {f"127.0.1.{number}": f"access-{number}" for number in range(1, 8)}
CORE = "127.0.1.100"


def why_not() -> str:
    if shutil.which("snmpsim-command-responder", path=str(Path(sys.executable).parent)) is None:
        return "snmpsim is not installed"
    return "" if os.geteuid() == 0 else "snmpsim keeps its index as root here"


def mac_of(number: int) -> str:
    return f"28:57:be:00:{number >> 8:02x}:{number & 255:02x}"


def fleet() -> dict[str, str]:
    """Return the address of each simulated camera and the MAC it has in this test."""
    addresses = sorted({unit.address for unit in load_fleet().devices})
    return {address: mac_of(number) for number, address in enumerate(addresses)}


def network(units: dict[str, str]) -> dict[str, Switch]:
    """Return access switches with a camera at each port, and the core that sees all of them at its uplinks."""
    macs = list(units.values())
    switches = {}
    for number, (address, name) in enumerate(ACCESS.items()):
        mine = macs[number * PORTS : (number + 1) * PORTS]
        others = tuple(mac for mac in macs if mac not in mine)[:5]
        switches[address] = Switch(
            name,
            {**{port: (mac,) for port, mac in enumerate(mine, 1)}, 25: others},
            uplinks={25: "core"},
            power={port: port % 2 == 1 for port in range(1, PORTS + 1)},
            vlan_aware=number % 2 == 0,
            phones=(1,),
        )
    crowd = {port: tuple(macs[(port - 1) * PORTS : port * PORTS]) for port in range(1, len(ACCESS) + 1)}
    switches[CORE] = Switch("core", crowd, uplinks={})
    return switches


def report(folder: Path, store: str) -> dict[str, Any]:
    done = camaudit("report", "--store", store, "--format", "json", "--output", "out", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


def logins(folder: Path, switches: dict[str, Switch]) -> str:
    """Write a login for each switch; the first is asked by SNMPv3."""
    (folder / "proof.txt").write_text(V3_PROOF + "\n")
    (folder / "hidden.txt").write_text(V3_HIDDEN + "\n")
    lines = ["schema: camaudit/snmp@1", "switches:"]
    for number, (address, switch) in enumerate(switches.items()):
        if number == 0:
            lines.append(
                f"  - {{addresses: [{address}], user: {V3_USER}, authentication: sha256, privacy: aes128,"
                f" authentication_file: proof.txt, privacy_file: hidden.txt, context: {switch.name}}}"
            )
        else:
            (folder / f"{switch.name}.txt").write_text(f"{switch.name}\n")
            lines.append(f"  - {{addresses: [{address}], community_file: {switch.name}.txt}}")
    (folder / "logins.yaml").write_text("\n".join(lines) + "\n")
    return str(folder / "logins.yaml")


def test_switches_place_every_simulated_camera_on_its_port(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    units, store = fleet(), f"sqlite:///{tmp_path / 's'}"
    switches = network(units)
    assert len(units) <= len(ACCESS) * PORTS
    leases = "".join(f"1700000000 {mac} {address} * *\n" for address, mac in units.items())
    (tmp_path / "dnsmasq.leases").write_text(leases)
    assert camaudit("import", "dnsmasq.leases", "--store", store, cwd=tmp_path).returncode == 0
    base = re.findall(r"\d{8}-\d{6}-[0-9a-f]{4}", camaudit("runs", "--store", store, cwd=tmp_path).stdout)[0]
    with answering(tmp_path, switches) as port:
        done = camaudit(
            *("switches", *switches, "--snmp-logins", logins(tmp_path, switches), "--snmp-port", str(port)),
            *("--with", base, "--yes", "--store", store),
            cwd=tmp_path,
        )
    assert (done.returncode, done.stderr) == (0, "")
    found = {device["address"]: device["ports"] for device in report(tmp_path, store)["devices"]}
    for number, (address, _) in enumerate(units.items()):
        place = number % PORTS + 1
        assert found[address] == [
            {
                "switch": f"access-{number // PORTS + 1}",
                "port": f"Gi1/0/{place}",
                "vlan": "10" if (number // PORTS) % 2 == 0 else "",
                "power": "on" if place % 2 else "off",
                "label": f"desk {place}",
            }
        ]
    # Nothing but reads was sent, and no secret was stored.
    assert asked(tmp_path)
    assert not any("SET" in line.rpartition("flags:")[2] for line in asked(tmp_path))
    kept = (tmp_path / "s").read_bytes()
    assert V3_PROOF.encode() not in kept
    assert V3_HIDDEN.encode() not in kept


def test_a_switch_that_tells_each_vlan_apart_is_asked_for_each(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    store = f"sqlite:///{tmp_path / 's'}"
    switches = {"127.0.1.1": Switch("cisco", {3: (mac_of(1),)}, vlan_aware=False, by_vlan=20)}
    with answering(tmp_path, switches) as port:
        done = camaudit(
            *("switches", *switches, "--snmp-community", "cisco", "--snmp-port", str(port), "--store", store),
            cwd=tmp_path,
        )
    assert (done.returncode, done.stderr) == (0, "")
    (unit,) = report(tmp_path, store)["devices"]
    assert [(p["switch"], p["port"], p["vlan"]) for p in unit["ports"]] == [("cisco", "Gi1/0/3", "20")]


def test_a_wrong_login_is_sent_once_and_the_other_switches_are_read(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    store = f"sqlite:///{tmp_path / 's'}"
    switches = {
        "127.0.1.1": Switch("good", {3: (mac_of(1),)}),
        "127.0.1.2": Switch("strange", {3: (mac_of(2),)}),
        "127.0.1.3": Switch("silent", {3: (mac_of(3),)}),
    }
    (tmp_path / "wrong.txt").write_text("not-the-proof\n")
    for name in ("good", "nonsense"):
        (tmp_path / f"{name}.txt").write_text(f"{name}\n")
    (tmp_path / "logins.yaml").write_text(
        "schema: camaudit/snmp@1\nswitches:\n"
        "  - {addresses: [127.0.1.1], community_file: good.txt}\n"
        f"  - {{addresses: [127.0.1.2], user: {V3_USER}, authentication: sha256,"
        " authentication_file: wrong.txt}\n"
        "  - {community_file: nonsense.txt}\n"
    )
    with answering(tmp_path, switches) as port:
        done = camaudit(
            *("switches", *switches, "--snmp-logins", "logins.yaml", "--snmp-port", str(port), "--yes"),
            *("--store", store),
            cwd=tmp_path,
        )
    assert done.returncode == 3
    assert "127.0.1.2:1: the switch refused the SNMP login; it was not sent again" in done.stderr
    assert "127.0.1.3:1: no answer in time" in done.stderr
    assert "not-the-proof" not in done.stderr + done.stdout
    told = report(tmp_path, store)
    assert [(d["address"], d["ports"][0]["switch"]) for d in told["devices"]] == [(mac_of(1), "good")]
    assert told["run"]["origin"] == "switches"


def test_what_is_wrong_with_a_login_file_is_a_line_and_nothing_is_sent(tmp_path: Path) -> None:
    bad = {
        "{community_env: NOT_SET_AT_ALL}": "NOT_SET_AT_ALL of community_env is not set",
        "{community_file: nowhere.txt}": "community_file cannot be read",
        "{user: x, authentication: sha256}": "authentication needs a kind",
        "{user: x, privacy: des}": "privacy needs a kind",
        "{}": "one of both",
        "{addresses: [x], community_file: c.txt}": "no address and no network",
    }
    (tmp_path / "c.txt").write_text("c\n")
    for row, what in bad.items():
        (tmp_path / "logins.yaml").write_text(f"schema: camaudit/snmp@1\nswitches:\n  - {row}\n")
        done = camaudit(
            "switches", "127.0.1.9", "--snmp-logins", "logins.yaml", "--store", "sqlite:///s", cwd=tmp_path
        )
        assert done.returncode == 2
        assert "logins.yaml:3: " in done.stderr
        assert what in done.stderr
    done = camaudit("switches", "127.0.1.9", "--store", "sqlite:///s", cwd=tmp_path)
    assert (done.returncode, "no SNMP login" in done.stderr) == (2, True)
