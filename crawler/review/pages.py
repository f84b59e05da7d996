"""The pages that are read: the queue, one case, the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawler.casejson import cut
from crawler.review import copies, marking, views
from crawler.review.asked import lit
from crawler.review.history import Past, Step, steps
from crawler.review.marking import Kind, Mark, Piece
from crawler.review.outcomes import bulk_told
from crawler.review.rendering import MOST_COUNTED, page
from crawler.review.searched import step_address, unpacked
from crawler.review.views import View, view_of
from crawler.review.watched import Watched, ills
from crawler.review.wording import HOW_RESOLVED, Refused, Trouble
from storage.records import Case, FieldName, Flag
from storage.store import Store

LONGEST_NOTE = 2000  # characters
PATIENCE = (
    5.0  # seconds a decision waits for a crawl's transaction before the page says that the store is busy
)

_BESIDE = 8  # cases of the list above and below an article that is read
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

    @property
    def places(self) -> int:
        """How many marked places there are to jump between."""
        texts = (self.title, self.lead, *self.body)
        return max((piece.number for text in texts for piece in text), default=0)

    @property
    def kinds(self) -> set[Kind]:
        """How places are marked."""
        texts = (self.title, self.lead, *self.body)
        return {piece.kind for text in texts for piece in text if piece.labels}


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
        # Before the list is read: what is decided between the two was not seen.
        seen, noticed = store.verdicts.newest(), store.events.newest()
        found, more = _leaf(store, view)
        if view.before is not None and not more:
            view = view.whole
            found, more = _leaf(store, view)
        watched: Watched = request.app.state.watched
        context = {
            **_frame(store, view, request.query_params),
            **_leaves(view, found, more),
            "ills": ills(watched.sources(store)),
            "bulk": bulk_told(store, request.query_params),
            "whole": request.query_params.get("all") == "1",
            "seen": seen,
            "noticed": noticed,
            "longest_note": LONGEST_NOTE,
            "stories": copies.told_of(store, found),
            "most_copies": copies.MOST_IN_ROW,
        }
    return page("queue.html", {**context, "rows": [row(case) for case in found]})


def case(request: Request) -> Response:
    """One article, to be read and decided."""
    view = view_of(request.query_params)
    with open_store(request) as store:
        shown = case_of(store, request)
        sought = lit(request, view.search, shown.article) if view.search else ()
        return case_page(store, view, shown, request.query_params, sought=sought)


def case_page(
    store: Store,
    view: View,
    shown: Case,
    stated: Mapping[str, str],
    draft: Draft | None = None,
    sought: tuple[Flag, ...] = (),
) -> HTMLResponse:
    """The page of one case; with a draft (409), of one that was decided elsewhere in the meantime.

    What a search found in it, `sought`, is lit up as well.
    """
    standing = shown.verdict
    context = {
        **_frame(store, view, stated),
        "case": shown,
        "article": _texts(shown, sought),
        "rules": one_a_rule(shown.flags),
        "proofs": _proofs(shown),
        "absent": _absent(shown),
        "documents": _documents(shown),
        "figures": _figures(shown),
        "history": _history(store, shown),
        "beside": _around(store, view, shown) if view.search is None else [],
        "back": unpacked(view.search).address() if view.search else None,
        "previous": _beside(store, view, shown.id, newer=True),
        "next": _beside(store, view, shown.id, newer=False),
        "story": copies.told_of(store, [shown]).get(shown.id),
        "most_copies": copies.MOST_LISTED,
        "conflict": draft is not None,
        "note": (draft.note if draft else standing.note if standing else None) or "",
        "longest_note": LONGEST_NOTE,
    }
    return page("case.html", context, 409 if draft else 200)


def keys(request: Request) -> Response:
    """What each key does."""
    return page("keys.html", {"view": View()})


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
    return next((number for _, number in store.cases.places(query)), None)


def _beside(store: Store, view: View, case_id: int, *, newer: bool) -> str | None:
    """Where the case before or behind this one is; None at the end, which a search finds out when asked."""
    if view.search is not None:
        return step_address(view.search, case_id, "previous" if newer else "next")
    number = neighbour(store, view, case_id, newer=newer)
    return view.address(f"/cases/{number}") if number else None


def _around(store: Store, view: View, shown: Case) -> list[Case]:
    """The part of the list that the case stands in, in the list's order."""

    def some(*, newer: bool) -> list[Case]:
        query = replace(view.whole.query, newest_first=not newer, after=shown.id, limit=_BESIDE)
        return list(store.cases.find(query))

    return [*reversed(some(newer=True)), shown, *some(newer=False)]


def _leaf(store: Store, view: View) -> tuple[list[Case], bool]:
    """The cases of one page, newest first, and whether more follow in the direction of leafing."""
    numbers = [number for _, number in store.cases.places(replace(view.query, limit=views.PAGE + 1))]
    more = len(numbers) > views.PAGE
    found = store.cases.some(numbers[: views.PAGE])
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
    counts = {
        name: store.cases.count(view.at(tab.name).query, MOST_COUNTED + 1) for name, tab in views.TABS.items()
    }
    last = views.number(stated, "decided")
    decided = store.cases.get(last) if last else None
    story = copies.told_of(store, [decided]).get(decided.id) if decided else None
    return {
        "view": view,
        "counts": counts,
        "decided": decided if decided and decided.verdict else None,
        "decided_together": story.together if story else (),
        "missed": views.number(stated, "missed"),
    }


def row(found: Case) -> Row:
    """A case as lists show it."""
    flags = marking.heaviest_first(found.flags)
    title = marking.pieces(found.article.title, marking.marks(flags, "title"))
    beside = next((flag for flag in flags if flag.field != "title"), None)
    quote = _quote(found, beside) if beside else marking.pieces(beginning(found), ())
    return Row(found, title, quote, one_a_rule(flags))


def beginning(found: Case) -> str:
    """What is shown of an article of which no sentence beside the title is quoted."""
    text = found.article.lead or found.article.body
    return text if len(text) <= _BEGINNING else text[:_BEGINNING].rpartition(" ")[0] + " …"


def one_a_rule(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """The heaviest flag of each rule, heaviest first."""
    first: dict[str, Flag] = {}
    for flag in marking.heaviest_first(flags):
        first.setdefault(flag.rule, flag)
    return tuple(first.values())


def _proofs(found: Case) -> list[Proof]:
    """Every quote once, with all the rules it proves."""
    proven: dict[tuple[FieldName, str], list[Flag]] = {}
    for flag in marking.heaviest_first(found.flags):
        proven.setdefault((flag.field, flag.quote), []).append(flag)
    return [Proof(one_a_rule(flags), _quote(found, flags[0])) for flags in proven.values()]


def _absent(found: Case) -> list[tuple[Flag, tuple[str, ...]]]:
    """What each rule looked for in vain, in the rule language; rules that asked for no absence left out."""
    return [(flag, flag.absent) for flag in one_a_rule(found.flags) if flag.absent]


def _history(store: Store, shown: Case) -> tuple[Step, ...]:
    past = Past(
        store.articles.revisions(shown.id),
        store.events.of(shown.id),
        store.raised.history(shown.id),
        store.verdicts.history(shown.id),
    )
    return steps(shown, past)


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


def _texts(found: Case, sought: tuple[Flag, ...]) -> Texts:
    flags = (*marking.heaviest_first(found.flags), *sought)
    article = found.article
    title, lead, *body = marking.numbered(
        [
            marking.pieces(article.title, _looked_at(flags, "title")),
            marking.pieces(article.lead or "", _looked_at(flags, "lead")),
            *marking.paragraphs(article.body, _looked_at(flags, "body")),
        ]
    )
    return Texts(title, lead, tuple(body))


def _looked_at(flags: Sequence[Flag], field: FieldName) -> list[Mark]:
    return [*marking.marks(flags, field), *marking.excluded(flags, field)]
