"""`diembao documents`: which normative documents the papers cite, how often, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import document_json
from crawler.cli.choosing import Chosen, Day
from crawler.cli.commanding import Command
from crawler.cli.output import Named, as_json, emit, emit_list, one_line, table
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import VIETNAM, shown
from storage.citations import CitationQuery, CitedDocument, Citing

if TYPE_CHECKING:
    from storage.store import Store

_HEADS = ("document", "articles", "times", "first", "last", "over time")
_SHOWN_PERIODS = 6  # of the newest ones in a table


@click.command("documents", cls=Command, data=True)
@click.option(
    "--key", metavar="K", help="Only these (44-KL/TW, Kết luận 44), and the articles that cite them."
)
@click.option("--source", metavar="SOURCE", help="Only articles of this source.")
@click.option("--since", type=Day(), metavar="DAY", help="Only articles published on this day or later.")
@click.option("--until", type=Day(), metavar="DAY", help="Only articles published on this day or earlier.")
@click.option(
    "--by",
    type=Named("period", ("month", "week")),
    default="month",
    show_default=True,
    help="What counts over time are of; a week is named by its Monday.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=50,
    show_default=True,
    help="At most so many documents; 0: all.",
)
@pass_wanted
def documents(wanted: Wanted, /, key: str | None, by: Any, limit: int, **asked: Any) -> None:
    """List the documents that articles cite, the most cited first.

    A document is named by its key, as in KL-44-TW@2019-01-22; one of which nobody says whose it is ends in
    "?". Only what an article says today counts.
    """
    chosen = Chosen(rule=None, **asked)
    with wanted.store() as store:
        chosen.check(wanted.load(), store)
        query = CitationQuery(chosen.source, chosen.since, chosen.before)
        found = _matching(store.citations.documents(query, by), key)
        citing = list(store.citations.citing([one.citation.key for one in found], query)) if key else None
        chosen_few = found[: limit or None]
        if as_json(wanted):
            emit_list(wanted, (_told(one, citing) for one in chosen_few))
            return
        for line in _lines(chosen_few, citing):
            emit(line)
        _say(wanted, store, len(found), len(chosen_few))


def _matching(found: Sequence[CitedDocument], key: str | None) -> list[CitedDocument]:
    """Those that the key, symbol or short form asks for; UsageError for what is none."""
    from crawler.judging.citing import read_wanted

    if key is None:
        return list(found)
    asked = read_wanted(key)
    if asked is None:
        known = "44-KL/TW, Kết luận 44, 40/2024/NĐ-CP or KL-44-TW@2019-01-22"
        raise UsageError(f"--key {key!r} is no document; write it like {known}")
    return [one for one in found if asked.matches(one.citation)]


def _told(one: CitedDocument, citing: Sequence[Citing] | None) -> dict[str, Any]:
    told = {
        **document_json(one.citation),
        "articles": one.articles,
        "mentions": one.mentions,
        "first": shown(one.first),
        "last": shown(one.last),
        "over_time": dict(one.over_time),
    }
    if citing is None:
        return told
    cited_in = [
        {
            "id": article.id,
            "source": article.source,
            "title": article.title,
            "at": shown(article.at),
            "mentions": article.mentions,
        }
        for article in citing
        if article.key == one.citation.key
    ]
    return {**told, "cited_in": cited_in}


def _lines(found: Sequence[CitedDocument], citing: Sequence[Citing] | None) -> Iterator[str]:
    if found:
        yield from table(_HEADS, map(_row, found))
    for one in found if citing is not None else ():
        yield ""
        yield f"{one.citation.key}  {one_line(one.citation.issuer or '')}".rstrip()
        for article in citing or ():
            if article.key == one.citation.key:
                times = f" ({article.mentions} times)" if article.mentions > 1 else ""
                yield (
                    f"{article.id:>5}  {_day(article.at)}  {article.source}  {one_line(article.title)}{times}"
                )


def _row(one: CitedDocument) -> tuple[str, ...]:
    newest = one.over_time[-_SHOWN_PERIODS:]
    over_time = ", ".join(f"{period}: {count}" for period, count in newest)
    more = "… " if len(newest) < len(one.over_time) else ""
    counts = (str(one.articles), str(one.mentions))
    return (one.citation.key, *counts, _day(one.first), _day(one.last), more + over_time)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def _say(wanted: Wanted, store: Store, found: int, listed: int) -> None:
    if not found:
        wanted.say("no such document is cited")
    elif listed < found:
        wanted.say(f"{listed} of {found} shown; --limit 0 shows all")
    if unread := store.citations.unread():
        wanted.say(f"{unread} articles are older than the reading of citations; `diembao reflag` reads them")
