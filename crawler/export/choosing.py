"""The cases of an order, oldest first, each as the JSON that every format is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.casejson import case_json
from crawler.export.order import ExportOrder
from crawler.searching import Hit, Wish, in_time
from storage.records import Case
from storage.store import Store


def chosen(store: Store, order: ExportOrder) -> Iterator[tuple[Case, dict[str, Any]]]:
    """Every case that the order asks for, all of them, however long it takes.

    Where words are asked for, each bears also `exact` and `matches`, as `diembao search --json` tells them.
    """
    if order.searched is None:
        for case in store.cases.find(order.chosen.query()):
            yield case, told(case, order)
        return
    for hit in hits(store, order):
        yield hit.case, {**told(hit.case, order), **hit.matched()}


def hits(store: Store, order: ExportOrder) -> Iterator[Hit]:
    """What the words of the order find."""
    assert order.searched is not None
    wish = Wish(order.chosen.query(), order.searched.marks)
    return in_time(store, order.searched.asked, wish)


def told(case: Case, order: ExportOrder) -> dict[str, Any]:
    """One case, with notes and names only where they are asked for."""
    return case_json(case, named=order.named, noted=order.named)
