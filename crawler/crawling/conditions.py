"""Whether to ask "has it changed?" or for the whole, and which servers lie about the former. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage.records import Validators

if TYPE_CHECKING:
    from scrapy.http import Response  # `status` asks this module, and waits for no Scrapy

_FULL_EVERY = 12  # polls; some servers answer 304 for ever
_DISTRUST = timedelta(days=30)  # for so long a liar is not asked again whether anything has changed


def conditions(known: Validators | None, now: datetime) -> dict[str, str]:
    """The headers that make a request conditional; none when a full answer is wanted."""
    if known is None or is_unfinished(known) or is_distrusted(known.lied_at, now):
        return {}
    if known.unchanged >= _FULL_EVERY - 1:
        return {}
    return headers_of(known)


def headers_of(known: Validators) -> dict[str, str]:
    """The conditions that the validators of an answer make."""
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_unfinished(known: Validators | None) -> bool:
    """Whether a listing was never read on to known ground since it last had news."""
    return known is None or known.links < 0


def is_distrusted(lied_at: datetime | None, now: datetime) -> bool:
    """Whether it said "unchanged" of what had changed not long ago, whichever way the clock jumped."""
    return lied_at is not None and abs(now - lied_at) < _DISTRUST


def trusted_again(lied_at: datetime) -> datetime:
    """When a liar is asked for the first time again whether anything has changed."""
    return lied_at + _DISTRUST


def is_doubtful(known: Validators | None, *, news: bool) -> bool:
    """Whether a full answer, with links nobody knew or none, throws doubt on "unchanged" ones before it."""
    return news and known is not None and known.unchanged > 0 and bool(headers_of(known))


def validators(response: Response, links: int, now: datetime) -> Validators:
    """What a full answer gives to ask with the next time."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return Validators(
        etag.decode("latin-1") if etag else None,
        modified.decode("latin-1") if modified else None,
        unchanged=0,
        links=links,
        settled_at=now,
    )
