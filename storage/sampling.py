"""What nobody was shown: articles that came near being flagged, and random ones people looked at."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.columns import as_moment, moment
from storage.connection import Connection
from storage.errors import NoSuchCase

_TRIES = 40  # numbers drawn for each article wanted, so that a store of flagged articles alone ends it
_NEAR = """
    SELECT id FROM articles AS a
    WHERE near IS NOT NULL AND flagged = 0 {} AND NOT EXISTS (SELECT 1 FROM in_force WHERE article_id = a.id)
    ORDER BY near DESC, dated_at DESC, id DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class NearQuery:
    """Which articles that came near; None asks for nothing."""

    since: datetime | None = None  # published, or first fetched if undated, at this moment or later
    source: str | None = None
    after: int | None = None  # number of an article: only what comes after it in this order
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a person saw of an article that was drawn at random."""

    article_id: int
    missed: bool  # it should have been flagged
    at: datetime


@dataclass(frozen=True, slots=True)
class SampleSum:
    """How many articles drawn at random people looked at, and how many of them should have been flagged."""

    seen: int
    missed: int


class Sampling:
    """The sampled table, and `near` of the articles."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def near(self, query: NearQuery) -> list[int]:
        """Articles that nobody was shown and that mention what rules look for, the nearest first.

        NoSuchCase if `after` is no article's number.
        """
        wanted = [""]
        parameters: list[Any] = []
        if query.since:
            wanted.append("dated_at >= ?")
            parameters.append(moment(query.since))
        if query.source is not None:
            wanted.append("source = ?")
            parameters.append(query.source)
        if query.after is not None:
            wanted.append("(near, dated_at, id) < (?, ?, ?)")
            parameters += self._place(query.after)
        rows = self._db.rows(_NEAR.format(" AND ".join(wanted)), [*parameters, max(0, query.limit)])
        return [row[0] for row in rows]

    def nearness(self, article_ids: Sequence[int]) -> dict[int, float]:
        """How near each of these came that did."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.rows(
            f"SELECT id, near FROM articles WHERE near IS NOT NULL AND id IN ({marks})", article_ids
        )
        return {row[0]: row[1] for row in rows}

    def span(self, since: datetime, until: datetime) -> range:
        """The numbers of the articles first fetched in that time.

        Where there were none: of those that are there, as many as a power of two, so that the span stays the
        same for a while though more are kept.
        """
        last = int(self._db.value("SELECT max(id) FROM articles") or 0)
        first, after = self._from(since, last), self._from(until, last)
        return range(first, after) if first < after else range(1, 1 + (1 << last.bit_length() >> 1))

    def draw(self, numbers: range, count: int, chance: random.Random) -> tuple[int, ...]:
        """At most `count` different articles among these numbers, each as likely as any other.

        Only those that no rule flags and nobody decided on, unless because they were drawn.
        """
        drawn: dict[int, None] = {}
        for _ in range(count * _TRIES if numbers else 0):
            number = chance.choice(numbers)
            if number not in drawn and self._unflagged(number):
                drawn[number] = None
                if len(drawn) == count:
                    break
        return tuple(drawn)

    def record(self, article_id: int, missed: bool, now: datetime) -> None:
        """What a person saw of a drawn article; a later word replaces the earlier, which stays recorded."""
        with self._db.write():
            if not self._db.value("SELECT count(*) FROM articles WHERE id = ?", [article_id]):
                raise NoSuchCase(self._db.path, article_id)
            self.take_back(article_id, now)
            self._db.execute(
                "INSERT INTO sampled (article_id, missed, at) VALUES (?, ?, ?)",
                [article_id, missed, moment(now)],
            )

    def take_back(self, article_id: int, now: datetime) -> bool:
        """Whether there was a word to take back."""
        with self._db.write():
            cursor = self._db.execute(
                "UPDATE sampled SET undone_at = ? WHERE article_id = ? AND undone_at IS NULL",
                [moment(now), article_id],
            )
        return bool(cursor.rowcount)

    def of(self, article_ids: Sequence[int]) -> dict[int, Sampled]:
        """What people saw of these articles, of each that was looked at."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.rows(
            f"SELECT * FROM sampled WHERE undone_at IS NULL AND article_id IN ({marks})", article_ids
        )
        return {
            row["article_id"]: Sampled(row["article_id"], bool(row["missed"]), as_moment(row["at"]))
            for row in rows
        }

    def sum(self, since: datetime | None = None) -> SampleSum:
        """What people saw since then; None: ever."""
        row = self._db.rows(
            "SELECT count(*), coalesce(sum(missed), 0) FROM sampled WHERE undone_at IS NULL AND at >= ?",
            [moment(since) if since else ""],
        )[0]
        return SampleSum(row[0], row[1])

    def _place(self, article_id: int) -> list[float | str | int]:
        row = self._db.one("SELECT near, dated_at, id FROM articles WHERE id = ?", [article_id])
        if row is None:
            raise NoSuchCase(self._db.path, article_id)
        return [row[0] or 0.0, row[1], row[2]]

    def _unflagged(self, number: int) -> bool:
        """Those that a person raised or decided on because they were drawn stay in the sample."""
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM sampled WHERE article_id = a.id AND undone_at IS NULL)"
                " OR (a.flagged = 0 AND NOT EXISTS (SELECT 1 FROM in_force WHERE article_id = a.id))"
                " FROM articles AS a WHERE id = ?",
                [number],
            )
        )

    def _from(self, moment_at: datetime, last: int) -> int:
        """The first number fetched at that moment or later: numbers grow with the time of first fetching."""
        wanted, low, high = moment(moment_at), 1, last + 1
        while low < high:
            middle = (low + high) // 2
            row = self._db.one(
                "SELECT id, first_fetched_at FROM articles WHERE id >= ? ORDER BY id LIMIT 1", [middle]
            )
            if row is None or row[1] >= wanted:
                high = middle
            else:
                low = row[0] + 1
        return low
