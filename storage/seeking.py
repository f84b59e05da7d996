"""Articles that the full-text index gives, in order, a stretch at a time, for as long as somebody waits."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from storage.cases import CaseQuery, Cases
from storage.connection import Connection
from storage.errors import OutOfTime

MOST_KNOWN = 10_000  # articles that the index gives; of more, how many there are is not counted
FAIR = 500  # articles that the index gives, at which it is worth asking about a stretch at a time

_FEW = 1_000  # articles that are put in order by their numbers; more are picked out of all

_SHORTEST = 256  # articles of a stretch; each is twice as long as the last …
_LONGEST = 8_192  # … but no longer than this
_NEAR = 64  # numbers that lie no farther apart are asked for together

_HITS = "SELECT rowid FROM search WHERE search MATCH ?"
_AMONG = "rowid BETWEEN ? AND ?"

Tired = Callable[[], bool]


def never() -> bool:
    """Whoever asks waits for as long as it takes."""
    return False


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for."""

    expression: str | None  # of FTS5, over storage.search.COLUMNS; None: the index cannot tell
    query: CaseQuery  # what else must hold, in which order, and behind which case to begin


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of the articles, in order."""

    numbers: Sequence[int]
    end: int | None  # the case up to which there are no others; None: there are none at all


@dataclass(frozen=True, slots=True)
class Limits:
    """When somebody waits no longer for the index."""

    counting: Tired = never  # for how many articles it gives, once it has given FAIR
    giving: Tired = never  # for anything


UNLIMITED = Limits()


class Seeking:
    """One search of the index: how much it gives, known at once, and what, as it is asked for."""

    def __init__(self, db: Connection, sought: Sought, limits: Limits = UNLIMITED) -> None:
        """Asks the index, within the limits; where it gives too little in time, articles come without it."""
        self._db = db
        self._cases = Cases(db)
        self._sought = sought
        self._limits = limits
        self._helps = sought.expression is not None
        self._known: list[tuple[str, int]] | None = None
        self._marks: bytearray | None = None  # at the numbers of what the index gives; None: not known of all
        self.at_most: int | None = None  # how many articles there are, from the first on; None: not known
        self.many = False  # whether the index gives more than MOST_KNOWN, whatever else must hold
        if sought.expression is not None:
            self._look(sought.expression)

    def stretches(self, tired: Tired = never) -> Iterator[Stretch]:
        """All of them, in order; once `tired`, what comes next comes without the index's help."""
        if self._known is not None:
            yield Stretch([number for _, number in self._behind(self._known)], None)
            return
        query, length = self._sought.query, _SHORTEST
        while True:
            numbers = [number for _, number in self._cases.places(replace(query, limit=length))]
            yield Stretch(
                self._hastily_given(numbers, tired), numbers[-1] if len(numbers) == length else None
            )
            if len(numbers) < length:
                return
            query, length = replace(query, after=numbers[-1]), min(2 * length, _LONGEST)

    def _look(self, expression: str) -> None:
        given, whole = self._first(expression)
        self.many = len(given) > MOST_KNOWN
        if not whole:
            self._helps = len(given) >= FAIR
        elif len(given) > _FEW and self._sought.query == CaseQuery(after=self._sought.query.after):
            self.at_most, self._marks = len(given), marked(given)
        else:
            query = replace(self._sought.query, after=None, limit=None)
            self._known = self._cases.places(query, given)
            self.at_most = len(self._known)

    def _first(self, expression: str) -> tuple[array[int], bool]:
        """Numbers that the index gives, up to one more than MOST_KNOWN, and whether these are all."""
        given = array("q")
        sql = f"{_HITS}{self._rewritten('')} LIMIT ?"
        try:
            with self._db.hurried(self._limits.giving):
                for rows in self._db.chunks(sql, [expression, MOST_KNOWN + 1], FAIR):
                    given.extend([row[0] for row in rows])
                    if len(given) >= FAIR and self._limits.counting():
                        return given, False
        except OutOfTime:
            return given, False
        return given, len(given) <= MOST_KNOWN

    def _rewritten(self, where: str) -> str:
        """SQL for what the index cannot tell of the past: it has the newest texts only; see past.py."""
        return f" UNION SELECT rowid FROM temp.rewritten_then{where}" if self._db.past else ""

    def _behind(self, places: list[tuple[str, int]]) -> list[tuple[str, int]]:
        after = self._sought.query.after
        if after is None:
            return places
        numbers = [number for _, number in places]
        if after in numbers:
            return places[numbers.index(after) + 1 :]
        return self._cases.places(replace(self._sought.query, limit=None), numbers)

    def _hastily_given(self, numbers: Sequence[int], tired: Tired) -> Sequence[int]:
        """Those of them that the index gives, or all where that takes too long: so that there is progress."""
        try:
            with self._db.hurried(tired):
                return self._given(numbers)
        except OutOfTime:
            return numbers

    def _given(self, numbers: Sequence[int]) -> list[int]:
        """Those of them that the index gives."""
        marks = self._marks
        if marks is not None:
            return [number for number in numbers if number < len(marks) and marks[number]]
        if not self._helps:
            return list(numbers)
        sql = f"{_HITS} AND {_AMONG}{self._rewritten(f' WHERE {_AMONG}')}"
        given = {
            row[0]
            for first, last in runs(sorted(numbers), _NEAR)
            for row in self._db.rows(sql, [self._sought.expression, *[first, last] * (1 + self._db.past)])
        }
        return [number for number in numbers if number in given]


def marked(numbers: Sequence[int]) -> bytearray:
    """A mark at each of the numbers."""
    marks = bytearray(max(numbers, default=0) + 1)
    for number in numbers:
        marks[number] = 1
    return marks


def runs(numbers: Sequence[int], near: int) -> Iterator[tuple[int, int]]:
    """First and last of each run of ascending numbers in which none is farther than `near` from the next."""
    first = last = None
    for number in numbers:
        if last is not None and first is not None and number - last > near:
            yield first, last
            first = number
        first = number if first is None else first
        last = number
    if first is not None and last is not None:
        yield first, last
