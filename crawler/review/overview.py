"""The overview: what was found, read, flagged and decided by day or week, and how well papers were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import views, wording
from crawler.review.charting import Spark, chart, spark
from crawler.review.pages import open_store
from crawler.review.periods import Bucket, Period, period_of, usual
from crawler.review.rendering import page
from crawler.review.sight import LOOK_BACK, Looking, Sight, sights
from crawler.review.tallying import Line, Sum, added, line, of_days
from crawler.review.views import View
from crawler.review.watched import SourceSeen, Watched
from crawler.review.wording import Refused, Trouble
from crawler.times import VIETNAM, utc_now
from storage.counting import CaseCount, DayCount, Span, Watch
from storage.records import Decision
from storage.store import Store

ROWS = 25  # sources on one page
_GRAVEST = ("dead", "blocked", "moved", "redesigned", "ill", "quiet")


@dataclass(frozen=True, slots=True)
class Row:
    """One source or topic in its table."""

    line: Line
    total: Sum
    spark: Spark
    seen: SourceSeen | None = None  # of a source that stands in config.toml


@dataclass(frozen=True, slots=True)
class _Asked:
    period: Period
    today: date
    source: str | None
    rule: str | None
    after: str | None  # the source above this page of sources


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the store tells of a period, by name."""

    days: Mapping[str, list[DayCount]]
    cases: Mapping[str, list[CaseCount]]
    topics: Mapping[str, list[CaseCount]]
    watch: Mapping[str, Watch]
    seen: Mapping[str, SourceSeen]


def overview(request: Request) -> Response:
    """All sources and topics, or one of them, over a period."""
    watched: Watched = request.app.state.watched
    asked = _asked(request)
    with open_store(request) as store:
        counted = _counted(store, asked, watched.sources(store))
        beside = {"unsent": watched.unsent(store), "of_the_store": watched.of_the_store(store)}
    return page("overview.html", _context(asked, counted, watched.topics) | beside)


def _asked(request: Request) -> _Asked:
    stated, today = request.query_params, utc_now().astimezone(VIETNAM).date()
    source, rule = views.named(stated, "source"), views.named(stated, "rule")
    if source is not None and rule is not None:
        raise Refused(Trouble.BAD_ADDRESS, wording.TWO_NAMES)
    return _Asked(period_of(stated, today), today, source, rule, views.named(stated, "after"))


def _counted(store: Store, asked: _Asked, seen: Sequence[SourceSeen]) -> _Counted:
    span = Span(asked.period.first, asked.period.last, asked.source, asked.rule)
    counting = store.counting
    return _Counted(
        _by_source(counting.days(replace(span, first=span.first - LOOK_BACK))),
        _by_name(counting.by_source(span)),
        _by_name(counting.by_rule(span)),
        counting.watched(),
        {one.name: one for one in seen},
    )


def _by_source(days: Iterable[DayCount]) -> dict[str, list[DayCount]]:
    found: dict[str, list[DayCount]] = defaultdict(list)
    for day in days:
        found[day.source].append(day)
    return dict(found)


def _by_name(cases: Iterable[CaseCount]) -> dict[str, list[CaseCount]]:
    found: dict[str, list[CaseCount]] = defaultdict(list)
    for case in cases:
        found[case.name].append(case)
    return dict(found)


def _context(asked: _Asked, counted: _Counted, labels: Mapping[str, str]) -> dict[str, Any]:
    buckets = asked.period.buckets
    sources = _source_lines(asked, counted, buckets)
    topics = _topic_lines(asked, counted, buckets, labels)
    whole = added("", sources, len(buckets))
    shown, more = _leaf(sources, asked.after)
    return {
        "view": View(),
        "asked": asked,
        "period": asked.period,
        "named": {name: usual(name, asked.today) for name in ("28d", "12w")},
        "span": Bucket(asked.period.first, asked.period.last),
        "queue_of": queue_of,
        "buckets": buckets,
        "begun": _begun(asked, counted),
        "line": whole,
        "total": whole.total,
        "chart": chart(whole, [_foot(bucket) for bucket in buckets]),
        "one": counted.seen.get(asked.source or ""),
        "label": topics[0].label if asked.rule else None,
        "topics": [Row(one, one.total, spark(one.columns, cases=True)) for one in topics],
        "sources": [
            Row(one, one.total, spark(one.columns, cases=False), counted.seen.get(one.name)) for one in shown
        ],
        "more": more,
        "ill": sorted((one for one in counted.seen.values() if one.enabled and one.complaints), key=_gravity),
    }


def _begun(asked: _Asked, counted: _Counted) -> date | None:
    """When the first source was crawled first, if that was within the period; else None."""
    firsts = [watch.first for name, watch in counted.watch.items() if asked.source in {None, name}]
    first = min(firsts, default=None)
    return first if first is not None and first > asked.period.first else None


def _source_lines(asked: _Asked, counted: _Counted, buckets: Sequence[Bucket]) -> list[Line]:
    if asked.source:
        names = {asked.source}
    else:
        enabled = {one.name for one in counted.seen.values() if one.enabled}
        names = (
            enabled | set(counted.cases) | {name for name in counted.days if _counts(asked, counted, name)}
        )
    return [
        line(
            name,
            buckets,
            of_days(
                counted.days.get(name, ()), counted.cases.get(name, ()), _sights_of(asked, counted, name)
            ),
        )
        for name in sorted(names)
    ]


def _counts(asked: _Asked, counted: _Counted, name: str) -> bool:
    """Whether anything of a source is inside the period, and not only in the days looked back to."""
    return any(day.day >= asked.period.first for day in counted.days[name])


def _sights_of(asked: _Asked, counted: _Counted, name: str) -> Mapping[date, Sight]:
    now = not counted.seen or (name in counted.seen and counted.seen[name].enabled)
    looking = Looking(counted.watch.get(name), asked.today, now)
    return sights(counted.days.get(name, ()), looking, asked.period.first, asked.period.last)


def _topic_lines(
    asked: _Asked, counted: _Counted, buckets: Sequence[Bucket], labels: Mapping[str, str]
) -> list[Line]:
    """Those of config.toml in its order, then rules that are no longer there."""
    names = [asked.rule] if asked.rule else [*labels, *sorted(counted.topics.keys() - labels.keys())]
    found = [line(name, buckets, of_days(cases=counted.topics.get(name, ()))) for name in names]
    return [Line(one.name, one.columns, labels.get(one.name) or one.label or one.name) for one in found]


def _leaf(sources: Sequence[Line], after: str | None) -> tuple[list[Line], str | None]:
    """One page of sources, and the last of them if more follow."""
    rest = [one for one in sources if after is None or one.name > after]
    return rest[:ROWS], rest[ROWS - 1].name if len(rest) > ROWS else None


def _gravity(seen: SourceSeen) -> int:
    return _GRAVEST.index(seen.state) if seen.state in _GRAVEST else len(_GRAVEST)


def _foot(bucket: Bucket) -> str:
    return f"{bucket.first:%d/%m}"


def queue_of(span: Bucket, source: str | None, rule: str | None, decision: Decision | None = None) -> str:
    """The address of the cases of some days, of those decided so or of all."""
    view = View("flagged", source, rule, since=span.first, until=span.last, decision=decision)
    return view.address()
