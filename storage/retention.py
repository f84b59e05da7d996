"""Which stored pages are let go, in which order, and that each is counted: by age, by size, never a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice
from sqlite3 import Row
from typing import Literal

from storage.columns import as_moment, moment
from storage.connection import Connection
from storage.records import Decision, LetGo, Level

Worth = Literal[
    "plain",  # no rule flags its article, or a person dropped it: goes first
    "mention",  # its article only mentions a topic: goes when all plain ones are gone
    "proof",  # of a flag nobody dropped, of what was kept, put off, raised or missed: never goes
]
Why = Literal["age", "size"]

_ORDER: tuple[Worth, ...] = ("plain", "mention", "proof")

_CHUNK = 500  # pages looked at at a time
_STEP = 64  # pages of one transaction, some milliseconds: writers wait no longer

# The index is named, because statistics made while no revision had a page would tell against it.
_FACTS = """
    SELECT DISTINCT s.page_id, s.source, s.fetched_at, s.bytes, st.decision, st.changed,
           EXISTS (SELECT 1 FROM raised WHERE article_id = r.article_id AND lowered_at IS NULL) AS raised,
           EXISTS (SELECT 1 FROM sampled WHERE article_id = r.article_id AND missed = 1
                   AND undone_at IS NULL) AS missed,
           (SELECT max(f.level) FROM revisions AS o JOIN flags AS f ON f.revision_id = o.id
            WHERE o.article_id = r.article_id) AS level
    FROM ({}) AS s LEFT JOIN revisions AS r INDEXED BY idx_revisions_page_id ON r.page_id = s.page_id
    LEFT JOIN stands AS st ON st.article_id = r.article_id ORDER BY s.fetched_at, s.page_id
"""
_NEXT = """
    SELECT * FROM page_sizes WHERE (fetched_at, page_id) > (?, ?) AND fetched_at < ?
    ORDER BY fetched_at, page_id LIMIT ?
"""
_LAST = "9999"  # later than every moment


@dataclass(frozen=True, slots=True)
class Policy:
    """How long pages are kept, and how much of them."""

    longest: timedelta | None = None  # since it was fetched; None: for ever
    most: int | None = None  # bytes of all pages, compressed; None: no bound


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What decides about one page; of its article where it is about one."""

    page_id: int
    source: str
    fetched_at: datetime
    bytes: int  # compressed
    level: Level | None = None  # of the gravest flag that any of its revisions ever got; None: none
    decision: Decision | None = None  # that stands; None: nobody has decided
    changed: bool = False  # its text changed since that decision
    raised: bool = False  # by hand, and not lowered
    missed: bool = False  # a person said that it should have been flagged


@dataclass(frozen=True, slots=True)
class Parting:
    """One page that goes, and why."""

    page: PageFacts
    why: Why


def worth(page: PageFacts) -> Worth:
    """What a page is good for beside being read again."""
    if page.changed or page.missed or page.decision in {"keep", "later"}:
        return "proof"
    if page.decision == "drop":
        return "plain"
    if page.raised or page.level == "primary":
        return "proof"
    return "mention" if page.level == "mention" else "plain"


class Retention:
    """The tables page_sizes and let_go, and the pages that go."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def size(self) -> int:
        """Bytes of all pages that are kept, compressed."""
        return int(self._db.value("SELECT coalesce(sum(bytes), 0) FROM page_sizes"))

    def parting(self, policy: Policy, now: datetime) -> Iterator[Parting]:
        """The pages that go, in order: those too old, then, while too many bytes stay, the oldest plain ones,
        and last the oldest of mere mentions. Streamed; what was yielded may be let go meanwhile.
        """
        left = self.size()
        oldest = moment(now - policy.longest) if policy.longest else ""
        for page in self._pages("", oldest):
            if worth(page) != "proof":
                left -= page.bytes
                yield Parting(page, "age")
        if policy.most is None:
            return
        for kind in ("plain", "mention"):
            for page in self._pages(oldest, _LAST):
                if left <= policy.most:
                    return
                if worth(page) == kind:
                    left -= page.bytes
                    yield Parting(page, "size")

    def let_go(self, policy: Policy, now: datetime) -> Iterator[tuple[LetGo, ...]]:
        """Throw away what the policy says, step by step, each a short transaction that counts what went.

        Nothing happens but as far as it is iterated; what was yielded is committed.
        """
        partings = self.parting(policy, now)
        while step := list(islice(partings, _STEP)):
            with self._db.write():
                gone = tuple(self._gone(step, now))
            yield gone
        with self._db.write():
            self._db.execute(
                "DELETE FROM dictionaries WHERE id NOT IN (SELECT max(id) FROM dictionaries GROUP BY source)"
                " AND NOT EXISTS (SELECT 1 FROM pages WHERE dictionary_id = dictionaries.id)"
            )

    def told(self) -> tuple[LetGo, ...]:
        """Everything that ever went, by source, time and reason, newest first."""
        rows = self._db.rows("SELECT * FROM let_go ORDER BY at DESC, source, why")
        return tuple(_let_go(row) for row in rows)

    def let_go_at(self, article_id: int) -> datetime | None:
        """When the page of an article's newest revision was let go; None: it is kept, or never was."""
        found = self._db.value(
            "SELECT page_let_go_at FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT 1",
            [article_id],
        )
        return as_moment(found) if found else None

    def _pages(self, after: str, before: str) -> Iterator[PageFacts]:
        """Pages fetched from `after` on and before `before`, oldest first."""
        place: tuple[str, int] = (after, 0)
        while rows := self._db.rows(_FACTS.format(_NEXT), [*place, before, _CHUNK]):
            yield from _facts(rows)
            place = (rows[-1]["fetched_at"], rows[-1]["page_id"])

    def _gone(self, step: Sequence[Parting], now: datetime) -> Iterator[LetGo]:
        """Within a transaction; what was decided or flagged since it was looked at stays."""
        pairs = ", ".join(["(?, ?)"] * len(step))
        found = (
            f"SELECT p.* FROM (VALUES {pairs}) AS v CROSS JOIN page_sizes AS p"
            " ON p.fetched_at = v.column1 AND p.page_id = v.column2"
        )
        places = [place for one in step for place in (moment(one.page.fetched_at), one.page.page_id)]
        still = {
            page.page_id
            for page in _facts(self._db.rows(_FACTS.format(found), places))
            if worth(page) != "proof"
        }
        going = sorted((one for one in step if one.page.page_id in still), key=_kind)
        for (source, why), parted in groupby(going, key=_kind):
            pages = [parting.page for parting in parted]
            self._delete([page.page_id for page in pages], now)
            sizes, newest = sum(page.bytes for page in pages), max(page.fetched_at for page in pages)
            yield self._count(LetGo(source, now, why, len(pages), sizes, newest))

    def _delete(self, ids: Sequence[int], now: datetime) -> None:
        marks = ", ".join("?" * len(ids))
        self._db.execute(
            f"UPDATE revisions SET page_id = NULL, page_let_go_at = ? WHERE page_id IN ({marks})",
            [moment(now), *ids],
        )
        self._db.execute(f"DELETE FROM pages WHERE id IN ({marks})", ids)

    def _count(self, gone: LetGo) -> LetGo:
        """One row for a source, a reason and one call of `let_go`, however many steps that took."""
        self._db.execute(
            "INSERT INTO let_go (source, at, why, pages, bytes, newest) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, at, why) DO UPDATE SET pages = pages + excluded.pages,"
            " bytes = bytes + excluded.bytes, newest = max(newest, excluded.newest)",
            [gone.source, moment(gone.at), gone.why, gone.pages, gone.bytes, moment(gone.newest)],
        )
        return gone


def summed(gone: Iterable[LetGo]) -> tuple[LetGo, ...]:
    """One for each source and reason, in the order they were first met."""
    sums: dict[tuple[str, Why], LetGo] = {}
    for one in gone:
        before = sums.get((one.source, one.why))
        sums[one.source, one.why] = one if before is None else _both(before, one)
    return tuple(sums.values())


def _both(one: LetGo, other: LetGo) -> LetGo:
    return replace(
        other,
        pages=one.pages + other.pages,
        bytes=one.bytes + other.bytes,
        newest=max(one.newest, other.newest),
    )


def _kind(parting: Parting) -> tuple[str, Why]:
    return parting.page.source, parting.why


def _facts(rows: Sequence[Row]) -> Iterator[PageFacts]:
    """One a page; the rare page of several articles is worth what the worthiest of them is."""
    for _, same in groupby(rows, key=lambda row: row["page_id"]):
        yield max(map(_fact, same), key=lambda page: _ORDER.index(worth(page)))


def _fact(row: Row) -> PageFacts:
    return PageFacts(
        page_id=row["page_id"],
        source=row["source"],
        fetched_at=as_moment(row["fetched_at"]),
        bytes=row["bytes"],
        level=row["level"],
        decision=row["decision"],
        changed=bool(row["changed"]),
        raised=bool(row["raised"]),
        missed=bool(row["missed"]),
    )


def _let_go(row: Row) -> LetGo:
    return LetGo(
        row["source"], as_moment(row["at"]), row["why"], row["pages"], row["bytes"], as_moment(row["newest"])
    )
