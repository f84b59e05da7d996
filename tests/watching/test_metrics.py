"""What is counted, as Prometheus' own reader understands it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from crawler.review.watched import SourceSeen
from crawler.watching.metrics import Metrics
from storage.backups import Attempt, Failure
from storage.copying import Backup
from storage.deliveries import Delivery, Result
from storage.records import RunReport, Traffic
from storage.store import Store
from tests.review.stock import Stock, seen, stock
from tests.watching.making import HOUR, MINUTE, NOW

ODD = 'a"b\\c\nd'  # what a name is never allowed to be, in a store that somebody else wrote


@pytest.fixture
def stocked(tmp_path: Path) -> Stock:
    made = stock(tmp_path / "store.sqlite", 4)
    with Store.open(made.path) as store:
        for outcome in ("done", "done", "failed"):
            store.runs.end(store.runs.begin("baohatinh", 1, NOW), RunReport(outcome), NOW + MINUTE)
        store.runs.begin("baohatinh", 1, NOW)
        store.traffic.add(ODD, "2026-11-22", Traffic(3, 1000))
        store.traffic.add(ODD, "2026-11-23", Traffic(4, 500))
        store.verdicts.decide(made.cases[0], "keep", None, NOW)
    return made


def _sources(store: Store) -> Sequence[SourceSeen]:
    return [
        seen("baohatinh", "nothing can be had"),
        replace(seen("moi"), last_success=None, running_since=NOW),
    ]


@pytest.fixture
def text(stocked: Stock) -> Iterator[str]:
    with Store.open(stocked.path) as store:
        yield Metrics(_sources, lambda: NOW, lambda: 1.5)(store).decode()


def _read(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def _value(text: str, name: str, **labels: str) -> float:
    """The one sample so named whose labels are these among others."""
    found = [
        sample.value
        for family in _read(text).values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    (value,) = found
    return value


def test_what_the_store_holds_is_counted_by_source(text: str, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        articles = sum(1 for _ in store.articles.each("baohatinh"))
    assert _value(text, "diembao_articles", source="baohatinh") == articles
    assert _value(text, "diembao_crawls_total", source="baohatinh", outcome="done") == 2
    assert _value(text, "diembao_crawls_total", source="baohatinh", outcome="failed") == 1
    cases = [sample for sample in _read(text)["diembao_cases"].samples if sample.labels["decision"] == "keep"]
    assert sum(sample.value for sample in cases) == 1
    assert _value(text, "diembao_links", source="baohatinh", state="kept") == articles
    assert _value(text, "diembao_store_bytes") > 100_000


def test_counters_add_up_over_days_and_any_name_is_escaped(text: str) -> None:
    assert _value(text, "diembao_requests_total", source=ODD) == 7
    assert _value(text, "diembao_received_bytes_total", source=ODD) == 1500


def test_a_source_is_in_one_state_of_all_there_are(text: str) -> None:
    states = {
        sample.labels["state"]: sample.value
        for sample in _read(text)["diembao_source_state"].samples
        if sample.labels["source"] == "baohatinh"
    }
    assert len(states) == 9
    assert [state for state, value in states.items() if value] == ["ill"]
    assert 'diembao_source_last_success_timestamp_seconds{source="moi"}' not in text
    assert _value(text, "diembao_crawls_running") == 1


def test_the_process_and_the_daemon_are_told_as_they_are_now(text: str) -> None:
    assert _value(text, "diembao_daemon_silence_seconds") == 1.5
    assert _value(text, "process_resident_memory_bytes") > 10_000_000
    assert _value(text, "diembao_build_info") == 1


def test_every_family_is_described_and_typed(text: str) -> None:
    families = [one for name, one in _read(text).items() if name.startswith("diembao_")]
    assert len(families) >= 15
    for family in families:
        assert family.documentation.endswith(".")
        assert family.type in {"gauge", "counter", "info"}
        assert family.name in (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_the_counting_is_done_twice_a_minute_at_most(stocked: Stock) -> None:
    now, asked = [NOW], []

    def sources(store: Store) -> Sequence[SourceSeen]:
        asked.append(now[0])
        return ()

    told = Metrics(sources, lambda: now[0])
    with Store.open(stocked.path) as store:
        for seconds in (0, 10, 20):
            now[0] = NOW + seconds * MINUTE / 60
            assert b"daemon_silence" not in told(store)
        assert len(asked) == 1
        now[0] = NOW + HOUR
        told(store)
        assert len(asked) == 2


def test_backups_and_messages_are_counted(stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        told = Metrics(_sources, lambda: NOW)(store).decode()
        assert "diembao_backup_failed " not in told
        store.backups.record(Attempt(NOW), Backup(stocked.path, 9, {}))
        store.backups.record(Attempt(NOW + HOUR), Failure(stocked.path, "no room left on the disk"))
        number = store.deliveries.add(Delivery(0, "k", "mail", "digest", NOW, "s", {}))
        store.deliveries.ended(number, Result("refused", "nobody here"), NOW)
        text = Metrics(_sources, lambda: NOW)(store).decode()
    assert _value(text, "diembao_backup_last_good_timestamp_seconds") == NOW.timestamp()
    assert _value(text, "diembao_backup_failed") == 1
    assert _value(text, "diembao_messages", channel="mail", state="refused") == 1


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian: prometheus) is not installed")
def test_promtool_finds_nothing_to_complain_of(text: str) -> None:
    ours = "".join(line + "\n" for line in text.splitlines() if "process_" not in line)
    command = ["promtool", "check", "metrics"]
    done = subprocess.run(command, input=ours, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
