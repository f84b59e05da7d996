"""The period in numbers: papers and topics by day or week, and the days on which a paper was not seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from crawler.config.model import Config
from crawler.reporting.facts import Counts, Paper
from crawler.reporting.order import ReportOrder
from crawler.review.sight import LOOK_BACK, Looking, Sight, sights
from crawler.review.tallying import Line, added, line, of_days
from crawler.review.watched import SourceSeen
from storage.counting import CaseCount, DayCount, Span, Watch
from storage.store import Store

_Counted = TypeVar("_Counted", DayCount, CaseCount)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the store."""

    config: Config
    seen: Sequence[SourceSeen]  # how the sources are now; empty: nobody asked
    today: date


@dataclass(frozen=True, slots=True)
class _Told:
    days: Mapping[str, list[DayCount]]
    cases: Mapping[str, list[CaseCount]]
    watch: Mapping[str, Watch]
    seen: Mapping[str, SourceSeen]


def count(store: Store, order: ReportOrder, around: Around) -> Counts:
    """All numbers of the order's period, of its source and rule alone where it names one."""
    period = order.period
    span = Span(period.first, period.last, order.source, order.rule)
    told = _Told(
        _by("source", store.counting.days(replace(span, first=span.first - LOOK_BACK))),
        _by("name", store.counting.by_source(span)),
        store.counting.watched(),
        {one.name: one for one in around.seen},
    )
    found = [_paper(name, told, order, around) for name in _names(told, order, around.config)]
    lines = [one for one, _ in found]
    return Counts(
        period.columns,
        added("", lines, len(period.columns)),
        tuple(paper for _, paper in found),
        _topics(store.counting.by_rule(span), order, around.config),
        _began(told.watch, order),
    )


def _by(key: str, counted: Iterable[_Counted]) -> dict[str, list[_Counted]]:
    found: dict[str, list[_Counted]] = defaultdict(list)
    for one in counted:
        found[getattr(one, key)].append(one)
    return dict(found)


def _names(told: _Told, order: ReportOrder, config: Config) -> list[str]:
    if order.source:
        return [order.source]
    enabled = {name for name, source in config.sources.items() if source.enabled}
    first = order.period.first
    counted = {name for name, days in told.days.items() if any(day.day >= first for day in days)}
    return sorted(enabled | counted | told.cases.keys())


def _paper(name: str, told: _Told, order: ReportOrder, around: Around) -> tuple[Line, Paper]:
    source, seen = around.config.sources.get(name), told.seen.get(name)
    enabled = source is not None and source.enabled
    sight = _sights(name, told, order, Looking(told.watch.get(name), around.today, enabled))
    counted = of_days(told.days.get(name, ()), told.cases.get(name, ()), sight)
    one = line(name, order.period.columns, counted)
    return one, Paper(
        name=name,
        home=source.home if source else None,
        province=source.province if source else None,
        enabled=enabled,
        state=seen.state if seen else None,
        total=one.total,
        blind=tuple(day for day, how in sight.items() if how == "blind"),
        seen_at=seen.last_success if seen else None,
    )


def _sights(name: str, told: _Told, order: ReportOrder, looking: Looking) -> Mapping[date, Sight]:
    return sights(told.days.get(name, ()), looking, order.period.first, order.period.last)


def _topics(counted: Iterable[CaseCount], order: ReportOrder, config: Config) -> tuple[Line, ...]:
    """Those of config.toml in its order, then rules that stand no longer there but have cases."""
    labels = {rule.name: rule.label for rule in config.rules}
    known = _by("name", counted)
    names = [order.rule] if order.rule else [*labels, *sorted(known.keys() - labels.keys())]
    found = [line(name, order.period.columns, of_days(cases=known.get(name, ()))) for name in names]
    return tuple(replace(one, label=labels.get(one.name) or one.label or one.name) for one in found)


def _began(watch: Mapping[str, Watch], order: ReportOrder) -> date | None:
    firsts = [one.first for name, one in watch.items() if order.source in {None, name}]
    first = min(firsts, default=None)
    return first if first is not None and order.period.first < first <= order.period.last else None
