"""Bar charts: in go labelled counts, out come the positions that the SVG template draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from camaudit.model import Report
from camaudit.report.safe import plain
from camaudit.report.summary import STRIP, counts, makers, name_of
from camaudit.report.words import Words

WIDTH = 340
_ROW = 26
_LABEL_WIDTH = 132
_COUNT_WIDTH = 40
_MAX_LABEL = 16
_MAX_MAKERS = 6
_REACH = ("answered", "silent", "refused", "excluded", "error", "unasked")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar, by its kind and the word for it."""

    kind: str
    word: str
    count: int
    x: int
    length: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its count and where it is drawn (in the units of the view box)."""

    label: str
    count: int
    kind: str
    y: int
    x: int
    length: int
    parts: tuple[Part, ...] = ()
    """What the bar is made of, drawn over it; nothing where it is of one kind."""

    @property
    def said(self) -> str:
        """Return the count in words, with what it is made of."""
        made_of = ", ".join(f"{part.word} {part.count}" for part in self.parts)
        return f"{self.label} {self.count} ({made_of})" if made_of else f"{self.label} {self.count}"

    @property
    def short(self) -> str:
        """Return the label as far as there is room for it."""
        return plain(self.label, _MAX_LABEL)


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart with its title, its description, and the same as text."""

    id: str
    title: str
    text: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Return the height of the view box."""
        return max(_ROW * len(self.bars), _ROW) + 4

    @property
    def spoken(self) -> str:
        """Return the chart as a sentence for those who cannot see it."""
        return f"{self.text}: " + ", ".join(bar.said for bar in self.bars)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """Return the kinds that its bars are made of, with their words."""
        return tuple(dict.fromkeys((part.kind, part.word) for bar in self.bars for part in bar.parts))


def charts(report: Report, words: Words) -> tuple[Chart, ...]:
    """Return the charts of the first page: verdicts, makers, reach."""
    number = counts(report)
    verdicts = [(words.verdicts[standing], number[key], str(standing)) for standing, key in STRIP]
    reach = report.coverage
    reached = [(words.hosts[k], int(getattr(reach, k)), f"reach-{k}") for k in _REACH]
    named = words.charts
    return (
        draw("verdicts", named["verdicts"], named["verdicts_text"], [v for v in verdicts if v[1]]),
        draw("makers", named["makers"], named["makers_text"], _makers(report, words)),
        draw("reach", named["reach"], named["reach_text"], [r for r in reached if r[1]]),
    )


def _makers(report: Report, words: Words) -> list[tuple[str, int, str]]:
    found = makers(report)
    named = [(name_of(report.names, maker), n, "maker") for maker, n in found if maker is not None]
    rest = sum(n for _, n, _ in named[_MAX_MAKERS:])
    shown = named[:_MAX_MAKERS]
    if rest:
        shown.append((words.charts["rest"], rest, "maker"))
    return shown + [(words.charts["unsure"], n, "unsure") for maker, n in found if maker is None]


def draw(name: str, title: str, text: str, counted: Sequence[tuple[str, int, str]]) -> Chart:
    """Return a chart of labels with their counts and kinds."""
    most = max((n for _, n, _ in counted), default=1)
    bars = tuple(
        Bar(label, n, kind, y=row * _ROW + 4, x=_LABEL_WIDTH, length=_length(n, most))
        for row, (label, n, kind) in enumerate(counted)
    )
    return Chart(name, title, text, bars)


def draw_parts(
    name: str, title: str, text: str, rows: Sequence[tuple[str, Sequence[tuple[str, str, int]]]]
) -> Chart:
    """Return a chart whose bars are made of parts, each a kind, the word for it and a count above 0."""
    totals = [sum(count for _, _, count in parts) for _, parts in rows]
    most = max(totals, default=1)
    bars = []
    for row, ((label, counted), total) in enumerate(zip(rows, totals, strict=True)):
        length, before, parts = _length(total, most), 0, []
        for kind, word, count in counted:
            # Both ends are rounded alike, so that the parts meet and fill the bar.
            start, end = (round(length * n / total) for n in (before, before + count))
            parts.append(Part(kind, word, count, _LABEL_WIDTH + start, max(end - start, 1)))
            before += count
        bars.append(Bar(label, total, counted[-1][0], row * _ROW + 4, _LABEL_WIDTH, length, tuple(parts)))
    return Chart(name, title, text, tuple(bars))


def _length(count: int, most: int) -> int:
    return max(round((WIDTH - _LABEL_WIDTH - _COUNT_WIDTH) * count / most), 2)
