"""How many links that are no articles the ledger takes of a source, so that no site can flood it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.crawling.shapes import shape

LOOKS_BACK = timedelta(days=30)  # what was recorded since then takes up room
_MOST_ALIKE = 100  # of one reason and one shape of address: calendars, random queries
_MOST = 1000  # of all shapes together: no menu is so long


@dataclass(slots=True)
class Room:
    """What one source has taken up of late."""

    taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # (reason, shape) → links
    all_of_them: int = 0

    @classmethod
    def left_by(cls, recorded: Iterable[tuple[str, str]]) -> Room:
        """The room that is left by what was recorded: pairs of reason and address."""
        taken = Counter((reason, shape(url)) for reason, url in recorded)
        return cls(taken, taken.total())

    def takes(self, reason: str, url: str) -> bool:
        """Whether there is room for one more, which it then takes up."""
        kind = (reason, shape(url))
        if self.taken[kind] >= _MOST_ALIKE or self.all_of_them >= _MOST:
            return False
        self.taken[kind] += 1
        self.all_of_them += 1
        return True
