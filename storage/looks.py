"""When each article is looked at again: hours after it was fetched, then days, then weeks, then never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.columns import as_moment, moment, moment_or_none
from storage.connection import Connection
from storage.links import link_of
from storage.records import Link

PAUSES = tuple(timedelta(hours=hours) for hours in (3, 9, 24, 3 * 24, 7 * 24, 21 * 24))
_FURTHEST = PAUSES[-1] + timedelta(days=2)  # what is due later was put off on a clock that is set back
_OLD = timedelta(days=30)  # published so long before it was first fetched: nobody changes it any more
_LIVELY = timedelta(days=2)  # for so long a change makes the next look come no later


@dataclass(frozen=True, slots=True)
class Look:
    """An article that is to be looked at again."""

    article_id: int
    link: Link
    looked: int  # looks that were made
    first_fetched: datetime
    etag: str | None
    last_modified: str | None


def first_look(published: datetime | None, fetched: datetime) -> datetime | None:
    """Pure: when an article that was just kept is looked at for the first time; None: never."""
    if published is not None and fetched - published > _OLD:
        return None
    return fetched + PAUSES[0]


def after_look(look: Look, now: datetime, *, revised: bool = False) -> tuple[int, datetime | None]:
    """Pure: looks made, and when the next one is; None: never. A young article that changes stays watched."""
    if revised and now - look.first_fetched < _LIVELY:
        return look.looked, now + PAUSES[min(look.looked, len(PAUSES) - 1)]
    looked = look.looked + 1
    return looked, now + PAUSES[looked] if looked < len(PAUSES) else None


class Looks:
    """The looks table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def due(self, source: str, now: datetime, most: int) -> tuple[Look, ...]:
        """At most so many that are due: flagged ones first, then the newest."""
        rows = self._db.rows(
            "SELECT links.*, looks.article_id, looked, etag, looks.last_modified AS modified,"
            " first_fetched_at FROM looks JOIN articles AS a ON a.id = looks.article_id"
            " JOIN links ON links.source = a.source AND links.key = a.key"
            " WHERE looks.source = ? AND (due_at <= ? OR due_at > ?)"
            " ORDER BY a.flagged DESC, a.dated_at DESC LIMIT ?",
            [source, moment(now), moment(now + _FURTHEST), most],
        )
        return tuple(
            Look(
                row["article_id"],
                link_of(row),
                row["looked"],
                as_moment(row["first_fetched_at"]),
                row["etag"],
                row["modified"],
            )
            for row in rows
        )

    def done(self, look: Look, now: datetime, *, revised: bool = False) -> None:
        """It was looked at, whatever was seen."""
        looked, due = after_look(look, now, revised=revised)
        self._set(look, looked, due)

    def seen_again(self, look: Look, now: datetime) -> None:
        """It is there as it was: whoever was gone is back."""
        with self._db.write():
            self._db.execute("UPDATE articles SET gone_at = NULL WHERE id = ?", [look.article_id])
            self._db.execute(
                "UPDATE links SET state = 'kept', reason = NULL, attempts = 0 WHERE id = ?", [look.link.id]
            )
            self._db.execute("UPDATE looks SET missing = 0 WHERE article_id = ?", [look.article_id])
            self.done(look, now)

    def _set(self, look: Look, looked: int, due: datetime | None) -> None:
        with self._db.write():
            self._db.execute(
                "UPDATE looks SET looked = ?, due_at = ? WHERE article_id = ?",
                [looked, moment_or_none(due), look.article_id],
            )
