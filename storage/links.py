"""The ledger of addresses: every link ever offered, what became of it, and which are to be fetched now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Literal

from storage.columns import (
    as_dating,
    as_moment,
    as_moment_or_none,
    clean,
    clean_or_none,
    dating_columns,
    finer,
    listed,
    moment,
    moment_or_none,
)
from storage.connection import Connection
from storage.errors import NoSuchLink
from storage.records import FoundLink, Link, LinkState, Showing
from storage.sightings import Sightings

_MOST_ADDRESSES = 3  # attempts after which a gone link's other addresses are no longer tried

_INSERT = """
    INSERT INTO links (source, key, url, found_in, found_at, first_seen, last_seen, state, reason, attempts,
                       dated_at, dated_precision, dated_from, modified_at, lead)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
"""
_UPDATE = """
    UPDATE links SET url = ?, found_in = ?, found_at = ?, last_seen = ?, state = ?, reason = ?,
                     next_attempt = ?,
                     dated_at = ?, dated_precision = ?, dated_from = ?, modified_at = ?, lead = ?
    WHERE id = ?
"""
_TOUCH = "UPDATE links SET last_seen = max(last_seen, ?) WHERE id IN (SELECT value FROM json_each(?))"
_BY_KEYS = "SELECT * FROM links WHERE source = ? AND key IN (SELECT value FROM json_each(?))"
LONGEST_PAUSE = timedelta(days=7)  # between two attempts at a link
_FURTHEST = LONGEST_PAUSE + timedelta(days=2)  # a clock that is set back by a day brings none forward
_STALE = timedelta(days=1)  # after which it is worth a write that a link left alone is still shown
# The first line is word for word the condition of the index links_open, or SQLite does not use it.
_OPEN = """
    SELECT * FROM links WHERE source = ? AND (state = 'new' OR next_attempt IS NOT NULL)
    AND (found_in <> 'backfill' OR attempts > 0)
    AND (state = 'new' OR next_attempt <= ? OR next_attempt > ?
         OR (? AND reason NOT IN ('http-429', 'http-503', 'asked-to-wait')))
    ORDER BY first_seen DESC, id DESC
"""
_BACKFILL = """
    SELECT * FROM links WHERE source = ? AND found_in = 'backfill' AND state IN ('new', 'failed')
    AND (state = 'new' OR next_attempt <= ? OR next_attempt > ?)
    ORDER BY coalesce(dated_at, modified_at, first_seen) DESC, id DESC LIMIT ?
"""
_REPLAY = """
    UPDATE links SET state = 'new', reason = NULL, attempts = found_in = 'backfill', next_attempt = NULL
    WHERE source = ? AND next_attempt IS NULL AND state IN ('failed', 'gone', 'refused')
    AND fresh_as_of IS NOT NULL
    AND ((? = 'set-aside' AND state = 'failed') OR (? = 'gone' AND state = 'gone') OR reason = ?)
"""
_GIVEN_UP = """
    SELECT DISTINCT reason FROM links WHERE source = ? AND next_attempt IS NULL AND reason IS NOT NULL
    AND state IN ('failed', 'gone', 'refused') AND fresh_as_of IS NOT NULL
"""
_SET_ASIDE = """
    SELECT * FROM links WHERE source = ? AND state = 'failed' AND next_attempt IS NULL ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A link, and the time up to which its changes are known to us."""

    link: Link
    fresh_as_of: datetime | None  # None: never fetched


def reconsidered(known: Known, found: FoundLink, now: datetime) -> Link:
    """The link as it stands once it was offered again.

    It keeps its first address; another one takes its place only when the first led nowhere, or with a change
    of the article, whose headline may have changed and its address with it. A link that was
    refused unseen, and is offered now, is new: the configuration that refused it has changed.
    """
    link = replace(
        known.link,
        last_seen=max(known.link.last_seen, now),
        dated=finer(known.link.dated, found.dated),
        modified_at=max(filter(None, [known.link.modified_at, found.modified_at]), default=None),
        lead=known.link.lead or found.lead,
    )
    if link.state in {"refused", "foreign"} and known.fresh_as_of is None:
        place = (found.found_in, found.found_at)
        return replace(link, url=found.url, found_in=place[0], found_at=place[1], state="new", reason=None)
    if link.state == "kept" and wanted(Known(link, known.fresh_as_of), now):
        return replace(link, url=found.url)
    if link.url == found.url or link.state not in {"failed", "gone"}:
        return link
    if link.state == "gone" and link.attempts < _MOST_ADDRESSES:
        return replace(link, url=found.url, next_attempt=now)
    return replace(link, url=found.url)


def is_due(next_attempt: datetime, now: datetime) -> bool:
    """Whether it is time; what is due later than any pause lasts was put off on a clock that is set back."""
    return next_attempt <= now or next_attempt > now + _FURTHEST


def due_columns(now: datetime) -> tuple[str, str]:
    """`is_due` for SQL: `next_attempt <= ? OR next_attempt > ?`."""
    return moment(now), moment(now + _FURTHEST)


def wanted(known: Known, now: datetime) -> bool:
    """Whether it is to be fetched now: new, due again, or changed since what we know."""
    link = known.link
    if link.state == "new" or (link.next_attempt is not None and is_due(link.next_attempt, now)):
        return True
    if known.fresh_as_of is None or link.modified_at is None:
        return False
    return link.next_attempt is None and link.modified_at > known.fresh_as_of


class Links:
    """The links table: one row for each key of a source, ever."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def offer(self, source: str, found: Sequence[FoundLink], now: datetime) -> tuple[Link, ...]:
        """Record all of them; return those to be fetched now, each once, in the order found."""
        with self._db.write():
            batch = [_clean(one) for one in found]
            known = self._known(source, batch)
            touched: set[int] = set()
            for one in batch:
                before = known.get(one.key)
                known[one.key] = now_known = self._recorded(source, one, before, now)
                if before is not None and _only_touched(before, now_known):
                    touched.add(now_known.link.id)
            self._touch(touched, now)
            self._see(source, batch, known, now)
        return tuple(
            known[key].link for key in dict.fromkeys(one.key for one in batch) if wanted(known[key], now)
        )

    def leave(self, source: str, found: Sequence[FoundLink], reason: str, now: datetime) -> None:
        """Record links that lie outside of what is looked at. Those we know otherwise stay as they are."""
        with self._db.write():
            batch = [_clean(one) for one in found]
            known = self._known(source, batch)
            for one in batch:
                if one.key not in known:
                    known[one.key] = self._inserted(source, one, now, "refused", clean(reason))
                elif now - known[one.key].link.last_seen > _STALE:
                    self._touch({known[one.key].link.id}, now)
                else:
                    continue
                self._see(source, [one], known, now)

    def first_seen(self, source: str, keys: Sequence[str]) -> Mapping[str, datetime]:
        """Since when those links among `keys` are known that are."""
        wanted_keys = listed([clean(key) for key in keys])
        rows = self._db.rows(_BY_KEYS.replace("*", "key, first_seen"), [source, wanted_keys])
        return {row[0]: as_moment(row[1]) for row in rows}

    def kept_addresses(self, source: str, most: int) -> tuple[str, ...]:
        """Addresses of links that were kept, the newest in the ledger first."""
        rows = self._db.rows(
            "SELECT url FROM links WHERE source = ? AND state = 'kept' AND reason IS NULL"
            " ORDER BY id DESC LIMIT ?",
            [source, most],
        )
        return tuple(row[0] for row in rows)

    def backfilled(self, source: str, now: datetime, most: int) -> tuple[Link, ...]:
        """Links that a backfill found and nobody has fetched yet, or that are due again, newest first."""
        return tuple(link_of(row) for row in self._db.rows(_BACKFILL, [source, *due_columns(now), most]))

    def backfill_counts(self, source: str) -> Mapping[LinkState, int]:
        """How many links that backfills found and meant to fetch are in each state."""
        rows = self._db.rows(
            "SELECT state, count(*) FROM links WHERE source = ? AND found_in = 'backfill'"
            " AND (state NOT IN ('refused', 'foreign') OR fresh_as_of IS NOT NULL) GROUP BY state",
            [source],
        )
        return {row[0]: row[1] for row in rows}

    def set_aside(self, source: str) -> tuple[Link, ...]:
        """Links that failed too often and are not tried again by themselves, newest first."""
        return tuple(link_of(row) for row in self._db.rows(_SET_ASIDE, [source]))

    def given_up(self, source: str) -> frozenset[str]:
        """What `replay` can be asked for: the reasons for which links are tried no more by themselves."""
        return frozenset(row[0] for row in self._db.rows(_GIVEN_UP, [source]))

    def replay(self, source: str, what: str) -> int:
        """Make links new that were set aside: `set-aside`, `gone`, or those of one reason; how many."""
        with self._db.write():
            cursor = self._db.execute(_REPLAY, [source, what, what, clean(what)])
        return cursor.rowcount

    def refuse(
        self,
        source: str,
        found: Sequence[FoundLink],
        state: Literal["refused", "foreign"],
        reason: str,
        now: datetime,
    ) -> None:
        """Record links that are not to be fetched, and why. What was fetched before stays what it is."""
        with self._db.write():
            batch = [_clean(one) for one in found]
            known = self._known(source, batch)
            for one in batch:
                before = known.get(one.key)
                if before is None:
                    known[one.key] = self._inserted(source, one, now, state, clean(reason))
                elif before.fresh_as_of is None:
                    self._db.execute(
                        "UPDATE links SET last_seen = ?, state = ?, reason = ? WHERE id = ?",
                        [moment(now), state, clean(reason), before.link.id],
                    )
            self._see(source, batch, known, now)

    def open(self, source: str, now: datetime, *, again: bool = False) -> tuple[Link, ...]:
        """Found earlier and not fetched yet, or due again; newest found first.

        `again`: also those that are not due yet, unless it was the server that asked us to wait.
        """
        return tuple(link_of(row) for row in self._db.rows(_OPEN, [source, *due_columns(now), again]))

    def mark(
        self,
        source: str,
        key: str,
        state: Literal["refused", "failed", "gone"],
        reason: str,
        next_attempt: datetime | None,
        now: datetime,
    ) -> None:
        """What became of a link that was tried; attempts + 1. Of a gone one the article is gone, too."""
        with self._db.write():
            cursor = self._db.execute(
                "UPDATE links SET state = ?, reason = ?, next_attempt = ?, attempts = attempts + 1,"
                " fresh_as_of = max(coalesce(fresh_as_of, ''), coalesce(modified_at, ?))"
                " WHERE source = ? AND key = ?",
                [state, clean(reason), moment_or_none(next_attempt), moment(now), source, clean(key)],
            )
            if not cursor.rowcount:
                raise NoSuchLink(self._db.path, source, key)
            if state == "gone":
                self._db.execute(
                    "UPDATE articles SET gone_at = coalesce(gone_at, ?) WHERE key = ?",
                    [moment(now), clean(key)],
                )

    def counts(self, source: str) -> Mapping[LinkState, int]:
        """How many links are in each state; states without any are left out."""
        rows = self._db.rows("SELECT state, count(*) FROM links WHERE source = ? GROUP BY state", [source])
        return {row[0]: row[1] for row in rows}

    def reasons(self, source: str) -> Mapping[str, int]:
        """How many links each reason holds back: "refused: cookie-wall" → 3."""
        rows = self._db.rows(
            "SELECT state, reason, count(*) FROM links WHERE source = ? AND reason IS NOT NULL"
            " GROUP BY state, reason",
            [source],
        )
        return Counter({f"{row[0]}: {row[1]}": row[2] for row in rows})

    def _known(self, source: str, batch: Sequence[FoundLink]) -> dict[str, Known]:
        """What is known of a batch, by key, in one look."""
        rows = self._db.rows(_BY_KEYS, [source, listed([one.key for one in batch])])
        return {row["key"]: _known(row) for row in rows}

    def _recorded(self, source: str, found: FoundLink, before: Known | None, now: datetime) -> Known:
        """The link as it stands after the offer; written unless only its last_seen has changed."""
        if before is None:
            return self._inserted(source, found, now, "new", None)
        after = Known(reconsidered(before, found, now), before.fresh_as_of)
        if not _only_touched(before, after):
            self._update(after.link)
        return after

    def _update(self, link: Link) -> None:
        place = [link.url, link.found_in, link.found_at, moment(link.last_seen), link.state, link.reason]
        dated = [*dating_columns(link.dated), moment_or_none(link.modified_at), link.lead]
        self._db.execute(_UPDATE, [*place, moment_or_none(link.next_attempt), *dated, link.id])

    def _touch(self, ids: Iterable[int], now: datetime) -> None:
        if ids:
            self._db.execute(_TOUCH, [moment(now), listed(sorted(ids))])

    def _see(
        self, source: str, batch: Sequence[FoundLink], known: Mapping[str, Known], now: datetime
    ) -> None:
        seen = ((known[one.key].link.id, _showings(one)) for one in batch)
        Sightings(self._db).record(source, seen, now)

    def _inserted(
        self, source: str, found: FoundLink, now: datetime, state: LinkState, reason: str | None
    ) -> Known:
        link_id = self._insert(source, found, now, state, reason)
        row = self._by_id(link_id)
        assert row is not None
        return _known(row)

    def _insert(
        self, source: str, found: FoundLink, now: datetime, state: LinkState, reason: str | None
    ) -> int:
        seen = moment(now)
        cursor = self._db.execute(
            _INSERT,
            [
                source,
                found.key,
                found.url,
                found.found_in,
                found.found_at,
                seen,
                seen,
                state,
                reason,
                *dating_columns(found.dated),
                moment_or_none(found.modified_at),
                found.lead,
            ],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _by_id(self, link_id: int) -> Row | None:
        return self._db.one("SELECT * FROM links WHERE id = ?", [link_id])


def _clean(found: FoundLink) -> FoundLink:
    return replace(
        found,
        key=clean(found.key),
        url=clean(found.url),
        found_at=clean(found.found_at),
        lead=clean_or_none(found.lead),
    )


def _only_touched(before: Known, after: Known) -> bool:
    """Whether an offer told nothing but that the link is still shown."""
    return replace(after.link, last_seen=before.link.last_seen) == before.link


def _showings(found: FoundLink) -> tuple[Showing, ...]:
    return found.shown_by or (Showing(found.found_in, found.found_at),)


def _known(row: Row) -> Known:
    return Known(link_of(row), as_moment_or_none(row["fresh_as_of"]))


def link_of(row: Row) -> Link:
    """A row of links as the record."""
    return Link(
        id=row["id"],
        source=row["source"],
        key=row["key"],
        url=row["url"],
        found_in=row["found_in"],
        found_at=row["found_at"],
        first_seen=as_moment(row["first_seen"]),
        last_seen=as_moment(row["last_seen"]),
        state=row["state"],
        reason=row["reason"],
        attempts=row["attempts"],
        next_attempt=as_moment_or_none(row["next_attempt"]),
        dated=as_dating(row["dated_at"], row["dated_precision"], row["dated_from"]),
        modified_at=as_moment_or_none(row["modified_at"]),
        lead=row["lead"],
    )
