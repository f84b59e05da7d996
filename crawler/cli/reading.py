"""`diembao read`: what one page says, from a file or from its address; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import article_json
from crawler.cli.commanding import Command
from crawler.cli.output import emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import shown, utc_now
from crawler.urls import absolute, article_key, path_key, same_site
from storage.records import Page

if TYPE_CHECKING:
    from crawler.config import Config, Source
    from crawler.reading import Hints, Reading

_KEYS = (
    "key", "source", "url", "title", "lead", "body", "authors", "section", "tags", "published_at",
    "published_precision", "published_from", "updated_at", "images",
)  # fmt: skip
_MOST_BYTES = 50 * 2**20  # of a file


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
    A URL is fetched politely, once; nothing is stored.
    """
    from crawler.reading import read as read_page

    config = wanted.load()
    online = target.startswith(("http://", "https://"))
    if online and url:
        raise UsageError("--url tells where a FILE came from; a URL needs none")
    saved = None if online else _saved(Path(target), _checked(url))
    source = _source(config, name, saved.url if saved else target)
    page = saved or _fetched(config, source, _checked(target) or "")
    reading = read_page(page, _hints(source, page.url), page.fetched_at)
    emit_one(wanted, _told(reading, page))


def _checked(url: str | None) -> str | None:
    if url is not None and absolute("", url) is None:
        raise UsageError(f"{url!r} is no address like https://baohatinh.vn/bai.html")
    return url


def _source(config: Config, name: str | None, url: str) -> Source | None:
    """The named source, else the one whose host the address is on, else none."""
    if name and name not in config.sources:
        raise UsageError.unknown("source", name, config.sources)
    if name:
        return config.sources[name]
    return next((one for one in config.sources.values() if same_site(one.home, url)), None)


def _fetched(config: Config, source: Source | None, url: str) -> Page:
    from crawler.crawling.onepage import fetch

    return fetch(config, source, url)


def _saved(path: Path, url: str | None) -> Page:
    """A file as if fetched from `url`, else from the address that it names itself, else from the disk."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path}: is larger than {_MOST_BYTES // 2**20} MB; no page of a paper is")
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    address = url or _own_address(body) or path.absolute().as_uri()
    return Page(address, 200, (("Content-Type", "text/html"),), utc_now(), body)


def _own_address(body: bytes) -> str | None:
    """What the page gives as its canonical address; None if it gives none."""
    from lxml import etree, html

    named = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
    try:
        given: Any = html.document_fromstring(body).xpath(named)
    except (etree.LxmlError, ValueError):  # empty, or no markup at all
        return None
    return next((found for href in given if (found := absolute("", str(href)))), None)


def _hints(source: Source | None, url: str) -> Hints:
    from crawler.reading import Hints

    if source is None:
        return Hints(source="", key=path_key(url))
    key = article_key(source.name, url, source.article) or f"{source.name}:{path_key(url)}"
    return Hints(source=source.name, key=key, selectors=source.selectors, home=source.home)


def _told(reading: Reading, page: Page) -> dict[str, Any]:
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
