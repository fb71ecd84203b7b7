"""The tools that keep camaudit true: what they find, what they write, and that each fails where it should."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from upkeep import laws, licences, lock, manual, release, unused, vulnerabilities

from camaudit.catalogue import load_catalogue
from camaudit.signatures.schema import Entity

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2027, 2, 3)


def catalogue_file(folder: Path, *entries: tuple[str, str, str]) -> Path:
    """A catalogue in its authority's form; an entry is a CVE, a maker and a day."""
    told = [{"cveID": c, "vendorProject": v, "product": "Cameras", "dateAdded": d} for c, v, d in entries]
    file = folder / "known_exploited_vulnerabilities.json"
    file.write_text(json.dumps({"catalogVersion": "x", "vulnerabilities": told}), "utf-8")
    return file


def rows() -> Any:
    return load_catalogue().knowledge.vulnerabilities.vulnerabilities


def test_rows_that_the_catalogue_dates_otherwise_are_named(tmp_path: Path) -> None:
    listed = {row.id: row.known_exploited for row in rows() if row.known_exploited}
    same = [(cve, "Any", day.isoformat()) for cve, day in listed.items()]
    assert vulnerabilities.other_days(rows(), vulnerabilities.read(catalogue_file(tmp_path, *same))) == {}
    first = next(iter(listed))
    later = [(cve, vendor, "2027-01-02" if cve == first else day) for cve, vendor, day in same]
    changed = vulnerabilities.other_days(rows(), vulnerabilities.read(catalogue_file(tmp_path, *later)))
    assert changed == {first: date(2027, 1, 2)}
    gone = vulnerabilities.other_days(rows(), vulnerabilities.read(catalogue_file(tmp_path)))
    assert gone == dict.fromkeys(listed, None)


def test_entries_of_makers_we_know_are_missed(tmp_path: Path) -> None:
    told = [
        ("CVE-2027-1", "Hikvision", "2027-01-01"),
        ("CVE-2027-2", "Dahua Security", "2027-01-01"),
        ("CVE-2027-3", "Microsoft", "2027-01-01"),
        (rows()[0].id, "Hikvision", "2027-01-01"),
    ]
    entities: list[Entity] = list(load_catalogue().knowledge.entities.values())
    missing = vulnerabilities.without_a_row(
        rows(), vulnerabilities.read(catalogue_file(tmp_path, *told)), entities
    )
    assert [entry.cve for entry in missing] == ["CVE-2027-1", "CVE-2027-2"]


def test_only_the_days_of_the_file_change() -> None:
    text = (ROOT / "signatures" / "vulnerabilities.yaml").read_text("utf-8")
    listed = next(row.id for row in rows() if row.known_exploited)
    other = next(row.id for row in rows() if not row.known_exploited)
    made = vulnerabilities.with_days(text, {listed: None, other: TODAY}, TODAY)
    gone = [line for line in text.splitlines() if line not in made.splitlines()]
    new = [line for line in made.splitlines() if line not in text.splitlines()]
    assert sorted({line.partition(" #")[0] for line in new}) == [
        f"    known_exploited: {TODAY}",
        f"compared: {TODAY}",
    ]
    assert len(gone) <= 2
    assert made.count("known_exploited:") == text.count("known_exploited:")


@pytest.mark.parametrize("text", ["", "[]", '{"vulnerabilities": [{"cveID": 1}]}', '{"vulnerabilities": 3}'])
def test_what_is_no_catalogue_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="no catalogue of exploited vulnerabilities") as told:
        vulnerabilities.read(file)
    assert "\n" not in str(told.value)


def test_the_day_of_one_instrument_is_set_and_nothing_else() -> None:
    text = (ROOT / "policies" / "instruments.yaml").read_text("utf-8")
    for name in ("uk-wms-2022-11-24", "ua-nacp-sponsors"):
        made = laws.with_day(text, name, TODAY)
        assert made is not None
        assert len(made) == len(text)
        changed = [pair for pair in zip(text.splitlines(), made.splitlines(), strict=True) if pair[0] != pair[1]]
        assert [new.strip() for _, new in changed] == [f"checked: {TODAY}"]
    assert laws.with_day(text, "no-such-law", TODAY) is None


def test_an_unknown_instrument_is_named_and_a_known_one_is_written(tmp_path: Path) -> None:
    text = (ROOT / "policies" / "instruments.yaml").read_text("utf-8")
    (tmp_path / "instruments.yaml").write_text(text, "utf-8")
    assert laws.note_checked(["uk-wms-2022-11-24", "no-such-law"], tmp_path, TODAY) == ["no-such-law"]
    assert f"checked: {TODAY}" in (tmp_path / "instruments.yaml").read_text("utf-8")


def test_the_longest_unread_instrument_comes_first() -> None:
    register = list(load_catalogue().policies.register.instruments.values())
    found = laws.due(register, date(2100, 1, 1))
    assert len(found) == len(register)
    assert [each.checked for each in found] == sorted(each.checked for each in register)
    assert laws.due(register, date(2000, 1, 1)) == ()


def test_a_package_without_a_hash_or_a_version_is_named() -> None:
    text = "good==1.0 \\\n    --hash=sha256:ab\nloose>=1 \\\n    --hash=sha256:ab\nbare==2.0\n"
    assert lock.unpinned(text) == ("loose", "bare")


@pytest.mark.parametrize("file", lock.FILES)
def test_the_lock_files_are_pinned(file: Path) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert len(licences.locked(text)) > 20
    assert lock.unpinned(text) == ()


@pytest.mark.parametrize(
    ("licence", "good"),
    [
        ("MIT License", True),
        ("LGPL-3.0-only", True),
        ("UNKNOWN", False),
        ("AGPL-3.0", False),
        ("Proprietary", False),
    ],
)
def test_licences_are_weighed(licence: str, good: bool) -> None:
    assert licences.fits(licence) is good


def test_the_manual_page_is_that_of_the_program() -> None:
    made = manual.page((ROOT / manual.TEMPLATE).read_text("utf-8"))
    assert (ROOT / manual.PAGE).read_text("utf-8") == made, "run `make manual`"
    assert ".SS camaudit audit " in made


def test_text_cannot_become_a_request_of_the_manual() -> None:
    assert manual.roff(".so /etc/passwd") == r"\&.so /etc/passwd"
    assert manual.roff("a\\b --c\nd") == r"a\eb \-\-c d"


def test_a_name_that_nothing_uses_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "one.py").write_text(
        "def lonely():\n    pass\n\ndef used():\n    pass\n\nused()\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert unused.unused() == ["src/one.py:1: unused function 'lonely'"]


def test_a_check_that_fails_is_told_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = release.Check("good", "is it", ("-c", "pass"))
    bad = release.Check("bad", "is it", ("-c", "raise SystemExit('this is why')"))
    monkeypatch.setattr(release, "CHECKS", (bad, good))
    assert release.main([]) == 1
    said = capsys.readouterr().out
    assert "NO  bad" in said
    assert "this is why" in said
    assert "ok  good" in said
    assert release.main(["good"]) == 0
    assert release.main(["no-such"]) == 2
