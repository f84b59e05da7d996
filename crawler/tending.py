"""The store kept in order by what config.toml says: done, recorded and told in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from crawler.config import Config
from crawler.errors import StoreError
from crawler.sizes import spelled_size
from crawler.times import shown
from storage.records import LetGo
from storage.retention import Policy, summed
from storage.store import Store
from storage.upkeep import Order, Room, Tended

_LOG_TOO_LARGE = 256 * 10**6  # bytes, that readers who never end their reading have let it grow to
_WORTH_COMPACTING = 0.25  # of the file
_WHY = {"age": "older than [store] keep_pages", "size": "more than [store] most_pages"}


def policy_of(config: Config) -> Policy:
    """What config.toml says of old pages."""
    return Policy(config.upkeep.keep_pages, config.upkeep.most_pages)


def tend(store: Store, config: Config, clock: Callable[[], datetime]) -> tuple[Tended, str | None]:
    """Keep the store in order and record that it was; with what somebody should look at, None: nothing."""
    number = store.upkeeps.begin(clock())
    try:
        tended = store.upkeep.tend(Order(policy_of(config)), clock())
    except StoreError as error:
        with suppress(StoreError):  # what went wrong first is told
            store.upkeeps.end(number, str(error), clock())
        raise
    trouble = trouble_of(tended, policy_of(config))
    store.upkeeps.end(number, trouble, clock())
    return tended, trouble


def trouble_of(tended: Tended, policy: Policy) -> str | None:
    """What an upkeep could not mend; None: nothing."""
    if policy.most is not None and tended.pages > policy.most:
        return (
            f"the pages take {spelled_size(tended.pages)}, [store] most_pages allows "
            f"{spelled_size(policy.most)}; those left prove flags or decisions and never go: allow more"
        )
    if tended.log.held and tended.log.after > _LOG_TOO_LARGE:
        return (
            f"the log beside the store has grown to {spelled_size(tended.log.after)}, because something "
            "never ends its reading: see which program has the store open, and restart it"
        )
    return None


def said(tended: Tended) -> Iterator[str]:
    """What an upkeep did, line by line."""
    yield from map(spelled_parting, tended.let_go)
    pruned = [f"{count} of {table}" for table, count in tended.pruned.items() if count]
    if pruned:
        yield f"rows that only served the past: {', '.join(pruned)}"
    if tended.unfinished:
        yield "the full-text index is put together further the next time"
    log = f"the log was {spelled_size(tended.log.before)}, it is {spelled_size(tended.log.after)}"
    yield log + (", held back by readers" if tended.log.held else "")
    yield roomy(tended.room)


def roomy(room: Room) -> str:
    """The size of the store, and whether to compact it."""
    text = f"the store takes {spelled_size(room.size)}"
    if room.free:
        text += f", of which {spelled_size(room.free)} are free and used again before it grows"
    if room.free > _WORTH_COMPACTING * room.size:
        text += "; `diembao db compact` would give them back to the disk"
    return text


def would_go(store: Store, policy: Policy, now: datetime) -> tuple[LetGo, ...]:
    """The pages that an upkeep would let go now, one sum for each source and reason; nothing is changed."""
    return summed(
        LetGo(one.page.source, now, one.why, 1, one.page.bytes, one.page.fetched_at)
        for one in store.retention.parting(policy, now)
    )


def spelled_parting(one: LetGo) -> str:
    """How many pages of a source go, and why."""
    return (
        f"{one.source}: {one.pages} pages, {spelled_size(one.bytes)}, {_WHY[one.why]}, "
        f"the newest of {shown(one.newest)[:10]}"
    )
