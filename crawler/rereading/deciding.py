"""Pure: what becomes of a stored article whose page was read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from crawler.crawling.doors import Judged
from crawler.times import shown
from storage.keeping import cleaned, surrounded
from storage.records import Article, Dating, Flag, Kept, Stored

Outcome = Literal[
    "same",  # it says what it said
    "changed",
    "refused",  # its page is no article any more; left as it is
    "shorter",  # it would lose half of its text; left as it is
    "unread",  # its page is not kept, or reading it failed; left as it is
]

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Reread:
    """One article beside what its page says today."""

    stored: Stored
    outcome: Outcome
    reason: str | None = None  # why refused or unread ("let-go": by [store] keep_pages); None otherwise
    kept: Kept | None = None  # to be kept, where anything at all is new, or would be, where it is shorter

    @property
    def changes(self) -> Mapping[str, tuple[str, str]]:
        """Field → what it says and what it would say, of those that differ."""
        if self.kept is None or self.outcome == "same":
            return {}
        before, after = _spelled(self.stored.article), _spelled(self.kept.article)
        before["flags"], after["flags"] = _rules(self.stored.flags), _rules(self.kept.flags)
        return {part: (text, after[part]) for part, text in before.items() if text != after[part]}

    def told(self) -> dict[str, Any]:
        """As `reread --json` shows it."""
        return {
            "id": self.stored.id,
            "source": self.stored.article.source,
            "title": self.stored.article.title,
            "outcome": self.outcome,
            "reason": self.reason,
            "changes": {part: list(texts) for part, texts in self.changes.items()},
        }


def decide(stored: Stored, judged: Judged | str, *, even_shorter: bool = False) -> Reread:
    """What becomes of it by today's reading, or by the reason why there is none (`reading-timeout`).

    Nothing is lost unseen: neither a whole article nor half of its text. Section, tags and date stay where
    the page tells none any more.
    """
    if stored.page is None:
        return Reread(stored, "unread", "let-go" if stored.page_let_go_at else "no-page")
    if isinstance(judged, str):
        return Reread(stored, "unread", judged.partition(":")[0])
    reading = judged.reading
    if reading.article is None:
        return Reread(stored, "refused", reading.refused or reading.kind)
    layers = dict(reading.layers)
    said = Kept(stored.article.key, stored.page, reading.article, judged.flags, layers, judged.cited)
    said = cleaned(said)
    kept = replace(said, article=surrounded(said.article, stored.article))
    if not even_shorter and _shrinks(stored.article, kept.article):
        return Reread(stored, "shorter", None, kept)
    if (kept.article, kept.flags) != (stored.article, stored.flags):
        return Reread(stored, "changed", None, kept)
    new = kept.layers != stored.layers or (kept.cited is not None and kept.cited.by != stored.cited_by)
    return Reread(stored, "same", None, kept if new else None)


def _shrinks(before: Article, after: Article) -> bool:
    return bool(before.body and not after.body) or _size(after) < _HALF * _size(before)


def _size(article: Article) -> int:
    return len(article.lead or "") + len(article.body)


def _spelled(article: Article) -> dict[str, str]:
    """Every field that a page gives, as one text."""
    spell: Mapping[str, Callable[[Article], str]] = {
        "title": lambda one: one.title,
        "lead": lambda one: one.lead or "",
        "body": lambda one: one.body,
        "author": lambda one: ", ".join(one.authors),
        "date": lambda one: _dated(one.published),
        "updated": lambda one: _dated(one.updated),
        "section": lambda one: one.section or "",
        "tags": lambda one: ", ".join(one.tags),
        "images": lambda one: "\n\n".join(f"{image.url} {image.caption or ''}" for image in one.images),
        "url": lambda one: one.url,
    }
    return {part: spelled(article) for part, spelled in spell.items()}


def _dated(dated: Dating | None) -> str:
    return f"{shown(dated.at)} ({dated.precision}, {dated.origin})" if dated else ""


def _rules(flags: tuple[Flag, ...]) -> str:
    return ", ".join(f"{flag.rule} {flag.version} in {flag.field} at {flag.spans}" for flag in flags)
