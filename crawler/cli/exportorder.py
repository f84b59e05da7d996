"""From the options of `diembao export` to an order: filters, words, saved searches, names, moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cli.choosing import LAST, Chosen
from crawler.cli.searching import Typed, read
from crawler.errors import UsageError
from crawler.export import ExportOrder, Filter, Options, Searched, Series, formats_of, watched
from crawler.review.searched import LONGEST, Search, search_of
from crawler.review.wording import Refused

if TYPE_CHECKING:
    from crawler.config import Config
    from storage.records import SavedSearch
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Ordered:
    """The answers to the options; None where not asked."""

    out: Path
    formats: str
    query: str
    saved: str | None
    chosen: Chosen
    decision: str | None
    state: Any
    flagged: bool
    mentions: bool
    gone: bool | None
    any_marks: bool | None
    as_of: datetime | None
    as_name: str | None
    excel: bool
    named: bool


def order_of(asked: Ordered, config: Config, store: Store, now: datetime) -> ExportOrder:
    """The order; UsageError says what cannot be asked for."""
    formats = formats_of(asked.formats)
    if asked.excel and "csv" not in formats:
        raise UsageError("--excel is about csv; name csv among the formats")
    saved = _saved(asked, store)
    _typed(asked).chosen.check(config, store)
    search = _search(asked, saved)
    _check(asked, search, config, store, now)
    return ExportOrder(
        out=asked.out,
        formats=formats,
        chosen=_filter(asked, search),
        named=asked.named,
        watched=watched(config),
        options=Options(asked.excel),
        searched=_searched(search, saved, config),
        as_of=asked.as_of,
        series=_series(asked, saved),
        config=_fingerprint(config),
    )


def _saved(asked: Ordered, store: Store) -> SavedSearch | None:
    if asked.saved is None:
        return None
    if asked.query:
        raise UsageError("give a QUERY, or the name of a saved one with --search, not both")
    names = [one.name for one in store.searches.all()]
    if asked.saved not in names:
        raise UsageError.unknown("saved search", asked.saved, names)
    return store.searches.get(asked.saved)


def _search(asked: Ordered, saved: SavedSearch | None) -> Search:
    """What is typed narrows down what was saved."""
    stated = _typed(asked).stated
    if len(asked.query) > LONGEST:
        raise UsageError(f"the query has {len(asked.query)} characters; {LONGEST} are the most")
    if saved is None:
        return search_of(stated)
    try:
        return search_of({"q": saved.query, **saved.filters, **stated})
    except Refused as error:
        raise UsageError(f"that contradicts what was saved as {saved.name!r}: {error.detail}") from error


def _typed(asked: Ordered) -> Typed:
    since = None if asked.chosen.since is LAST else asked.chosen.since
    chosen = Chosen(asked.chosen.rule, asked.chosen.source, since, asked.chosen.until)
    return Typed(asked.query, chosen, asked.decision, asked.any_marks, best=None)


def _check(asked: Ordered, search: Search, config: Config, store: Store, now: datetime) -> None:
    wanted = search.query
    last_day = wanted.until - timedelta(days=1) if wanted.until else None
    Chosen(wanted.rule, wanted.source, wanted.since, last_day).check(config, store)
    if asked.state and wanted.state:
        raise UsageError(f"--state and --decision {search.decision} ask for two states; leave one out")
    if asked.any_marks is not None and not search.q:
        raise UsageError("--any-marks and --exact-marks are about words; give a QUERY, or --search NAME")
    if asked.as_of and asked.as_of > now:
        raise UsageError(
            "--as-of is not over yet; leave it out for the store as it is, or name a moment before"
        )


def _filter(asked: Ordered, search: Search) -> Filter:
    wanted = search.query
    return Filter(
        flagged=True if asked.flagged else None,
        rule=wanted.rule,
        source=wanted.source,
        since=wanted.since,
        before=wanted.until,
        decision=wanted.decision,
        state=asked.state or wanted.state,
        gone=asked.gone,
        mentions=asked.mentions or bool(search.q),  # as the search page and `diembao search` have it
    )


def _searched(search: Search, saved: SavedSearch | None, config: Config) -> Searched | None:
    if not search.q:
        return None
    return Searched(search.q, read(search.q, config.lists), search.marks, saved.name if saved else None)


def _series(asked: Ordered, saved: SavedSearch | None) -> Series | None:
    name = asked.as_name or (saved.name if saved else None)
    since_last = asked.chosen.since is LAST
    if since_last and name is None:
        raise UsageError("--since last of which export? Name it with --as NAME, or by a saved --search NAME")
    if name is None or not (since_last or asked.as_name):
        return None
    return Series(_checked(name), since_last)


def _checked(name: str) -> str:
    from crawler.searching import checked_name

    try:
        return checked_name(name)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _fingerprint(config: Config) -> str:
    from crawler.config.fingerprint import fingerprint

    return fingerprint(config)
