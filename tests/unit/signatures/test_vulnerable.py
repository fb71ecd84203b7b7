"""Vulnerabilities are judged by maker, model and version, and say no more than the record does."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from camaudit.errors import DataFileError
from camaudit.model import Certainty, Identification
from camaudit.resources import data_folder
from camaudit.signatures.load import load_knowledge
from camaudit.signatures.vulnerable import AFFECTED, FIXED, POSSIBLY, parse_version, vulnerabilities_of
from known import CATALOGUE

KNOWN = CATALOGUE.knowledge.vulnerabilities
HIKVISION, DAHUA = KNOWN.grammars["hikvision"], KNOWN.grammars["dahua"]


def statuses(
    maker: str, model: str | None, firmware: str | None, certainty: Certainty = Certainty.CONFIRMED
) -> dict[str, str]:
    found = Identification(maker, certainty, 0.97, model=model, firmware=firmware)
    return {one.id: one.status for one in vulnerabilities_of(found, KNOWN)}


@pytest.mark.parametrize(
    ("grammar", "text", "numbers", "built"),
    [
        (HIKVISION, "V5.5.82 build 190910", (5, 5, 82), date(2019, 9, 10)),
        (HIKVISION, "V5.2.5build 141201", (5, 2, 5), date(2014, 12, 1)),
        (HIKVISION, "V5.7.23_241015", (5, 7, 23), date(2024, 10, 15)),
        (HIKVISION, "V5.00.000", (5, 0, 0), None),
        (DAHUA, "2.800.0000000.8.R.20241111", (2, 800, 0, 8), date(2024, 11, 11)),
        (DAHUA, "V2.420.14.R.2016-06-18", (2, 420, 14), date(2016, 6, 18)),
        (DAHUA, "2.400.0.8", (2, 400, 0, 8), None),
    ],
)
def test_versions_are_read_as_their_maker_writes_them(
    grammar: str, text: str, numbers: tuple[int, ...], built: date | None
) -> None:
    version = parse_version(text, grammar)
    assert version is not None
    assert (version.numbers, version.built) == (numbers, built)


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        ("V5.2.0 build 140721", AFFECTED),  # the first of the range
        ("V5.4.0 build 160530", AFFECTED),  # the last of the range
        ("V5.4.0 build 160531", FIXED),
        ("V5.4.5 build 170124", FIXED),
        ("V5.4.0", POSSIBLY),  # the build decides and is not known
        (None, POSSIBLY),
        ("unreadable", POSSIBLY),
        ("V5.1.0 build 131202", None),  # older than the record says
    ],
)
def test_a_range_includes_its_ends_and_nothing_else(firmware: str | None, expected: str | None) -> None:
    assert statuses("hikvision", "DS-2CD2032F-I", firmware).get("CVE-2017-7921") == expected


def test_a_build_day_decides_where_the_record_goes_by_days() -> None:
    assert statuses("dahua", "IPC-HFW5431E-Z", "2.800.0.10.R.2021-05-31")["CVE-2021-33044"] == AFFECTED
    assert statuses("dahua", "IPC-HFW5431E-Z", "2.800.0.10.R.2021-06-01")["CVE-2021-33044"] == FIXED
    assert statuses("dahua", "IPC-HFW5431E-Z", "2.800.0.10")["CVE-2021-33044"] == POSSIBLY


def test_an_unverified_range_never_says_affected_and_never_fixed() -> None:
    assert statuses("hikvision", "DS-2CD2143G0-I", "V5.5.82 build 190910")["CVE-2021-36260"] == POSSIBLY
    assert "CVE-2021-36260" not in statuses("hikvision", "DS-2CD2143G0-I", "V5.7.1 build 220101")


def test_nothing_is_said_of_an_unsure_maker_an_unknown_model_or_another_makers_model() -> None:
    firmware = "V5.4.0 build 160530"
    assert statuses("hikvision", "DS-2CD2032F-I", firmware, Certainty.POSSIBLE) == {}
    assert statuses("hikvision", None, firmware) == {}
    assert statuses("axis", "DS-2CD2032F-I", firmware) == {}


def test_the_worst_comes_first_and_exploited_ones_carry_their_day() -> None:
    found = Identification(
        "hikvision", Certainty.CONFIRMED, 0.97, model="DS-2CD2032F-I", firmware="V5.4.0 build 160530"
    )
    told = vulnerabilities_of(found, KNOWN)
    assert [one.status for one in told] == sorted(
        (one.status for one in told), key=(AFFECTED, POSSIBLY, FIXED).index
    )
    assert next(one for one in told if one.id == "CVE-2017-7921").known_exploited == date(2026, 3, 5)


def test_every_row_names_its_source_and_the_day_it_was_checked() -> None:
    assert all(row.source and row.checked and row.title and row.affected for row in KNOWN.vulnerabilities)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: V5.4.0 build 160401", "to: five", "does not fit the maker's grammar"),
        ("maker: reolink", "maker: reolynk", "no entity"),
        ("source: [cve, cisa-kev]", "source: [hearsay]", "not in sources.yaml"),
        ("models: '^RLC-410W'", "models: '(a+)+$'", "pattern"),
        ("checked: 2026-11-22", "checkt: 2026-11-22", "checked"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "signatures"
    shutil.copytree(str(data_folder("signatures")), folder)
    file = folder / "vulnerabilities.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataFileError, match=r"vulnerabilities\.yaml:\d+: ") as refused:
        load_knowledge(folder)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("maker", "model", "firmware", "weakness", "expected"),
    [
        ("hikvision", "DS-7616NXI-I2/16P", "V5.02.005 build 231120", "CVE-2024-29949", AFFECTED),
        ("hikvision", "DS-7616NXI-I2/16P", "V5.02.006", "CVE-2024-29949", FIXED),
        ("hikvision", "DS-7616NI-K2", "V5.00.100", "CVE-2024-29949", None),  # not of the record's series
        ("hikvision", "DS-7604NI-K1/4P(B)", "V4.30.096 build 221220", "CVE-2024-29949", AFFECTED),
        ("hikvision", "DS-7604NI-M1/4P", "V5.01.070", "CVE-2024-29949", FIXED),
        ("hikvision", "DS-7604NXI-K1/4P", "V4.76.005 build 231012", "CVE-2024-29948", AFFECTED),
        ("hikvision", "DS-K1T671M", "V3.7.70 build 220101", "CVE-2025-66176", AFFECTED),
        ("hikvision", "DS-K1T671M", "V3.7.80 build 250101", "CVE-2025-66176", FIXED),
        ("dahua", "IPC-HFW1200S", "2.420.0000.0.R.20160101", "CVE-2017-7927", POSSIBLY),
        ("dahua", "IPC-HDW1220S", "2.420.0000.22.R.20170101", "CVE-2017-3223", AFFECTED),
        ("dahua", "IPC-HDW4421E", "2.460.0000.22.R.20190817", "CVE-2019-9680", AFFECTED),
        ("dahua", "IPC-HDW4421E", "2.460.0000.22.R.20190818", "CVE-2019-9680", FIXED),
        ("dahua", "IPC-HFW1200S", "2.420.0000.0.R.20230101", "CVE-2024-13130", POSSIBLY),
        ("dahua", "IPC-HFW2431S", "2.800.0000000.8.R.20241111", "CVE-2025-31701", AFFECTED),
        ("reolink", "RLC-410W", "v1.0.227_19061701", "CVE-2019-11001", AFFECTED),
        ("reolink", "RLC-410W", "v2.0.0.889_19061701", "CVE-2019-11001", FIXED),
        ("tvt", "TD-2104TS-CL", "1.3.4.22966B181219.D00.U1(4A21S)", "CVE-2024-7339", POSSIBLY),
        ("xiongmai", "XM530_50X20", "V5.00.R02.000807D8.10010.346624.S.ONVIF 21.06", "CVE-2025-65856", POSSIBLY),
        ("geovision", "GV-FD2410", None, "CVE-2024-6047", AFFECTED),
        ("edimax", "IC-7100", "2.17", "CVE-2025-1316", AFFECTED),
        ("ptzoptics", "PT30X-NDI-xx", "6.3.39", "CVE-2024-8956", AFFECTED),
        ("ptzoptics", "PT30X-SDI", "6.3.40", "CVE-2024-8956", FIXED),
        ("nuuo", "NVRmini 2", "03.11.0000.0016", "CVE-2022-23227", AFFECTED),
        ("qnap", "VS-2108 Pro", "4.3.0", "CVE-2023-47565", AFFECTED),
        ("tp-link", "Tapo C520WS", "1.2.3 Build 260101 Rel.1n", "CVE-2026-34120", POSSIBLY),
        ("d-link", "DCS-2530L", "1.05", "CVE-2020-25079", POSSIBLY),
    ],
)
def test_each_record_is_read_as_it_stands(
    maker: str, model: str, firmware: str | None, weakness: str, expected: str | None
) -> None:
    assert statuses(maker, model, firmware).get(weakness) == expected
