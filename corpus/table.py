"""Figures of the corpus as Markdown, which is read as well in a terminal; and the page that holds them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus import score
from corpus.form import Part
from corpus.score import Case, Share

PAGE = Path(__file__).resolve().parent.parent / "docs" / "calibration.md"
_BLOCK = re.compile(r"(?s)(<!-- figures -->\n).*?(\n<!-- end of figures -->)")


def figures(cases: Sequence[Case]) -> str:
    """Return every table of the page."""
    parts = {part: [c for c in cases if c.recording.part is part] for part in Part}
    return "\n\n".join(
        (
            _overview(parts),
            "### How sure, and how often right (the part that only tests)\n\n" + _reliability(parts[Part.TEST]),
            "### By maker (both parts)\n\n" + _by_maker(cases),
        )
    )


def figures_of_round(cases: Sequence[Case], number: int) -> str:
    """Return the figures of one round alone, both parts together: of use when it is read for the first time."""
    gathered = [c for c in cases if c.recording.round == number]
    return "\n\n".join((_overview({f"round {number}": gathered}), _reliability(gathered)))


def write(text: str, page: Path = PAGE) -> None:
    """Put the figures into the page, between its two marks."""
    page.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], page.read_text()))


def missed(cases: Iterable[Case]) -> str:
    """Return a line for each device that was missed, misnamed or accused, for whoever works on the signatures."""
    lines = []
    for case in cases:
        truth, found = case.recording.truth, case.found
        wrong = case.is_camera and case.recording.told and truth.maker is not None and not case.right
        rebadge = truth.relation is not None and case.recording.told and found.relation is not truth.relation
        said = (
            found.maker is not None
            and found.maker != truth.maker
            and (truth.maker is not None or not case.is_camera)
        )
        if wrong or rebadge or said:
            named = f"{found.maker}/{found.brand}/{found.relation}/{found.kind}"
            true = f"{truth.maker}/{truth.brand}/{truth.relation}/{truth.kind}"
            sure = f"{found.certainty} {found.confidence:.2f}"
            lines.append(f"{case.recording.part} {case.recording.id}: {true} but {named} {sure}")
    return "\n".join(lines)


def _overview(parts: Mapping[Part, list[Case]] | Mapping[str, list[Case]]) -> str:
    rows: list[tuple[str, str, list[str]]] = [
        ("recordings", "", [str(len(cases)) for cases in parts.values()]),
        ("cameras whose maker can be told", "", [str(len(score.told(cases))) for cases in parts.values()]),
        ("restricted makers not missed", "at least 0.97", [_share(score.recall(c)) for c in parts.values()]),
        ("right maker, all cameras", "at least 0.90", [_share(score.maker_right(c)) for c in parts.values()]),
        ("right and sure enough for a verdict", "", [_share(score.verdict_ready(c)) for c in parts.values()]),
        (
            "rebadges: maker and relation right",
            "at least 0.90",
            [_share(score.rebadges(c)) for c in parts.values()],
        ),
        (
            "of those that show a label or a build for others",
            "at least 0.90",
            [_share(score.shown_rebadges(c)) for c in parts.values()],
        ),
        ("named surely, and rightly", "", [_share(score.precision(c)) for c in parts.values()]),
        ("others called Hikvision or Dahua", "0", [str(len(score.false_accusations(c))) for c in parts.values()]),
        ("cameras left unnamed", "", [_share(score.abstained(c)) for c in parts.values()]),
        ("Brier score", "at most 0.05", [f"{score.brier(c):.3f}" for c in parts.values()]),
    ]
    head = "| | wanted | " + " | ".join(f"{part}" for part in parts) + " |\n| --- | --- |" + " ---: |" * len(parts)
    return "\n".join([head, *(f"| {name} | {goal} | {' | '.join(values)} |" for name, goal, values in rows)])


def _reliability(cases: Sequence[Case]) -> str:
    rows = [
        f"| {b.low:.2f} to {b.high:.2f} | {b.count} | {b.confidence:.2f} | {b.right:.2f} |"
        for b in score.reliability(cases)
    ]
    head = "| confidence | devices | said, on average | right |\n| --- | ---: | ---: | ---: |"
    return "\n".join([head, *rows])


def _by_maker(cases: Sequence[Case]) -> str:
    makers = Counter(c.recording.truth.maker for c in cases if c.is_camera and c.recording.truth.maker)
    rows = []
    for maker, _ in sorted(makers.items(), key=lambda item: (-item[1], item[0] or "")):
        own = [c for c in cases if c.recording.truth.maker == maker]
        named = [c for c in cases if c.found.maker == maker and c.named]
        unnamed = sum(c.found.maker is None for c in own)
        rows.append(
            f"| {maker} | {len(own)} | {_share(score.maker_right(own))} | {_share(score.precision(named))} | "
            f"{unnamed} |"
        )
    head = "| maker | recordings | found, of those that can be told | named surely, and rightly | left unnamed |"
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: |", *rows])


def _share(share: Share) -> str:
    return f"{share.value:.2f} ({share.good} of {share.of})" if share.of else "none"
