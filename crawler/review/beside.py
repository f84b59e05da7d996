"""The page that shows two articles side by side, with their differences lit."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import views
from crawler.review.differing import difference
from crawler.review.pages import case_of, open_store
from crawler.review.rendering import page
from crawler.review.views import view_of
from crawler.review.wording import Refused, Trouble


def beside(request: Request) -> Response:
    """Two articles; Refused: 400 for what is no number, 404 for what is no case."""
    view = view_of(request.query_params)
    other_id = views.number(request.path_params, "other")
    with open_store(request) as store:
        one = case_of(store, request)
        other = store.cases.get(other_id) if other_id else None
    if other is None:
        raise Refused(Trouble.NO_CASE, str(other_id))
    context = {"view": view, "one": one, "other": other, "difference": difference(one.article, other.article)}
    return page("beside.html", context)
