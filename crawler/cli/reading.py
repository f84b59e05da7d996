"""`diembao read`: what one page says, from a file or from its address; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import article_json
from crawler.cli.commanding import Command
from crawler.cli.onepage import Asked, got
from crawler.cli.output import emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.times import shown
from storage.records import Page

if TYPE_CHECKING:
    from crawler.reading import Reading

_KEYS = (
    "key", "source", "url", "title", "lead", "body", "authors", "section", "tags", "published_at",
    "published_precision", "published_from", "updated_at", "images",
)  # fmt: skip


@click.command("read", cls=Command, data=True)
@click.argument("target", metavar="FILE|URL", help="A saved page, or the address of one.")
@click.option("--url", metavar="URL", help="The address that FILE was saved from.")
@click.option(
    "--source", "name", metavar="SOURCE", help="Read it as this source's; else the source of its host."
)
@pass_wanted
def read(wanted: Wanted, target: str, url: str | None, name: str | None) -> None:
    """Print what one page says, as JSON.

    It is an article as JSON, with the page's kind and, in `refused`, why it is none (null: it is one).
    A URL is fetched politely, once; nothing is stored. `diembao doctor` tells how it was read.
    """
    from crawler.reading import read as read_page

    found = got(wanted.load(), Asked(target, url, name))
    reading = read_page(found.page, found.hints, found.page.fetched_at)
    emit_one(wanted, reading_json(reading, found.page))


def reading_json(reading: Reading, page: Page) -> dict[str, Any]:
    """The contract's article: null where the page says nothing, or where only a stored article has it."""
    article = reading.article
    said = article_json(article) if article else {**dict.fromkeys(_KEYS), "url": page.url}
    kept = {
        "found_in": None,
        "fetched_at": shown(page.fetched_at),
        "revision": None,
        "changed_at": None,
        "gone_at": None,
    }
    return {**said, **kept, "kind": reading.kind, "refused": reading.refused, "layers": dict(reading.layers)}
