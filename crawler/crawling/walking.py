"""How far a listing is read: on to known ground, and further after an outage. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.records import FoundLink

_MOST_PAGES = 30  # of a listing that was never read to its end: what is older is for `backfill`
_MOST_PAGES_BACK = 150  # of one that was: known ground lies somewhere
_ENOUGH_KNOWN = 10  # links in a row that were known before: the ground is reached
_OUTAGE = timedelta(days=1)  # after which a few known links prove nothing: they may be the side boxes'
LEAST_OF_A_FEED = 5  # links; fewer in a feed say nothing by being new


@dataclass(slots=True)
class Pages:
    """How far a listing has been read in this walk."""

    ground: datetime | None  # what was known at this moment is known ground; None: never read to its end
    now: datetime
    most: int  # new links
    read: int = 0
    new: int = 0
    shown: set[str] = field(default_factory=set)
    goes_on: bool = True
    cut_off: bool = False  # it had more pages than a walk reads

    def unseen(self, links: Sequence[FoundLink]) -> list[FoundLink]:
        """The links of a page that no page before it showed."""
        return [link for link in links if link.key not in self.shown]

    def saw(self, unseen: Sequence[FoundLink], first_seen: dict[str, datetime], new: int) -> None:
        """A page was read; `first_seen` as it stood before. On, until known ground is reached."""
        self.read += 1
        self.new += new
        self.shown.update(link.key for link in unseen)
        fresh = [self._is_fresh(first_seen.get(link.key)) for link in unseen]
        self.cut_off = self.read >= (_MOST_PAGES if self.ground is None else _MOST_PAGES_BACK)
        self.goes_on = not self._reached(fresh) and not self.cut_off and self.new < self.most

    def _is_fresh(self, first_seen: datetime | None) -> bool:
        """Not known when the listing was last read to its end, however long it is known now."""
        return first_seen is None or self.ground is None or first_seen >= self.ground

    def _reached(self, fresh: Sequence[bool]) -> bool:
        if not any(fresh):
            return True
        if self.ground is None or self.now - self.ground > _OUTAGE:
            return False
        return len(fresh) > 2 * sum(fresh) and not any(fresh[-_ENOUGH_KNOWN:])


def known_ground(settled_at: datetime | None, now: datetime) -> datetime | None:
    """Up to when a listing is known; a clock that was set back makes nothing known that is yet to come."""
    return None if settled_at is None else min(settled_at, now)


def overflows(keys: Sequence[str], known: Sequence[str], *, was_read: bool) -> bool:
    """Whether a feed that was read before shows nothing that we know: more came than it can hold."""
    return was_read and len(keys) >= LEAST_OF_A_FEED and not known


def looks_back_to(usual: datetime, last_good: datetime | None) -> datetime:
    """How far back sitemaps are read: further than usual after an outage that was longer."""
    return usual if last_good is None else min(usual, last_good - _OUTAGE)
