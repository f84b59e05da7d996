"""Cases put together from the tables of articles, flags, verdicts and what belongs to them, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.json import Decoder

from storage.citations import cited_of
from storage.columns import as_dating, as_moment, as_moment_or_none
from storage.connection import Connection
from storage.flags import flags_of
from storage.raising import raised_of
from storage.records import Article, Case, Cited, Flag, Image, Raise, Verdict
from storage.stories import copies_of
from storage.verdicts import standing_of

# By place, since asking a row for a column by its name looks through all names: a tenth of an export.
_COLUMNS = """
    SELECT a.id, r.id, r.cited_by,
           a.found_in, a.first_fetched_at, r.fetched_at, a.revision, a.changed_at, a.gone_at, a.material_at,
           a.key, a.source, r.url, r.title, r.lead, r.body, r.authors, r.section, r.tags,
           r.published_at, r.published_precision, r.published_from, r.images,
           r.updated_at, r.updated_precision, r.updated_from
    FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
"""
_texts = Decoder(tuple[str, ...]).decode  # made once: making one takes longer than decoding
_pairs = Decoder(tuple[tuple[str, str | None], ...]).decode


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside the texts of some articles, by revision or by article."""

    flags: Mapping[int, tuple[Flag, ...]]
    cited: Mapping[int, Cited]
    verdicts: Mapping[int, Verdict]
    copies: Mapping[int, tuple[int, ...]]
    raised: Mapping[int, Raise]


def assembled(db: Connection, article_ids: Sequence[int]) -> list[Case]:
    """The cases of these numbers, in their order; those that no article bears are left out."""
    marks = ", ".join("?" * len(article_ids))
    rows = {row[0]: row for row in db.rows(f"{_COLUMNS} WHERE a.id IN ({marks})", article_ids)}
    beside = _Beside(
        flags=flags_of(db, [row[1] for row in rows.values()]),
        cited=cited_of(db, {row[1]: row[2] for row in rows.values()}),
        verdicts=standing_of(db, article_ids),
        copies=copies_of(db, article_ids),
        raised=raised_of(db, article_ids),
    )
    return [_case(*rows[number], beside=beside) for number in article_ids if number in rows]


def _case(
    number: int, revision_id: int, _: str | None, found_in: Any, first_fetched_at: str, fetched_at: str,
    revision: int, changed_at: str | None, gone_at: str | None, material_at: str | None, *said: Any,
    beside: _Beside,
) -> Case:  # fmt: skip
    return Case(
        id=number,
        article=_article(*said),
        found_in=found_in,
        first_fetched_at=as_moment(first_fetched_at),
        fetched_at=as_moment(fetched_at),
        revision=revision,
        changed_at=as_moment_or_none(changed_at),
        gone_at=as_moment_or_none(gone_at),
        flags=beside.flags.get(revision_id, ()),
        verdict=beside.verdicts.get(number),
        cited=beside.cited.get(revision_id),
        material_at=as_moment_or_none(material_at),
        story=beside.copies.get(number, ()),
        raised=beside.raised.get(number),
    )


def _article(
    key: str, source: str, url: str, title: str, lead: str | None, body: str, authors: str,
    section: str | None, tags: str, published_at: str | None, published_precision: Any, published_from: Any,
    images: str, updated_at: str | None, updated_precision: Any, updated_from: Any,
) -> Article:  # fmt: skip
    return Article(
        key=key,
        source=source,
        url=url,
        title=title,
        lead=lead,
        body=body,
        authors=_texts(authors),
        section=section,
        tags=_texts(tags),
        published=as_dating(published_at, published_precision, published_from),
        images=tuple([Image(url, caption) for url, caption in _pairs(images)]),
        updated=as_dating(updated_at, updated_precision, updated_from),
    )
