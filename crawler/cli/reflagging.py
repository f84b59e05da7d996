"""`diembao reflag`: the stored articles judged by today's rules."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command
from crawler.cli.output import ReaderLeft, above_bar, as_json, emit_list, one_line, progress
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.times import utc_now
from storage.cases import CaseQuery
from storage.records import is_about

if TYPE_CHECKING:
    from crawler.reciting import Provinces
    from crawler.reflagging import Reflagged


@click.command("reflag", cls=Command, data=True)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--all", "everything", is_flag=True, help="Judge every article, not only those that may have changed."
)
@pass_wanted
def reflag(wanted: Wanted, dry_run: bool, everything: bool) -> None:
    """Judge the stored articles again by today's rules. Verdicts stay as they are.

    Articles whose flags cannot have changed are left out: the full-text index gives those that new and
    changed rules may flag, and what was kept since the last time is judged as well. Documents and figures
    cited are read, too, where they were not yet by today's reading, and copies are looked for among articles
    that an older diembao kept.
    """
    from crawler import reflagging

    config = wanted.load()
    rules = config.rules
    if not dry_run:
        _recite(wanted, {name: source.province for name, source in config.sources.items()})
        _sketch(wanted)
    with (
        wanted.store() as store,
        nullcontext() if dry_run else reflagging.alone(store),
        progress(wanted, "judging", lambda: store.cases.count(CaseQuery())) as each,
    ):
        found = (
            reflagging.compare(store, rules, each, everything=everything)
            if dry_run
            else reflagging.reflag(store, rules, utc_now(), each, everything=everything)
        )
        try:
            _print(wanted, found, dry_run)
        except ReaderLeft:
            if not dry_run:  # what was begun is finished, though nobody reads on
                deque(found, maxlen=0)
            raise


def _recite(wanted: Wanted, provinces: Provinces) -> None:
    from crawler.reciting import outdated, recite

    with (
        wanted.store() as store,
        progress(wanted, "reading citations", lambda: len(outdated(store, provinces))) as each,
    ):
        recite(store, provinces, each)


def _sketch(wanted: Wanted) -> None:
    from crawler.sketching import sketch_stored

    with (
        wanted.store() as store,
        progress(wanted, "looking for copies", lambda: len(store.stories.unsketched())) as each,
    ):
        sketch_stored(store, each)


def _print(wanted: Wanted, found: Iterable[Reflagged], dry_run: bool) -> None:
    """Each change as it comes, so that a million changes need no more memory than one."""
    if as_json(wanted):
        emit_list(wanted, (one.told() for one in found))
        return
    kinds = Counter(_shown(one) for one in found)
    verb = "would be" if dry_run else "are"
    wanted.say(
        f"{kinds['newly']} {verb} newly flagged, {kinds['no longer']} no longer flagged,"
        f" {kinds['otherwise']} otherwise changed"
    )


def _shown(one: Reflagged) -> str:
    """Print one change; which of the three kinds it is of."""
    if one.added or one.removed:
        rules = [f"+{rule}" for rule in one.added] + [f"-{rule}" for rule in one.removed]
        above_bar(f"{one.case.id:>5}  {' '.join(rules)}  {one_line(one.case.article.title)}")
    before, after = is_about(one.case.flags), is_about(one.flags)
    if before == after:
        return "otherwise"
    return "newly" if after else "no longer"
