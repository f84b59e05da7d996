"""`diembao events`: what happened, one line each."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import VIETNAM, day_start, duration, shown, utc_now
from storage.journal import Sought
from storage.records import Happened

if TYPE_CHECKING:
    from storage.store import Store

_MOST = 200
_ALL = 1_000_000
_LOOKED_AT = 10_000  # for what else happened


@click.command("events", cls=Command, data=True)
@click.option("--since", metavar="WHEN", default="1d", help="A day, or so long ago: 2d, 3h; else 1d.")
@click.option("--source", metavar="SOURCE", help="Only of this source.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only of this kind; may be repeated.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_MOST,
    metavar="N",
    help=f"The newest so many; 0: all. Else {_MOST}.",
)
@pass_wanted
def events(wanted: Wanted, since: str, source: str | None, kinds: tuple[str, ...], limit: int) -> None:
    """List what happened, oldest first.

    Crawls that ended, changes of health, what was flagged and decided, starts and stops, configurations.
    """
    from crawler.watching.passes import chosen

    begin = _begin(since, utc_now())
    if source is not None:
        chosen(wanted.load(), [source])  # it is known, or this says what is
    with wanted.store() as store:
        told = store.journal.find(Sought(begin, limit or _ALL, source, frozenset(kinds)))
        others = _kinds(store, Sought(begin, _LOOKED_AT, source)) if kinds and not told else ""
    if as_json(wanted):
        emit_list(wanted, map(happened_json, told))
    else:
        for one in told:
            emit(_line(one))
        if not told:
            wanted.say(f"nothing of that happened since {shown(begin)}{others}")


def happened_json(one: Happened) -> dict[str, Any]:
    """One as JSON: moments as texts in +07:00."""
    return {
        "at": shown(one.at),
        "event": one.kind,
        "source": one.source,
        "message": one.said,
        "values": dict(one.values),
    }


def _line(one: Happened) -> str:
    from crawler.watching.wording import printable

    source = f" {one.source}" if one.source else ""
    return printable(f"{one.at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S} {one.kind}{source}: {one.said}")


def _kinds(store: Store, sought: Sought) -> str:
    """What did happen, for whoever asked for something of another kind."""
    found = sorted({one.kind for one in store.journal.find(sought)})
    return f"; what did: {', '.join(found)}" if found else ""


def _begin(text: str, now: datetime) -> datetime:
    """So long ago, or when that day began in Vietnam."""
    with suppress(ValueError, OverflowError):
        return now - duration(text)
    try:
        return day_start(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: write a day (2026-11-23) or so long ago (2d, 3h)") from error
