"""One page for a command: from a file, from its address or out of the store, with the source it is of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import UsageError
from crawler.times import shown, utc_now
from crawler.urls import absolute, article_key, path_key, same_site
from storage.records import Page

if TYPE_CHECKING:
    from crawler.config import Config, Source
    from crawler.reading import Hints
    from storage.store import Store

_MOST_BYTES = 50 * 2**20  # of a file


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is meant, as a person says it."""

    target: str  # a file, or an address that begins with http:// or https://
    url: str | None = None  # the address that a file was saved from
    source: str | None = None  # None: the source of its host


@dataclass(frozen=True, slots=True)
class Got:
    """A page, and whose it is."""

    page: Page
    source: Source | None  # None: of no paper that is watched

    @property
    def hints(self) -> Hints:
        """What is known of it before it is read."""
        from crawler.reading import Hints

        source, url = self.source, self.page.url
        if source is None:
            return Hints(source="", key=path_key(url))
        key = article_key(source.name, url, source.article) or f"{source.name}:{path_key(url)}"
        return Hints(source=source.name, key=key, selectors=source.selectors, home=source.home)


def is_address(target: str) -> bool:
    """Whether a target is on the web, and no file."""
    return target.startswith(("http://", "https://"))


def got(config: Config, asked: Asked) -> Got:
    """The page, fetched politely where it is an address; UsageError, AddressRefused."""
    online = is_address(asked.target)
    if online and asked.url:
        raise UsageError("--url tells where a FILE came from; a URL needs none")
    saved = None if online else _saved(Path(asked.target), _checked(asked.url))
    source = _source(config, asked.source, saved.url if saved else asked.target)
    return Got(saved or _fetched(config, source, _checked(asked.target) or ""), source)


def stored(config: Config, store: Store, number: int) -> Got:
    """The newest page of a stored article; UsageError where none is kept."""
    page = store.pages.newest(number)
    if page is None:
        gone = store.retention.let_go_at(number)
        when = f"; it was let go on {shown(gone)[:10]} by [store] keep_pages or most_pages" if gone else ""
        raise UsageError(f"no page of article {number} is kept{when}")
    return Got(page, _source(config, None, page.url))


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
