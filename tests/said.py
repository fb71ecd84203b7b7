"""What each file of a report says, read as a stranger would: counts, verdicts, findings, costs."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf
from openpyxl import load_workbook
from prometheus_client.parser import text_string_to_metric_families

from camaudit.report.columns import SHEETS
from camaudit.report.format_words import format_words
from camaudit.report.words import words

Costs = tuple[tuple[int, str, float, float], ...]


@dataclass(frozen=True)
class Said:
    """What one file says; ``None`` is what it does not speak of."""

    counts: dict[str, int] | None = None
    verdicts: dict[str, str] | None = None
    """The headline verdict of each device by its address."""
    findings: dict[str, int] | None = None
    costs: Costs | None = None
    text: str = field(default="", compare=False)


def read_all(folder: Path) -> dict[str, Said]:
    """Read every file of a folder by its name."""
    return {name: reader(folder / name) for name, reader in _READERS.items()}


def agree(said: dict[str, Said], devices: int) -> None:
    """Fail where a file differs from report.json in anything that it speaks of."""
    right = said["report.json"]
    assert right.counts
    assert right.verdicts
    assert len(right.verdicts) == devices
    for name, each in said.items():
        for what in ("counts", "verdicts", "findings", "costs"):
            told, expected = getattr(each, what), getattr(right, what)
            if told is None:
                continue
            if name in _PARTLY:
                # They show some figures, and some devices or findings; each must be right.
                expected = {key: value for key, value in expected.items() if key in told}
            assert told == expected, (name, what)
    assert len(said["report.pdf"].counts or ()) >= 3
    video = {address for address, verdict in right.verdicts.items() if verdict != "other"}
    assert set(said["report.pdf"].verdicts or ()) == video
    for _, currency, low, _ in right.costs or ():
        assert f"{currency} {low:,.0f}" in said["report.pdf"].text


def _json(file: Path) -> Said:
    read = json.loads(file.read_text("utf-8"))
    costs = tuple(
        (each["order"], each["cost"]["currency"], each["cost"]["low"], each["cost"]["high"])
        for each in read["remediation"]
        if each["cost"]
    )
    verdicts = {each["address"]: each["verdict"] for each in read["devices"]}
    return Said(read["summary"], verdicts, dict(Counter(_state(each) for each in read["findings"])), costs)


def _state(finding: dict[str, Any]) -> str:
    """Return what a finding is counted under: advice is no question of law."""
    return "advice" if finding["advice"] and finding["verdict"] == "review" else str(finding["verdict"])


def _html(file: Path) -> Said:
    text = file.read_text("utf-8")
    counts = {name.replace("-", "_"): int(n) for name, n in re.findall(r'data-count-([\w-]+)="(\d+)"', text)}
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data = json.loads(html.unescape(found[1]))
    verdicts = {data["strings"][each[2]]: data["standings"][each[0]] for each in data["devices"]}
    return Said(counts, verdicts)


def _pdf(file: Path) -> Said:
    pages = [page.extract_text().replace("\u200b", "") for page in pypdf.PdfReader(file).pages]
    text = " ".join(" ".join(pages).split())
    by_word = {word: key for key, word in words().verdicts.items()}
    tile = "|".join(map(re.escape, by_word))
    first = " ".join(pages[0].split())
    keys = {"violation": "violations", "review": "reviews"}
    # What a verdict means stands on its tile only; the chart beside it says the same words with other numbers.
    meant = {re.escape(f"{word} {words().verdict_meanings[key][:30]}"): key for word, key in by_word.items()}
    tiles = {key: re.search(rf"\b(\d+) {said}", first) for said, key in meant.items()}
    counts = {keys.get(key, key): int(found[1]) for key, found in tiles.items() if found}
    # A cell of a table stands whole in the text, one after the other: verdict, then address.
    rows = re.findall(rf"({tile}) (\d+\.\d+\.\d+\.\d+)\b", text)
    return Said(counts, {address: by_word[word] for word, address in rows}, text=text)


def _xlsx(file: Path) -> Said:
    book = load_workbook(file, read_only=True)
    said = format_words()

    def rows(key: str) -> list[dict[str, Any]]:
        table = book[said.sheets[key]].iter_rows(min_row=2, values_only=True)
        return [dict(zip((column.key for column in SHEETS[key]), row, strict=False)) for row in table]

    figures = {word: key for key, word in said.figures.items()}
    read_me = book[said.sheets["read"]].iter_rows(max_col=2, values_only=True)
    counts = {figures[row[0]]: int(row[1]) for row in read_me if row[0] in figures}
    verdicts = {
        each["address"]: _key(words().verdicts, each["verdict"]) for each in rows("register") if each["id"]
    }
    told = Counter(_told(each["verdict"]) for each in rows("findings") if each["id"])
    costs = tuple(
        (each["order"], each["currency"], float(each["cost_low"]), float(each["cost_high"]))
        for each in rows("plan")
        if each["currency"]
    )
    return Said(counts, verdicts, dict(told), costs)


def _register(file: Path) -> Said:
    title, address = words().columns["verdict"], words().columns["address"]
    return Said(verdicts={row[address]: _key(words().verdicts, row[title]) for row in _csv(file)})


def _findings(file: Path) -> Said:
    title = words().columns["verdict"]
    return Said(findings=dict(Counter(_told(row[title]) for row in _csv(file))))


def _csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _told(word: str) -> str:
    """Return the state that a word for a finding stands for; what only explains a rule is one that is kept."""
    key = _key(words().findings, word)
    return "compliant" if key == "information" else key


def _key(group: dict[str, str], word: str) -> str:
    return next(key for key, said in group.items() if said == word)


def _oscal(file: Path) -> Said:
    (result,) = json.loads(file.read_text("utf-8"))["assessment-results"]["results"]
    items = [_props(each) for each in result.get("local-definitions", {}).get("inventory-items", ())]
    remedies = [_props(r) for risk in result.get("risks", ()) for r in risk.get("remediations", ())]
    costs = tuple(
        (int(r["order"]), r["currency"], float(r["cost-low"]), float(r["cost-high"]))
        for r in remedies
        if "currency" in r
    )
    return Said(
        _counts(_props(result)),
        {each["ipv4-address"]: each["verdict"] for each in items},
        dict(Counter(_props(each)["verdict"] for each in result.get("findings", ()))),
        costs,
    )


def _cyclonedx(file: Path) -> Said:
    read = json.loads(file.read_text("utf-8"))
    own = [_props(each, "properties") for each in read["components"]]
    verdicts = {each["camaudit:address"]: each["camaudit:verdict"] for each in own}
    return Said(_counts(_props(read["metadata"], "properties")), verdicts)


def _ocsf(file: Path) -> Said:
    found = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    states = Counter(each["unmapped"]["state"] for each in found if each["class_uid"] == 2003)
    return Said(findings=dict(states))


def _cef(file: Path) -> Said:
    run, *lines = file.read_text("utf-8").splitlines()
    states = Counter(re.search(r" cs3=(\w+)", line)[1] for line in lines)  # type: ignore[index]
    counts = {key: int(number) for key, number in re.findall(r"\b(\w+) (\d+)(?:,|$)", run.partition(" msg=")[2])}
    return Said(counts, findings=dict(states))


def _prom(file: Path) -> Said:
    samples = [s for each in text_string_to_metric_families(file.read_text("utf-8")) for s in each.samples]
    counts: dict[str, int] = defaultdict(int)
    findings: Counter[str] = Counter()
    keys = {"violation": "violations", "review": "reviews"}
    for sample in samples:
        number, of = int(sample.value), sample.labels
        match sample.name:
            case "camaudit_units":
                counts[keys.get(of["verdict"], of["verdict"])] = number
            case "camaudit_units_by_kind":
                counts["video"] += number
            case "camaudit_plan_steps":
                counts["steps"] += number
            case "camaudit_devices" | "camaudit_questions":
                counts[sample.name.removeprefix("camaudit_")] = number
            case "camaudit_addresses" if of["outcome"] in ("answered", "silent", "refused"):
                counts[of["outcome"]] = number
            case "camaudit_findings" if number:
                findings[of["state"]] += number
    return Said(dict(counts), findings=dict(findings))


def _props(item: dict[str, Any], key: str = "props") -> dict[str, str]:
    return {each["name"]: each["value"] for each in reversed(item[key])}


def _counts(props: dict[str, str]) -> dict[str, int]:
    plain = {name.removeprefix("camaudit:"): value for name, value in props.items()}
    return {
        name.removeprefix("count-").replace("-", "_"): int(value)
        for name, value in plain.items()
        if name.startswith("count-")
    }


_PARTLY = ("report.pdf", "camaudit.cef", "camaudit.prom")
_READERS = {
    "report.json": _json,
    "report.html": _html,
    "report.pdf": _pdf,
    "register.xlsx": _xlsx,
    "register.csv": _register,
    "findings.csv": _findings,
    "oscal.json": _oscal,
    "cyclonedx.json": _cyclonedx,
    "ocsf.jsonl": _ocsf,
    "camaudit.cef": _cef,
    "camaudit.prom": _prom,
}
