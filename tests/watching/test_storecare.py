"""When backups and upkeep are due, what is told of them, and that the daemon starts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from crawler.config import Backup, Config, Crawl, Review, Upkeep
from crawler.watching.storecare import Care, complaints, next_backup, next_upkeep, remarks
from crawler.watching.storekeeping import StoreKeeping, care_of
from storage.backups import Attempt, Failure
from storage.copying import Backup as Made
from storage.records import TriedBackup
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
    assert list(complaints(with_backup(Backup()), failed(NOON), NOON)) == []


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


def test_what_is_wrong_with_backups_is_told_with_its_cause() -> None:
    here = with_backup(DAILY)
    assert list(complaints(here, good(NOON - 2 * DAY), NOON)) == []
    [late] = complaints(here, good(NOON - 3 * DAY), NOON)
    assert "no backup was made for 3d" in late
    assert "is `diembao daemon` running?" in late
    [trouble] = complaints(here, failed(NOON, good(NOON - DAY)), NOON)
    assert "the backup of 2026-11-23T12:00:00+07:00 failed: the disk is full" in trouble
    assert "the last good one is of 2026-11-22T12:00:00+07:00" in trouble
    [never] = complaints(here, Care(begun=NOON - 3 * DAY), NOON)
    assert "there is no good one yet" in never
    [gone] = complaints(here, replace(good(NOON), good_is_there=False), NOON)
    assert "/safe/a.sqlite is not there" in gone
    [tended] = complaints(here, replace(good(NOON), trouble="the log has grown"), NOON)
    assert tended == "the store's last upkeep: the log has grown"


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
        assert care_of(store) == Care()
        store.backups.record(Attempt(NOON, scheduled=True), made)
        store.backups.record(Attempt(NOON + HOUR), Failure(tmp_path, "đĩa đầy"))
        care = care_of(store)
    assert care.tried
    assert care.good
    assert (care.tried.trouble, care.tried.scheduled) == ("đĩa đầy", False)
    assert (care.good.size, care.good.counts, care.good_is_there) == (9, {"articles": 1}, False)


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
