"""The search page: everything stored, asked in the language of the rules; and the steps from hit to hit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.errors import RuleError
from crawler.review import marking, views, wording
from crawler.review.asked import LONG, SHORT, Known, asked_of, labelled, patience, readable
from crawler.review.languages import Sentence, spoken
from crawler.review.marking import Piece
from crawler.review.misreading import in_vietnamese
from crawler.review.pages import beginning, one_a_rule, open_store
from crawler.review.rendering import page
from crawler.review.saved import all_saved
from crawler.review.searched import DECIDED, Search, search_of, unpacked
from crawler.review.views import View
from crawler.review.wording import Refused, Trouble
from crawler.searching import FEW, MOST_RANKED, Asked, Found, Hit, Place, find
from storage.cases import state_of
from storage.records import Case, CaseState, Flag
from storage.seeking import MOST_KNOWN
from storage.store import Store

UNTYPED = dict.fromkeys(("q", "source", "rule", "since", "until", "decision", "marks", "order"), "")

EXAMPLES = (
    (
        "toàn dân bảo vệ an ninh Tổ quốc",
        Sentence("những chữ này liền nhau; có dấu thì đúng dấu, cũ hay mới đều được"),
    ),
    ("to an ninh", Sentence("không dấu thì dấu nào cũng được, đ như d")),
    ('"tổ tự quản" AND "công an xã"', Sentence("có cả hai")),
    ('"camera an ninh" OR "tiếng kẻng an ninh"', Sentence("có một trong hai")),
    ('"ngày hội" AND NOT title:"chào mừng"', Sentence("có cái này mà tít không có cái kia")),
    ("phong trào NEAR/10 toàn dân", Sentence("cách nhau nhiều nhất mười tiếng")),
    ('title:"an ninh Tổ quốc"', Sentence("chỉ trong tít; cũng có lead:, body:, opening:")),
    ("cites:44-KL/TW AND date:2026-11", Sentence("dẫn văn bản này, đăng trong tháng ấy")),
    ("source:baohatinh AND tự quản", Sentence("chỉ của báo này")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One hit as the page shows it."""

    case: Case
    title: tuple[Piece, ...]
    quote: tuple[Piece, ...]  # the first sentence beside the title that proves it; else its beginning
    rules: tuple[Flag, ...]  # one flag a rule, heaviest first
    state: CaseState | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A query that cannot be read."""

    before: str
    at: str  # where it stops making sense
    behind: str
    trouble: str
    language: str  # that the trouble is told in


def search(request: Request) -> Response:
    """The form; and what was found, if something was asked."""
    stated = request.query_params
    try:
        wanted = search_of(stated)
    except Refused as refused:
        return _form(request, Search(), {"typed": UNTYPED | dict(stated), "refused": refused.detail}, 400)
    if not wanted.q:
        with open_store(request) as store:
            return _form(request, wanted, {"saved": all_saved(store)})
    try:
        asked = asked_of(request, wanted)
    except RuleError as error:
        return _form(request, wanted, {"wrong": wrong(wanted.q, error)}, 400)
    with open_store(request) as store:
        found = find(store, asked, wanted.wish(), wanted.place, patience(*(LONG if wanted.longer else SHORT)))
    return _form(request, wanted, _found(wanted, asked, found))


def step(request: Request) -> Response:
    """To the next or the previous hit of a search, seen from one of them."""
    stated = request.query_params
    wanted = unpacked(stated.get("search", ""))
    behind, decided = views.number(stated, "from"), views.number(stated, "decided")
    way = stated.get("to", "next")
    if behind is None or way not in {"next", "previous"}:
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_STEP)
    asked = readable(request, wanted)
    with open_store(request) as store:
        number = neighbour_hit(store, asked, wanted, behind, onward=way == "next")
    if number is None:
        return RedirectResponse(wanted.address(), 303)
    return RedirectResponse(View(search=wanted.packed).address(f"/cases/{number}", decided=decided), 303)


def wrong(query: str, error: RuleError) -> Wrong:
    """The query cut where it cannot be read."""
    lines = query.split("\n")
    place = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
    at = re.match(r"\S*", query[place:])
    end = at.end() + place if at else place
    said = in_vietnamese(error.trouble) if spoken() == "vi" else None
    told = (said, "vi") if said else (error.trouble, "en")
    return Wrong(query[:place], query[place:end], query[end:], *told)


def _form(request: Request, wanted: Search, more: Mapping[str, Any], status: int = 200) -> Response:
    known: Known = request.app.state.known
    context = {
        "view": View(),
        "search": wanted,
        "typed": UNTYPED | wanted.stated,
        "known": known,
        "decided": DECIDED,
        "examples": EXAMPLES,
        "saved": (),
        "refused": None,
        "wrong": None,
        "rows": None,
        "most_known": MOST_KNOWN,
        "most_ranked": MOST_RANKED,
    }
    return page("search.html", {**context, **more}, status)


def _found(wanted: Search, asked: Asked, found: Found) -> dict[str, Any]:
    onward = found.onward
    return {
        "rows": [_row(hit) for hit in found.hits],
        "found": found,
        "onward": wanted.at(onward) if onward and not found.hurried else None,
        "longer": wanted.at(onward, longer=True) if onward and found.hurried else None,
        "has_loose": asked.loose is not None,
        "case_view": View(search=wanted.packed),
    }


def _row(hit: Hit) -> Row:
    case, proof = hit.case, labelled(hit.proof)
    title = marking.pieces(case.article.title, marking.marks(proof, "title"))
    beside = next((one for one in proof if one.field != "title"), None)
    text = getattr(case.article, beside.field) or "" if beside else ""
    quote = marking.lit_quote(beside, proof, text) if beside else marking.pieces(beginning(case), ())
    return Row(case, title, quote, one_a_rule(case.flags), state_of(case), hit.exact)


def neighbour_hit(store: Store, asked: Asked, wanted: Search, number: int, *, onward: bool) -> int | None:
    """The hit next to that one; None at the end of them, and where it would take too long to find."""
    if wanted.order == "best" and (ranked := _first(store, asked, wanted, MOST_RANKED)).ranked:
        numbers = [hit.case.id for hit in ranked.hits]
        place = numbers.index(number) + (1 if onward else -1) if number in numbers else -1
        return numbers[place] if 0 <= place < len(numbers) else None
    case = store.cases.get(number)
    loose = bool(case and asked.loose and asked.exact.proof(case.article) is None)
    found = _beside(store, asked, wanted, Place(number, loose), onward=onward)
    if found is not None or loose == onward:
        return found
    if loose:  # before the first without marks stands the last with them
        return _beside(store, asked, wanted, Place(), onward=False)
    few = wanted.marks == "few" and len(_first(store, asked, wanted, FEW, exact=True).hits) < FEW
    if asked.loose is None or not (few or wanted.marks == "any"):
        return None
    return _beside(store, asked, wanted, Place(loose=True), onward=True)


def _beside(store: Store, asked: Asked, wanted: Search, place: Place, *, onward: bool) -> int | None:
    wish = wanted.but(order="new", marks="exact").wish(1)
    wish = replace(wish, query=replace(wish.query, newest_first=onward))
    found = find(store, asked, wish, place, patience(*LONG))
    return found.hits[0].case.id if found.hits else None


def _first(store: Store, asked: Asked, wanted: Search, most: int, *, exact: bool = False) -> Found:
    wish = (wanted.but(order="new", marks="exact") if exact else wanted).wish(most)
    return find(store, asked, wish, patience=patience(*LONG))
