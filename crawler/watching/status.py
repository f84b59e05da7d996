"""How every source is: what `diembao status` shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from crawler.config.model import Config
from crawler.crawling.conditions import is_distrusted
from crawler.times import shown
from crawler.watching.beyond import beyond
from crawler.watching.findings import Finding
from crawler.watching.gathering import Gathered, Learned, Moment, gathered, requests_today
from crawler.watching.health import Health
from storage.records import LinkState, Run, StateChange, Way
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Cost:
    """What the runs that are remembered cost the paper."""

    requests: int = 0
    bytes: int = 0
    articles: int = 0  # new ones

    def a_piece(self, amount: int) -> float | None:
        """So much for each new article; None where there was none."""
        return round(amount / self.articles, 1) if self.articles else None


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: what was, how it is, what comes."""

    name: str
    home: str
    enabled: bool
    running_since: datetime | None  # None: not being crawled
    last: Run | None  # newest run that ended; None: none yet
    last_success: datetime | None  # start of the newest run that was done; None: none yet
    links: Mapping[LinkState, int]  # the ledger by state
    reasons: Mapping[str, int]  # why links were refused or failed, over all time: "refused: cookie-wall" → 3
    next_due: datetime | None  # None: disabled, or being crawled; the past: as soon as a worker is free
    why_then: str | None  # why not at its usual time; None: it is its usual time
    health: Health
    since: datetime | None = None  # when its state was recorded; None: it was not yet
    verify_tls: bool = True  # False: config.toml says to trust whatever certificate it shows
    conditional: bool = True  # False: config.toml says to ask always for the whole
    liars: Mapping[str, datetime] = field(default_factory=dict)  # address → when it last lied with a 304
    today: int = 0  # requests made today
    per_day: int | None = None  # requests that may be made in a day; None: no bound
    beyond: Mapping[str, int] = field(default_factory=dict)  # what lies beyond a crawl's bounds: {"feed": 40}
    cost: Cost = field(default_factory=lambda: Cost())

    @property
    def healthy(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.health.healthy

    @property
    def open_links(self) -> int:
        """Links found and not yet fetched; those that failed stand in `links`."""
        return self.links.get("new", 0)


def statuses(
    store: Store, config: Config, now: datetime, learned: Learned | None = None, only: str | None = None
) -> tuple[SourceStatus, ...]:
    """The status of every source of `config`, in its order; `learned` is what was learned last time.

    `only`: of that one alone.
    """
    learned = learned or Learned()
    learned.rhythms.learn(store, config, now)
    moment = Moment.of(store, now)
    return tuple(
        _status(store, gathered(store, source, moment, config, learned), moment)
        for source in config.sources.values()
        if only in {None, source.name}
    )


def all_healthy(found: Sequence[SourceStatus]) -> bool:
    """Whether there is nothing to complain of, and anything can be reached at all."""
    cut_off = any(one.kind == "cut-off" for status in found for one in status.health.findings)
    return not cut_off and all(status.healthy for status in found)


def history_json(changes: Iterable[StateChange]) -> list[dict[str, Any]]:
    """Changes of state as JSON, oldest first."""
    return [
        {
            "at": shown(change.at),
            "state": change.state,
            "before": change.before,
            "cause": change.cause,
            "kind": change.kind,
            "values": dict(change.values),
        }
        for change in changes
    ]


def status_json(status: SourceStatus) -> dict[str, Any]:
    """A status as JSON: moments as texts in +07:00, counts and ways of the last run that ended."""
    report = status.last.report if status.last else None
    return {
        "source": status.name,
        "home": status.home,
        "enabled": status.enabled,
        "state": status.health.state,
        "healthy": status.healthy,
        "state_since": _moment(status.since),
        "complaints": list(status.health.complaints),
        "passing": list(status.health.passing),
        "findings": [_finding(finding) for finding in status.health.findings],
        "running_since": _moment(status.running_since),
        "last_run": _moment(status.last.started_at if status.last else None),
        "last_run_ended": _moment(status.last.ended_at if status.last else None),
        "last_outcome": report.outcome if report else None,
        "last_trouble": report.trouble if report else None,
        "last_success": _moment(status.last_success),
        "counts": dict(report.counts) if report else {},
        "reasons": dict(report.reasons) if report else {},
        "readings": asdict(report.readings) if report and report.readings else None,
        "ways": [_way(way) for way in report.ways] if report else [],
        "links": dict(status.links),
        "link_reasons": dict(status.reasons),
        "open_links": status.open_links,
        "verify_tls": status.verify_tls,
        "conditional": status.conditional,
        "lied_of_being_unchanged": {url: shown(at) for url, at in status.liars.items()},
        "requests_today": status.today,
        "requests_per_day": status.per_day,
        "requests_per_new_article": status.cost.a_piece(status.cost.requests),
        "bytes_per_new_article": status.cost.a_piece(status.cost.bytes),
        "beyond_bounds": dict(status.beyond),
        "next_due": _moment(status.next_due),
        "next_due_because": status.why_then,
    }


def _status(store: Store, one: Gathered, moment: Moment) -> SourceStatus:
    source, runs, now = one.source, one.runs, moment.now
    running = runs[0] if runs and runs[0].report.outcome == "running" else None
    recorded = moment.states.get(source.name)
    return SourceStatus(
        name=source.name,
        home=source.home,
        enabled=source.enabled,
        running_since=running.started_at if running else None,
        last=next((run for run in runs if run.report.outcome != "running"), None),
        last_success=one.success.started_at if one.success else None,
        links=store.links.counts(source.name),
        reasons=store.links.reasons(source.name),
        next_due=max(one.planned.at, now) if one.planned else None,
        why_then=one.planned.why or one.why if one.planned else None,
        today=requests_today(moment, source.name),
        per_day=source.requests_per_day,
        cost=_cost(runs),
        beyond=beyond(runs),
        health=one.health,
        since=recorded.at if recorded and recorded.state == one.health.state else None,
        verify_tls=source.verify_tls,
        conditional=source.conditional,
        liars={url: at for url, at in store.polls.lied(source.name).items() if is_distrusted(at, now)},
    )


def _cost(runs: Iterable[Run]) -> Cost:
    counts = [run.report.counts for run in runs]
    return Cost(*(sum(one.get(name, 0) for one in counts) for name in ("requests", "bytes", "kept")))


def _moment(moment: datetime | None) -> str | None:
    return shown(moment) if moment else None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "state": finding.state,
        "sure": finding.sure,
        "values": dict(finding.values),
    }


def _way(way: Way) -> dict[str, Any]:
    return {"kind": way.kind, "url": way.url, "outcome": way.outcome, "links": way.links}
