"""A school over fifteen months, by real audits of simulated cameras: ``diff`` and ``trends`` tell that story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camaudit.cli.lowports import may_bind
from live_fleet import exclusively
from school_year import School, Unit, unit

SITE = """\
schema: camaudit/site@1
name: Lakeside Elementary
jurisdiction: US
kind: school
facts: {{spends_us_federal_awards: true, award_money_pays_for_cameras: {money}}}
"""
WAIVERS = """\
schema: camaudit/waivers@1
waivers:
  - rule: us-federal-grant-recipient/award-money-pays-for-covered-unit
    targets: [127.91.0.13]
    reason: The gate camera is paid for until the end of the year.
    granted_by: The superintendent
    granted: 2020-09-01
    expires: 2020-12-31
"""
PACK = ("--policy", "us-federal-grant-recipient", "--format", "json")
WAIVED = (*PACK, "--waivers", "waivers.yaml")


@dataclass(frozen=True)
class Told:
    """What was told of the year: the text and the JSON of each comparison, the terms, the last report."""

    text: dict[str, str]
    data: dict[str, Any]
    trends: str
    terms: list[dict[str, Any]]
    report: dict[str, Any]


def units() -> dict[str, Unit]:
    """Return the cameras with which the story begins."""
    return {
        "gate": unit("hik-ds-2cd2042wd-i", 3),
        "hall": unit("lts-cmip3432", 4),
        "yard": unit("dahua-ipc-hfw1230s", 5),
        "office": unit("axis-m3045-v", 6),
        "library": unit("hik-ds-2cd2143g0-i", 7),
        "gym": unit("dahua-ipc-hdw1431t1-s4", 8),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Live through the year once."""
    if not may_bind(80):
        pytest.skip("needs ports below 1024: run as root")
    folder = tmp_path_factory.mktemp("school")
    with pytest.MonkeyPatch.context() as patch, exclusively("school"):
        patch.chdir(folder)
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        yield lived(School(folder), folder)


def lived(school: School, folder: Path) -> Told:
    """Audit the school at each look of the story, and ask what changed since the look before."""
    text, data = {}, {}

    def compared(name: str) -> None:
        text[name] = without_ids(school.said("diff"))
        data[name] = json.loads(school.said("diff", "--format", "json"))

    (folder / "site.yaml").write_text(SITE.format(money="true"))
    (folder / "waivers.yaml").write_text(WAIVERS)
    # Given the cameras as they hang in January 2020, before the rule applies
    there = units()
    school.audited(date(2020, 1, 20), there, *PACK)
    # When the gate's camera gets another address and the yard's other firmware, while the gym's is switched off
    there |= {"gate": there["gate"].moved(13), "yard": there["yard"].saying(firmware="V2.622.0.R.2019-01-10")}
    school.audited(date(2020, 4, 20), {name: each for name, each in there.items() if name != "gym"}, *PACK)
    compared("renumbering")
    # And the rule comes into force on 13 August, with an exception for the gate; the gym's camera is back
    school.audited(date(2020, 9, 14), there, *WAIVED)
    compared("law")
    # And the library's is replaced, and the hall's gets firmware with another label
    hall = there["hall"].saying(brand_name="Alibi", model="ALI-NS2014R", version="V5.5.82", build="190909")
    there |= {"library": unit("axis-p3245-lve", 7), "hall": hall}
    school.audited(date(2020, 11, 16), there, *WAIVED)
    compared("replacement")
    # And the exception runs out, the yard's camera takes the gym's place, and a new one is put up
    there |= {"yard": there["yard"].moved(8), "playground": unit("hik-ds-2cd2385g1-i", 9)}
    del there["gym"]
    school.audited(date(2021, 1, 18), there, *WAIVED)
    compared("waiver")
    # And other money pays for the cameras from now on; only a part of the network is asked
    (folder / "site.yaml").write_text(SITE.format(money="false"))
    last = (*WAIVED, "--since", "last", "--trend", "term")
    school.audited(date(2021, 4, 19), there, *last, scope="127.91.0.0/29")
    compared("answer")
    report = json.loads((folder / "out" / "report.json").read_text())
    terms = json.loads(school.said("trends", "--format", "json"))["sites"][0]["terms"]
    return Told(text, data, school.said("trends"), terms, report)


def without_ids(text: str) -> str:
    """Return a text with the end of each run's id, which is drawn by lot, made the same, and no blanks at ends."""
    same = re.sub(r"(\d{8}-\d{6})-[0-9a-f]{4}", r"\1-....", text)
    return "\n".join(line.rstrip() for line in same.splitlines())


STORY = Path(__file__).with_name("school_year.txt")
"""What the terminal tells of the year at 80 columns, each comparison under its name, and then the terms."""


def test_the_story_is_told_exactly(told: Told) -> None:
    parts = [f"== {name}\n{text}" for name, text in (*told.text.items(), ("terms", without_ids(told.trends)))]
    expected = STORY.read_text("utf-8").splitlines()
    lines = "\n".join(parts).splitlines()
    for number, (line, wanted) in enumerate(zip(lines, expected, strict=False), start=1):
        assert line == wanted, f"{STORY.name}:{number}"
    assert len(lines) == len(expected)


@pytest.mark.parametrize(
    ("name", "closed", "opened"),
    [
        ("renumbering", {}, {}),
        ("law", {}, {4: "law", 5: "law", 7: "law", 8: "law"}),
        ("replacement", {7: "replaced"}, {}),
        ("waiver", {8: "gone"}, {13: "waiver", 9: "new"}),
        ("answer", {4: "answer"}, {}),
    ],
)
def test_what_was_closed_and_opened_says_by_what(
    told: Told, name: str, closed: dict[int, str], opened: dict[int, str]
) -> None:
    for key, expected in (("closed", closed), ("opened", opened)):
        found = {int(each["address"].rpartition(".")[2]): each["how"] for each in told.data[name][key]}
        assert found == expected, key
    again = [each["address"] for each in told.data[name]["opened"] if each["again"]]
    assert again == (["127.91.0.13"] if name == "waiver" else [])


def test_a_part_of_the_network_is_no_progress(told: Told) -> None:
    # Given a last look at eight of thirty-two addresses, which closes one point by an answer
    last, before = told.terms[-1], told.terms[-2]
    assert (last["addresses"], before["addresses"]) == (8, 32)
    # Then the three that were not asked are carried as not seen, and the sums meet
    assert (last["left"], last["unseen"], last["closed"]) == (0, 3, 1)
    for one, other in zip(told.terms, told.terms[1:], strict=False):
        moved = other["opened"] - other["closed"] - other["doubtful"]
        assert other["left"] + other["unseen"] == one["left"] + one["unseen"] + moved
    assert [term["day"] for term in told.terms] == [
        "2020-01-20", "2020-04-20", "2020-11-16", "2021-01-18", "2021-04-19",
    ]  # fmt: skip


def test_the_report_says_the_same_as_diff(told: Told) -> None:
    changes = told.report["changes"]
    (closed,) = changes["closed"]
    assert (closed["address"], closed["evidence"]["looked_at"]) == ("127.91.0.4", "2021-04-19")
    assert closed["evidence"]["run"] == told.report["run"]["id"]
    assert {each["address"] for each in changes["unseen"]} == {"127.91.0.8", "127.91.0.9", "127.91.0.13"}
    assert changes["summary"].items() <= told.data["answer"]["summary"].items()
    assert [term["left"] for term in told.report["trend"]] == [term["left"] for term in told.terms]
    # What was not seen is the first thing to know of a report that finds no problem
    assert told.report["notices"][0].startswith("3 devices that broke a rule or left a question open last time")


def test_the_plan_closes_by_evidence_and_not_by_silence(told: Told) -> None:
    states = {(item["address"], item["action"]): item["state"] for item in told.report["progress"]}
    assert {state for (address, _), state in states.items() if address == "127.91.0.4"} == {"done"}
    assert {state for (address, _), state in states.items() if address == "127.91.0.13"} == {"unseen"}
