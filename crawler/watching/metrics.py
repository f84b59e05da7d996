"""Everything counted, in Prometheus' text format; its names and units are in docs/metrics.md."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import get_args

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler import __version__
from crawler.review.watched import Sources
from crawler.watching.remembering import Remembered
from storage.metering import Counts
from storage.records import HealthState
from storage.store import Store

_STATES: tuple[str, ...] = get_args(HealthState)
Samples = Iterable[tuple[Sequence[str], float]]


class Metrics:
    """Answers `/metrics`: what the store counts as it was a moment ago, the process as it is."""

    def __init__(
        self, sources: Sources, clock: Callable[[], datetime], silent_for: Callable[[], float] | None = None
    ) -> None:
        self._sources = sources
        self._counted = Remembered(self._count, clock)
        self._silent_for = silent_for

    def __call__(self, store: Store) -> bytes:
        """The whole text."""
        return generate_latest(_Scrape([*self._counted(store), *self._live()]))

    def _count(self, store: Store) -> Sequence[Metric]:
        return [*_stored(store), *_files(store), *_copies(store), *_messages(store), *self._of_sources(store)]

    def _of_sources(self, store: Store) -> Iterator[Metric]:
        seen = self._sources(store)
        yield _gauges(
            "diembao_source_state",
            "1 for the state that a source is in, 0 for every other.",
            ("source", "state"),
            (((one.name, state), float(one.state == state)) for one in seen for state in _STATES),
        )
        yield _gauges(
            "diembao_source_last_success_timestamp_seconds",
            "When the newest crawl that ended well began.",
            ("source",),
            (((one.name,), one.last_success.timestamp()) for one in seen if one.last_success),
        )
        yield _gauges(
            "diembao_source_next_crawl_timestamp_seconds",
            "When a source is crawled next; absent while it is being crawled, and of disabled ones.",
            ("source",),
            (((one.name,), one.next_due.timestamp()) for one in seen if one.next_due),
        )
        running = float(sum(one.running_since is not None for one in seen))
        yield GaugeMetricFamily("diembao_crawls_running", "Sources being crawled.", value=running)

    def _live(self) -> Iterator[Metric]:
        about = {"version": __version__, "python": platform.python_version()}
        yield InfoMetricFamily("diembao_build", "What runs here.", value=about)
        if self._silent_for is not None:
            yield GaugeMetricFamily(
                "diembao_daemon_silence_seconds",
                "Seconds since the daemon's loop went round with the store answering.",
                value=self._silent_for(),
            )
        yield from ProcessCollector(registry=None).collect()


class _Scrape(Collector):
    """What one answer tells, in the shape that the library writes."""

    def __init__(self, told: Sequence[Metric]) -> None:
        self._told = told

    def collect(self) -> Iterable[Metric]:
        return self._told


def _stored(store: Store) -> Iterator[Metric]:
    metering = store.metering
    by_source = ("source",)
    yield _gauges("diembao_articles", "Articles stored.", by_source, _singly(metering.articles()))
    yield _gauges(
        "diembao_cases",
        "Articles flagged or decided, by the decision that stands; undecided ones wait for a person.",
        ("source", "decision"),
        metering.cases().items(),
    )
    links = metering.links().items()
    yield _gauges("diembao_links", "Links by what became of them.", ("source", "state"), links)
    yield _counters(
        "diembao_crawls",
        "Crawls that ended, by how.",
        ("source", "outcome"),
        _ended(metering.runs()),
    )
    traffic = metering.traffic()
    yield _counters(
        "diembao_requests",
        "Requests made, robots.txt and polls included.",
        by_source,
        (((name,), one.requests) for name, one in traffic.items()),
    )
    yield _counters(
        "diembao_received_bytes",
        "Bytes of answers.",
        by_source,
        (((name,), one.bytes) for name, one in traffic.items()),
    )


def _files(store: Store) -> Iterator[Metric]:
    sizes = store.metering.sizes()
    yield GaugeMetricFamily("diembao_store_bytes", "Size of the store's file.", value=sizes.store)
    yield GaugeMetricFamily("diembao_store_wal_bytes", "Size of its write-ahead log.", value=sizes.wal)
    free = shutil.disk_usage(store.path.parent).free
    yield GaugeMetricFamily("diembao_store_disk_free_bytes", "Room left on its disk.", value=free)


def _copies(store: Store) -> Iterator[Metric]:
    tried, good = store.backups.newest(), store.backups.newest_good()
    if good is not None:
        yield GaugeMetricFamily(
            "diembao_backup_last_good_timestamp_seconds",
            "When the newest backup that was opened, checked and counted was made.",
            value=good.at.timestamp(),
        )
    if tried is not None:
        failed = float(tried.trouble is not None)
        yield GaugeMetricFamily(
            "diembao_backup_failed", "1 if the newest backup failed, else 0.", value=failed
        )


def _messages(store: Store) -> Iterator[Metric]:
    yield _gauges(
        "diembao_messages",
        "Messages to people by what became of them.",
        ("channel", "state"),
        store.metering.messages().items(),
    )


def _ended(runs: Counts) -> Samples:
    return ((labels, count) for labels, count in runs.items() if labels[1] != "running")


def _singly(counts: Mapping[str, int]) -> Samples:
    return (((name,), count) for name, count in counts.items())


def _gauges(name: str, told: str, labels: Sequence[str], samples: Samples) -> Metric:
    return _filled(GaugeMetricFamily(name, told, labels=labels), samples)


def _counters(name: str, told: str, labels: Sequence[str], samples: Samples) -> Metric:
    return _filled(CounterMetricFamily(name, told, labels=labels), samples)


def _filled(family: GaugeMetricFamily | CounterMetricFamily, samples: Samples) -> Metric:
    for labels, value in samples:
        family.add_metric(labels, value)
    return family
