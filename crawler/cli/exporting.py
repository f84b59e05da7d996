"""`diembao export`: the corpus as files, and whether exported files are what they were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.cases import STATE
from crawler.cli.choosing import Chosen, Moment, choosing_since_last
from crawler.cli.commanding import Command
from crawler.cli.output import Named, as_json, emit_one, progress
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.review.searched import DECIDED
from crawler.times import utc_now

if TYPE_CHECKING:
    from crawler.export import Manifest

_FOLDER = click.Path(path_type=Path)


@click.command("export", cls=Command, data=True)
@click.argument(
    "query", metavar="[QUERY]", nargs=-1, required=False, help="In the language of docs/rules.md."
)
@click.option(
    "--format",
    "formats",
    default="jsonl",
    show_default=True,
    metavar="F[,F]",
    help="One or several of jsonl, jsonl.gz, csv, xlsx, sqlite, parquet, text, tei, warc, atom; beside them"
    " frictionless, croissant.",
)
@click.option("--out", type=_FOLDER, metavar="DIR", help="A folder that does not exist yet.")
@click.option(
    "--search",
    "--saved",
    "saved",
    metavar="NAME",
    help="What a saved search finds; other options narrow it down.",
)
@click.option("--flagged", is_flag=True, help="Only cases that some rule flagged.")
@click.option(
    "--mentions", is_flag=True, help="With --flagged or --rule: also those that only mention a topic."
)
@choosing_since_last
@click.option(
    "--decision",
    type=Named("decision", DECIDED),
    help="Only cases decided so; new: flagged and undecided; changed: changed since.",
)
@click.option("--state", type=STATE, help="Only cases in this state.")
@click.option("--gone/--not-gone", default=None, help="Only, or never, what the paper took down.")
@click.option(
    "--any-marks/--exact-marks",
    default=None,
    help="Also, or never, what matches without regard to marks; else where fewer than 3 match.",
)
@click.option(
    "--as-of",
    type=Moment(),
    metavar="MOMENT",
    help="The corpus as it was known then: 2026-11-23 (its end) or 2026-11-23T18:30.",
)
@click.option(
    "--as",
    "as_name",
    metavar="NAME",
    help="Remember this export under a name, for --since last; else the name of the saved search.",
)
@click.option(
    "--excel", is_flag=True, help="csv that Excel opens by a double click, without running any of it."
)
@click.option(
    "--with-notes", "named", is_flag=True, help="Also what people noted, and the names of those who decided."
)
@click.option("--verify", type=_FOLDER, metavar="DIR", help="Write nothing: check an export by its manifest.")
@click.option(
    "--previous",
    type=_FOLDER,
    metavar="DIR",
    help="With --verify: the export before; else it is looked for beside DIR.",
)
@pass_wanted
def export(wanted: Wanted, /, verify: Path | None, previous: Path | None, **asked: Any) -> None:
    """Write the corpus into a new folder, with a manifest. All of it appears at once, or nothing."""
    if verify is not None:
        from crawler.cli.verifying import check

        if asked["out"] is not None:
            raise UsageError("--verify writes nothing; leave --out away")
        check(wanted, verify, previous)
        return
    if previous is not None:
        raise UsageError("--previous goes with --verify")
    if asked["out"] is None:
        raise click.MissingParameter(param_type="option", param_hint="'--out'")
    _export(wanted, **asked)


def _export(wanted: Wanted, /, query: tuple[str, ...], **asked: Any) -> None:
    from crawler import export as exporting
    from crawler.cli.exportorder import Ordered, order_of

    chosen = Chosen(*(asked.pop(key) for key in ("rule", "source", "since", "until")))
    ordered = Ordered(query=" ".join(query), chosen=chosen, **asked)
    config = wanted.load()
    strangers: list[Path] = []
    with wanted.store() as store:
        order = order_of(ordered, config, store, utc_now())
        with progress(wanted, "exporting", lambda: store.cases.count(order.chosen.query())) as each:
            manifest = exporting.export(store, order, utc_now(), each)
        if order.series:
            strangers = exporting.strangers(store, order.out, manifest)
    wanted.say(f"{order.out}: {_summary(manifest)}")
    for remark in manifest.remarks:
        wanted.say(remark)
    for path in strangers:
        wanted.say(
            f"{path}: is a later export under that name than the last that the store knows; if the store is"
            " an older copy, this export tells again, or not at all, what was told there"
        )
    for path in exporting.abandoned(order.out.absolute().parent):
        wanted.say(f"{path}: was left by an export that was killed; remove it")
    if as_json(wanted):
        emit_one(wanted, manifest.told())


def _summary(manifest: Manifest) -> str:
    files = f"{manifest.counts['articles']} articles in {', '.join(manifest.places())}"
    series = manifest.series
    if series is None:
        return files
    changed = ", ".join(f"{series[kind]} {kind}" for kind in ("added", "changed", "withdrawn"))
    if manifest.previous is None:
        return f"{files}; the first export as {series['name']!r}"
    return f"{files}; {changed} since {series['since']}"
