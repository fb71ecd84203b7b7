"""Reports of any size: the recorded devices of ``corpus/``, judged as a site's, and as many copies as are wanted.

Each copy has an address, an id, a serial number and a MAC of its own; what it says and how it is judged is real.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

from corpus import form
from corpus.replay import observations

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.model import Coverage, Device, Finding, HostCoverage, Observation, Outcome, Report, Run
from camaudit.plan import plan
from camaudit.report.summary import is_video
from camaudit.site import load_site
from camaudit.store import StoredRun

TODAY = date(2026, 11, 30)
_BEGUN = datetime(2026, 11, 30, 8, tzinfo=UTC)
_FIRST = ipaddress.IPv4Address("10.20.0.0")


def generated(count: int) -> Report:
    """Return the judged report of an estate of ``count`` cameras and recorders."""
    catalogue = load_catalogue()
    seed = _seed(catalogue)
    video = [device for device in seed.devices if is_video(device)]
    by_device: dict[str, list[Finding]] = {}
    for finding in seed.findings:
        by_device.setdefault(finding.device, []).append(finding)
    devices: list[Device] = []
    findings: list[Finding] = []
    for number in range(count):
        of = video[number % len(video)]
        unit = _copy(of, number)
        devices.append(unit)
        findings += [replace(each, device=unit.id) for each in by_device.get(of.id, ())]
    told = {"http": Outcome.ANSWERED, "rtsp": Outcome.SILENT, "onvif": Outcome.ANSWERED}
    hosts = tuple(HostCoverage(each.address, "answered", told) for each in devices)
    return replace(
        seed,
        devices=tuple(devices),
        findings=tuple(findings),
        plan=plan(devices, findings, TODAY),
        coverage=Coverage(2 * count, count, count, 0, hosts=hosts, limits=seed.coverage.limits),
    )


def _seed(catalogue: Catalogue) -> Report:
    heard = dict(_heard(catalogue))
    run = Run("generated", _BEGUN, _BEGUN, "0.1.0", (f"{_FIRST}/16",))
    site = load_site(files("camaudit.simulator") / "demo-site.yaml")
    stored = StoredRun(run, site, (), heard, (), ((), ()), len(heard), 0)
    return judge(stored, catalogue, as_of=TODAY)


def _heard(catalogue: Catalogue) -> Iterator[tuple[str, tuple[Observation, ...]]]:
    for number, recording in enumerate(form.load(catalogue.knowledge)):
        address = str(_FIRST + number + 1)
        heard = observations(recording)
        yield address, tuple(replace(each, target=replace(each.target, address=address)) for each in heard)


def _copy(of: Device, number: int) -> Device:
    found = of.identification
    serial = f"{found.serial or 'SN'}-{number:06d}"
    mac = f"02:00:{number >> 24 & 255:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    return replace(
        of,
        id=f"unit-{number:06d}",
        address=str(_FIRST + number + 1),
        mac=mac,
        also_at=(),
        identification=replace(found, serial=serial, mac=mac),
        first_seen=TODAY,
    )
