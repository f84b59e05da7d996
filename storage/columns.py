"""How values stand in columns: moments as UTC text that sorts as time, texts as clean NFC, lists as JSON."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from storage.records import Article, Dating, Image

# SQLite cannot be given half a surrogate pair, and its text functions stop at a NUL.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")

_FINENESS = {"day": 0, "minute": 1, "second": 2}


def clean(text: str) -> str:
    """NFC, each NUL and lone surrogate replaced by U+FFFD."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("�", text))


def clean_or_none(text: str | None) -> str | None:
    """`clean`, where there may be no text."""
    return None if text is None else clean(text)


def moment(value: datetime) -> str:
    """UTC, ISO 8601 with microseconds: always 32 characters, so that text order is time order."""
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} bears no time zone")
    try:
        utc = value.astimezone(UTC)
    except OverflowError:  # 0001-01-01T00:00+07:00, which some CMS write where they know nothing
        utc = value.replace(tzinfo=UTC)
    return utc.isoformat(timespec="microseconds")


def moment_or_none(value: datetime | None) -> str | None:
    """`moment`, where there may be none."""
    return None if value is None else moment(value)


def as_moment(text: str) -> datetime:
    """What `moment` wrote, aware."""
    return datetime.fromisoformat(text)


def as_moment_or_none(text: str | None) -> datetime | None:
    """What `moment_or_none` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def listed(values: Sequence[Any]) -> str:
    """A JSON list, Vietnamese unescaped."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def dating_columns(dated: Dating | None) -> tuple[str | None, str | None, str | None]:
    """Moment, precision, origin; three times None where there is no date."""
    return (moment(dated.at), dated.precision, dated.origin) if dated else (None, None, None)


def as_dating(at: str | None, precision: Any, origin: Any) -> Dating | None:
    """What `dating_columns` wrote."""
    return Dating(as_moment(at), precision, origin) if at else None


def finer(first: Dating | None, second: Dating | None) -> Dating | None:
    """The more precise of two datings; the first if neither is."""
    if first is None or second is None:
        return first or second
    return second if _FINENESS[second.precision] > _FINENESS[first.precision] else first


def clean_article(article: Article) -> Article:
    """The article with every text of it clean."""
    return Article(
        key=clean(article.key),
        source=clean(article.source),
        url=clean(article.url),
        title=clean(article.title),
        lead=clean_or_none(article.lead),
        body=clean(article.body),
        authors=tuple(clean(author) for author in article.authors),
        section=clean_or_none(article.section),
        tags=tuple(clean(tag) for tag in article.tags),
        published=article.published,
        images=tuple(Image(clean(image.url), clean_or_none(image.caption)) for image in article.images),
        updated=article.updated,
    )


def fingerprint(article: Article) -> bytes:
    """A hash of what a reader reads: two revisions with the same one say the same.

    Address, dates, section and tags are left out: papers rewrite them without touching the article.
    """
    captions = [image.caption for image in article.images]
    texts = listed([article.title, article.lead, article.body, article.authors, captions])
    return hashlib.blake2b(texts.encode(), digest_size=16).digest()
