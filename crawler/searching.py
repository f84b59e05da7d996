"""Everything stored, asked in the language of the rules: what the terminal, the page and its feeds share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import chain, islice
from math import log
from typing import TYPE_CHECKING, Any, Literal

from crawler.casejson import case_json
from crawler.judging.asking import Question, without_marks
from crawler.times import VIETNAM
from storage.cases import CaseQuery
from storage.records import Article, Case, FieldName, Flag
from storage.seeking import UNLIMITED, Limits, Sought, Stretch, Tired, never

if TYPE_CHECKING:
    from storage.store import Store

LONGEST_NAME = 60  # characters of a saved search's name
FEW = 3  # hits: with fewer, what matches without marks is shown as well
MOST_RANKED = 500  # articles that may match; more are not put into an order of relevance

_CHUNK = 25  # articles in memory at a time
_WORTH: Mapping[FieldName, float] = {"title": 6.0, "lead": 3.0, "body": 1.0}

Marks = Literal[
    "few", "any", "exact"
]  # what matches without marks: shown where little else does, always, never


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that the question is true of."""

    case: Case
    proof: tuple[Flag, ...]
    exact: bool  # false: only without regard to marks

    def told(self) -> dict[str, Any]:
        """The case, and where the question's phrases stand."""
        return {**case_json(self.case), **self.matched()}

    def matched(self) -> dict[str, Any]:
        """Where the question's phrases stand, and whether with their marks."""
        places = [
            {"field": one.field, "spans": [list(span) for span in one.spans], "quote": one.quote}
            for one in self.proof
        ]
        return {"exact": self.exact, "matches": places}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, read."""

    exact: Question
    loose: Question | None  # the same without marks; None: it has none


@dataclass(frozen=True, slots=True)
class Place:
    """How far a list of hits was read."""

    after: int | None = None  # the last article looked at; None: none yet
    loose: bool = False  # whether what follows matches without regard to marks only


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long somebody waits."""

    index: Limits = UNLIMITED
    whole: Tired = never


BEGINNING = Place()
ENDLESS = Patience()


@dataclass(frozen=True, slots=True)
class Wish:
    """What of all that is true is to be shown."""

    query: CaseQuery = field(default_factory=CaseQuery)  # what else must hold
    marks: Marks = "few"
    most: int = 50  # hits at a time
    ranked: bool = False  # the most relevant first, where they are few enough


@dataclass(frozen=True, slots=True)
class Found:
    """Some hits, in order."""

    hits: tuple[Hit, ...]
    onward: Place | None  # where others may follow; None: these were the last
    hurried: bool  # whether time ran out before there were as many as wished
    at_most: int | None  # how many articles match at most as those shown last do; None: not known
    many: bool  # whether more than storage.seeking.MOST_KNOWN hold the words
    ranked: bool  # whether the most relevant come first


def ask(query: str, lists: Mapping[str, Sequence[str]]) -> Asked:
    """The query read; RuleError says where it cannot be, and what was expected."""
    exact = Question(query, lists)
    bare = without_marks(query)
    if bare == query and "@" not in query:
        return Asked(exact, None)
    return Asked(
        exact, Question(bare, {name: tuple(map(without_marks, some)) for name, some in lists.items()})
    )


def checked_name(text: str) -> str:
    """A name for a saved search, in NFC; ValueError says what is wrong with it."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"a name is 1 to {LONGEST_NAME} characters long")
    if not name.isprintable() or set(name) & set("/\\") or name in {".", ".."}:
        raise ValueError("a name bears no slashes and nothing that cannot be printed")
    return name


def each(store: Store, asked: Asked, wish: Wish) -> Iterator[Hit]:
    """All hits, the newest first, those that only match without marks behind the rest."""
    seen = 0
    for hit in _hits(_Pass(store, asked, wish, ENDLESS)):
        seen += 1
        yield hit
    if _goes_on(asked, wish, seen):
        yield from _hits(_Pass(store, asked, wish, ENDLESS, Place(loose=True)))


def in_time(store: Store, asked: Asked, wish: Wish) -> Iterator[Hit]:
    """The same hits, the oldest first, those that only match without marks among the rest."""
    onward = replace(wish, query=replace(wish.query, newest_first=False))
    exact = _read_ahead(_Pass(store, asked, onward, ENDLESS))
    first = list(islice(exact, FEW))
    exact = chain(first, exact)
    if not _goes_on(asked, wish, len(first)):
        return exact
    loose = _read_ahead(_Pass(store, asked, onward, ENDLESS, Place(loose=True)))
    return merge(exact, loose, key=_dated)


def find(
    store: Store, asked: Asked, wish: Wish, place: Place = BEGINNING, patience: Patience = ENDLESS
) -> Found:
    """As many hits as wished behind a place, or those that were found before patience ended."""
    if place.loose and asked.loose is None:  # an address says so that nobody was given
        return Found((), None, hurried=False, at_most=0, many=False, ranked=False)
    if wish.ranked and not place.loose:
        ranked = _ranked(_Pass(store, asked, wish, patience), wish.most, place.after)
        if ranked is not None:
            return ranked
    last = _Pass(store, asked, wish, patience, place)
    proven = _some(last, wish.most + 1)
    seen = FEW if place.after else len(proven)
    if not place.loose and last.ended and len(proven) <= wish.most and _goes_on(asked, wish, seen):
        last = _Pass(store, asked, wish, patience, Place(loose=True))
        proven += _some(last, wish.most + 1 - len(proven))
    onward = _onward(proven, wish.most, last)
    at_most = len(proven) if place == BEGINNING and onward is None else last.seeking.at_most
    hurried = onward is not None and len(proven) <= wish.most
    return Found(
        _shown(store, proven[: wish.most]), onward, hurried, at_most, last.seeking.many, ranked=False
    )


def proof_of(asked: Asked, article: Article) -> tuple[Flag, ...]:
    """Where the query's words stand in it, with marks or else without; empty: it is not true of it."""
    found = asked.exact.proof(article)
    if found is None and asked.loose is not None:
        found = asked.loose.proof(article)
    return found or ()


def bounded(query: CaseQuery, question: Question) -> CaseQuery:
    """The same with the days that the question itself asks for, which the store has an order by."""
    first, last = question.days
    since = [at for at in (query.since, _midnight(first)) if at]
    until = [at for at in (query.until, _midnight(last, 1)) if at]
    return replace(query, since=max(since, default=None), until=min(until, default=None))


def _midnight(day: date | None, later: int = 0) -> datetime | None:
    """The first moment in Vietnam of the day, or of one so many days later."""
    return datetime.combine(day + timedelta(days=later), time(), VIETNAM) if day else None


def _goes_on(asked: Asked, wish: Wish, seen: int) -> bool:
    """Whether what matches without marks is shown behind what matches exactly."""
    return asked.loose is not None and (wish.marks == "any" or (wish.marks == "few" and seen < FEW))


@dataclass(frozen=True, slots=True)
class _Proven:
    """An article that the question is true of."""

    number: int
    proof: tuple[Flag, ...]
    exact: bool


class _Pass:
    """One question asked of one article after another, until nobody waits any longer."""

    def __init__(
        self, store: Store, asked: Asked, wish: Wish, patience: Patience, place: Place = BEGINNING
    ) -> None:
        question = asked.loose if place.loose else asked.exact
        assert question is not None
        self.store = store
        self.exact = not place.loose
        self.reached = place.after  # the last article looked at
        self.ended = False  # whether there are no more
        self._question = question
        self._passed_over = asked.exact if place.loose else None  # what matches exactly stands before these
        self._tired = patience.whole
        query = replace(bounded(wish.query, question), after=place.after)
        self.seeking = store.search.seek(Sought(question.expression, query), patience.index)

    def proven(self) -> Iterator[_Proven]:
        """What the question is true of; at least one article is looked at, however tired."""
        for stretch in self.seeking.stretches(self._tired):
            for one, proof in self._tried(stretch):
                self.reached = one
                if proof is not None:
                    yield _Proven(one, proof, self.exact)
                if self._tired():
                    return
            self.reached = stretch.end or self.reached
            if stretch.end is not None and self._tired():
                return
        self.ended = True

    def _tried(self, stretch: Stretch) -> Iterator[tuple[int, tuple[Flag, ...] | None]]:
        for start in range(0, len(stretch.numbers), _CHUNK):
            some = stretch.numbers[start : start + _CHUNK]
            articles = dict(self.store.articles.judged(some))
            for number in some:
                yield number, self._proof(articles[number]) if number in articles else None

    def _proof(self, article: Article) -> tuple[Flag, ...] | None:
        proof = self._question.proof(article)
        passed_over = self._passed_over
        if proof is None or (passed_over is not None and passed_over.proof(article) is not None):
            return None
        return proof


def _some(one: _Pass, most: int) -> list[_Proven]:
    return list(islice(one.proven(), most))


def _hits(one: _Pass) -> Iterator[Hit]:
    for proven in one.proven():
        yield from _shown(one.store, [proven])


def _read_ahead(one: _Pass) -> Iterator[Hit]:
    """The hits, for whoever wants all of them: put together several at a time."""
    proven = one.proven()
    while some := list(islice(proven, _CHUNK)):
        yield from _shown(one.store, some)


def _dated(hit: Hit) -> tuple[datetime, int]:
    """Where it stands in time, as the store orders cases."""
    published = hit.case.article.published
    return published.at if published else hit.case.first_fetched_at, hit.case.id


def _shown(store: Store, proven: Sequence[_Proven]) -> tuple[Hit, ...]:
    cases = {case.id: case for case in store.cases.some([one.number for one in proven])}
    return tuple(Hit(cases[one.number], one.proof, one.exact) for one in proven if one.number in cases)


def _onward(proven: Sequence[_Proven], most: int, last: _Pass) -> Place | None:
    if len(proven) > most:
        before, behind = proven[most - 1 : most + 1]
        return Place(before.number if before.exact == behind.exact else None, loose=not behind.exact)
    return None if last.ended else Place(last.reached, loose=not last.exact)


def _ranked(one: _Pass, most: int, after: int | None) -> Found | None:
    """The most relevant first; None where too many may match, or it takes too long."""
    if one.seeking.at_most is None or one.seeking.at_most > MOST_RANKED:
        return None
    proven = sorted(one.proven(), key=lambda each: -_relevance(each.proof))
    if not one.ended:
        return None
    numbers = [each.number for each in proven]
    begin = numbers.index(after) + 1 if after in numbers else 0
    hits = _shown(one.store, proven[begin : begin + most])
    onward = Place(numbers[begin + most - 1]) if begin + most < len(proven) else None
    return Found(hits, onward, hurried=False, at_most=len(proven), many=False, ranked=True)


def _relevance(proof: Sequence[Flag]) -> float:
    """Words in the title tell more than in the lead, and there more than in the text; ever less each time."""
    return sum(_WORTH[one.field] * (1 + log(len(one.spans))) for one in proof)
