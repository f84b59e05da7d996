"""What was decided lately, newest first, each with the way back; also tomorrow."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import views
from crawler.review.outcomes import bulk_told
from crawler.review.pages import open_store
from crawler.review.rendering import page
from crawler.review.views import View, view_of
from crawler.review.wording import Refused, Trouble

LEAF = 50  # decisions on one page


def decisions(request: Request) -> Response:
    """A page of decisions, single ones and batches; with `batch`, of those made together."""
    stated = request.query_params
    view_of({key: value for key, value in stated.items() if key != "before"})
    before, batch = views.number(stated, "before"), views.number(stated, "batch")
    with open_store(request) as store:
        shown = store.batches.find(batch) if batch else None
        if batch and shown is None:
            raise Refused(Trouble.NOTHING_HERE)
        most = LEAF + 1
        made = (
            store.decisions.of_batch(batch, most, before) if batch else store.decisions.newest(most, before)
        )
        stands = store.batches.stands(batch) if batch else False
        told = bulk_told(store, stated)
    more = f"&batch={batch}" if batch else ""
    older = f"/decisions?before={made[LEAF - 1].place}{more}" if len(made) > LEAF else None
    context = {
        "view": View(),
        "made": made[:LEAF],
        "batch": shown,
        "batch_stands": stands,
        "older": older,
        "newest": f"/decisions?batch={batch}" if batch else "/decisions",
        "begun": before is None,
        "bulk": told,
    }
    return page("decisions.html", context)
