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
_MAX_LABEL = 20
_MAX_MAKERS = 6
_REACH = ("answered", "silent", "refused", "excluded", "error", "unasked")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its count and where it is drawn (in the units of the view box)."""

    label: str
    count: int
    kind: str
    y: int
    x: int
    length: int

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
        return f"{self.text}: " + ", ".join(f"{bar.label} {bar.count}" for bar in self.bars)


def charts(report: Report, words: Words) -> tuple[Chart, ...]:
    """Return the charts of the first page: verdicts, makers, reach."""
    number = counts(report)
    verdicts = [(words.verdicts[standing], number[key], str(standing)) for standing, key in STRIP]
    reach = report.coverage
    reached = [(words.hosts[k], int(getattr(reach, k)), f"reach-{k}") for k in _REACH]
    named = words.charts
    return (
        _chart("verdicts", named["verdicts"], named["verdicts_text"], [v for v in verdicts if v[1]]),
        _chart("makers", named["makers"], named["makers_text"], _makers(report, words)),
        _chart("reach", named["reach"], named["reach_text"], [r for r in reached if r[1]]),
    )


def _makers(report: Report, words: Words) -> list[tuple[str, int, str]]:
    found = makers(report)
    named = [(name_of(report.names, maker), n, "maker") for maker, n in found if maker is not None]
    rest = sum(n for _, n, _ in named[_MAX_MAKERS:])
    shown = named[:_MAX_MAKERS]
    if rest:
        shown.append((words.charts["rest"], rest, "maker"))
    return shown + [(words.charts["unsure"], n, "unsure") for maker, n in found if maker is None]


def _chart(name: str, title: str, text: str, counted: Sequence[tuple[str, int, str]]) -> Chart:
    most = max((n for _, n, _ in counted), default=1)
    room = WIDTH - _LABEL_WIDTH - _COUNT_WIDTH
    bars = tuple(
        Bar(label, n, kind, y=row * _ROW + 4, x=_LABEL_WIDTH, length=max(round(room * n / most), 2))
        for row, (label, n, kind) in enumerate(counted)
    )
    return Chart(name, title, text, bars)
