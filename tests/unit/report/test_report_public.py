"""The public report: nothing that names a unit, a place or a person survives anywhere, in any format or form."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from report_factory import TODAY, device, estate, finding, hostile_school, school

from camaudit import audit
from camaudit.catalogue import load_catalogue
from camaudit.cli.lowports import may_bind
from camaudit.model import Attestation, Device, Planning, Prices, Progress, Range, Report, Verdict
from camaudit.plan import plan
from camaudit.report.audience import for_audience
from camaudit.report.readers import PUBLIC
from camaudit.report.summary import counts
from camaudit.report.write import NAMES, write
from camaudit.resources import data_root
from camaudit.site import load_site
from camaudit.store import Store

_SHORTEST = 5
_GRAM = 6


def named(report: Report) -> Report:
    """Return the report with everything beside its devices that could name somebody or some place."""
    first = report.devices[0]
    planning = Planning(
        Prices("GBP", "Offer of Jones & Sons, 7 Mill Lane", TODAY, "ask Mr Jones", units={"camera": Range(1, 2)}),
        who={"isolate": "Ms Quentin", "attest": "The Bursar of Example"},
        recorders=("198.51.100.77",),
        locations={first.id: "Nursery <east> wall"},
    )
    letter = Attestation(("127.77.0.2",), ("hikvision",), "Supplier Smithers", TODAY, "letter 77-99")
    site = replace(report.site, planning=planning, attestations=(letter,), core_networks=("198.51.100.0/25",))
    own = finding(first, Verdict.VIOLATION, title=f"Decision of {site.name} and Ms Quentin", rule="own")
    findings = (*report.findings, own)
    return replace(
        report,
        site=site,
        findings=findings,
        plan=plan(report.devices, findings, TODAY, planning),
        locations={first.id: "Nursery <east> wall"},
        progress=(Progress("k1", "replace", first.id, "203.0.113.200", "unseen"),),
    )


def secrets(report: Report) -> set[str]:
    """Return every text of a report that may not survive."""
    found = {report.site.name, report.run.id, *report.run.scope, *report.run.excluded, *report.notices}
    found |= {*report.coverage.limits, *report.locations.values(), *report.site.core_networks}
    planning = report.site.planning
    found |= {*planning.who.values(), *planning.recorders, *planning.locations.values()}
    if planning.prices:
        found |= {planning.prices.source, planning.prices.note}
    for letter in report.site.attestations:
        found |= {letter.given_by, letter.reference}
    for host in report.coverage.hosts:
        found |= {host.address, *host.notes}
    for item in report.findings:
        if item.waiver:
            found |= {item.waiver.granted_by, item.waiver.reason, item.waiver.cites, *item.waiver.targets}
    for step in report.plan:
        found |= {step.key, *step.items}
    for unit in report.devices:
        found |= set(_of_a_unit(unit))
    # A unit that calls itself by its maker's name says what the report says anyway.
    known = " ".join(name for pair in report.names.items() for name in pair).lower()
    return {text for text in found if len(text) >= _SHORTEST and text.lower() not in known and not _is_ours(text)}


def _of_a_unit(unit: Device) -> Iterator[str]:
    it = unit.identification
    yield from (unit.id, unit.address, unit.mac or "", *unit.also_at)
    yield from (
        it.mac or "",
        it.serial or "",
        it.model or "",
        it.firmware or "",
        it.brand_name or "",
        it.next_step,
    )
    yield from it.contradictions
    for item in it.evidence:
        yield from (item.excerpt, item.source, item.note, *item.extracted.values())


@cache
def _our_words() -> str:
    folders = ("reports", "policies")
    files = [file for name in folders for file in (Path(str(data_root())) / name).rglob("*") if file.is_file()]
    return " ".join(" ".join(file.read_text("utf-8") for file in files).lower().split())


def _is_ours(text: str) -> bool:
    """Say whether our own words hold the text anyway: that a unit says "camera" is no secret."""
    return " ".join(text.lower().split()) in _our_words()


def forms(secret: str) -> set[str]:
    """Return how a text might be written: escaped, percent-encoded, as hex, as base64, without its signs."""
    raw = secret.encode("utf-8", "surrogatepass")
    shown = {
        secret,
        html.escape(secret),
        html.escape(secret, quote=False),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }
    shown |= {quote(raw), quote(raw, safe=""), raw.hex(), raw.hex(" "), b64encode(raw).decode().rstrip("=")}
    shown |= {"".join(f"&#{ord(c)};" for c in secret), "".join(f"\\u{ord(c):04x}" for c in secret)}
    if re.fullmatch(r"(?i)([0-9a-f]{2}:){5}[0-9a-f]{2}", secret):
        shown |= {secret.replace(":", ""), secret.replace(":", "-"), secret.replace(":", "%3a")}
    if re.fullmatch(r"\d+(\.\d+){3}", secret):
        shown |= {secret.replace(".", "-"), "".join(f"{int(part):02x}" for part in secret.split("."))}
    return {form.lower() for form in shown if len(form) >= _SHORTEST}


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield all that a file holds, unpacked: itself, the members of an archive, the streams of a PDF."""
    data = path.read_bytes()
    yield path.name, data.decode("utf-8", "replace").lower()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", (name + archive.read(name).decode("utf-8", "replace")).lower()
    if data.startswith(b"%PDF"):
        for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)):
            try:
                yield f"{path.name}#{number}", zlib.decompress(stream).decode("utf-8", "replace").lower()
            except zlib.error:
                continue


def survivors(report: Report, folder: Path) -> list[tuple[str, str]]:
    """Return each secret that is found in a file of the public report, and where."""
    sought = {form: secret for secret in secrets(report) for form in forms(secret)}
    found = []
    for path in write(for_audience(report, PUBLIC), NAMES, folder):
        for name, text in texts(path):
            # Looking up six characters at a time first: thousands of texts in megabytes take minutes otherwise.
            grams = {text[at : at + _GRAM] for at in range(len(text))}
            likely = (f for f in sought if len(f) < _GRAM or (f[:_GRAM] in grams and f[-_GRAM:] in grams))
            found += [(name, sought[form]) for form in likely if form in text]
    return found


@pytest.mark.parametrize("make", [school, hostile_school, lambda: estate(60)], ids=["school", "hostile", "estate"])
def test_no_name_place_or_number_survives_in_any_file(make: object, tmp_path: Path) -> None:
    report = named(make())  # type: ignore[operator]  # a builder of reports
    assert len(secrets(report)) > 50
    assert survivors(report, tmp_path) == []


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    report = named(school())
    pattern_of = {form for secret in secrets(report) for form in forms(secret)}
    for path in write(report, NAMES, tmp_path):
        whole = "".join(text for _, text in texts(path))
        assert any(form in whole for form in pattern_of), path.name


def test_no_name_survives_of_the_demo(tmp_path: Path, demo: Report) -> None:
    assert len(secrets(demo)) > 300
    left = survivors(demo, tmp_path)
    assert left == []


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return the report of the demo's fleet, with everything added that could name somebody."""
    if not may_bind(80):
        pytest.skip("needs ports below 1024")
    from audited_fleet import SITE, audit_once

    shared = tmp_path_factory.getbasetemp()
    audited = audit_once(shared.parent if shared.name.startswith("popen-gw") else shared)
    judged = audit.judge(Store(audited.store).run(), load_catalogue(), as_of=TODAY, site=load_site(Path(SITE)))
    return named(judged)


def test_figures_verdicts_and_makers_stay(tmp_path: Path) -> None:
    report = named(hostile_school())
    shown = for_audience(report, PUBLIC)
    # The questions are withheld, so those that differ only in what they name fall together.
    whole, public = dict(counts(report)), dict(counts(shown))
    assert {k: v for k, v in public.items() if k != "questions"} == {
        k: v for k, v in whole.items() if k != "questions"
    }
    told = sorted((d.identification.maker or "", d.identification.certainty) for d in report.devices)
    assert sorted((d.identification.maker or "", d.identification.certainty) for d in shown.devices) == told
    assert [step.action for step in shown.plan] == [step.action for step in report.plan]
    assert [step.cost for step in shown.plan] == [step.cost for step in report.plan]
    (page, *_) = write(shown, ("html",), tmp_path)
    text = page.read_text("utf-8")
    assert "version for the public" in text
    assert "Section 889(a)(1)(B)" in text
    # Nothing is called absent that is only withheld.
    assert "Nothing was read that tells who made it" not in text
    assert "No limit was met" not in text


def test_a_name_of_a_unit_says_nothing_of_its_address() -> None:
    one, other = device(2), device(3)
    shown = for_audience(replace(school(), devices=(one, other), findings=(), plan=()), PUBLIC)
    again = for_audience(replace(school(), devices=(other, one), findings=(), plan=()), PUBLIC)
    assert {d.id for d in shown.devices} == {"unit-001", "unit-002"}
    assert [d.id for d in shown.devices] == [d.id for d in again.devices]
