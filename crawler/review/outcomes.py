"""What was just decided together, as the next page tells it; read out of that page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.review import wording
from crawler.review.wording import Refused, Trouble, short
from storage.records import Batch
from storage.store import Store

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class BulkTold:
    """What became of several articles at once."""

    batch: Batch | None  # None: nothing was written
    taken_back: int | None  # verdicts taken back; None: it was just decided
    elsewhere: int  # left alone, because others decided in the meantime
    same: int  # decided just so already
    can_undo: bool


def bulk_told(store: Store, stated: Mapping[str, str]) -> BulkTold | None:
    """What the address says was just done; None: nothing. Refused (400) for what is no count."""
    if "undone" in stated:
        batch = store.batches.find(count(stated, "undone"))
        if batch is None:
            return None
        return BulkTold(batch, count(stated, "taken"), count(stated, "left"), 0, can_undo=False)
    if "bulk" not in stated:
        return None
    batch = store.batches.find(count(stated, "bulk"))
    can_undo = batch is not None and store.batches.stands(batch.id)
    return BulkTold(batch, None, count(stated, "elsewhere"), count(stated, "same"), can_undo)


def count(stated: Mapping[str, str], key: str) -> int:
    """A count in an address; 0: absent. Refused (400) for anything else."""
    text = stated.get(key, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        detail = wording.NOT_A_COUNT.format(key=key, value=short(text))
        raise Refused(Trouble.BAD_ADDRESS, detail)
    return int(text)
