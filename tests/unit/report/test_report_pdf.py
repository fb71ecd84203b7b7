"""The PDF: for archives and screen readers, whole whatever a device calls itself, and one page for the board."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest
from report_factory import (
    ADVICE,
    CONTRACTOR,
    HOSTILE,
    estate,
    finding,
    hostile_device,
    hostile_school,
    nothing_found,
    school,
)

from camaudit.model import Report, Verdict
from camaudit.report import json as report_json
from camaudit.report import pdf, pdf_tables
from camaudit.report.format_words import format_words
from camaudit.report.legible import made_visible, refused, spelled_out, unusual
from camaudit.report.sentences import answer
from camaudit.report.words import words
from pdf_check import NotHere, failures

_MARKUP = (
    '#panic("owned")',
    '#read("/etc/passwd")',
    "*bold* _thin_ `code` $x^2$ = Heading",
    "<label> @label // gone /* gone */",
    "\\u{1F600} \\ #h(1fr) ~ -- ---",
    "مرحبا بالعالم שלום ไทย",
    "e\u0301\u0300\u0316 \u200d\u200b\ufeff \ue000 \U0010fffd 😀👩‍👩‍👧",
    "x" * 3000,
)
"""What would be markup to typst, and what its fonts do not know."""


def _made(report: Report) -> bytes:
    return b"".join(pdf.pieces(report))


def _pages(data: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().replace("\u200b", "").split())
        for page in pypdf.PdfReader(io.BytesIO(data)).pages
    ]


def _reports() -> dict[str, Report]:
    odd = (hostile_device(40 + n, text) for n, text in enumerate((*HOSTILE, *_MARKUP)))
    return {"school": school(), "hostile": school(*odd), "nothing": nothing_found(), "estate": estate(300)}


def test_its_links_lead_where_the_citations_do() -> None:
    report = school()
    cited = {citation.url for finding in report.findings for citation in finding.citations}
    pages = pypdf.PdfReader(io.BytesIO(_made(report))).pages
    notes = [note.get_object().get("/A", {}) for page in pages for note in page.get("/Annots", [])]
    links = {str(action["/URI"]) for action in notes if action.get("/S") == "/URI"}
    assert links
    assert links <= cited


def test_it_is_tagged_has_a_title_and_a_language_and_says_what_it_keeps_to() -> None:
    with pikepdf.open(io.BytesIO(_made(school()))) as book:
        assert book.Root.MarkInfo.Marked
        assert book.Root.StructTreeRoot
        assert str(book.Root.Lang) == "en-GB"
        with book.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == "Camera audit: St Example School"


def test_report_json_is_attached_as_it_is_written() -> None:
    with pikepdf.open(io.BytesIO(_made(hostile_school()))) as book:
        (name,) = book.attachments
        attached = book.attachments[name].get_file()
        assert name == "report.json"
        assert attached.mime_type == "application/json"
        text = attached.read_bytes().decode()
    assert text == report_json.render(hostile_school())


def test_the_first_page_is_the_boards() -> None:
    report = school()
    first, second, *_ = _pages(_made(report))
    told = answer(report, words())
    for text in (told.headline, told.lead, *told.decisions, *report.notices):
        assert text in first
    assert second.startswith(words().labels["contents"])


def test_many_notices_leave_the_first_page_one_page() -> None:
    notices = tuple(f"Notice {n}: {'word ' * 20}." for n in range(30))
    pages = _pages(_made(replace(school(), notices=notices)))
    assert "26 more notices" in pages[0]
    assert pages[1].startswith(words().labels["contents"])
    assert "Notice 29" in " ".join(pages[2:])


def test_nothing_a_device_writes_is_markup_or_stops_the_report() -> None:
    text = " ".join(_pages(_made(_reports()["hostile"])))
    for written in (*HOSTILE[:1], *HOSTILE[2:4], *HOSTILE[6:7], *_MARKUP[:3]):
        assert written.replace(" ", "") in text.replace(" ", "")
    assert "root:" not in text
    assert "\x1b" not in text


def test_a_sign_without_a_font_is_written_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    # As on a machine that has no font but those of typst.
    monkeypatch.setattr(pdf, "refused", lambda signs, system_fonts: refused(signs, system_fonts=False))
    text = " ".join(_pages(_made(school(hostile_device(30, "枪 x\x1b")))))
    assert "[U+67AA] x\\x1b" in text
    assert " ".join(format_words().pdf["spelled"].split()) in text


def test_where_signs_print_alone_only_all_are_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "refused", lambda signs, system_fonts: frozenset())
    assert "[U+67AA]" in " ".join(_pages(_made(school(hostile_device(30, "枪")))))


def test_signs_are_told_apart_by_the_fonts_at_hand() -> None:
    assert refused("aé–“”→", system_fonts=False) == frozenset()
    assert refused(('"', "\\", "枪", "é", "\x00"), system_fonts=False) == {"枪", "\x00"}
    assert unusual({"a": ["plain", "é"], "b": [1, None, ("枪",)]}) == {"é", "枪"}
    assert spelled_out(["枪a", 3], frozenset("枪")) == ["[U+67AA]a", 3]
    assert "".join(made_visible("y" * 90)).replace("\u200b", "") == "y" * 90


def test_long_tables_repeat_their_heading_and_end_with_a_pointer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_tables, "MAX_DEVICES", 200)
    pages = _pages(_made(estate(300)))
    heading = words().columns["next_step"]
    table = [page for page in pages if page.count("DS-2CD") > 5 and heading in page]
    assert len(table) >= 5
    assert format_words().pdf["capped"].format(n=200, total=300) in " ".join(pages)


def test_an_instrument_says_where_else_something_rests_on_it() -> None:
    report = school()
    unit = report.devices[0]
    both = (finding(unit, Verdict.VIOLATION, citations=(CONTRACTOR, ADVICE)),)
    text = " ".join(_pages(_made(replace(report, findings=both))))
    said = format_words().pdf
    assert said["also"].format(titles=ADVICE.title) in text
    assert said["elsewhere"].format(titles=CONTRACTOR.title) in text


def test_a_report_too_large_to_attach_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_ATTACHED", 1000)
    data = _made(school())
    with pikepdf.open(io.BytesIO(data)) as book:
        assert not book.attachments
    assert format_words().pdf["not_attached"] in _pages(data)[0]


def test_the_same_report_is_the_same_file() -> None:
    assert _made(hostile_school()) == _made(hostile_school())


def test_verapdf_finds_nothing_against_pdfa_3a_and_pdfua_1(tmp_path: Path) -> None:
    files = []
    for name, report in _reports().items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(_made(report))
    try:
        assert failures(files) == []
    except NotHere as missing:
        pytest.skip(f"veraPDF is not here: {missing}")


def test_verapdf_would_find_what_is_wrong(tmp_path: Path) -> None:
    import typst

    file = tmp_path / "untagged.pdf"
    file.write_bytes(typst.compile(b"no title", pdf_tags=False))
    try:
        assert failures([file])
    except NotHere as missing:
        pytest.skip(f"veraPDF is not here: {missing}")
