"""`diembao db`: backups in a folder, restoring that asks, upkeep that tells, upgrades that copy first."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.crawling.locks import DaemonLock
from storage.store import Store
from tests.cli.conftest import Run
from tests.storage.old.make import RELEASED
from tests.storage.test_upgrading import unpacked

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Terminal(io.StringIO):
    """Somebody who can be asked."""

    def isatty(self) -> bool:
        return True


def backups(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def tried(filled: Path) -> list[tuple[bool, bool]]:
    """Of each backup that was tried: whether [backup] asks for it, and whether it succeeded."""
    with Store.open(filled / "store.sqlite") as store:
        return [(one.scheduled, one.trouble is None) for one in store.backups.since(LONG_AGO)]


def test_backups_in_a_folder_bear_their_moment_and_the_newest_stay(run: Run, filled: Path) -> None:
    folder = filled / "safe"
    folder.mkdir()
    for day in (1, 2, 3):
        run("db", "backup", "one.sqlite")
        (filled / "one.sqlite").rename(folder / f"store-2026010{day}T000000Z.sqlite")
    (folder / "store-20260104T000000Z.sqlite").write_text("somebody else's")
    for ending in ("", "-journal"):
        (folder / f".store-20260105T000000Z.sqlite.part{ending}").write_text("killed half-way")
    ran = run("db", "backup", "safe", "--keep", "2", "--json")
    assert ran.code == 0
    assert Path(ran.json["path"]).parent == folder
    assert [Path(old).name[6:14] for old in ran.json["thrown_away"]] == ["20260101", "20260102"]
    assert backups(folder)[:2] == ["store-20260103T000000Z.sqlite", "store-20260104T000000Z.sqlite"]
    assert len(backups(folder)) == 3
    assert tried(filled) == [(False, True)] * 4


def test_config_names_the_folder_and_copies_elsewhere_are_told_apart(run: Run, filled: Path) -> None:
    assert run("db", "backup").code == 2
    config = filled / "config.toml"
    config.write_text(config.read_text() + '\n[backup]\ndir = "safe"\nkeep = 1\n')
    assert run("db", "backup").code == 0
    assert run("db", "backup", "elsewhere.sqlite").code == 0
    assert len(backups(filled / "safe")) == 1
    assert tried(filled) == [(True, True), (False, True)]


def test_a_store_that_is_named_needs_no_configuration(run: Run, filled: Path) -> None:
    run("db", "backup", "one.sqlite")
    (filled / "config.toml").unlink()
    assert run("--db", "drill.sqlite", "db", "restore", "one.sqlite").code == 0
    assert run("--db", "drill.sqlite", "db", "check").code == 0
    assert run("--db", "drill.sqlite", "db", "path").out == f"{filled / 'drill.sqlite'}\n"
    assert run("db", "check").code == 2


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("store.sqlite", "exists already; name a new file"),
        ("/proc/safe/", "cannot be written"),
        ("file/", "is no folder"),
    ],
)
def test_a_backup_that_fails_is_told_recorded_and_throws_nothing_away(
    run: Run, filled: Path, to: str, said: str
) -> None:
    (filled / "file").touch()
    ran = run("db", "backup", to)
    assert (ran.code, said in ran.err) == (1, True)
    assert tried(filled) == [(False, False)]


def test_restore_says_what_would_be_lost_and_no_answer_is_no(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "backup", "b.sqlite")
    run("decide", "1", "drop")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    ran = run("db", "restore", "b.sqlite")
    assert ran.code == 130
    assert "it has 4 articles, 0 verdicts, 4 pages; the store has 4 articles, 1 verdicts" in ran.err
    assert "lost would be 1 verdicts" in ran.err
    assert "cases whose decisions would be lost: 1\n" in ran.err
    assert run("show", "1", "--json").json["verdict"]["decision"] == "drop"
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert run("db", "restore", "b.sqlite").code == 0
    assert run("show", "1", "--json").json["verdict"] is None


def test_restore_without_a_terminal_wants_a_yes(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "backup", "b.sqlite")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ran = run("db", "restore", "b.sqlite")
    assert (ran.code, "--yes" in ran.err) == (2, True)


def test_nothing_is_restored_or_compacted_under_a_daemon(run: Run, filled: Path) -> None:
    run("db", "backup", "b.sqlite")
    with DaemonLock(filled / "store.sqlite"):
        for command in (["restore", "b.sqlite", "--yes"], ["compact"]):
            ran = run("db", *command)
            assert (ran.code, "another daemon watches this store; stop it first" in ran.err) == (1, True)


def test_an_older_store_is_copied_before_its_tables_are_changed_unless_asked_not_to(
    run: Run, folder: Path
) -> None:
    oldest = min(RELEASED)
    unpacked(oldest, folder)
    ran = run("db", "migrate")
    assert ran.code == 0
    assert "it is copied before its tables are changed" in ran.err
    assert len(list(folder.glob("store.before-m*.sqlite"))) == 1
    [copy] = folder.glob("store.before-m*.sqlite")
    copy.unlink()
    unpacked(oldest, folder)
    assert run("db", "backup", "old.sqlite").code == 0
    assert "of an older diembao" in run("db", "check").out
    assert run("db", "migrate", "--no-backup").code == 0
    assert not list(folder.glob("store.before-m*.sqlite"))
    ran = run("db", "restore", "old.sqlite", "--yes")
    assert "it is of an older diembao: its tables are brought up to date" in ran.err
    assert run("db", "check").err.endswith("sound\n")


def test_upkeep_tells_what_would_go_and_then_lets_it_go(run: Run, filled: Path) -> None:
    config = filled / "config.toml"
    text = config.read_text().replace('path = "store.sqlite"', 'path = "store.sqlite"\nmost_pages = "1B"')
    config.write_text(text)
    would = run("db", "upkeep", "--dry-run")
    assert would.out.startswith("would go: kontumtv: 1 pages")
    assert "more than [store] most_pages" in would.out
    ran = run("db", "upkeep", "--json")
    assert ran.code == 0
    assert [(one["source"], one["why"], one["pages"]) for one in ran.json["let_go"]] == [
        ("kontumtv", "size", 1)
    ]
    assert "those left prove flags or decisions and never go" in ran.err
    assert run("db", "upkeep", "--json").json["let_go"] == []
    assert "it was let go on" in run("add-page", "kontumtv/tin", "--id", "4", "--into", ".").err
    assert run("db", "check").err.endswith("sound\n")
    assert run("db", "compact").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_backup_to_a_read_only_folder_is_told(run: Run, filled: Path) -> None:
    (filled / "safe").mkdir(mode=0o555)
    assert run("db", "backup", "safe").code == 1
