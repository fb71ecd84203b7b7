"""A small site told twice: what its units answered at each visit, in a store of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from camaudit.model import Observation, Outcome, Run, Site, Target
from camaudit.store import Store

Fields = dict[str, tuple[str, ...]]
SENSITIVE = Site("HQ", "GB-ENG", "government", {"central_government": True, "sensitive_site": True})
SCOPE = ("192.0.2.0/24",)


def hikvision(
    number: int, firmware: str = "V5.4.0build 160401", model: str = "DS-2CD2032F-I"
) -> dict[str, Fields]:
    """Return what a Hikvision unit answers on two channels, by probe."""
    sadp = {
        "sadp.reply": ("ProbeMatch",),
        "sadp.device_sn": (f"{model}20150126CCCH5021261{number:02}",),
        "sadp.mac": (f"28:57:be:00:00:{number:02x}",),
        "sadp.device_description": (model,),
        "sadp.software_version": (firmware,),
        "sadp.activated": ("true",),
    }
    return {"sadp": sadp, "http": {"http.server": ("App-webs/",), "http.status": ("200",)}}


def axis(number: int) -> dict[str, Fields]:
    """Return what an Axis unit answers."""
    onvif = {
        "onvif.manufacturer": ("AXIS",),
        "onvif.model": ("P3245-LV",),
        "onvif.serial": (f"B8A44F0000{number:02X}",),
    }
    return {"onvif": onvif, "mac": {"mac.address": (f"b8:a4:4f:00:00:{number:02x}",)}}


def visit(store: Store, day: date, units: Mapping[str, dict[str, Fields]], site: Site = SENSITIVE) -> str:
    """Store a finished run and return its id."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    run = Run(f"{day:%Y%m%d}-090000-abcd", at, None, "0.1.0", SCOPE)
    writer = store.begin(run, site, (SCOPE, ()))
    for address, probes in units.items():
        for probe, fields in probes.items():
            writer.observation(Observation(Target(address), probe, Outcome.ANSWERED, fields, at))
        writer.host(address, "answered")
    writer.flush()
    store.finish(run.id, at, ())
    return run.id


def new_store(folder: Path) -> Store:
    """Return an empty store."""
    return Store(f"sqlite:///{folder / 'runs.sqlite3'}")
