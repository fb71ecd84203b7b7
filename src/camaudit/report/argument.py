"""``camaudit explain``: in go one device and its findings, out comes the argument for who made it, and its limits.

It reads like something one could put before a supplier: the claim, the evidence in order, what speaks against it,
what is not known, and what would change our mind; then how each sign counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from camaudit.model import Device, Finding
from camaudit.report.ledger import COUNTED, ECHO, RIVAL, SHORT, Row, ledger
from camaudit.report.safe import visible
from camaudit.report.sentences import brand_of, called, percent, relation
from camaudit.report.styles import STYLES, safe
from camaudit.report.summary import SURE, judge, name_of
from camaudit.report.words import Words, words

_MAX_EXCERPT = 120


def explain(device: Device, findings: Iterable[Finding], names: Mapping[str, str]) -> RenderableType:
    """Return the whole argument about one device."""
    w = words()
    rows = ledger(device.identification, names, w)
    parts: list[RenderableType] = [Text(_claim(device, names, w), style="bold"), _relation(device, names, w)]
    parts += _section(w.explain["for"], _numbered(_for(rows, w)) or [w.labels["no_evidence"]])
    parts += _section(w.explain["against"], _against(device, rows, names, w) or [w.explain["against_none"]])
    parts += _section(w.explain["open"], _unknown(device, w) or [w.explain["unknown_none"]])
    parts += _section(w.explain["change"], _change(device, w))
    if rows:
        parts += [Text(f"\n{w.explain['weights']}", style="bold"), _weights(rows, w)]
    parts += _rules(device, findings, w)
    return Group(*parts)


def _claim(device: Device, names: Mapping[str, str], w: Words) -> str:
    found = device.identification
    maker = name_of(names, found.maker)
    sentence = "unknown" if not maker else "sure" if found.certainty in SURE else "unsure"
    told = w.explain[sentence].format(
        device=f"{called(device, names, w)} ({device.address})",
        maker=maker,
        certainty=w.certainties[found.certainty],
        percent=percent(found.confidence),
    )
    return visible(told)


def _relation(device: Device, names: Mapping[str, str], w: Words) -> Text:
    return safe(w.explain["label"].format(relation=relation(device.identification, names, w)), 400)


def _for(rows: tuple[Row, ...], w: Words) -> Iterator[str]:
    echoes = 0
    for row in rows:
        if row.standing in (COUNTED, SHORT):
            yield f"{_step(row, w)} {_meaning(row, w)}"
        elif row.standing == ECHO:
            echoes += 1
    if echoes:
        yield w.explain["echo_one" if echoes == 1 else "echo"].format(n=echoes)


def _step(row: Row, w: Words) -> str:
    excerpt = f"“{visible(row.excerpt, _MAX_EXCERPT)}”"
    return w.explain["step"].format(channel=row.channel, field=row.described.partition(";")[0], excerpt=excerpt)


def _meaning(row: Row, w: Words) -> str:
    key = "says" if row.about_maker else "says_unweighed"
    return w.explain[key].format(
        claim=row.claim, strength=row.strength, odds=row.odds, basis=row.basis, source=row.source
    )


def _against(device: Device, rows: tuple[Row, ...], names: Mapping[str, str], w: Words) -> list[str]:
    found = device.identification
    told = list(found.contradictions)
    told += [f"{_step(row, w)} {_meaning(row, w)}" for row in rows if row.standing == RIVAL]
    for rival in found.candidates:
        if rival.maker != found.maker:
            told.append(
                w.explain["rival"].format(maker=name_of(names, rival.maker), percent=percent(rival.confidence))
            )
    return told


def _unknown(device: Device, w: Words) -> list[str]:
    found = device.identification
    told = []
    if found.certainty not in SURE:
        told.append(w.explain["unknown_maker"])
    if not brand_of(found, {}):
        told.append(w.explain["unknown_label"])
    if not found.model:
        told.append(w.explain["unknown_model"])
    if not found.firmware:
        told.append(w.explain["unknown_firmware"])
    counted = {item.channel for item in found.evidence if item.counted and item.claim == f"maker={found.maker}"}
    if len(counted) == 1:
        told.append(w.explain["one_channel"])
    return told


def _change(device: Device, w: Words) -> list[str]:
    told = [w.explain["change_label"], w.explain["change_supplier"], w.explain["change_signs"]]
    step = device.identification.next_step
    return [step, *told] if step else told


def _weights(rows: tuple[Row, ...], w: Words) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(w.columns["signature"], overflow="fold", min_width=32)
    table.add_column(w.columns["means"], overflow="fold")
    table.add_column(w.columns["weight"], justify="right")
    table.add_column(w.columns["counted"])
    for row in rows:
        weight = f"{row.weight:+.1f}" if row.about_maker else "–"
        style = "" if row.standing == COUNTED else "dim"
        shown = (safe(row.signature, 60), safe(row.claim, 80), Text(weight), Text(w.labels[row.standing]))
        table.add_row(*shown, style=style)
    return table


def _rules(device: Device, findings: Iterable[Finding], w: Words) -> list[RenderableType]:
    item = judge(device, findings)
    if not item.findings:
        return []
    told: list[RenderableType] = [Text(f"\n{w.explain['rules']}", style="bold")]
    told.append(Text(w.verdicts[item.standing], style=STYLES[item.standing]))
    for finding in item.findings:
        waived = f", {w.verdicts['waived'].lower()}" if finding.waiver else ""
        head = f"{w.findings[finding.shown_as]}{waived}: {finding.title}. {finding.reason} {finding.question}"
        told.append(Padding(safe(head.strip(), 1200), (0, 0, 0, 2)))
        for citation in finding.citations:
            known = w.labels["known"].format(date=citation.known_as_of)
            told.append(Padding(safe(f"{citation.title}, {citation.citation}. {known}.", 400), (0, 0, 0, 4)))
    return told


def _section(title: str, lines: Iterable[str]) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), *(Padding(safe(line, 1200), (0, 0, 0, 2)) for line in lines)]


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
