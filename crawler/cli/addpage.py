"""`diembao add-page`: one page becomes a fixture, with its reading for a person to correct."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command
from crawler.cli.expected import Fixture, expected
from crawler.cli.onepage import Asked, Got, got, is_address, stored
from crawler.cli.output import emit
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.config import Config

GENERIC = "generic"  # the folder of pages whose site nobody has described
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@click.command("add-page", cls=Command)
@click.argument(
    "where", metavar="SOURCE/NAME", help=f"Whose page, and what it shows; {GENERIC}/NAME: any site's."
)
@click.argument("target", metavar="[URL|FILE]", required=False, help="The page; left out with --id.")
@click.option("--id", "number", type=click.IntRange(1), metavar="N", help="The stored page of article N.")
@click.option("--url", metavar="URL", help="The address that FILE was saved from.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("tests/pages"),
    show_default=True,
    metavar="FOLDER",
    help="Where pages are kept.",
)
@click.option("--force", is_flag=True, help="Write over a page of that name.")
@pass_wanted
def add_page(
    wanted: Wanted,
    where: str,
    target: str | None,
    number: int | None,
    url: str | None,
    into: Path,
    force: bool,
) -> None:
    """Keep a page and its reading as a test, for a person to correct.

    Writes SOURCE/NAME.html, byte for byte, and SOURCE/NAME.json, what is read on it today. Correct the JSON
    to what a careful person reads on the page; `pytest tests/reading/test_pages.py` says what is still wrong.
    """
    config = wanted.load()
    fixture = _fixture(config, where, into)
    _must_be_free(fixture, force=force)
    found = _found(wanted, config, Asked(target or "", url, _source(fixture)), number)
    _write(fixture, found)
    emit(f"{fixture.html}\n{fixture.json}")
    wanted.say("now correct the JSON to what a careful person reads on the page")


def _fixture(config: Config, where: str, into: Path) -> Fixture:
    source, slash, name = where.partition("/")
    if not slash or not _NAME.fullmatch(name):
        raise UsageError(
            f"{where!r} is no SOURCE/NAME like baohatinh/short-news: small letters, digits, hyphens"
        )
    if source not in (known := {*config.sources, GENERIC}):
        raise UsageError.unknown("source", source, known)
    if not into.is_dir():
        raise UsageError(f"{into}: is no folder; run in a checkout of diembao, or name one by --into")
    return Fixture(into, source, name)


def _must_be_free(fixture: Fixture, *, force: bool) -> None:
    there = next((path for path in (fixture.html, fixture.json) if path.exists()), None)
    if there is not None and not force:
        raise UsageError(
            f"{there}: is there already; --force writes over it, and over what was corrected in it"
        )


def _source(fixture: Fixture) -> str | None:
    return None if fixture.source == GENERIC else fixture.source


def _found(wanted: Wanted, config: Config, asked: Asked, number: int | None) -> Got:
    if (number is None) == (not asked.target):
        raise UsageError("say which page: a URL, a FILE, or --id N of a stored article; one of them")
    if number is None:
        return _as(asked.source, config, got(config, asked))
    if asked.url:
        raise UsageError("--url tells where a FILE came from; a stored page has its own")
    with wanted.store() as store:
        return _as(asked.source, config, stored(config, store, number))


def _as(source: str | None, config: Config, found: Got) -> Got:
    """The page, read as of the folder it is put into; UsageError for a file whose address nobody knows."""
    if not is_address(found.page.url):
        raise UsageError("the file does not name its address; say by --url where it was saved from")
    return Got(found.page, config.sources[source] if source else None)


def _write(fixture: Fixture, found: Got) -> None:
    from crawler.reading import read

    told = expected(found.page, read(found.page, found.hints, found.page.fetched_at))
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    fixture.html.parent.mkdir(exist_ok=True)
    fixture.html.write_bytes(found.page.body)
    fixture.json.write_text(text, encoding="utf-8")
