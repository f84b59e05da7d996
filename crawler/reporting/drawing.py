"""The geometry of the chart, in units of its own; pure. The template writes it as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from crawler.reporting.blocks import Chart
from crawler.reporting.typography import amount
from crawler.review.charting import scale

WIDTH = 720
_LEFT = 34  # at least, for the numbers of the scale
_TICK = 7.7  # width of a digit there, in the widest face
_TOP = 16  # for the value above the highest bar
_HEIGHT = 130  # of the highest bar
_STRIP = 20  # for what could not be seen
_FEET = 20  # for the dates
_DIGIT = 6.4  # width of a digit


@dataclass(frozen=True, slots=True)
class Column:
    """One bar, and what stands around it; heights upwards from the base."""

    x: float
    width: float
    middle: float
    whole: float
    part: float
    value: str  # above it; "": no room, or nothing
    foot: str  # below it; "": no room
    blind: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it."""

    width: int
    height: int
    left: int
    base: int  # y on which the bars stand
    strip_y: int  # y of the row below that tells blind days
    foot_y: int
    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    is_blind: bool


def draw(chart: Chart) -> Drawing:
    """The chart's bars side by side over one scale."""
    base = _TOP + _HEIGHT
    is_blind = any(bar.blind for bar in chart.bars)
    strip = base + 4
    foot = base + (_STRIP if is_blind else 0) + 15
    highest, step = scale(max((bar.whole for bar in chart.bars), default=0))
    unit = _HEIGHT / highest
    left = max(_LEFT, ceil(len(amount(highest)) * _TICK) + 8)
    return Drawing(
        width=WIDTH,
        height=foot + _FEET - 12,
        left=left,
        base=base,
        strip_y=strip,
        foot_y=foot,
        ticks=tuple(Tick(round(base - value * unit, 1), value) for value in range(0, highest + 1, step)),
        columns=_columns(chart, unit, left),
        is_blind=is_blind,
    )


def _columns(chart: Chart, unit: float, left: int) -> tuple[Column, ...]:
    pitch = (WIDTH - left) / max(1, len(chart.bars))
    width = min(pitch * 0.72, 64.0)
    every = max(1, ceil((max((len(bar.label) for bar in chart.bars), default=1) * _DIGIT + 6) / pitch))
    last = len(chart.bars) - 1
    found = []
    for place, bar in enumerate(chart.bars):
        middle = left + (place + 0.5) * pitch
        told = amount(bar.whole)
        value = told if bar.whole and len(told) * _DIGIT <= pitch else ""
        foot = bar.label if (last - place) % every == 0 else ""
        heights = round(bar.whole * unit, 1), round(bar.part * unit, 1)
        x = round(middle - width / 2, 1)
        found.append(Column(x, round(width, 1), round(middle, 1), *heights, value, foot, bar.blind))
    return tuple(found)
