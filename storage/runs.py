"""Crawls: when each began and ended, how, and what it counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Row

from msgspec.json import Decoder, decode, encode

from storage.columns import as_moment, as_moment_or_none, clean, clean_or_none, listed, moment
from storage.connection import Connection
from storage.errors import NoSuchRun
from storage.records import Readings, ReadRun, Run, RunReport, Way

_READINGS, _COUNTS = Decoder(Readings), Decoder(dict[str, int])

_COLUMNS = "id, source, started_at, ended_at, pid, outcome, counts, reasons, ways, trouble, readings"
# Jumps from one source to the next by index, however many runs each has.
_NEWEST_OF_EACH = f"""
    WITH RECURSIVE known (source) AS (
        SELECT min(source) FROM runs
        UNION ALL
        SELECT (SELECT min(source) FROM runs WHERE source > known.source) FROM known WHERE source IS NOT NULL
    )
    SELECT {_COLUMNS} FROM runs WHERE id IN (
        SELECT (SELECT max(id) FROM runs WHERE source = known.source) FROM known WHERE source IS NOT NULL
    )
"""


class Runs:
    """The runs table: begun by the crawl, ended by it or by whoever watched it die."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def begin(self, source: str, pid: int, now: datetime) -> int:
        """A running run's number."""
        with self._db.write():
            cursor = self._db.execute(
                "INSERT INTO runs (source, started_at, pid, outcome, counts, reasons, ways)"
                " VALUES (?, ?, ?, 'running', '{}', '{}', '[]')",
                [source, moment(now), pid],
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def end(self, run_id: int, report: RunReport, now: datetime) -> None:
        """Record how it ended; a later word replaces an earlier one. NoSuchRun if it never began."""
        ways = [(way.kind, clean(way.url), clean(way.outcome), way.links) for way in report.ways]
        row = [
            moment(now),
            report.outcome,
            _counted(report.counts),
            _counted(report.reasons),
            listed(ways),
            clean_or_none(report.trouble),
            encode(report.readings).decode() if report.readings else None,
            run_id,
        ]
        with self._db.write():
            cursor = self._db.execute(
                "UPDATE runs SET ended_at = ?, outcome = ?, counts = ?, reasons = ?, ways = ?, trouble = ?,"
                " readings = ? WHERE id = ?",
                row,
            )
            if not cursor.rowcount:
                raise NoSuchRun(self._db.path, run_id)

    def interrupt(self, run_ids: Sequence[int], now: datetime) -> None:
        """Runs whose process is found to have vanished; those that ended meanwhile stay as they are."""
        trouble = f"its process vanished; noticed at {moment(now)}"
        with self._db.write():
            for run_id in run_ids:
                self._db.execute(
                    "UPDATE runs SET outcome = 'interrupted', trouble = ?"
                    " WHERE id = ? AND outcome = 'running'",
                    [trouble, run_id],
                )

    def latest(self) -> dict[str, Run]:
        """The newest run of every source that ever ran."""
        return {row["source"]: _run(row) for row in self._db.rows(_NEWEST_OF_EACH)}

    def history(self, source: str, since: datetime) -> tuple[Run, ...]:
        """Runs begun at `since` or later, newest first."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM runs WHERE source = ? AND started_at >= ?"
            " ORDER BY started_at DESC, id DESC",
            [source, moment(since)],
        )
        ways: dict[str, tuple[Way, ...]] = {}  # most runs of a source tell the same of them
        return tuple(_run(row, ways) for row in rows)

    def read(self, source: str, most: int) -> tuple[ReadRun, ...]:
        """What the newest runs tell that could read, or should have read, at least one page; newest first."""
        rows = self._db.rows(
            "SELECT id, readings FROM runs WHERE source = ? AND readings IS NOT NULL"
            " ORDER BY id DESC LIMIT ?",
            [source, most],
        )
        return tuple(ReadRun(row[0], _READINGS.decode(row[1])) for row in rows)

    def first(self, source: str) -> Run | None:
        """The first run of a source; None: it was never crawled."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM runs WHERE source = ? ORDER BY id LIMIT 1", [source])
        return _run(row) if row else None

    def last_success(self, source: str) -> Run | None:
        """The newest run that ended well; None if none ever did."""
        row = self._db.one(
            f"SELECT {_COLUMNS} FROM runs WHERE source = ? AND outcome = 'done' ORDER BY id DESC LIMIT 1",
            [source],
        )
        return _run(row) if row else None


def _counted(counts: object) -> str:
    return clean(json.dumps(counts, ensure_ascii=False))


def _run(row: Row, ways: dict[str, tuple[Way, ...]] | None = None) -> Run:
    """`ways` remembers what their texts say, for whoever reads many rows."""
    run_id, source, started, ended, pid, outcome, counts, reasons, said, trouble, readings = row
    report = RunReport(
        outcome,
        _COUNTS.decode(counts),
        _COUNTS.decode(reasons),
        _ways(said, {} if ways is None else ways),
        trouble,
        _READINGS.decode(readings) if readings else None,
    )
    return Run(run_id, source, as_moment(started), as_moment_or_none(ended), pid, report)


def _ways(text: str, known: dict[str, tuple[Way, ...]]) -> tuple[Way, ...]:
    found = known.get(text)
    if found is None:
        found = known[text] = tuple(Way(*way) for way in decode(text))
    return found
