"""The geometry of charts, in units of their own; pure. The templates write them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from crawler.review.tallying import Line, Sum

WIDTH = 1120
_LEFT = 52  # for the numbers of the scale
_TOP = 24  # for the name of a panel
_FIRST, _SECOND = 96, 150  # heights of the panels
_STRIP = 20  # of the row that tells blind days
_FEET = 18  # for the dates
_DIGIT = 6.7  # width of a digit in a chart
_SPARK_PITCH, _SPARK_HEIGHT = 8, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of one panel: `whole` stands behind, `part` in it, `inner` in that."""

    x: float
    width: float
    base: float  # y of its foot
    whole: float  # heights
    part: float
    inner: float
    value: str  # written above it; "" where there is no room or nothing to say
    middle: float  # x of that


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars over one scale."""

    name_y: float
    base: float
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Blind:
    """A column in which something could not be seen."""

    x: float
    width: float
    middle: float
    count: int  # days, of all sources together
    whole: bool  # nothing at all was seen


@dataclass(frozen=True, slots=True)
class Foot:
    """A date under a column."""

    middle: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Found and read above, flagged, reviewed and kept below, blind days between, dates at the foot."""

    width: int
    height: int
    left: int
    upper: Panel
    lower: Panel
    strip_y: float
    blind: tuple[Blind, ...]
    foot_y: float
    feet: tuple[Foot, ...]


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart in a row, in whole units that the page stretches: three paths of upright strokes."""

    width: int
    height: int
    whole: str
    part: str
    blind: str


@dataclass(frozen=True, slots=True)
class _Frame:
    columns: int

    @property
    def pitch(self) -> float:
        return (WIDTH - _LEFT) / max(1, self.columns)

    def x(self, place: int) -> float:
        return _round(_LEFT + place * self.pitch + self.pitch * 0.12)

    @property
    def bar(self) -> float:
        return _round(self.pitch * 0.76)

    def middle(self, place: int) -> float:
        return _round(_LEFT + (place + 0.5) * self.pitch)


def chart(line: Line, feet: Sequence[str]) -> Chart:
    """A line's columns drawn; `feet` are their dates, of which those are shown that have room."""
    frame = _Frame(len(line.columns))
    first = _panel(frame, [(one.found, one.read, 0) for one in line.columns], 0, _FIRST)
    strip = _TOP + _FIRST + 6
    below = strip + _STRIP
    second = _panel(frame, [(one.flagged, one.reviewed, one.kept) for one in line.columns], below, _SECOND)
    foot = below + _TOP + _SECOND + _FEET - 4
    return Chart(
        width=WIDTH,
        height=ceil(below + _TOP + _SECOND + _FEET + 2),
        left=_LEFT,
        upper=first,
        lower=second,
        strip_y=strip,
        blind=_blind(frame, line.columns),
        foot_y=foot,
        feet=_feet(frame, feet),
    )


def spark(columns: Sequence[Sum], *, cases: bool) -> Spark:
    """Kept of flagged for a topic, read of found for a source."""
    pairs = [(one.flagged, one.kept) if cases else (one.found, one.read) for one in columns]
    top = max((whole for whole, _ in pairs), default=0) or 1
    places = [place * _SPARK_PITCH + _SPARK_PITCH // 2 for place in range(len(columns))]
    blind = [place for place, one in zip(places, columns, strict=True) if one.watched and one.blind]
    return Spark(
        max(1, len(columns)) * _SPARK_PITCH,
        _SPARK_HEIGHT,
        _strokes(places, [whole / top for whole, _ in pairs]),
        _strokes(places, [part / top for _, part in pairs]),
        "".join(f"M{place} 0V{_SPARK_HEIGHT}" for place in blind),
    )


def scale(top: int) -> tuple[int, int]:
    """The highest line of a scale for values up to `top`, and the step from line to line."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if top <= 3 * step * factor:
                return step * factor * max(1, ceil(top / (step * factor))), step * factor
        step *= 10


def short_amount(count: int) -> str:
    """980, 1,2k, 34k: as narrow as a column."""
    if count < 1000:
        return str(count)
    if count < 9950:
        return f"{count / 1000:.1f}k".replace(".", ",")
    return f"{count / 1000:.0f}k"


def _panel(frame: _Frame, values: Sequence[tuple[int, int, int]], top: float, height: int) -> Panel:
    base = top + _TOP + height
    highest, step = scale(max((one[0] for one in values), default=0))
    room = height - 14  # for the value above the highest bar

    def tall(value: int) -> float:
        return _round(value / highest * room)

    bars = tuple(
        Bar(
            x=frame.x(place),
            width=frame.bar,
            base=base,
            whole=tall(one[0]),
            part=tall(one[1]),
            inner=tall(one[2]),
            value=_fitting(one[0], frame.pitch),
            middle=frame.middle(place),
        )
        for place, one in enumerate(values)
        if one[0]
    )
    ticks = tuple(Tick(_round(base - tall(value)), value) for value in range(0, highest + 1, step))
    return Panel(top + 14, base, ticks, bars)


def _fitting(value: int, room: float) -> str:
    text = short_amount(value)
    return text if len(text) * _DIGIT + 4 <= room else ""


def _blind(frame: _Frame, columns: Sequence[Sum]) -> tuple[Blind, ...]:
    return tuple(
        Blind(frame.x(place), frame.bar, frame.middle(place), one.blind, one.blind == one.watched)
        for place, one in enumerate(columns)
        if one.blind
    )


def _feet(frame: _Frame, texts: Sequence[str]) -> tuple[Foot, ...]:
    """Every n-th date, counted from the newest."""
    widest = max((len(text) for text in texts), default=1)
    every = ceil((widest * _DIGIT + 6) / frame.pitch)
    last = len(texts) - 1
    edge = WIDTH - widest * _DIGIT / 2
    return tuple(
        Foot(_round(min(frame.middle(place), edge)), text)
        for place, text in enumerate(texts)
        if (last - place) % every == 0
    )


def _strokes(places: Sequence[int], shares: Sequence[float]) -> str:
    """Upright strokes from the foot; what is more than nothing is seen."""
    tops = [_SPARK_HEIGHT - max(1, round(share * _SPARK_HEIGHT)) for share in shares]
    drawn = zip(places, tops, shares, strict=True)
    return "".join(f"M{place} {_SPARK_HEIGHT}V{top}" for place, top, share in drawn if share)


def _round(value: float) -> float:
    return round(value, 1)
