"""Why one rule flags an article or does not: its terms, true and not, for who sees what was not flagged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from crawler.judging.explaining import Term, explain
from crawler.judging.judge import Rule, compile_rule
from crawler.review.pages import case_of, open_store
from crawler.review.rendering import page
from crawler.review.views import named, view_of
from crawler.review.watched import Watched
from crawler.review.wording import NO_SUCH_RULE, Refused, Trouble, short
from storage.records import Level

MOST_PARTS = 6  # of one term, where not all are told
MOST_TERMS = 120  # on one page
_DEEPEST = 7
_WIDEST = 160  # characters of a term
_LONGEST = 80  # characters of a place
_MOST_PLACES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One term as the page shows it."""

    depth: int  # 0 for the whole query
    is_true: bool
    written: str  # in the rule language
    why: str  # in English, as `diembao rules explain` says it; empty where its parts say it
    places: tuple[str, ...]  # foreign, not escaped
    left_out: int = 0  # parts that are not true either, and are not shown


def why(request: Request) -> Response:
    """The terms of one rule in one article, by the rules as they are now."""
    view, name = view_of(request.query_params), named(request.query_params, "of")
    rule = _compiled(request, name or "")
    with open_store(request) as store:
        found = case_of(store, request)
    told = explain(rule, found.article)
    levels: list[tuple[Level, list[Line]]] = [
        (level, list(lines(term))[:MOST_TERMS]) for level, term in told.terms.items()
    ]
    context = {"view": view, "case": found, "rule": rule.text, "level": told.level, "levels": levels}
    return page("why.html", {**context, "elsewhere": told.why != ""})


def lines(term: Term, depth: int = 0) -> Iterator[Line]:
    """A term and what it is made of: of many parts those that are true, and how many are not told.

    A part of nothing that stands in the article is told as one.
    """
    shown = term.parts
    if len(shown) > MOST_PARTS:
        shown = tuple(part for part in term.parts if part.is_true)[:MOST_PARTS]
    if depth == _DEEPEST or (depth and not (term.is_true or _stands(term))):
        shown = ()
    places = tuple(_cut(place.text, _LONGEST) for place in term.places[:_MOST_PLACES])
    line = Line(depth, term.is_true, _cut(term.written, _WIDEST), term.why, places)
    yield replace(line, left_out=len(term.parts) - len(shown))
    for part in shown:
        yield from lines(part, depth + 1)


def _stands(term: Term) -> bool:
    """Whether anything of what a term is made of stands in the article."""
    return bool(term.places) or any(map(_stands, term.parts))


def _compiled(request: Request, name: str) -> Rule:
    """The rule of that name, compiled once a process; Refused (400) for a name that no rule bears."""
    watched: Watched = request.app.state.watched
    known: dict[str, Rule] = request.app.state.compiled
    if name not in known:
        text = next((rule for rule in watched.rules if rule.name == name), None)
        if text is None:
            raise Refused(Trouble.BAD_ADDRESS, NO_SUCH_RULE.format(value=short(name)))
        known[name] = compile_rule(text)
    return known[name]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
