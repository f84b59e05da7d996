"""The truth of one article: what a reader of its page should come away with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Shape = Literal["epi", "epi-old", "epi-tv", "baoquangninh", "baoquangninh-old", "wordpress", "portal"]
Spelling = Literal["nfd", "nbsp", "double-blanks", "new-tones", "capitals", "zero-width"]
StoryPrecision = Literal["second", "minute", "day"]


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it should be stored; texts are NFC with single blanks, without any furniture."""

    site: str
    key: str  # "baohatinh:post308690": as diembao should key it
    path: str  # of its address, from the slash on
    title: str
    lead: str | None  # without the dateline; None: the page has no lead apart from its body
    body: tuple[str, ...]  # paragraphs; no caption, byline, dateline or end mark
    authors: tuple[str, ...]  # () where the page names nobody
    published_at: datetime | None  # aware; None: neither the page, a feed nor a sitemap says it
    precision: StoryPrecision | None  # what the page itself tells: "day" compares by the day in Vietnam
    section: str  # the label readers see
    tags: tuple[str, ...]
    captions: tuple[str, ...]  # one for each picture
    topics: tuple[str, ...]  # of lexicon topics: "phong_trao", "ngay_hoi" …; () off topic
    on_topic: bool  # whether it is about the movement
    hard: bool  # whether its words alone mislead: a near miss, or a find in odd spelling
    shape: Shape
    section_slug: str
    posted_at: datetime  # when it appeared, even where the page keeps silent
    modified_at: datetime | None  # None: never edited
    dateline: str  # printed before the first words: "(kontumtv.vn) – "; "" where there is none
    end_mark: str  # printed in place of the last full stop: "." or "./."
    spelling: frozenset[Spelling]  # how the page spells the text

    @property
    def text(self) -> str:
        """Lead and body, once each, paragraphs separated by a blank line."""
        return "\n\n".join((self.lead, *self.body) if self.lead else self.body)

    def url(self, home: str) -> str:
        """The canonical address on the paper whose home is `home`."""
        return home.rstrip("/") + self.path


@dataclass(frozen=True, slots=True)
class Draft:
    """A story before a paper has placed it: words, no address."""

    title: str
    lead: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    tags: tuple[str, ...]
    theme: str  # "politics", "law", "security", "economy", "society", "sport", "weather", "prices"
    topics: tuple[str, ...]
    on_topic: bool
    hard: bool


def as_json(story: Story) -> Mapping[str, object]:
    """The story in values that JSON knows; moments as ISO 8601."""
    values: dict[str, object] = {name: getattr(story, name) for name in Story.__slots__}
    for name in ("published_at", "posted_at", "modified_at"):
        moment = getattr(story, name)
        values[name] = moment.isoformat() if moment else None
    values["spelling"] = sorted(story.spelling)
    return values
