"""What was exported under a name: each export with the digests of its articles, so that the next knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from sqlite3 import Row

from storage.columns import as_moment, clean, moment
from storage.connection import Connection
from storage.errors import ExportedMeanwhile, NoSuchExport
from storage.records import Exported

_CHUNK = 5_000  # rows in one transaction, so that no crawl waits long
_DONE = "(SELECT x.id FROM exports AS x WHERE x.series_id = e.series_id AND x.state = 'done')"
_COLUMNS = "exports.*, export_series.name FROM exports JOIN export_series ON export_series.id = series_id"

Passed = tuple[int, bytes | None]  # an article, and the digest of what was exported; None: withdrawn


@dataclass(frozen=True, slots=True)
class Exporting:
    """An export whose folder is whole, and about to appear."""

    name: str
    as_of: datetime
    asked: str  # JSON
    folder: str  # absolute
    manifest: str  # SHA-256, hexadecimal
    after: int | None  # the export it was compared with; None: there was none


class Exports:
    """The tables export_series, exports and exported.

    An export counts from its row's last change on, to "done": what it remembers is written before, so that
    a process that vanishes leaves all of it or nothing. In between it is pending, and whoever comes next
    asks its folder whether it appeared.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def last(self, name: str) -> Exported | None:
        """The newest export under that name that is done; None: there is none."""
        return self._newest(name, "done")

    def pending(self, name: str) -> Exported | None:
        """The export under that name that may have appeared or not; None: there is none."""
        return self._newest(name, "pending")

    def digest(self, name_id: int, article_id: int) -> bytes | None:
        """Of the article as it was last exported in this series; None: it was not, or was withdrawn."""
        row = self._db.one(
            "SELECT digest FROM exported AS e WHERE series_id = ? AND article_id = ?"
            f" AND export_id IN {_DONE} ORDER BY export_id DESC LIMIT 1",
            [name_id, article_id],
        )
        return row[0] if row else None

    def begin_passing(self) -> None:
        """Make room for what passes, beside a store that is held as of one moment."""
        self._db.execute("CREATE TEMP TABLE passing (article_id INTEGER PRIMARY KEY, digest BLOB)")

    def passed(self, article_id: int, digest: bytes | None) -> None:
        """An article is asked for; `digest`: of what is exported of it, None if it is as it was."""
        self._db.execute("INSERT INTO temp.passing VALUES (?, ?)", [article_id, digest])

    def missing(self, name_id: int) -> Iterator[int]:
        """The articles that were exported in this series, and did not pass; ascending."""
        sql = (
            "SELECT DISTINCT article_id FROM exported AS e WHERE series_id = ?"
            " AND NOT EXISTS (SELECT 1 FROM temp.passing AS p WHERE p.article_id = e.article_id)"
            " ORDER BY article_id"
        )
        for rows in self._db.chunks(sql, [name_id], _CHUNK):
            yield from (row[0] for row in rows if self.digest(name_id, row[0]) is not None)

    def passing(self) -> Iterator[Passed]:
        """What passed and is not as it was."""
        sql = "SELECT article_id, digest FROM temp.passing WHERE digest IS NOT NULL ORDER BY article_id"
        for rows in self._db.chunks(sql, [], _CHUNK):
            yield from ((row[0], row[1]) for row in rows)

    def begin(self, exporting: Exporting, rows: Iterator[Passed], now: datetime) -> int:
        """Remember an export as pending, with what is new in it; its number.

        ExportedMeanwhile if another one was done under that name since `after`.
        """
        with self._db.write():
            series = self._series(exporting.name)
            number = self._insert(exporting, series, now)
        while some := list(islice(rows, _CHUNK)):
            with self._db.write():
                self._db.raw.executemany(
                    "INSERT INTO exported VALUES (?, ?, ?, ?)",
                    [(series, article_id, number, digest) for article_id, digest in some],
                )
        with self._db.write():
            last = self.last(exporting.name)
            if (last.id if last else None) != exporting.after or self.pending(exporting.name):
                raise ExportedMeanwhile(self._db.path, exporting.name)
            self._db.execute("UPDATE exports SET state = 'pending' WHERE id = ?", [number])
        return number

    def finish(self, number: int) -> None:
        """Its folder is there: from now on it is the last one. ExportedMeanwhile if it was given up.

        Where it was forgotten meanwhile it stays so.
        """
        with self._db.write():
            cursor = self._db.execute(
                "UPDATE exports SET state = 'done' WHERE id = ? AND state = 'pending'", [number]
            )
            if not cursor.rowcount and (
                row := self._db.one(f"SELECT {_COLUMNS} WHERE exports.id = ?", [number])
            ):
                raise ExportedMeanwhile(self._db.path, row["name"])

    def give_up(self, number: int, *, known: bool) -> None:
        """Its folder did not appear, which is `known`, or is not there; what it told is told again."""
        state = "void" if known else "lost"
        with self._db.write():
            self._db.execute(
                "UPDATE exports SET state = ? WHERE id = ? AND state = 'pending'", [state, number]
            )

    def lost(self, name: str, after: int | None) -> tuple[Exported, ...]:
        """Those after that one that this store cannot follow, oldest first.

        Nobody knows whether their folder ever appeared, or they were made after the backup that the store
        was restored from.
        """
        sql = (
            f"SELECT {_COLUMNS} WHERE name = ? AND state IN ('lost', 'later') AND exports.id > ?"
            " ORDER BY exports.id"
        )
        return tuple(map(_exported, self._db.rows(sql, [clean(name), after or 0])))

    def all(self) -> tuple[tuple[Exported, int], ...]:
        """The newest export of each name that is done, by name, with how many articles it knows."""
        newest = "SELECT max(id) FROM exports WHERE state = 'done' GROUP BY series_id"
        sql = f"SELECT {_COLUMNS} WHERE exports.id IN ({newest}) ORDER BY name"
        known = "SELECT count(DISTINCT article_id) FROM exported WHERE series_id = ? AND digest NOT NULL"
        found = [_exported(row) for row in self._db.rows(sql)]
        return tuple((one, int(self._db.value(known, [one.series]))) for one in found)

    def manifests(self, name: str) -> frozenset[str]:
        """The SHA-256 of the manifest of every export under that name that is remembered."""
        sql = "SELECT manifest FROM exports JOIN export_series AS s ON s.id = series_id WHERE name = ?"
        return frozenset(row[0] for row in self._db.rows(sql, [clean(name)]))

    def forget(self, name: str) -> None:
        """Forget all exports under that name but one that is being written; NoSuchExport if there is none."""
        counts = "SELECT id FROM exports WHERE series_id = ? AND state <> 'void'"
        series = self._db.value("SELECT id FROM export_series WHERE name = ?", [clean(name)])
        if series is None or self._db.one(f"{counts} LIMIT 1", [series]) is None:
            raise NoSuchExport(self._db.path, name)
        self._sweep(counts, [series])

    def tidy(self, number: int, article_ids: Iterator[int]) -> None:
        """Forget what this export, which is done, replaced of these articles, and what never counted."""
        series = self._db.value("SELECT series_id FROM exports WHERE id = ?", [number])
        while some := list(islice(article_ids, _CHUNK)):
            self._forget([(series, article_id, number) for article_id in some])
        gone = "SELECT id FROM exports WHERE series_id = ? AND id < ? AND state IN ('void', 'lost', 'later')"
        if self._db.value(f"SELECT count(*) FROM ({gone})", [series, number]):
            self._sweep(gone, [series, number])

    def _forget(self, rows: list[tuple[int, int, int]]) -> None:
        """What older exports say of these articles, and that this one withdrew them."""
        where = "WHERE series_id = ? AND article_id = ?"
        with self._db.write():
            self._db.raw.executemany(f"DELETE FROM exported {where} AND export_id < ?", rows)
            self._db.raw.executemany(
                f"DELETE FROM exported {where} AND export_id = ? AND digest IS NULL", rows
            )

    def _sweep(self, gone: str, which: Sequence[int]) -> None:
        found = f"SELECT * FROM exported WHERE series_id = ? AND export_id IN ({gone}) LIMIT ?"
        while rows := self._db.rows(found, [which[0], *which, _CHUNK]):
            with self._db.write():
                self._db.raw.executemany(
                    "DELETE FROM exported WHERE series_id = ? AND article_id = ? AND export_id = ?",
                    [tuple(row)[:3] for row in rows],
                )
        with self._db.write():
            self._db.execute(f"DELETE FROM exports WHERE id IN ({gone})", list(which))

    def _newest(self, name: str, state: str) -> Exported | None:
        row = self._db.one(
            f"SELECT {_COLUMNS} WHERE name = ? AND state = ? ORDER BY exports.id DESC LIMIT 1",
            [clean(name), state],
        )
        return _exported(row) if row else None

    def _series(self, name: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO export_series (name) VALUES (?)", [clean(name)])
        return int(self._db.value("SELECT id FROM export_series WHERE name = ?", [clean(name)]))

    def _insert(self, exporting: Exporting, series: int, now: datetime) -> int:
        cursor = self._db.execute(
            "INSERT INTO exports (series_id, at, as_of, asked, folder, manifest, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'void')",
            [
                series,
                moment(now),
                moment(exporting.as_of),
                clean(exporting.asked),
                clean(exporting.folder),  # a path may bear octets that are no text
                exporting.manifest,
            ],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def _exported(row: Row) -> Exported:
    return Exported(
        id=row["id"],
        series=row["series_id"],
        name=row["name"],
        at=as_moment(row["at"]),
        as_of=as_moment(row["as_of"]),
        asked=row["asked"],
        folder=row["folder"],
        manifest=row["manifest"],
        later=row["state"] == "later",
    )
