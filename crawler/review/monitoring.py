"""For machines that watch us: /healthz tells whether we live, /metrics what is counted."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crawler.review.pages import open_store
from crawler.review.watched import STANDSTILL, Watched
from crawler.review.wording import Refused, Trouble
from storage.errors import DiembaoError

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def healthz(request: Request) -> Response:
    """`ok`, or 503 and what stands still; open to everybody, so that it names no path and no source."""
    trouble = _trouble(request)
    return PlainTextResponse(f"{trouble or 'ok'}\n", 503 if trouble else 200)


def metrics(request: Request) -> Response:
    """Everything counted, as Prometheus reads it."""
    watched: Watched = request.app.state.watched
    if watched.metrics is None:
        raise Refused(Trouble.NOTHING_HERE)
    with open_store(request) as store:
        return Response(watched.metrics(store), media_type=_PROMETHEUS)


def _trouble(request: Request) -> str | None:
    watched: Watched = request.app.state.watched
    if watched.silent_for is not None and watched.silent_for() > STANDSTILL:
        return f"the daemon's loop has stood still for {watched.silent_for():.0f} s"
    try:
        with open_store(request) as store:
            store.metering.answers()
    except DiembaoError:
        return "the store does not answer"
    return None
