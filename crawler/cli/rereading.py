"""`diembao reread`: the stored pages read by today's reading and selectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.choosing import Day
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list, one_line, progress, table
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.worddiff import word_diff
from crawler.errors import UsageError
from crawler.times import utc_now

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.rereading.deciding import Reread
    from crawler.rereading.pool import Pool
    from crawler.rereading.rereading import Order
    from crawler.rereading.summary import Summary
    from storage.store import Store

_PARTLY = 3  # exit code
_USUAL = ("title", "lead", "body", "author", "date")
_MOST_NUMBERS = 12
_LEFT = {
    "refused": "refused today",
    "shorter": "would lose half of their text; --even-shorter takes them",
    "unread": "not read",
}
_REASONS = {"let-go": "their pages were let go by [store] keep_pages or most_pages"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers to the options below."""

    source: str | None
    since: datetime | None
    dry_run: bool
    diff: bool
    even_shorter: bool
    anew: bool


@click.command("reread", cls=Command, data=True)
@click.option("--source", metavar="SOURCE", help="Only articles of this source.")
@click.option("--since", type=Day(), metavar="DAY", help="Only articles published on this day or later.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--diff", is_flag=True, help="Show every change word by word.")
@click.option("--even-shorter", is_flag=True, help="Take also readings that lose half of the stored text.")
@click.option("--anew", is_flag=True, help="Begin at the first article, not where an earlier one was ended.")
@pass_wanted
def reread(wanted: Wanted, /, **options: Any) -> int:
    """Read all stored pages again by today's selectors and reading.

    What they say is judged by today's rules. A changed text is a new revision; verdicts stay as they are.
    Articles that would be lost, or lose half of their text, are left as they are and told. One that was
    ended halfway goes on where it was.
    """
    from crawler.rereading.pool import Pool, cores
    from crawler.rereading.rereading import alone

    asked = Asked(**options)
    order = _order(wanted.load(), asked)
    with wanted.store() as store:
        lock: AbstractContextManager[object] = nullcontext() if asked.dry_run else alone(store)
        with lock, Pool(order.rules, cores()) as pool:
            return _reread(wanted, asked, _Ground(store, order, pool))


@dataclass(frozen=True, slots=True)
class _Ground:
    store: Store
    order: Order
    pool: Pool

    def begin(self, asked: Asked) -> int:
        """The number of the last article that needs no reading."""
        if asked.dry_run:
            return 0
        if asked.anew:
            self.store.rereads.finished()
        return self.store.rereads.position(self.order.asked)

    def found(self, asked: Asked) -> Iterator[Reread]:
        from crawler.rereading import rereading

        if asked.dry_run:
            return rereading.compare(self.store, self.order, self.pool)
        return rereading.reread(self.store, self.order, self.pool, utc_now)


def _order(config: Config, asked: Asked) -> Order:
    from crawler.rereading.rereading import Order

    if asked.source is not None and asked.source not in config.sources:
        raise UsageError.unknown("source", asked.source, config.sources)
    sources = {asked.source: config.sources[asked.source]} if asked.source else config.sources
    return Order(sources, config.rules, asked.since, asked.even_shorter)


def _reread(wanted: Wanted, asked: Asked, ground: _Ground) -> int:
    from crawler.rereading.summary import Summary

    begin = ground.begin(asked)
    count = ground.store.rereads.count(ground.order.wanted, begin)
    if begin:
        wanted.say(f"goes on after article {begin}, {count} to read; --anew begins at the first")
    summary = Summary()
    with nullcontext(lambda: None) if asked.diff else progress(wanted, "reading", lambda: count) as each:
        found = _counted(ground.found(asked), summary, each)
        if as_json(wanted):
            emit_list(wanted, (one.told() for one in found if one.outcome != "same"))
        else:
            for one in found:
                if asked.diff:
                    _print_diff(one)
    if not as_json(wanted):
        _print(summary)
    verb = "would say" if asked.dry_run else "say"
    wanted.say(f"{summary.read.total()} read, {summary.changed} {verb} something else")
    return _PARTLY if summary.failed else 0


def _counted(found: Iterable[Reread], summary: Summary, each: Callable[[], None]) -> Iterator[Reread]:
    for one in found:
        summary.add(one)
        each()
        yield one


def _print_diff(one: Reread) -> None:
    for part, (before, after) in one.changes.items():
        mark = " (left as it is)" if one.outcome == "shorter" else ""
        emit(f"{one.stored.id} {part}{mark}: {word_diff(before, after)}\n")


def _print(summary: Summary) -> None:
    parts = dict.fromkeys([*_USUAL, *summary.parts()])
    heads = ["source", "read", *parts, *_LEFT]
    emit("\n".join(table(heads, (_row(summary, source, parts) for source in sorted(summary.read)))))
    for (source, part), samples in sorted(summary.samples.items()):
        for one in samples:
            emit(f"{source} {part} {one.number}: «{one_line(one.before)}» → «{one_line(one.after)}»")
    for (outcome, reason), numbers in sorted(summary.left.items()):
        shown = ", ".join(map(str, numbers[:_MOST_NUMBERS]))
        more = (
            f" and {len(numbers) - _MOST_NUMBERS} more; --json tells all"
            if len(numbers) > _MOST_NUMBERS
            else ""
        )
        why = ": ".join(filter(None, [_LEFT[outcome], _REASONS.get(reason, reason)]))
        emit(f"{len(numbers)} left as they are ({why}): {shown}{more}")


def _row(summary: Summary, source: str, parts: Iterable[str]) -> list[str]:
    counts = [summary.fields[source][part] for part in parts]
    left = [summary.outcomes[source][outcome] for outcome in ("refused", "shorter", "unread")]
    return [source, *map(str, [summary.read[source], *counts, *left])]
