"""`diembao export`: the corpus as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crawler.cli.choosing import DECISION, Chosen, choosing
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit_one, progress
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import utc_now


@click.command("export", cls=Command, data=True)
@click.option(
    "--format",
    "formats",
    default="jsonl",
    show_default=True,
    metavar="F[,F]",
    help="One or several of jsonl, jsonl.gz, csv, xlsx, sqlite, parquet, text, tei, warc, atom; beside them"
    " frictionless, croissant.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="A folder that does not exist yet.",
)
@click.option("--flagged", is_flag=True, help="Only cases that some rule flagged.")
@choosing
@click.option("--decision", type=DECISION, help="Only cases decided so.")
@click.option(
    "--excel", is_flag=True, help="csv that Excel opens by a double click, without running any of it."
)
@click.option("--with-notes", "named", is_flag=True, help="Also the names of those who decided.")
@pass_wanted
def export(
    wanted: Wanted,
    /,
    formats: str,
    out: Path,
    flagged: bool,
    decision: Any,
    excel: bool,
    named: bool,
    **asked: Any,
) -> None:
    """Write the corpus into a new folder, with a manifest. All of it appears at once, or nothing."""
    from crawler import export as exporting

    chosen = Chosen(**asked)
    filtered = exporting.Filter(
        flagged=True if flagged else None,
        rule=chosen.rule,
        source=chosen.source,
        since=chosen.since,
        before=chosen.before,
        decision=decision,
    )
    names = exporting.formats_of(formats)
    if excel and "csv" not in names:
        raise UsageError("--excel is about csv; name csv among the formats")
    config = wanted.load()
    order = exporting.ExportOrder(
        out, names, filtered, named, exporting.watched(config), exporting.Options(excel)
    )
    with wanted.store() as store:
        chosen.check(config, store)
        with progress(wanted, "exporting", lambda: store.cases.count(filtered.query())) as each:
            manifest = exporting.export(store, order, utc_now(), each)
    wanted.say(f"{out}: {manifest.counts['articles']} articles in {', '.join(manifest.places())}")
    for remark in manifest.remarks:
        wanted.say(remark)
    if as_json(wanted):
        emit_one(wanted, manifest.told())
