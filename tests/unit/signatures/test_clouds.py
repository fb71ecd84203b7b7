"""Whom a unit talks to: clouds by their domains, and a file that says nothing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.catalogue import load_catalogue
from camaudit.errors import DataFileError
from camaudit.model import Contact
from camaudit.resources import data_folder
from camaudit.signatures.clouds import Cloud, contacts_of, load_clouds, wrong_clouds


@pytest.fixture(scope="module")
def clouds() -> tuple[Cloud, ...]:
    return load_catalogue().knowledge.clouds


def test_a_domain_stands_for_all_below_it_and_for_nothing_beside_it(clouds: tuple[Cloud, ...]) -> None:
    asked = ("dev.hik-connect.com", "nothik-connect.com", "hik-connect.com.evil.example", "p2p11.reolink.com")
    found = {c.host: c.maker for c in contacts_of({"traffic.dns": (*asked, "pool.ntp.org")}, clouds)}
    assert found == {
        "dev.hik-connect.com": "hikvision",
        "p2p11.reolink.com": "reolink",
        "nothik-connect.com": "",
        "hik-connect.com.evil.example": "",
        "pool.ntp.org": "",
    }
    # Clouds come first: a list that is cut short must not lose them.
    assert [bool(maker) for maker in found.values()] == [True, True, False, False, False]


def test_a_connection_says_more_than_a_question(clouds: tuple[Cloud, ...]) -> None:
    host = "www.easy4ipcloud.com"
    assert contacts_of({"traffic.dns": (host,), "traffic.sni": (host,)}, clouds) == (
        Contact(host, "tls", "Dahua P2P", "dahua"),
    )


def test_every_cloud_is_sourced_and_a_folder_without_the_file_knows_none(tmp_path: Path) -> None:
    assert len(load_clouds(data_folder("signatures"))) >= 7
    assert load_clouds(tmp_path) == ()


def test_what_is_wrong_is_named() -> None:
    bad = Cloud("X", "nobody", ("Bad.Example", "nodot"), ("nowhere",), ("(",))
    problems = [problem for _, problem in wrong_clouds((bad,), ("hikvision",), ())]
    assert len(problems) == 5


def test_a_file_of_another_form_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "clouds.yaml").write_text("schema: camaudit/clouds@1\nclouds: [{name: X}]\n")
    with pytest.raises(DataFileError, match=r"clouds\.yaml:2"):
        load_clouds(tmp_path)
