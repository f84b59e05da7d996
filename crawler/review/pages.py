"""The pages that are read: the queue, one case, the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from crawler.casejson import cut
from crawler.review import marking, views
from crawler.review.marking import Piece
from crawler.review.rendering import page
from crawler.review.views import View, view_of
from crawler.review.watched import Watched, ills
from crawler.review.wording import HOW_RESOLVED, Refused, Trouble
from storage.records import Case, FieldName, Flag
from storage.store import Store

LONGEST_NOTE = 2000  # characters
PATIENCE = (
    5.0  # seconds a decision waits for a crawl's transaction before the page says that the store is busy
)

_BEGINNING = 300  # characters shown of an article of which only the title was flagged


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: Case
    title: tuple[Piece, ...]
    quote: tuple[
        Piece, ...
    ]  # of its heaviest flag beside the title; of its beginning if the title says it all
    rules: tuple[Flag, ...]  # one flag a rule, heaviest first


@dataclass(frozen=True, slots=True)
class Texts:
    """An article's texts, cut into pieces."""

    title: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    body: tuple[tuple[Piece, ...], ...]  # one a paragraph


@dataclass(frozen=True, slots=True)
class Proof:
    """One sentence that rules matched."""

    rules: tuple[Flag, ...]  # one flag a rule, heaviest first
    quote: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CitedThere:
    """One document that the article cites."""

    key: str
    how: str  # in Vietnamese: how it is known which one is meant
    times: int
    texts: tuple[str, ...]  # foreign, not escaped; each once


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that was not written because another came first."""

    note: str | None


def open_store(request: Request) -> Store:
    """A store for this request alone: connections belong to a thread, and requests come in any of several."""
    path: Path = request.app.state.store_path
    return Store.open(path, create=False, patience=PATIENCE)


def queue(request: Request) -> Response:
    """A page of a list of cases."""
    view = view_of(request.query_params)
    with open_store(request) as store:
        found, more = _leaf(store, view)
        if view.before is not None and not more:
            view = view.whole
            found, more = _leaf(store, view)
        watched: Watched = request.app.state.watched
        context = {
            **_frame(store, view, request.query_params),
            **_leaves(view, found, more),
            "ills": ills(watched.sources(store)),
        }
    return page("queue.html", {**context, "rows": [row(case) for case in found]})


def case(request: Request) -> Response:
    """One article, to be read and decided."""
    view = view_of(request.query_params)
    with open_store(request) as store:
        return case_page(store, view, case_of(store, request), request.query_params)


def case_page(
    store: Store, view: View, shown: Case, stated: Mapping[str, str], draft: Draft | None = None
) -> HTMLResponse:
    """The page of one case; with a draft (409), of one that was decided elsewhere in the meantime."""
    standing = shown.verdict
    context = {
        **_frame(store, view, stated),
        "case": shown,
        "article": _texts(shown),
        "rules": _one_a_rule(shown.flags),
        "proofs": _proofs(shown),
        "documents": _documents(shown),
        "figures": _figures(shown),
        "history": store.verdicts.history(shown.id),
        "raises": store.raised.history(shown.id),
        "previous": neighbour(store, view, shown.id, newer=True),
        "next": neighbour(store, view, shown.id, newer=False),
        "conflict": draft is not None,
        "note": (draft.note if draft else standing.note if standing else None) or "",
        "longest_note": LONGEST_NOTE,
    }
    return page("case.html", context, 409 if draft else 200)


def keys(request: Request) -> Response:
    """What each key does."""
    return page("keys.html", {"view": View()})


def healthz(request: Request) -> Response:
    """Whether the page answers at all."""
    return PlainTextResponse("ok\n")


def case_of(store: Store, request: Request) -> Case:
    """The case an address names; Refused: 400 for no number, 404 for no such case."""
    number = views.number(request.path_params, "id")
    found = store.cases.get(number) if number else None
    if found is None:
        raise Refused(Trouble.NO_CASE, str(number))
    return found


def neighbour(store: Store, view: View, case_id: int, *, newer: bool) -> int | None:
    """The case next to this one in the view; None at its end."""
    query = replace(view.whole.query, newest_first=not newer, after=case_id, limit=1)
    return next((found.id for found in list(store.cases.find(query))), None)


def _leaf(store: Store, view: View) -> tuple[list[Case], bool]:
    """The cases of one page, newest first, and whether more follow in the direction of leafing."""
    found = list(store.cases.find(replace(view.query, limit=views.PAGE + 1)))
    more = len(found) > views.PAGE
    found = found[: views.PAGE]
    return (found if view.before is None else found[::-1]), more


def _leaves(view: View, found: list[Case], more: bool) -> dict[str, View | None]:
    """Where the pages above and below this one are; None: there is none."""
    if not found:
        return {"newer": view.whole if view.after else None, "older": None}
    newer = replace(view.whole, before=found[0].id) if view.after or view.before else None
    older = replace(view.whole, after=found[-1].id) if more or view.before else None
    return {"newer": newer, "older": older}


def _frame(store: Store, view: View, stated: Mapping[str, str]) -> dict[str, Any]:
    """What every page with tabs needs: the view, the counts, and the case decided a moment ago."""
    counts = {name: store.cases.count(view.at(tab.name).query) for name, tab in views.TABS.items()}
    last = views.number(stated, "decided")
    decided = store.cases.get(last) if last else None
    return {"view": view, "counts": counts, "decided": decided if decided and decided.verdict else None}


def row(found: Case) -> Row:
    """A case as lists show it."""
    flags = marking.heaviest_first(found.flags)
    title = marking.pieces(found.article.title, marking.marks(flags, "title"))
    beside = next((flag for flag in flags if flag.field != "title"), None)
    quote = _quote(found, beside) if beside else marking.pieces(_beginning(found), ())
    return Row(found, title, quote, _one_a_rule(flags))


def _beginning(found: Case) -> str:
    text = found.article.lead or found.article.body
    return text if len(text) <= _BEGINNING else text[:_BEGINNING].rpartition(" ")[0] + " …"


def _one_a_rule(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    first: dict[str, Flag] = {}
    for flag in marking.heaviest_first(flags):
        first.setdefault(flag.rule, flag)
    return tuple(first.values())


def _proofs(found: Case) -> list[Proof]:
    """Every quote once, with all the rules it proves."""
    proven: dict[tuple[FieldName, str], list[Flag]] = {}
    for flag in marking.heaviest_first(found.flags):
        proven.setdefault((flag.field, flag.quote), []).append(flag)
    return [Proof(_one_a_rule(flags), _quote(found, flags[0])) for flags in proven.values()]


def _documents(found: Case) -> list[CitedThere]:
    """Every document it cites, with the texts that do, each once."""
    citations = found.cited.citations if found.cited else ()
    return [
        CitedThere(
            one.key,
            HOW_RESOLVED[one.how],
            len(one.mentions),
            tuple(dict.fromkeys(cut(found.article, place) for place in one.mentions)),
        )
        for one in citations
    ]


def _figures(found: Case) -> list[str]:
    return [cut(found.article, figure) for figure in found.cited.figures] if found.cited else []


def _quote(found: Case, flag: Flag) -> tuple[Piece, ...]:
    return marking.lit_quote(flag, found.flags, _text(found, flag.field))


def _text(found: Case, field: FieldName) -> str:
    return getattr(found.article, field) or ""


def _texts(found: Case) -> Texts:
    flags = marking.heaviest_first(found.flags)
    article = found.article
    return Texts(
        title=marking.pieces(article.title, marking.marks(flags, "title")),
        lead=marking.pieces(article.lead or "", marking.marks(flags, "lead")),
        body=marking.paragraphs(article.body, marking.marks(flags, "body")),
    )
