"""Saved searches: their list, the forms that save, rename and remove them, and the feed of each."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.review import wording
from crawler.review.asked import LONG, labelled, patience, readable
from crawler.review.forms import fields_of
from crawler.review.pages import beginning, open_store
from crawler.review.rendering import environment, page
from crawler.review.searched import Search, search_of, unpacked
from crawler.review.views import View
from crawler.review.wording import Refused, Trouble
from crawler.searching import Hit, checked_name, find
from crawler.times import utc_now
from crawler.urls import outward
from storage.errors import NameTaken, NoSuchSearch
from storage.records import SavedSearch
from storage.store import Store

IN_FEED = 50  # newest hits that a feed shows


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search as pages show it."""

    name: str
    path: str  # of what concerns it
    search: Search


@dataclass(frozen=True, slots=True)
class Entry:
    """One hit as a feed shows it."""

    id: str
    title: str
    page: str  # absolute: where it is read and decided here
    original: str | None  # the article on the paper's site; None: no plain web address
    source: str
    published: datetime | None
    updated: datetime
    summary: str


def searches(request: Request) -> Response:
    """All saved searches."""
    with open_store(request) as store:
        return page("searches.html", {"view": View(), "saved": all_saved(store)})


def all_saved(store: Store) -> list[Saved]:
    """All saved searches that this page can show, by name."""
    return [_shown(one) for one in store.searches.all()]


async def save(request: Request) -> Response:
    """Save the search that a form bears."""
    fields = dict(await fields_of(request))
    search, name = unpacked(fields.get("search", "")), _name(fields)
    return await run_in_threadpool(_save, request, search, name)


async def rename(request: Request) -> Response:
    """Give a saved search another name."""
    name = _name(dict(await fields_of(request)))
    return await run_in_threadpool(_change, request, lambda store, old: store.searches.rename(old, name))


async def remove(request: Request) -> Response:
    """Forget a saved search."""
    await fields_of(request)
    return await run_in_threadpool(_change, request, lambda store, old: store.searches.remove(old))


def feed(request: Request) -> Response:
    """The newest hits of a saved search as an Atom feed."""
    with open_store(request) as store:
        saved = _stored(store, request)
        search = _shown(saved).search
        asked = readable(request, search)
        found = find(store, asked, search.but(order="new").wish(IN_FEED), patience=patience(*LONG))
    base = str(request.base_url).rstrip("/")
    entries = [_entry(base, search, hit) for hit in found.hits]
    body = environment().get_template("feed.xml").render(_feed(base, saved, entries)).encode()
    return _unless_known(request, body)


def _feed(base: str, saved: SavedSearch, entries: list[Entry]) -> dict[str, Any]:
    shown = _shown(saved)
    return {
        "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'diembao:search:{saved.id}:{saved.made_at}')}",
        "name": saved.name,
        "query": saved.query,
        "self_address": f"{base}{shown.path}/atom",
        "page": f"{base}{shown.search.address()}",
        "updated": max((entry.updated for entry in entries), default=saved.made_at),
        "entries": entries,
    }


def _entry(base: str, search: Search, hit: Hit) -> Entry:
    article, proof = hit.case.article, labelled(hit.proof)
    beside = next((one for one in proof if one.field != "title"), None)
    return Entry(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'diembao:article:{article.key}')}",
        title=article.title,
        page=base + View(search=search.packed).address(f"/cases/{hit.case.id}"),
        original=outward(article.url),
        source=article.source,
        published=article.published.at if article.published else None,
        updated=hit.case.changed_at or hit.case.first_fetched_at,
        summary=beside.quote if beside else beginning(hit.case),
    )


def _unless_known(request: Request, body: bytes) -> Response:
    """The feed, or 304 where the reader has this very one."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    headers = {"etag": tag, "cache-control": "no-cache"}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/atom+xml")


def _shown(saved: SavedSearch) -> Saved:
    search = search_of({"q": saved.query, **saved.filters})
    return Saved(saved.name, f"/searches/{quote(saved.name, safe='')}", search)


def _stored(store: Store, request: Request) -> SavedSearch:
    try:
        return store.searches.get(_name(request.path_params))
    except NoSuchSearch as error:
        raise Refused(Trouble.NO_SEARCH, error.name) from error


def _name(stated: Mapping[str, str]) -> str:
    try:
        return checked_name(stated.get("name", ""))
    except ValueError as error:
        raise Refused(Trouble.BAD_FORM, wording.ODD_NAME) from error


def _save(request: Request, search: Search, name: str) -> Response:
    readable(request, search)
    if not search.q:
        raise Refused(Trouble.BAD_FORM, wording.NOTHING_ASKED)
    filters = {key: text for key, text in search.whole.stated.items() if key != "q"}
    with open_store(request) as store:
        try:
            store.searches.add(name, search.q, filters, utc_now())
        except NameTaken as error:
            raise Refused(Trouble.NAME_TAKEN, error.name) from error
    return RedirectResponse("/searches", 303)


def _change(request: Request, change: Callable[[Store, str], None]) -> Response:
    with open_store(request) as store:
        try:
            change(store, _name(request.path_params))
        except NoSuchSearch as error:
            raise Refused(Trouble.NO_SEARCH, error.name) from error
        except NameTaken as error:
            raise Refused(Trouble.NAME_TAKEN, error.name) from error
    return RedirectResponse("/searches", 303)
