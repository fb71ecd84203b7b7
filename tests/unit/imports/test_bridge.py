"""What a switch tells by SNMP: ports by name, power, uplinks; nothing that it sends ends in an error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.imports.bridge import TABLES, Table, read_bridge
from camaudit.imports.entry import Imported

MAC = (0x28, 0x57, 0xBE, 0, 0, 5)
TEXT = "28:57:be:00:00:05"


def read(**told: Table) -> Imported:
    into = Imported("192.0.2.2", "switch")
    read_bridge(told, into)
    return into


def test_a_port_has_its_name_its_power_and_its_vlan() -> None:
    found = read(
        name={(0,): b"sw3"},
        base_port={(14,): 10114},
        if_name={(10114,): b"Gi2/0/14"},
        if_alias={(10114,): b"gate"},
        vlan_fdb={(0, 10): 4},
        q_port={(4, *MAC): 14},
        poe_admin={(2, 14): 1},
        poe_state={(2, 14): 3},
    )
    (entry,) = found.entries
    assert (entry.mac, dict(entry.fields)) == (
        TEXT,
        {
            "switch.name": ("sw3",),
            "switch.port": ("Gi2/0/14",),
            "switch.vlan": ("10",),
            "switch.power": ("on",),
            "switch.label": ("gate",),
        },
    )


def test_power_is_off_none_or_not_known() -> None:
    port = {"base_port": {(1,): 1}, "fdb_port": {MAC: 1}}
    told = (
        ({}, None),
        ({"poe_admin": {(1, 1): 2}, "poe_state": {(1, 1): 1}}, ("off",)),
        ({"poe_admin": {(1, 9): 1}}, ("none",)),
    )
    for poe, power in told:
        assert read(**port, **poe).entries[0].fields.get("switch.power") == power


def test_a_port_that_leads_to_a_switch_is_nobodys() -> None:
    fdb = {MAC: 24, (*MAC[:5], 6): 3}
    neighbours = {"lldp_capable": {(0, 24, 1): b"\x28"}, "lldp_name": {(0, 24, 1): b"core"}}
    found = read(fdb_port=fdb, **neighbours)
    assert [(e.mac, e.fields["switch.port"]) for e in found.entries] == [("28:57:be:00:00:06", ("3",))]
    assert found.notes == ["192.0.2.2: port 24 leads to core, so what is seen there hangs elsewhere"]
    # LLDP may number ports in its own way: then its name for the port tells which it is.
    named = read(
        fdb_port=fdb,
        base_port={(24,): 5024},
        if_name={(5024,): b"Te1/1"},
        lldp_port={(7,): b"te1/1"},
        lldp_capable={(0, 7, 1): b"\x20"},
    )
    assert [e.mac for e in named.entries] == ["28:57:be:00:00:06"]
    # A camera or phone that speaks LLDP is a station, and its port is its own.
    assert len(read(fdb_port=fdb, lldp_capable={(0, 24, 1): b"\x01"}).entries) == 2


def test_what_the_switch_did_not_learn_is_its_own() -> None:
    assert read(fdb_port={MAC: 1}, fdb_status={MAC: 4}).entries == []
    assert read(fdb_port={MAC: 0}).entries == []


def test_the_arp_table_of_a_routing_switch_gives_addresses() -> None:
    arp = {
        (9, 192, 0, 2, 5): bytes(MAC),
        (9, 192, 0, 2, 77): b"\x02\0\0\0\0\1",
        (9, 192, 0, 2, 78): b"\x02\0\0\0\0\1",
    }
    found = read(fdb_port={MAC: 1}, arp=arp)
    assert [(e.probe, e.address, e.mac) for e in found.entries] == [
        ("switch", "192.0.2.5", TEXT),
        ("mac", "192.0.2.5", TEXT),
    ]


def test_a_switch_without_a_table_says_what_to_look_at() -> None:
    assert read(name={(0,): b"sw3"}).problems == [
        "192.0.2.2:1: tells no MAC table; may this login read BRIDGE-MIB or Q-BRIDGE-MIB?"
    ]


_ROWS = st.dictionaries(
    st.lists(st.integers(0, 300), max_size=9).map(tuple),
    st.one_of(st.binary(max_size=8), st.integers(), st.text()),
)


@given(st.fixed_dictionaries({}, optional={name: _ROWS for name in TABLES}))
def test_nothing_that_a_switch_sends_ends_in_an_error(told: dict[str, Table]) -> None:
    read(**told)
