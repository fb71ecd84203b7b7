"""The rare ends of the knowledge base: every wrong entry has its line, every odd answer of a unit its meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

import pytest
from knowledge_folder import edit

from camaudit.errors import DataFileError
from camaudit.hosts import maker_of
from camaudit.identify import identify
from camaudit.labels import firmware_of, kind_of
from camaudit.model import Evidence, Kind, Observation, Outcome, Strength, Target
from camaudit.recorders import parted
from camaudit.signatures import oui
from camaudit.signatures.load import load_knowledge
from camaudit.signatures.match import match
from camaudit.signatures.oui import OuiTable, packaged_table
from camaudit.signatures.vulnerable import parse_version
from known import CATALOGUE

AT = datetime(2026, 11, 30, tzinfo=UTC)


def problems(folder: Path) -> str:
    with pytest.raises(DataFileError) as caught:
        load_knowledge(folder)
    return "\n".join(caught.value.problems)


def test_a_brand_stands_once(folder: Path) -> None:
    text = (folder / "oem.yaml").read_text()
    (folder / "oem.yaml").write_text(text + text[text.index("  - brand: label") :])
    assert "oem.yaml:7: brand label: given twice; keep one" in problems(folder)


VULNERABILITIES = """schema: camaudit/vulnerabilities@1
grammars:
  {grammar}
vulnerabilities:
{rows}
"""
ROW = """  - id: {id}
    maker: {maker}
    title: t
    checked: 2026-11-01
    source: [{source}]
    affected:
      - {{models: '{models}', before: '{before}'}}
"""


def test_every_wrong_thing_of_the_vulnerabilities_has_its_line(folder: Path) -> None:
    rows = ROW.format(id="CVE-1", maker="nobody", source="elsewhere", models="(x+)+y", before="nonsense")
    good = ROW.format(id="CVE-2", maker="acme", source="notes", models="x", before="nonsense")
    grammars = "nobody: '(a|a)*b'\n  acme: 'V(?P<a>[0-9]{1,9})'"
    text = VULNERABILITIES.format(grammar=grammars, rows=rows + rows + good)
    (folder / "vulnerabilities.yaml").write_text(text)
    told = problems(folder)
    if "is missing" in told or "unknown key" in told:
        pytest.fail(told)
    assert "'nobody' is no entity" in told
    assert "could be stalled" in told
    assert "CVE-1: given twice" in told
    assert "source 'elsewhere' is not in sources.yaml" in told
    assert "CVE-2: version 'nonsense' does not fit" in told
    assert "CVE-1: version" not in told, "by a grammar that is wrong nothing is read"


def test_a_grammar_that_does_not_compile_is_a_line_and_reads_nothing(folder: Path) -> None:
    row = ROW.format(id="CVE-1", maker="acme", source="notes", models="x", before="V1")
    text = VULNERABILITIES.format(grammar="acme: 'V(?P<a>[0-9]'", rows=row)
    (folder / "vulnerabilities.yaml").write_text(text)
    told = problems(folder)
    assert "vulnerabilities.yaml:3" in told
    assert "does not compile" in told


def test_a_grammar_whose_number_is_none_reads_no_version() -> None:
    assert parse_version("Vx", "V(?P<a>.)") is None
    assert parse_version("V²", "V(?P<a>.)") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("V5.4.5 build 170124", date(2017, 1, 24)), ("V5.4.5 build 179999", None), ("V5.4.5", None)],
)
def test_a_build_that_is_no_day_is_none(text: str, expected: date | None) -> None:
    found = parse_version(text, r"V(?P<a>\d)\.(?P<b>\d)\.(?P<c>\d)(?: build (?P<date>\d{6}))?")
    assert found is not None
    assert found.built == expected


def evidence(**extracted: str) -> Evidence:
    return Evidence("s", "maker=axis", "http", "http.title", 1.0, "e", Strength.STRONG, "expert", "x", extracted)


@pytest.mark.parametrize(
    ("build", "expected"), [("170124", date(2017, 1, 24)), ("179924", None), ("nonsense", None)]
)
def test_a_firmwares_day_is_a_day_or_nothing(build: str, expected: date | None) -> None:
    assert firmware_of([evidence(firmware="V5.4.5", build=build)])[1] == expected


def test_a_maker_without_cameras_makes_other_things() -> None:
    knowledge = CATALOGUE.knowledge
    other = next(each.id for each in knowledge.entities.values() if not each.video)
    assert kind_of([], knowledge, other) is Kind.OTHER
    assert kind_of([], knowledge, "hikvision") is Kind.UNKNOWN


def test_one_that_calls_itself_a_video_transmitter_is_video() -> None:
    knowledge = CATALOGUE.knowledge
    fields = {"wsd.types": ("NetworkVideoDisplay",)}  # of no kind that a sign knows
    found = identify(fields, match(fields, knowledge), knowledge)
    assert found.video
    assert found.maker is None


def test_who_made_a_host_is_told_where_that_is_probable() -> None:
    sadp = {
        "sadp.reply": ("ProbeMatch",),
        "sadp.device_sn": ("DS-2CD2032F-I20150126CCCH502126167",),
        "sadp.device_description": ("DS-2CD2032F-I",),
    }
    seen = (Observation(Target("192.0.2.7"), "sadp", Outcome.ANSWERED, sadp, AT),)
    assert maker_of(seen, CATALOGUE.knowledge, CATALOGUE.oui) == "hikvision"
    quiet = (replace(seen[0], fields={"http.server": ("nginx",)}, probe="http"),)
    assert maker_of(quiet, CATALOGUE.knowledge, CATALOGUE.oui) == ""


def test_cameras_of_recorders_stand_in_order_whatever_the_recorder_is_called() -> None:
    def listed(recorder: str, number: str) -> Observation:
        fields = {"channel.number": (number,), "behind.serial": (f"{recorder}-{number}",)}
        return Observation(Target(recorder), "channel", Outcome.ANSWERED, fields, AT)

    names = ("camera.example", "192.0.2.9", "2001:db8::1")
    seen = {name: (listed(name, "10"), listed(name, "2")) for name in names}
    _, cameras = parted(seen)
    assert [(camera.recorder, camera.number) for camera in cameras] == [
        ("192.0.2.9", "2"),
        ("192.0.2.9", "10"),
        ("2001:db8::1", "2"),
        ("2001:db8::1", "10"),
        ("camera.example", "2"),
        ("camera.example", "10"),
    ]


def test_without_its_table_no_prefix_has_an_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    assert OuiTable(None, "none").organisation("28:57:be:00:00:01") in (None, "")

    def gone(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(oui, "version", gone)
    assert packaged_table().release == "none"


def test_the_owners_of_prefixes_can_be_counted(tmp_path: Path) -> None:
    (tmp_path / "manuf").write_text(
        "# a comment\n28:57:BE\tHangzhouHikv\tHangzhou Hikvision\n70:B3:D5:0A:10:00/36\tAcme\tAcme Ltd\n", "utf-8"
    )
    owners = OuiTable(tmp_path / "manuf", "none").owners
    assert owners == {"2857be": "Hangzhou Hikvision", "70b3d50a1": "Acme Ltd"}


def test_a_sign_is_refused_where_its_names_are_unknown(folder: Path) -> None:
    edit(folder, "vendors/other.yaml", "maker: other", "maker: othr")
    assert "maker 'othr' is no entity" in problems(folder)
