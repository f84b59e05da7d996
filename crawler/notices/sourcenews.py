"""Pure: which changes of papers' health are told: the net of them, and as one where the network fell out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.notices import Fate
from storage.records import StateChange

_SEVERAL = 3  # papers that cannot be reached at once, by which our own network is suspected


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What one message tells of papers."""

    ill: tuple[StateChange, ...] = ()
    well: tuple[StateChange, ...] = ()
    fates: Mapping[int, Fate] | None = None  # of every change, by its number
    offline: bool = False  # so many cannot be reached that it is most likely our own network

    def __bool__(self) -> bool:
        return bool(self.ill or self.well)


def is_ill(change: StateChange) -> bool:
    """Whether somebody should look at it."""
    return change.cause != "" and change.state not in {"well", "disabled"}


def source_news(changes: Sequence[StateChange], told: Mapping[str, str], watched: int) -> SourceNews:
    """The newest change of each source, unless it leads back to what was `told` of it last.

    `watched` is how many papers are watched; what was never told of is taken for well.
    """
    newest = {change.source: change for change in changes}
    fates: dict[int, Fate] = {change.id: "over" for change in changes}
    news = [change for change in newest.values() if _is_news(change, told.get(change.source, "well"))]
    fates |= {change.id: "told" for change in news}
    ill = tuple(change for change in news if is_ill(change))
    dead = sum(change.state == "dead" for change in ill)
    return SourceNews(
        ill=ill,
        well=tuple(change for change in news if not is_ill(change)),
        fates=fates,
        offline=dead >= _SEVERAL and 2 * dead >= watched,
    )


def _is_news(change: StateChange, told: str) -> bool:
    if is_ill(change):
        return change.state != told
    return change.state == "well" and told != "well"
