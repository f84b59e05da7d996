"""Pure: which of the cases that wait are told, which one by one, and what became of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.notices import Fate, Pending


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one message tells of cases."""

    listed: tuple[Pending, ...] = ()  # one by one, in this order
    told: tuple[Pending, ...] = ()  # these and those that are only counted
    fates: Mapping[int, Fate] | None = None  # of every notice, by number

    @property
    def topics(self) -> Mapping[str, int]:
        """How many of the cases told are of each rule, the heaviest of each, most first."""
        return dict(Counter(one.rule for one in self.told).most_common())


def choose(pending: Sequence[Pending], told_stories: Collection[int], most: int) -> Chosen:
    """Of copies of one text the first is told, unless one was before; nothing that needs nobody any more.

    `told_stories`: of which the channel has told an article.
    """
    fates: dict[int, Fate] = {}
    told: list[Pending] = []
    stories = set(told_stories)
    for one in sorted(pending, key=_earliest):
        fate = _fate(one, stories)
        fates[one.id] = fate
        if fate == "told":
            told.append(one)
            stories |= {one.story} if one.story is not None else set()
    told.sort(key=_order)
    return Chosen(tuple(told[:most]), tuple(told), fates)


def _fate(one: Pending, stories: Collection[int]) -> Fate:
    if one.kind == "changed":
        return "told" if one.changed else "decided"
    if one.decided:
        return "decided"
    if not one.about:
        return "unflagged"
    return "copy" if one.story in stories else "told"


def _earliest(one: Pending) -> int:
    return one.article_id


def _order(one: Pending) -> tuple[bool, float, float, int]:
    """News before what was found late, the heaviest first, then the newest."""
    return one.late, -one.weight, -one.dated_at.timestamp(), one.article_id
