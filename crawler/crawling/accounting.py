"""What places show, written down: links, refusals, and what there is no room for, which is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from crawler.crawling.doors import Doors
from crawler.crawling.endless import Endless
from crawler.crawling.offers import Offer, Place, Reach, Refusal, Sorted, sort
from crawler.crawling.patterns import Shown
from crawler.crawling.tally import Tally
from storage.records import FoundLink

BEYOND_ROOM = "too-many-alike"
_MOST_TO_LEARN = 500  # addresses of one place, or of the ledger
_MOST_REMEMBERED = 20_000  # keys that were put aside in this crawl


@dataclass(slots=True)
class Accounting:
    """One crawl's: each link that is no article is written down once, on however many pages it stands."""

    doors: Doors
    reach: Reach
    tally: Tally
    _aside: set[str] = field(default_factory=set)
    _endless: Endless = field(init=False)
    _remembers: bool = False  # what the ledger holds was looked at

    def __post_init__(self) -> None:
        """One count for the whole crawl."""
        self._endless = Endless(self.reach.source.keep_query)

    async def of(self, offers: Iterable[Offer], place: Place) -> tuple[FoundLink, ...]:
        """Every offer of a place told apart and written down; the links among them are for the caller."""
        offered = await self.sorted(offers, place)
        for owner, gift in offered.given:
            await self.doors.give(owner, [gift])
        return offered.links

    async def sorted(self, offers: Iterable[Offer], place: Place) -> Sorted:
        """Refusals written down, and nothing else."""
        offers = tuple(offers)
        await self._learn(offers, place)
        offered = self._bounded(sort(offers, place, self.reach))
        self.tally.offered(offered)
        await self.doors.refuse(offered.refusals)
        await self._put_aside(offered.aside)
        return offered

    async def _learn(self, offers: Sequence[Offer], place: Place) -> None:
        """What articles look like here, first by what was kept of this paper."""
        if self.reach.source.article:
            return
        if not self._remembers:
            self._remembers = True
            kept = await self.doors.kept_addresses(_MOST_TO_LEARN)
            unusual = [url for url in kept if self.reach.key(url) is None]
            self.reach.learn([Shown(url, 0, is_article=True) for url in unusual])
        self.reach.learn(list(self.reach.shown(offers[:_MOST_TO_LEARN], place)))
        self.tally.learned = tuple(pattern.pattern for pattern in self.reach.learned)

    def _bounded(self, offered: Sorted) -> Sorted:
        """Without the links that go on for ever, which are put aside."""
        links, trapped = [], []
        for link in offered.links:
            why = None if self.reach.is_told(link) else self._endless.trap(link.url)
            if why is None:
                links.append(link)
            else:
                trapped.append(Refusal(link, "refused", why))
        if not trapped:
            return offered
        return replace(offered, links=tuple(links), aside=(*offered.aside, *trapped))

    async def _put_aside(self, refusals: Sequence[Refusal]) -> None:
        fresh = [one for one in refusals if one.found.key not in self._aside]
        recorded = await self.doors.put_aside(fresh)
        self.tally.put_aside([one for one in fresh if one.found.key in recorded])
        self.tally.left_out(BEYOND_ROOM, len(fresh) - len(recorded))
        if len(self._aside) < _MOST_REMEMBERED:
            self._aside.update(one.found.key for one in fresh)
