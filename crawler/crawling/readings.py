"""How a crawl's pages could be read, counted page by page: what a redesign is told by."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median_low

from crawler.crawling.doors import Judged
from crawler.reading import Reading
from crawler.reading.selectors import Selectors
from storage.records import Readings

_SELECTORS = {  # field of an article → as config.toml calls its selectors
    "title": "title",
    "lead": "lead",
    "body": "body",
    "authors": "author",
    "published": "date",
    "section": "section",
}
_UNREADABLE = {
    "empty",
    "listing",
}  # what an article's page is taken for once its markup is not known any more
_COMPARED = 8  # one page in so many is read without the selectors, too: that takes as long again


@dataclass(slots=True)
class ReadingTally:
    """Written by the crawl alone."""

    selectors: Selectors = field(default_factory=Selectors)  # of the source, as of the last page
    pages: int = 0
    layers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lengths: list[int] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    compared: int = 0
    agreed: int = 0

    @property
    def wants_comparing(self) -> bool:
        """Whether to read the next page without the selectors, too: the first one, then one in eight."""
        return self.pages % _COMPARED == 0

    def add(self, judged: Judged, selectors: Selectors) -> None:
        """Count a page, unless it never was one that a story could stand on."""
        self.selectors = selectors
        reading = judged.reading
        if reading.article is None and reading.kind not in _UNREADABLE:
            return
        self.pages += 1
        for part, layer in _given(reading).items():
            self.layers[part][layer] += 1
        if reading.article is not None and reading.article.body:
            self.lengths.append(len(reading.article.body))
            self.paragraphs.append(reading.article.body.count("\n\n") + 1)
        if judged.agrees is not None:
            self.compared += 1
            self.agreed += judged.agrees

    def readings(self) -> Readings | None:
        """The counts beside what config.toml has selectors for; None where no page was read."""
        if not self.pages:
            return None
        return Readings(
            pages=self.pages,
            layers={part: dict(counts) for part, counts in self.layers.items()},
            selectors=tuple(part for part, named in _SELECTORS.items() if getattr(self.selectors, named)),
            length=median_low(self.lengths) if self.lengths else 0,
            paragraphs=median_low(self.paragraphs) if self.paragraphs else 0,
            compared=self.compared,
            agreed=self.agreed,
        )


def _given(reading: Reading) -> dict[str, str]:
    """Field → layer, of the fields that have something to say; of a page without a story its title alone."""
    article = reading.article
    missing = {"lead", "body"} if article is None else set()
    if article is not None:
        missing = {part for part in ("lead", "body") if not getattr(article, part)}
    return {
        part: layer for part, layer in reading.layers.items() if part in _SELECTORS and part not in missing
    }
