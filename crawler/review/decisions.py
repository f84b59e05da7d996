"""What was decided lately, newest first, each with the way back; also tomorrow."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import views
from crawler.review.outcomes import bulk_told
from crawler.review.pages import open_store
from crawler.review.rendering import page
from crawler.review.views import View
from crawler.review.wording import Refused, Trouble
from storage.store import Store

LEAF = 50  # decisions on one page


def decisions(request: Request) -> Response:
    """A page of decisions, single ones and batches; with `batch`, of those made together."""
    stated = request.query_params
    before, batch = views.number(stated, "before"), views.number(stated, "batch")
    with open_store(request) as store:
        most = LEAF + 1
        if batch is None:
            made, about = store.decisions.newest(most, before), {"batch": None, "batch_stands": False}
        else:
            made, about = store.decisions.of_batch(batch, most, before), _about(store, batch)
        told = bulk_told(store, stated)
    address = f"/decisions?batch={batch}&" if batch else "/decisions?"
    leaves = {
        "older": f"{address}before={made[LEAF - 1].place}" if len(made) > LEAF else None,
        "newest": address[:-1] if before else None,
    }
    return page("decisions.html", {"view": View(), "made": made[:LEAF], "bulk": told, **about, **leaves})


def _about(store: Store, batch: int) -> dict[str, Any]:
    found = store.batches.find(batch)
    if found is None:
        raise Refused(Trouble.NOTHING_HERE)
    return {"batch": found, "batch_stands": store.batches.stands(batch)}
