"""`diembao backfill`: old articles of one source, at a gentle pace, resumable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from crawler.cli.choosing import Day
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import utc_now

if TYPE_CHECKING:
    from crawler.watching.backfills import Progress


@click.command("backfill", cls=Command, data=True)
@click.argument("source", help="Its name in config.toml.")
@click.option("--since", type=Day(), required=True, metavar="DAY", help="The first day wanted.")
@click.option("--until", type=Day(), metavar="DAY", help="The last day wanted; else up to now.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Leave after so many articles.")
@pass_wanted
def backfill(wanted: Wanted, source: str, since: datetime, until: datetime | None, limit: int | None) -> int:
    """Fetch old articles of a source.

    It walks sitemaps and archives, or where neither shows anything, pages of listings. It asks at most
    every [crawl] backfill_delay seconds, and gives the host away whenever another crawl wants it. However
    it is ended, the same command goes on where it was.
    """
    from crawler.watching.backfills import Backfilling, Window
    from crawler.watching.passes import chosen

    if until is not None and since > until:
        raise UsageError("--since is later than --until")
    if since > utc_now():
        raise UsageError("--since is a day to come; a backfill fetches what was published before today")
    config = wanted.load()
    (asked,) = chosen(config, [source])
    window = Window(since, until + timedelta(days=1) if until else None)
    with wanted.store(create=True) as store, _bar(wanted) as show:
        work = Backfilling(config, store, wanted.say, show, limit)
        code = work.run(asked, window)
        links = dict(store.links.backfill_counts(source))
    if as_json(wanted):
        emit_one(wanted, {"source": source, "finished": code == 0 and limit is None, "links": links})
    else:
        told = ", ".join(f"{count} {state}" for state, count in sorted(links.items())) or "no links"
        emit(f"{source}: {told}")
    return code


@contextmanager
def _bar(wanted: Wanted) -> Iterator[Callable[[Progress], None]]:
    """A bar of links settled against links found, on a terminal; else nothing is shown."""
    if wanted.quiet or not sys.stderr.isatty():
        yield lambda progress: None
        return
    with click.progressbar(length=1, label="backfill", file=sys.stderr) as bar:

        def show(progress: Progress) -> None:
            bar.length = max(progress.links + progress.places, 1)
            bar.update(progress.settled + progress.read - bar.pos)

        yield show
