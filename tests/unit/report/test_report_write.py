"""Files: whole or not at all, and one line where the folder refuses."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from report_factory import hostile_school, school

from camaudit.errors import RenderError, UsageError
from camaudit.report.write import FORMATS, NAMES, write


def test_every_format_is_written_and_no_scraps_stay(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    paths = write(hostile_school(), NAMES, folder)
    assert [path.relative_to(folder).as_posix() for path in paths] == [
        each.file
        for each in FORMATS
        if each.file != "reconciled.csv"  # no register was imported
    ]
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted(paths)
    assert all(path.read_bytes() for path in paths)


def test_a_second_report_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write(school(), ["json"], tmp_path)
    (path,) = write(hostile_school(), ["json", "json"], tmp_path)
    assert "dev-020" in path.read_text("utf-8")


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    first = [p.read_bytes() for p in write(school(), NAMES, tmp_path / "a")]
    assert first == [p.read_bytes() for p in write(school(), NAMES, tmp_path / "b")]


def test_an_unknown_format_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="html, pdf, json, csv"):
        write(school(), ["docx"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_gives_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(RenderError) as told:
        write(school(), ["json"], tmp_path / "out")
    assert "\n" not in str(told.value)
    assert "--output" in str(told.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_locked_folder_gives_one_line_and_no_scraps(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(RenderError):
        write(school(), ["json"], tmp_path)
