"""The review page as an ASGI application: routes, guard, and what is said when something goes wrong."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike, stat_result
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crawler.errors import DiembaoError
from crawler.review import (
    beside,
    bulk,
    deciding,
    decisions,
    entering,
    finding,
    missed,
    monitoring,
    overview,
    pages,
    raising,
    revisions,
    saved,
    switching,
    why,
)
from crawler.review.asked import NOTHING_KNOWN, Known
from crawler.review.entering import OPEN_TO_ALL, Entering, Entrance
from crawler.review.protection import Protection, add_safe_headers
from crawler.review.rendering import HERE, trouble_page
from crawler.review.watched import NOTHING, Watched
from crawler.review.wording import Refused, Trouble
from storage.errors import NoSuchCase


class Assets(StaticFiles):
    """Our style, script and icon; asked for again each time, so that an upgrade shows at once."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304 if the browser has this very one."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["cache-control"] = "no-cache"
        return answer


_ROUTES = (
    Route("/", pages.queue),
    Route("/cases/{id}", pages.case),
    Route("/cases/{id}/beside/{other}", beside.beside),
    Route("/cases/{id}/verdict", deciding.decide, methods=["POST"]),
    Route("/cases/{id}/undo", deciding.undo, methods=["POST"]),
    Route("/cases/{id}/revisions/{number}", revisions.revision),
    Route("/bulk", bulk.decide, methods=["POST"]),
    Route("/bulk/{id}/undo", bulk.undo, methods=["POST"]),
    Route("/decisions", decisions.decisions),
    Route("/who", entering.who, methods=["GET", "POST"]),
    Route("/login", entering.login, methods=["GET", "POST"]),
    Route("/logout", entering.logout, methods=["POST"]),
    Route("/search", finding.search),
    Route("/search/step", finding.step),
    Route("/searches", saved.searches, methods=["GET"]),
    Route("/searches", saved.save, methods=["POST"]),
    Route("/searches/{name}/rename", saved.rename, methods=["POST"]),
    Route("/searches/{name}/remove", saved.remove, methods=["POST"]),
    Route("/searches/{name}/atom", saved.feed),
    Route("/cases/{id}/raise", raising.form, methods=["GET"]),
    Route("/cases/{id}/why", why.why),
    Route("/overview", overview.overview),
    Route("/missed", missed.near),
    Route("/missed/sample", missed.sample),
    Route("/missed/{id}", raising.act, methods=["POST"]),
    Route("/keys", pages.keys),
    Route("/language", switching.switch, methods=["POST"]),
    Route("/healthz", monitoring.healthz),
    Route("/metrics", monitoring.metrics),
    Mount("/static", Assets(directory=HERE / "static")),
)


def make_app(
    store_path: Path,
    allowed_hosts: Collection[str],
    watched: Watched = NOTHING,
    entrance: Entrance = OPEN_TO_ALL,
    known: Known = NOTHING_KNOWN,
) -> Starlette:
    """The page over the store at `store_path`, answering to `allowed_hosts` alone ("127.0.0.1:8765").

    What `watched` finds wrong with sources is told above the queue, all of it in the overview. `entrance`
    says who is let in. A search can name what is `known`.

    The store must exist. Every request opens it for itself, in its own thread.
    """
    app = Starlette(
        routes=_ROUTES,
        middleware=[
            Middleware(switching.Speaking),
            Middleware(Protection, hosts=allowed_hosts, secure=entrance.secure_hosts),
            Middleware(Entering, entrance=entrance),
        ],
        exception_handlers={
            Refused: _refused,
            HTTPException: _no_page,
            NoSuchCase: _no_case,
            DiembaoError: _no_store,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False
    app.state.store_path = store_path
    app.state.entrance = entrance
    app.state.known = known
    app.state.watched = watched
    app.state.compiled = {}
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return trouble_page(error.trouble, error.detail)


def _no_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: Trouble.NOTHING_HERE, 405: Trouble.WRONG_METHOD}
    return trouble_page(known.get(error.status_code, Trouble.BAD_FORM), str(error.detail))


def _no_case(request: Request, error: Exception) -> Response:
    assert isinstance(error, NoSuchCase)
    return trouble_page(Trouble.NO_CASE, str(error.number))


def _no_store(request: Request, error: Exception) -> Response:
    return trouble_page(Trouble.STORE, str(error))


def _broken(request: Request, error: Exception) -> Response:
    """Starlette sends this one from outside the guard, and then raises the error on, to the log."""
    answer = trouble_page(Trouble.BROKEN)
    add_safe_headers(answer.headers)
    return answer
