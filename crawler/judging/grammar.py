"""The rule language: a query read into its tree, or a RuleError that says where and what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crawler.errors import RuleError
from crawler.judging.citing.keys import read_wanted
from crawler.judging.notation import Lists, NotationError, read_phrase
from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Cites,
    Dated,
    Except,
    In,
    Near,
    Node,
    Not,
    Phrase,
    Place,
    Points,
    Times,
)
from crawler.times import days_meant
from storage.folding import fold

LONGEST = 20_000  # characters of one query
DEEPEST = 40  # parentheses, NOTs and fields within one another
MOST_TERMS = 1_000  # phrases of one query
FARTHEST = 200  # syllables of NEAR
MOST_COUNTED = 1_000

_DATES = "expected one like 2026-11-23, 23/11/2026, 2026-11, 2026, or two with .. between"

PLACES: tuple[Place, ...] = ("title", "lead", "body", "opening")

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<quoted>=?(?:"[^"]*"|“[^”]*”))
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)
    |(?P<near>O?NEAR/(?:\w+)?)
    |(?P<word>AND|OR|NOT|EXCEPT|NEAR|ONEAR)(?![^\s()",])
    |(?P<counted>\d+\s+(?:OF|TIMES)|\d+(?:\.\d+)?\s+POINTS)(?![^\s()",“])
    |(?P<weight>\^[^\s()",“”\#]*)
    |(?P<field>[^\W\d]\w*):
    |(?P<bare>[^\s()",“”\#^]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # a group of _TOKEN, or "end"
    text: str
    place: int


def parse(name: str, query: str, lists: Lists) -> Node:
    """The tree of the rule `name`; RuleError where the query cannot be read or asks too much."""
    return _Parser(name, query, lists).whole()


def is_countable(node: Node) -> bool:
    """Whether it has occurrences: phrases, and what joins phrases into occurrences."""
    match node:
        case Phrase() | Near() | Except() | Cites():
            return True
        case AnyOf(parts):
            return all(map(is_countable, parts))
        case In(_, part):
            return is_countable(part)
        case _:
            return False


class _Parser:
    """Recursive descent, one method a level: OR, AND, NOT, then what joins occurrences, then terms."""

    def __init__(self, name: str, query: str, lists: Lists) -> None:
        self.name = name
        self.query = query
        self.lists = lists
        self.terms = 0
        self.depth = 0
        if len(query) > LONGEST:
            raise self._error(f"a query is at most {LONGEST} characters long, not {len(query)}", 0)
        self.tokens = self._tokens()
        self.at = 0

    def whole(self) -> Node:
        if self._now.kind == "end":
            raise self._error("expected a phrase; the query is empty", 0)
        node = self._any()
        if self._now.kind != "end":
            raise self._unexpected("AND, OR, or the end of the query")
        return node

    # --- levels

    def _any(self) -> Node:
        self._deeper()
        parts = self._joined(self._all, "OR")
        self.depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Node:
        parts = self._joined(self._not, "AND")
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _joined(self, part: Callable[[], Node], word: str) -> list[Node]:
        parts = [part()]
        while self._now.text == word and self._now.kind == "word":
            self.at += 1
            parts.append(part())
        return parts

    def _not(self) -> Node:
        denials = 0
        while self._now.kind == "word" and self._now.text == "NOT":
            self.at += 1
            denials += 1
        node = self._occurrences()
        return Not(node) if denials % 2 else node

    def _occurrences(self) -> Node:
        place = self._now.place
        node = self._term()
        joints = 0
        while self._now.kind == "near" or self._now.text in ("EXCEPT", "NEAR", "ONEAR"):
            joint = self._next()
            joints += 1
            if joints > DEEPEST:
                raise self._error(f"more than {DEEPEST} NEAR or EXCEPT in a row; split the rule", joint.place)
            right_place = self._now.place
            right = self._term()
            self._countable(joint.text, node, place)
            self._countable(joint.text, right, right_place)
            node = Except(node, right) if joint.text == "EXCEPT" else self._near(joint, node, right)
        return node

    def _near(self, joint: _Token, left: Node, right: Node) -> Near:
        word, _, written = joint.text.partition("/")
        if written in ("sentence", "paragraph"):
            return Near(left, right, "sentence" if written == "sentence" else "paragraph", word == "ONEAR")
        if not written.isdecimal() or not 0 <= int(written[:9]) <= FARTHEST:
            wanted = f"a number of syllables up to {FARTHEST}, 'sentence' or 'paragraph'"
            raise self._error(f"expected {word}/ and {wanted}, not {joint.text!r}", joint.place)
        return Near(left, right, int(written), word == "ONEAR")

    def _term(self) -> Node:
        token = self._now
        match token.kind:
            case "open":
                return self._parenthesis()
            case "field":
                return self._field()
            case "counted":
                return self._counted()
            case "quoted" | "bare":
                return self._phrase()
        raise self._unexpected("a phrase, '(' or a field")

    def _parenthesis(self) -> Node:
        opening = self._next()
        node = self._any()
        self._close(opening)
        return node

    def _field(self) -> Node:
        token = self._next()
        if token.text in ("source", "section"):
            return self._about(token)
        if token.text == "date":
            return self._dated()
        if token.text == "cites":
            return self._cites(token)
        if token.text not in PLACES:
            raise self._error(f"there is no field {token.text!r}; {_nearest(token.text)}", token.place)
        places = tuple(place for place in PLACES if place == token.text)
        self._deeper()
        node = In(places, self._term())
        self.depth -= 1
        return node

    def _about(self, field: _Token) -> About:
        names = [fold(name).text for name, _ in self._named(field, f"a {field.text}")]
        return About("source" if field.text == "source" else "section", tuple(names))

    def _cites(self, field: _Token) -> Node:
        documents = [self._document(*named) for named in self._named(field, "a document, like 44-KL/TW")]
        return documents[0] if len(documents) == 1 else AnyOf(tuple(documents))

    def _document(self, written: str, place: int) -> Cites:
        wanted = read_wanted(written)
        if wanted is None:
            known = "44-KL/TW, Kết luận 44, 40/2024/NĐ-CP or KL-44-TW@2019-01-22"
            raise self._error(f"expected a document, like {known}, not {written!r}", place)
        self._count_term(place)
        return Cites(wanted, written)

    def _named(self, field: _Token, expected: str) -> list[tuple[str, int]]:
        """The name behind a field, or the names in its parentheses with OR between, each with its place."""
        names = []
        grouped = self._now.kind == "open"
        opening = self._next() if grouped else field
        while True:
            if self._now.kind not in ("quoted", "bare"):
                raise self._unexpected(expected)
            place = self._now.place
            names.append((self._words(), place))
            if not (grouped and self._now.kind == "word" and self._now.text == "OR"):
                break
            self.at += 1
        if grouped:
            self._close(opening)
        return names

    def _dated(self) -> Dated:
        token = self._now
        if token.kind not in ("quoted", "bare"):
            raise self._unexpected("a day, month or year")
        self.at += 1
        first, dots, last = token.text.strip('"“”').partition("..")
        days = [self._days(written, token.place) if written else None for written in (first, last)]
        begins, ends = days[0], days[1] if dots else days[0]
        if begins is None and ends is None:
            raise self._error(_DATES, token.place)
        if begins and ends and begins[0] > ends[1]:
            raise self._error(f"{token.text!r} ends before it begins", token.place)
        return Dated(begins[0] if begins else None, ends[1] if ends else None)

    def _days(self, written: str, place: int) -> tuple[date, date]:
        try:
            return days_meant(written)
        except ValueError as error:
            raise self._error(f"{written!r} is no day, month or year; {_DATES}", place) from error

    def _counted(self) -> Node:
        token = self._next()
        written, word = token.text.split()
        if word == "POINTS":
            return self._points(token, float(written[:12]))
        count = int(written[:9])
        if not 1 <= count <= MOST_COUNTED:
            raise self._error(f"a count is 1 to {MOST_COUNTED}, not {written}", token.place)
        return self._of(token, count) if word == "OF" else self._times(count)

    def _of(self, token: _Token, count: int) -> Node:
        if self._now.kind != "open":
            raise self._unexpected(f"'(' after {token.text!r}")
        opening = self._next()
        parts = [self._any()]
        while self._now.kind == "comma":
            self.at += 1
            parts.append(self._any())
        self._close(opening, "',' or ")
        if count > len(parts):
            raise self._error(f"{count} of {len(parts)} can never be", token.place)
        return AtLeast(count, tuple(parts))

    def _points(self, token: _Token, least: float) -> Node:
        if self._now.kind != "open":
            raise self._unexpected(f"'(' after {token.text!r}")
        if not 0 < least <= MOST_COUNTED:
            raise self._error(f"a threshold is more than 0 and at most {MOST_COUNTED}", token.place)
        opening = self._next()
        parts = [self._weighted()]
        while self._now.kind == "comma":
            self.at += 1
            parts.append(self._weighted())
        self._close(opening, "',' or ")
        if sum(max(0.0, weight) for weight, _ in parts) < least:
            raise self._error(f"these weights never come to {least:g}", token.place)
        return Points(least, tuple(parts))

    def _weighted(self) -> tuple[float, Node]:
        node = self._any()
        if self._now.kind != "weight":
            return 1.0, node
        token = self._next()
        if (
            not re.fullmatch(r"\^-?\d{1,4}(?:\.\d{1,4})?", token.text)
            or abs(float(token.text[1:])) > MOST_COUNTED
        ):
            raise self._error(f"expected a weight like ^2, ^0.5 or ^-3, not {token.text!r}", token.place)
        return float(token.text[1:]), node

    def _times(self, count: int) -> Node:
        place = self._now.place
        part = self._term()
        self._countable("TIMES", part, place)
        return Times(count, part)

    def _phrase(self) -> Node:
        self._count_term(self._now.place)
        token = self._now
        text = self._words()
        quoted = len(token.text) - len(text) - 1 if token.kind == "quoted" else 0
        try:
            return read_phrase(text, self.lists)
        except NotationError as error:
            raise self._error(str(error), token.place + quoted + error.place) from error

    def _count_term(self, place: int) -> None:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise self._error(f"more than {MOST_TERMS} phrases; split the rule", place)

    def _words(self) -> str:
        """The text of a quoted phrase, or of all the bare words up to the next sign."""
        token = self._next()
        if token.kind == "quoted":
            marks = 2 if token.text.startswith("=") else 1
            return ("=" if marks == 2 else "") + token.text[marks:-1]
        last = token
        while self._now.kind == "bare":
            last = self._next()
        return self.query[token.place : last.place + len(last.text)]

    # --- tokens and errors

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    def _next(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _tokens(self) -> list[_Token]:
        tokens, place = [], 0
        while place < len(self.query):
            match = _TOKEN.match(self.query, place)
            if match is None or match.lastgroup is None:
                raise self._error(_stray(self.query[place]), place)
            if match.lastgroup != "skip":
                tokens.append(_Token(match.lastgroup, match[match.lastgroup], place))
            place = match.end()
        return [*tokens, _Token("end", "", place)]

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            trouble = f"more than {DEEPEST} levels within one another; split the rule"
            raise self._error(trouble, self._now.place)

    def _close(self, opening: _Token, other: str = "") -> None:
        if self._now.kind != "close":
            raise self._unexpected(f"{other}')' for the '(' of {_where(self.query, opening.place)}")
        self.at += 1

    def _countable(self, word: str, node: Node, place: int) -> None:
        if not is_countable(node):
            trouble = f"{word} joins phrases, or phrases joined by OR; expected no AND, NOT or OF here"
            raise self._error(trouble, place)

    def _unexpected(self, expected: str) -> RuleError:
        found = "the query ends" if self._now.kind == "end" else f"found {self._now.text!r}"
        return self._error(f"expected {expected}, but {found}", self._now.place)

    def _error(self, trouble: str, place: int) -> RuleError:
        line, column = _line_and_column(self.query, place)
        return RuleError(self.name, trouble, line=line, column=column)


def _line_and_column(query: str, place: int) -> tuple[int, int]:
    return query.count("\n", 0, place) + 1, place - query.rfind("\n", 0, place)


def _where(query: str, place: int) -> str:
    return "line {}, column {}".format(*_line_and_column(query, place))


def _stray(char: str) -> str:
    return f"expected a closing quote for this {char!r}" if char in '"“' else f"{char!r} means nothing here"


def _nearest(field: str) -> str:
    known = [*PLACES, "source", "section", "date", "cites"]
    near = difflib.get_close_matches(field.lower(), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}:?" if near else f"there are {', '.join(known)}"
