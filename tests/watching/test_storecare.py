"""When backups and upkeep are due, what is told of them, and that the daemon starts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from crawler.config import Backup, Config, Crawl, Review, Upkeep
from crawler.watching.storecare import Care, complaints, next_backup, next_upkeep, remarks
from crawler.watching.storekeeping import StoreKeeping, care_of, seen
from storage.backups import Attempt, Failure
from storage.copying import Backup as Made
from storage.journal import Sought
from storage.records import Complaint, TriedBackup
from storage.store import Store

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAILY = Backup(dir=Path("/safe"))


def good(at: datetime) -> Care:
    made = TriedBackup(at, "/safe/a.sqlite", True, 12_345_678, {"articles": 4}, None)
    return Care(tried=made, good=made)


def failed(at: datetime, care: Care = Care()) -> Care:  # noqa: B008  # frozen
    return replace(care, tried=TriedBackup(at, "/safe", True, None, {}, "the disk is full"))


def vietnam(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 7 * HOUR


def test_without_a_folder_no_backup_is_ever_due() -> None:
    assert next_backup(Backup(), Care(), NOON) is None
    assert said(complaints(with_backup(Backup()), failed(NOON), NOON)) == []


def test_the_first_backup_is_due_at_once() -> None:
    assert next_backup(DAILY, Care(), NOON) == NOON


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (vietnam(22, 2, 31), vietnam(23, 2, 30)),  # that of the night before
        (vietnam(22, 14), vietnam(23, 2, 30)),  # one made by hand
        (vietnam(22, 1), vietnam(22, 2, 30)),
        (vietnam(24, 2, 30), vietnam(24, 2, 30)),  # from the future: the clock was set back
    ],
)
def test_a_daily_backup_comes_at_its_hour(last: datetime, due: datetime) -> None:
    assert next_backup(DAILY, good(last), NOON) == due


def test_backups_more_often_than_a_day_have_no_hour() -> None:
    assert next_backup(replace(DAILY, every=6 * HOUR), good(NOON), NOON) == NOON + 6 * HOUR
    assert next_backup(replace(DAILY, at=None), good(NOON), NOON) == NOON + DAY


def test_a_failed_backup_is_tried_again_in_an_hour() -> None:
    assert next_backup(DAILY, failed(NOON, good(NOON - DAY)), NOON) == NOON + HOUR


def test_upkeep_comes_every_day_at_its_hour_once_there_is_something_to_keep() -> None:
    at = time(3, 30)
    assert next_upkeep(None, Care(begun=NOON), NOON) is None
    assert next_upkeep(at, Care(), NOON) is None
    assert next_upkeep(at, Care(begun=NOON - HOUR), NOON) == vietnam(24, 3, 30)
    assert next_upkeep(at, Care(begun=NOON, upkept=vietnam(23, 3, 30)), NOON) == vietnam(24, 3, 30)
    assert next_upkeep(at, Care(begun=NOON, upkept=vietnam(22, 3, 31)), NOON) == vietnam(23, 3, 30)


def with_backup(plan: Backup) -> Config:
    return Config(Path("config.toml"), Path("store.sqlite"), Crawl(), Review(), {}, (), backup=plan)


def said(found: Iterable[Complaint]) -> list[str]:
    return [one.said for one in found]


def test_what_is_wrong_with_backups_is_told_with_its_cause() -> None:
    here = with_backup(DAILY)
    assert said(complaints(here, good(NOON - 2 * DAY), NOON)) == []
    [late] = said(complaints(here, good(NOON - 3 * DAY), NOON))
    assert "no backup was made for 3d" in late
    assert "is `diembao daemon` running?" in late
    [trouble] = said(complaints(here, failed(NOON, good(NOON - DAY)), NOON))
    assert "the backup of 2026-11-23T12:00:00+07:00 failed: the disk is full" in trouble
    assert "the last good one is of 2026-11-22T12:00:00+07:00" in trouble
    [never] = said(complaints(here, Care(begun=NOON - 3 * DAY), NOON))
    assert "there is no good one yet" in never
    [gone] = said(complaints(here, replace(good(NOON), good_is_there=False), NOON))
    assert "/safe/a.sqlite is not there" in gone
    [tended] = said(complaints(here, replace(good(NOON), trouble="the log has grown"), NOON))
    assert tended == "the store's last upkeep: the log has grown"


def test_upkeeps_that_are_broken_off_again_and_again_are_told(tmp_path: Path) -> None:
    here = with_backup(Backup())
    with Store.open(tmp_path / "store.sqlite") as store:
        store.upkeeps.end(store.upkeeps.begin(NOON), None, NOON)
        for begun in (1, 2):
            store.upkeeps.begin(NOON + begun * HOUR)
        assert said(complaints(here, care_of(store, here), NOON)) == []
        number = store.upkeeps.begin(NOON + 3 * HOUR)
        [broken] = said(complaints(here, care_of(store, here), NOON))
        assert "the last 2 upkeeps of the store did not come to their end" in broken
        store.upkeeps.end(number, None, NOON)
        assert said(complaints(here, care_of(store, here), NOON)) == []


def test_what_there_is_to_complain_of_is_recorded_when_it_begins_and_when_it_is_over(tmp_path: Path) -> None:
    here = with_backup(DAILY)
    with Store.open(tmp_path / "store.sqlite") as store:
        for hour, care in enumerate([failed(NOON), failed(NOON + HOUR), good(NOON), failed(NOON)]):
            seen(store, here, care, NOON + hour * HOUR)
        first, second = store.complaints.some({1, 2})
        assert (first.begun_at, first.ended_at) == (NOON, NOON + 2 * HOUR)
        assert (second.begun_at, second.ended_at) == (NOON + 3 * HOUR, None)
        assert store.complaints.open() == (second,)
        told = store.journal.find(Sought(NOON, 9))
    assert [one.kind for one in told] == ["complaint", "complaint-over", "complaint"]
    assert "the disk is full" in told[0].said
    assert told[1].said.startswith("no more: the backup of")


def test_the_last_good_backup_is_remarked() -> None:
    here = with_backup(DAILY)
    line, upkeep = remarks(here, replace(good(NOON), upkept=NOON))
    assert upkeep == "last upkeep: 2026-11-23T12:00:00+07:00"
    assert line == "last good backup: 2026-11-23T12:00:00+07:00, 12.3 MB, /safe/a.sqlite"
    assert list(remarks(here, Care())) == []
    [never] = remarks(with_backup(Backup()), Care())
    assert "no backup was ever made" in never


def test_the_store_says_what_became_of_backups(tmp_path: Path) -> None:
    made = Made(tmp_path / "a.sqlite", 9, {"articles": 1})
    with Store.open(tmp_path / "store.sqlite") as store:
        assert care_of(store, with_backup(Backup())) == Care()
        store.backups.record(Attempt(NOON, scheduled=True), made)
        store.backups.record(Attempt(NOON + HOUR), Failure(tmp_path, "đĩa đầy"))
        care = care_of(store, with_backup(Backup()))
        asked_for = care_of(store, with_backup(DAILY))
    assert care.tried
    assert care.good
    assert (care.tried.trouble, care.tried.scheduled) == ("đĩa đầy", False)
    assert (care.good.size, care.good.counts, care.good_is_there) == (9, {"articles": 1}, False)
    assert asked_for.tried == asked_for.good == care.good


def test_the_duty_starts_what_is_due_once_and_looks_seldom(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def program(*line: str) -> tuple[str, ...]:
        asked.append(line)
        return ("true",)

    clock = [0.0]
    plan = replace(with_backup(DAILY), upkeep=Upkeep(time(3, 30)))
    duty = StoreKeeping(program, with_backup(Backup()), lambda: clock[0])
    with Store.open(tmp_path / "store.sqlite") as store:
        duty.tick(store, NOON)
        store.runs.begin("a", 1, NOON - 2 * DAY)
        duty.tick(store, NOON)
        duty.tick(store, NOON)
        assert asked == []
        duty.reload(plan)
        duty.tick(store, NOON)
        duty.tick(store, NOON)
        duty.tick(store, NOON)
    duty.ask_to_end()
    duty.kill()
    assert sorted(asked) == [("db", "backup", "/safe", "--keep", "7", "--scheduled"), ("db", "upkeep")]
