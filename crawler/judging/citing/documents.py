"""The documents an article cites, each once, with every place where it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crawler.judging.citing.keys import key_of
from crawler.judging.citing.mentions import mentions
from crawler.judging.citing.organs import PROVINCIAL, slug
from crawler.judging.citing.resolving import SURENESS, Placed, Resolved, resolve
from crawler.judging.citing.tails import Raw
from crawler.judging.ruletext import ALL_FIELDS
from storage.folding import Folded, fold
from storage.records import Article, Citation, FieldName, Mention

_PARTS_FIELDS = "\x1e"  # folding leaves none of it in a text

Fields = Mapping[FieldName, Folded]


@dataclass(frozen=True, slots=True)
class Document:
    """A citation, and where it stands in the folded fields."""

    citation: Citation
    places: tuple[tuple[FieldName, int, int], ...]


def cited_documents(article: Article, province: str | None = None) -> tuple[Citation, ...]:
    """The documents that the article cites, in the order in which it first does.

    `province` is the one the paper is of: it tells apart what every province issues, where the text names
    none. Spans are code points of the fields as the article has them. Linear in the length of the text.
    """
    fields = {field: fold(getattr(article, field) or "") for field in ALL_FIELDS}
    return tuple(one.citation for one in documents(article, fields, province))


def documents(article: Article, fields: Fields, province: str | None = None) -> tuple[Document, ...]:
    """The same, of fields that are folded already, with the places in them."""
    found = _found(article, fields)
    if not found:
        return ()
    # A paper of tomorrow morning is dated tomorrow; one that cites what is issued today may be of yesterday.
    published = (article.published.at + timedelta(days=1)).date() if article.published else None
    whole = _PARTS_FIELDS.join(folded.text for folded in fields.values())
    home = slug(province) if province else None
    grouped: dict[str, list[Resolved]] = {}
    for one in resolve(found, whole, published):
        grouped.setdefault(key_of(one.raw, _province(one.raw, home)), []).append(one)
    return tuple(_document(key, group, fields, article, home) for key, group in grouped.items())


def _found(article: Article, fields: Fields) -> list[Placed]:
    found, base = [], 0
    for at, (field, folded) in enumerate(fields.items()):
        original = as_folded(getattr(article, field) or "", folded)
        found += [Placed(raw, at, base + raw.start) for raw in mentions(folded.text, original)]
        base += len(folded.text) + 1
    return found


def as_folded(original: str, folded: Folded) -> str:
    """The text before its case was lost, place for place with the folded one."""
    return original if folded.begins is None else "".join(original[at] for at in folded.begins)


def _province(raw: Raw, home: str | None) -> str | None:
    """The province that is part of its key; what a district issues is not told apart by it."""
    if raw.province or raw.organ not in PROVINCIAL or raw.below:
        return raw.province
    return home


def _document(
    key: str, group: Sequence[Resolved], fields: Fields, article: Article, home: str | None
) -> Document:
    surest = max(group, key=lambda one: SURENESS[one.how])
    raw = surest.raw
    issuer = next((text for one in group if (text := _issuer(one, fields, article))), None)
    citation = Citation(
        key=key,
        kind=raw.kind,
        number=raw.number,
        year=raw.year,
        organ=raw.organ,
        province=_province(raw, home),
        dated=raw.dated,
        term=next((one.raw.term for one in group if one.raw.term), None),
        issuer=issuer,
        how=surest.how,
        confidence=SURENESS[surest.how],
        mentions=tuple(_mention(one, fields) for one in group),
    )
    places = tuple((ALL_FIELDS[one.placed.field], one.placed.raw.start, one.placed.raw.end) for one in group)
    return Document(citation, places)


def _mention(one: Resolved, fields: Fields) -> Mention:
    field = ALL_FIELDS[one.placed.field]
    start, end = fields[field].span(one.placed.raw.start, one.placed.raw.end)
    return Mention(field, start, end, one.how)


def _issuer(one: Resolved, fields: Fields, article: Article) -> str | None:
    place = one.placed.raw.issuer
    if place is None:
        return None
    field = ALL_FIELDS[one.placed.field]
    start, end = fields[field].span(*place)
    return " ".join((getattr(article, field) or "")[start:end].split())
